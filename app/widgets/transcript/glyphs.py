"""Icons on the canvas: drawn from their paths once, then as pictures."""

from math import ceil

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from app.theme.icons import IconName, paint_icon


class Glyphs:
    """The pictures drawn so far, by name, colour, size and the screen's density."""

    def __init__(self) -> None:
        self._drawn: dict[tuple[IconName, str, int, float], QPixmap] = {}

    def paint(self, painter: QPainter, name: IconName, colour: str, place: QRectF) -> None:
        """Draw the icon into `place`, a square."""
        density = painter.device().devicePixelRatioF()
        side = ceil(place.width() * density)
        key = (name, colour, side, density)
        picture = self._drawn.get(key)
        if picture is None:
            picture = QPixmap(side, side)
            picture.fill(Qt.GlobalColor.transparent)
            brush = QPainter(picture)
            brush.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_icon(brush, name, colour, QRectF(0, 0, side, side))
            brush.end()
            picture.setDevicePixelRatio(density)
            self._drawn[key] = picture
        painter.drawPixmap(place.topLeft(), picture)
