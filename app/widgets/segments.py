"""A switch of several positions beside each other."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton, QWidget

from app.widgets.arranging import row


class Segments(QFrame):
    """One of several words is chosen; arrows move between them."""

    chosen = Signal(int)  # the place of a word, by a hand

    def __init__(self, name: str, words: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        line = row(margins=(2, 2, 2, 2), spacing=2)
        for place, word in enumerate(words):
            button = QToolButton()
            button.setText(word)
            button.setCheckable(True)
            button.setAccessibleName(f"{name}: {word}")
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            self._group.addButton(button, place)
            line.addWidget(button)
        self.setLayout(line)
        self._group.idClicked.connect(self.chosen)

    def show_choice(self, place: int) -> None:
        """That word is the chosen one."""
        self._group.button(place).setChecked(True)

    def button(self, place: int) -> QToolButton:
        """That word's button."""
        found = self._group.button(place)
        assert isinstance(found, QToolButton)
        return found
