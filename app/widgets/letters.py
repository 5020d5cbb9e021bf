"""Letters for rows that are painted by the hundred: what was cut once is not measured again."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

_MOST_KEPT = 4096


class Letters:
    """One font; draws a line in the middle of a box, cut with an ellipsis where the room ends."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self._metrics = QFontMetrics(font)
        self._rise = (self._metrics.ascent() - self._metrics.descent()) // 2
        self._cut = dict[tuple[str, int], tuple[str, int]]()

    def width(self, text: str) -> int:
        """In pixels."""
        return self._shown(text, 1 << 20)[1]

    def draw(self, painter: QPainter, box: QRect, text: str, colour: QColor) -> None:
        """From the left."""
        self._draw(painter, box, self._shown(text, box.width())[0], box.left(), colour)

    def draw_centred(self, painter: QPainter, box: QRect, text: str, colour: QColor) -> None:
        """In the middle."""
        shown, width = self._shown(text, box.width())
        self._draw(painter, box, shown, box.left() + (box.width() - width) // 2, colour)

    def _draw(self, painter: QPainter, box: QRect, text: str, left: int, colour: QColor) -> None:
        painter.setFont(self.font)
        painter.setPen(colour)
        painter.drawText(left, box.center().y() + 1 + self._rise, text)

    def _shown(self, text: str, room: int) -> tuple[str, int]:
        found = self._cut.get((text, room))
        if found is None:
            if len(self._cut) >= _MOST_KEPT:
                self._cut.clear()
            shown = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            found = (shown, self._metrics.horizontalAdvance(shown))
            self._cut[text, room] = found
        return found
