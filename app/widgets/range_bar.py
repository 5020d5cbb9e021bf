"""A prediction with its interval, as a band on a line."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

_HEIGHT = 16
_LINE = 4.0
_DOT = 5.0
_HEADROOM = 1.15


class RangeBar(QWidget):
    """From low to high a band, at the expected value a dot; what was measured is a ring."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._low = self._expected = self._high = 0.0
        self._measured: float | None = None
        self._most = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_range(self, low: float, expected: float, high: float) -> None:
        """Show this prediction. The scale grows at once and shrinks only by halves, so that a
        drag is seen as a movement."""
        self._low, self._expected, self._high = low, expected, high
        needed = high * _HEADROOM
        if needed > self._most or needed < self._most / 2:
            self._most = max(needed, 1e-9)
        self.update()

    def show_measured(self, measured: float | None) -> None:
        """Show what it was in truth."""
        self._measured = measured
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(160, _HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        middle = self.height() / 2
        painter.setBrush(self.palette().color(QPalette.ColorRole.Midlight))
        line = QRectF(0, middle - _LINE / 2, self.width(), _LINE)
        painter.drawRoundedRect(line, _LINE / 2, _LINE / 2)
        accent = QColor(self.palette().color(QPalette.ColorRole.Accent))
        band = QRectF(self._x(self._low), middle - _LINE, 0, 2 * _LINE)
        band.setRight(self._x(self._high))
        soft = QColor(accent)
        soft.setAlphaF(0.4)
        painter.setBrush(soft)
        painter.drawRoundedRect(band, _LINE, _LINE)
        painter.setBrush(accent)
        painter.drawEllipse(QPointF(self._x(self._expected), middle), _DOT, _DOT)
        if self._measured is not None:
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.WindowText), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(self._x(self._measured), middle), _DOT + 1, _DOT + 1)

    def _x(self, value: float) -> float:
        room = self.width() - 2 * (_DOT + 2)
        return _DOT + 2 + room * min(1.0, value / self._most)
