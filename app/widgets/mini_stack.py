"""A small bar of stacked parts, painted where it is wanted: rows of a list hold many."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath

Stretch = tuple[float, QColor]


def paint_stack(
    painter: QPainter,
    box: QRectF,
    parts: Sequence[Stretch],
    capacity: float,
    ground: QColor,
    over: QColor,
) -> None:
    """Parts, sizes with colours, against a capacity; what is beyond it is painted in `over`."""
    total = sum(size for size, _ in parts)
    scale = box.width() / max(1.0, capacity, total)
    outline = QPainterPath()
    outline.addRoundedRect(box, box.height() / 2, box.height() / 2)
    painter.save()
    painter.setClipPath(outline)
    painter.fillRect(box, ground)
    left = box.left()
    for size, colour in parts:
        width = size * scale
        painter.fillRect(QRectF(left, box.top(), max(0.0, width - 1), box.height()), colour)
        left += width
    if total > capacity:
        start = box.left() + capacity * scale
        painter.fillRect(QRectF(start, box.top(), box.right() - start, box.height()), over)
        painter.setPen(Qt.PenStyle.NoPen)
    painter.restore()
