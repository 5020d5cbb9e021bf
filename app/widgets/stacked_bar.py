"""A tall bar of stacked parts against a capacity; what is too much is marked."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QHelpEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

_HEIGHT = 26
_ROUND = 7
_GAP = 1.5
_THINNEST = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BarPart:
    """One stretch. `says` is shown under the pointer; `hatched` is for what is kept empty."""

    size: float
    colour: QColor
    says: str
    hatched: bool = False


class StackedBar(QWidget):
    """Shows parts in their order; beyond the capacity they lie behind a line, in `over` colour."""

    def __init__(self, over: QColor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._over = over
        self._parts: tuple[BarPart, ...] = ()
        self._capacity = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)

    def show_parts(self, parts: Sequence[BarPart], capacity: float) -> None:
        """Show these, left to right."""
        shown = tuple(parts)
        if (shown, capacity) != (self._parts, self._capacity):
            self._parts, self._capacity = shown, max(1.0, capacity)
            self.setAccessibleDescription(" · ".join(part.says for part in shown))
            self.update()

    def set_over(self, colour: QColor) -> None:
        """The colour of what is too much, from now on."""
        self._over = colour
        self.update()

    @property
    def over_fraction(self) -> float:
        """How much of the shown width lies beyond the capacity."""
        return max(0.0, 1 - self._capacity / self._scale)

    def part_at(self, x: float) -> BarPart | None:
        """What lies at that distance from the left."""
        for part, box in self._boxes():
            if box.left() <= x < box.right() + _GAP:
                return part
        return None

    @override
    def sizeHint(self) -> QSize:
        return QSize(160, _HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(60, _HEIGHT)

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            part = self.part_at(event.pos().x())
            QToolTip.showText(event.globalPos(), part.says if part else "", self)
            return True
        return super().event(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.4)
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()), _ROUND, _ROUND)
        painter.setClipPath(outline)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Midlight))
        for part, box in self._boxes():
            brush = QBrush(part.colour)
            if part.hatched:
                brush.setStyle(Qt.BrushStyle.BDiagPattern)
            painter.fillRect(box, brush)
        if self.over_fraction > 0:
            self._paint_over(painter)

    def _paint_over(self, painter: QPainter) -> None:
        left = self.width() * (1 - self.over_fraction)
        beyond = QRectF(left, 0, self.width() - left, self.height())
        veil = QColor(self._over)
        veil.setAlphaF(0.55)
        painter.fillRect(beyond, veil)
        painter.fillRect(beyond, QBrush(self._over, Qt.BrushStyle.FDiagPattern))
        painter.setPen(QPen(self._over, 2))
        painter.drawLine(beyond.topLeft(), beyond.bottomLeft())

    @property
    def _scale(self) -> float:
        return max(self._capacity, sum(part.size for part in self._parts))

    def _boxes(self) -> list[tuple[BarPart, QRectF]]:
        boxes: list[tuple[BarPart, QRectF]] = []
        left = 0.0
        for part in self._parts:
            width = max(_THINNEST + _GAP, self.width() * part.size / self._scale)
            boxes.append((part, QRectF(left, 0, width - _GAP, self.height())))
            left += width
        return boxes
