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

    def __init__(self, *things: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._things: list[QWidget] = []
        self._words: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._take(things)

    def show_words(self, words: Sequence[str]) -> None:
        """Show these as badges."""
        if tuple(words) == self._words:
            return
        self._words = tuple(words)
        for old in self._things:
            old.hide()
            old.deleteLater()
        self._take([label(word, "badge") for word in words])
        for badge in self._things:
            badge.show()

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, self._laid(max(200, self.width()), move=False))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(80, 0)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay()

    def _take(self, things: Sequence[QWidget]) -> None:
        self._things = list(things)
        for thing in things:
            thing.setParent(self)
        self._lay()

    def _lay(self) -> None:
        height = self._laid(self.width(), move=True)
        if self.height() != height:
            self.setFixedHeight(height)

    def _laid(self, width: int, *, move: bool) -> int:
        left, top, tall = 0, 0, 0
        for thing in self._things:
            size = thing.sizeHint()
            wide = min(size.width(), max(40, width))
            if left and left + wide > width:
                left, top, tall = 0, top + tall + _GAP, 0
            if move:
                thing.setGeometry(left, top, wide, size.height())
            left += wide + _GAP
            tall = max(tall, size.height())
        return top + tall
