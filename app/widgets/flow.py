"""Widgets one after the other, on as many lines as they need."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from app.widgets.arranging import label

_GAP = 6


class Flow(QWidget):
    """Wraps like words do."""

    def __init__(self, *things: QWidget, gap: int = _GAP, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gap = gap
        self._things: list[QWidget] = []
        self._words: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_things(things)

    def show_things(self, things: Sequence[QWidget]) -> None:
        """Show these; what is hidden takes no room."""
        self._things = list(things)
        for thing in things:
            hidden = thing.isHidden() and thing.parent() is not None
            thing.setParent(self)
            thing.setVisible(not hidden)
        self.lay()

    def show_words(self, words: Sequence[str]) -> None:
        """Show these as badges."""
        if tuple(words) == self._words:
            return
        self._words = tuple(words)
        for old in self._things:
            old.hide()
            old.deleteLater()
        self.show_things([label(word, "badge") for word in words])

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, self._laid(max(200, self.width()), move=False))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(80, 0)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.lay()

    def lay(self) -> None:
        """Words of one of them may have changed."""
        height = self._laid(self.width(), move=True)
        if self.height() != height:
            self.setFixedHeight(height)

    def _laid(self, width: int, *, move: bool) -> int:
        top, line, left = 0, list[tuple[QWidget, int, int]](), 0
        for thing in self._things:
            if thing.isHidden():
                continue
            wide = min(thing.sizeHint().width(), max(40, width))
            if line and left + wide > width:
                top += self._place(line, top, move=move) + self._gap
                line, left = [], 0
            line.append((thing, left, wide))
            left += wide + self._gap
        return top + self._place(line, top, move=move)

    @staticmethod
    def _place(line: Sequence[tuple[QWidget, int, int]], top: int, *, move: bool) -> int:
        """One line, each in its middle; returns its height."""
        tall = max((thing.sizeHint().height() for thing, _, _ in line), default=0)
        for thing, left, wide in line:
            height = thing.sizeHint().height()
            if move:
                thing.setGeometry(left, top + (tall - height) // 2, wide, height)
        return tall
