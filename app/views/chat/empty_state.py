"""What stands where no conversation is yet: a friendly line, and the way to a model."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from app.presenters.models import ModelsPresenter
from app.views.icons import mark
from app.widgets.arranging import column, label, row


class EmptyState(QWidget):
    """Says what can be done next."""

    get_model_wanted = Signal()

    def __init__(
        self, models: ModelsPresenter, logo: QLabel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._models = models
        self._title = label("", "heading")
        self._says = label("", "dim")
        for words in (self._title, self._says):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        logo.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.get_model = QPushButton(" " + self.tr("Get a model"))
        self.get_model.setProperty("kind", "primary")
        self.get_model.setAccessibleName(self.tr("Get a model"))
        self.get_model.setIconSize(QSize(18, 18))
        mark(self.get_model, "download", "on_accent")
        self.setLayout(
            column(
                None,
                logo,
                self._title,
                self._says,
                row(None, self.get_model, None, margins=(0, 10, 0, 0)),
                None,
                spacing=10,
            )
        )
        self.get_model.clicked.connect(self.get_model_wanted)
        models.shelf_changed.connect(self._show)
        models.model_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        bare = self._models.shelf_known and not self._models.models
        self.get_model.setVisible(bare)
        if bare:
            self._title.setText(self.tr("Welcome to Fullbore"))
            self._says.setText(
                self.tr("There is no model here yet. Get one, and it runs on this computer alone.")
            )
        else:
            self._title.setText(self.tr("What shall we talk about?"))
            self._says.setText(self.tr("Nothing you write leaves this computer."))
