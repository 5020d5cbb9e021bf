"""How large letters are, and all that must grow with them.

The application's font is the one measure: `dress` sets it, and everybody asks it.
"""

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QGuiApplication

from app.theme.tokens import FONT


def resized(pixels: int, percent: int) -> int:
    """A length drawn for 100 %, at that text size."""
    return round(pixels * percent / 100)


def scale() -> float:
    """1 for the text size that everything was drawn for."""
    pixels = QGuiApplication.font().pixelSize()
    # A font that `dress` did not set is sized in points.
    return pixels / FONT.plain if pixels > 0 else 1.0


def scaled(pixels: int) -> int:
    """That length at the present text size."""
    return round(pixels * scale())


def unscaled(box: QRect, zoom: float) -> QRect:
    """A box of the same shape at the origin, as it would be at 100 %."""
    return QRect(0, 0, round(box.width() / zoom), round(box.height() / zoom))


def within(point: QPoint, box: QRect, zoom: float) -> QPoint:
    """Where a point of the screen lies in the `unscaled` box."""
    inside = point - box.topLeft()
    return QPoint(round(inside.x() / zoom), round(inside.y() / zoom))
