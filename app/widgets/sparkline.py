"""A small line of what happened lately."""

from collections import deque

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

_MARGIN = 3.0


class Sparkline(QWidget):
    """The last values, newest at the right.

    The top of the line is `ceiling`; without one it is the highest value shown.
    """

    def __init__(
        self, parent: QWidget | None = None, *, length: int = 120, ceiling: float | None = 1.0
    ) -> None:
        super().__init__(parent)
        self._ceiling = ceiling
        self._values: deque[float] = deque(maxlen=length)
        self._colour: QColor | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_colour(self, colour: QColor | None) -> None:
        """Draw in this colour; None is the accent."""
        self._colour = colour
        self.update()

    def push(self, value: float) -> None:
        """Add the newest value; the oldest goes when the line is full."""
        self._values.append(max(0.0, value))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(120, 32)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, height = float(self.width()), float(self.height())
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Mid), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(0, height / 2), QPointF(width, height / 2))
        if len(self._values) < 2:
            return
        colour = self._colour or self.palette().color(QPalette.ColorRole.Accent)
        line = self._line(width, height)
        below = QPainterPath()
        below.addPolygon(line)
        below.lineTo(width, height)
        below.lineTo(line.at(0).x(), height)
        fade = QLinearGradient(0, 0, 0, height)
        fade.setColorAt(0, _with_alpha(colour, 90))
        fade.setColorAt(1, _with_alpha(colour, 0))
        painter.fillPath(below, fade)
        painter.setPen(QPen(colour, 1))  # wider pens leave Qt's fast path
        painter.drawPolyline(line)

    def _line(self, width: float, height: float) -> QPolygonF:
        step = width / ((self._values.maxlen or 2) - 1)
        left = width - step * (len(self._values) - 1)
        room = height - 2 * _MARGIN
        top = self._ceiling or max(self._values) or 1.0
        return QPolygonF(
            [
                QPointF(left + place * step, height - _MARGIN - room * min(1.0, value / top))
                for place, value in enumerate(self._values)
            ]
        )


def _with_alpha(colour: QColor, alpha: int) -> QColor:
    faded = QColor(colour)
    faded.setAlpha(alpha)
    return faded
