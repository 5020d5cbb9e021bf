"""A switch of several positions beside each other."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton, QWidget
from typing_extensions import override

from app.widgets.arranging import row
from app.widgets.flow import Flow

_EDGE = 2


class Segments(QFrame):
    """One of several words is chosen; arrows move between them. Wraps where it is too narrow."""

    chosen = Signal(int)  # the place of a word, by a hand

    def __init__(self, name: str, words: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        buttons: list[QToolButton] = []
        for place, word in enumerate(words):
            button = QToolButton()
            button.setText(word)
            button.setCheckable(True)
            button.setAccessibleName(f"{name}: {word}")
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            self._group.addButton(button, place)
            buttons.append(button)
        self._flow = Flow(*buttons, gap=_EDGE)
        self.setLayout(row(self._flow, margins=(_EDGE, _EDGE, _EDGE, _EDGE)))
        self._group.idClicked.connect(self.chosen)

    @override
    def sizeHint(self) -> QSize:
        """All of them on one line."""
        hints = [button.sizeHint() for button in self._group.buttons()]
        wide = sum(hint.width() for hint in hints) + _EDGE * (len(hints) - 1)
        margins = self.contentsMargins()  # the frame's; the layout's own come on top
        edges = 2 * _EDGE + margins.left() + margins.right()
        return QSize(wide + edges, super().sizeHint().height())

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._flow.lay()

    def show_choice(self, place: int) -> None:
        """That word is the chosen one."""
        self._group.button(place).setChecked(True)

    def button(self, place: int) -> QToolButton:
        """That word's button."""
        found = self._group.button(place)
        assert isinstance(found, QToolButton)
        return found
