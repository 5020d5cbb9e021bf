"""What was just done to chats, and the way back."""

from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from app.presenters.chats.presenter import ChatsPresenter
from app.theme.stylesheet import set_dress
from app.views.icons import icon_button
from app.widgets.arranging import row
from app.widgets.elided_label import ElidedLabel

STAYS_MS: Final = 12_000


class ChatsUndo(QFrame):
    """Hidden until there is something to undo; goes by itself unless somebody is at it."""

    def __init__(self, presenter: ChatsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._presenter = presenter
        self._says = ElidedLabel()
        set_dress(self._says, "role", "dim")
        self.undo = QPushButton(self.tr("Undo"))
        self.undo.setProperty("kind", "ghost")
        self.undo.setCursor(Qt.CursorShape.PointingHandCursor)
        self.undo.setStyleSheet("padding: 3px 8px;")
        close = icon_button("x", self.tr("Dismiss"))
        line = row(self._says, self.undo, close, margins=(12, 4, 4, 4), spacing=4)
        line.setStretch(0, 1)
        self.setLayout(line)
        self._goes = QTimer(self)
        self._goes.setSingleShot(True)
        self._goes.setInterval(STAYS_MS)
        self._goes.timeout.connect(self._go)
        self.undo.clicked.connect(presenter.undo)
        close.clicked.connect(presenter.forget_undo)
        presenter.undo_offered.connect(self._offer)
        self.hide()

    @property
    def sentence(self) -> str:
        """What it says; "" while hidden."""
        return "" if self.isHidden() else self.accessibleName()

    def _offer(self, sentence: str) -> None:
        self._says.setText(sentence)
        self.setAccessibleName(sentence)
        self.undo.setAccessibleName(f"{self.tr('Undo')}: {sentence}")
        self.setVisible(bool(sentence))
        if sentence:
            self._goes.start()
        else:
            self._goes.stop()

    def _go(self) -> None:
        if self.underMouse() or self.undo.hasFocus():
            self._goes.start()
        else:
            self.hide()  # Ctrl+Z still undoes it
