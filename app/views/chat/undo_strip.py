"""What was just deleted from the conversation, and the way back."""

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from app.theme.stylesheet import set_dress
from app.views.icons import icon_button
from app.widgets.arranging import row
from app.widgets.elided_label import ElidedLabel

STAYS_MS: Final = 12_000
WIDTH: Final = 420


class UndoStrip(QFrame):
    """Hidden until there is something to undo; goes by itself unless somebody is at it."""

    undone = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._says = ElidedLabel()
        set_dress(self._says, "role", "dim")
        self.undo = QPushButton(self.tr("Undo"))
        self.undo.setProperty("kind", "ghost")
        close = icon_button("x", self.tr("Dismiss"))
        line = row(self._says, self.undo, close, margins=(12, 4, 4, 4), spacing=4)
        line.setStretch(0, 1)
        self.setLayout(line)
        self._goes = QTimer(self, singleShot=True, interval=STAYS_MS)
        self._goes.timeout.connect(self._go)
        self.undo.clicked.connect(self._take_back)
        close.clicked.connect(self.hide)
        self.hide()

    def offer(self, sentence: str) -> None:
        """Say what was deleted; nothing takes the offer back."""
        self._says.setText(sentence)
        self.setAccessibleName(sentence)
        self.undo.setAccessibleName(f"{self.tr('Undo')}: {sentence}")
        self.setVisible(bool(sentence))
        self._goes.start()

    def stand(self, room: QWidget) -> None:
        """Take the lower middle of `room`."""
        width = min(WIDTH, room.width() - 32)
        height = self.sizeHint().height()
        self.setGeometry((room.width() - width) // 2, room.height() - height - 12, width, height)
        self.raise_()

    def _take_back(self) -> None:
        self.hide()
        self.undone.emit()

    def _go(self) -> None:
        if self.underMouse() or self.undo.hasFocus():
            self._goes.start()
        else:
            self.hide()
