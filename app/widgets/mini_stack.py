"""A small bar of stacked parts, painted where it is wanted: rows of a list hold many."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath


@dataclass(frozen=True, slots=True, kw_only=True)
class MiniStack:
    """Parts, sizes with colours, against a capacity; what is beyond it is painted in `over`."""

    parts: tuple[tuple[float, QColor], ...]
    capacity: float
    ground: QColor
    over: QColor

    def paint(self, painter: QPainter, box: QRectF) -> None:
        """Into that box."""
        total = sum(size for size, _ in self.parts)
        scale = box.width() / max(1.0, self.capacity, total)
        outline = QPainterPath()
        outline.addRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.save()
        painter.setClipPath(outline)
        painter.fillRect(box, self.ground)
        left = box.left()
        for size, colour in self.parts:
            width = size * scale
            painter.fillRect(QRectF(left, box.top(), max(0.0, width - 1), box.height()), colour)
            left += width
        if total > self.capacity:
            start = box.left() + self.capacity * scale
            beyond = QRectF(start, box.top(), box.right() - start, box.height())
            painter.fillRect(beyond, self.over)
        painter.restore()
