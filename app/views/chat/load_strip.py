"""How far a load is, with a way to give it up."""

from PySide6.QtWidgets import QFrame, QWidget

from app.presenters.models import ModelsPresenter
from app.theme.stylesheet import set_dress
from app.views import sayings, words
from app.views.icons import icon_button
from app.widgets.arranging import row
from app.widgets.elided_label import ElidedLabel
from app.widgets.meter_bar import MeterBar
from engine.host.facts import Phase


class LoadStrip(QFrame):
    """Hidden unless a model is loading."""

    def __init__(self, models: ModelsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._models = models
        self._says = ElidedLabel()
        set_dress(self._says, "role", "dim")
        self.bar = MeterBar()
        self.cancel = icon_button("x", self.tr("Cancel loading"))
        line = row(self._says, self.bar, self.cancel, margins=(14, 5, 6, 5), spacing=12)
        line.setStretch(0, 1)
        line.setStretch(1, 1)
        self.setLayout(line)
        self.cancel.clicked.connect(models.cancel_load)
        models.model_changed.connect(self._show)
        models.progress.connect(self._show)
        models.stepped.connect(self._show)
        self._show()

    @property
    def words(self) -> str:
        """What it says."""
        return self._says.text()

    def _show(self) -> None:
        loading = self._models.phase is Phase.LOADING
        fraction = self._models.fraction
        self.bar.set_fraction(fraction)
        self.bar.setAccessibleName(words.percent(fraction))
        says = self.tr("Loading {0} · {1}").format(
            self._models.current or "", words.percent(fraction)
        )
        if self._models.steps:
            says = f"{says} · {sayings.trying_again(self._models.steps[-1])}"
        self._says.setText(says)
        self.setVisible(loading)
