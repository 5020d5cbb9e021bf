"""A rounded bar filled by stacked parts."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterPart:
    """One stretch of the bar, 0 to 1 of its width; no colour means the accent."""

    fraction: float
    colour: QColor | None = None


class MeterBar(QWidget):
    """Shows how much of something is used, and by whom."""

    def __init__(self, parent: QWidget | None = None, *, height: int = 10) -> None:
        super().__init__(parent)
        self._parts: tuple[MeterPart, ...] = ()
        self._height = height
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_parts(self, parts: Sequence[MeterPart]) -> None:
        """Show these parts, left to right; what is over the full width is cut."""
        shown = tuple(parts)
        if shown != self._parts:
            self._parts = shown
            self.update()

    def set_fraction(self, fraction: float) -> None:
        """Show one part in the accent colour."""
        self.set_parts((MeterPart(fraction=fraction),))

    @property
    def fraction(self) -> float:
        """How much of the bar is filled, 0 to 1."""
        return min(1.0, sum(part.fraction for part in self._parts))

    @override
    def sizeHint(self) -> QSize:
        return QSize(120, self._height)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(24, self._height)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        outline = QPainterPath()
        outline.addRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.setClipPath(outline)
        painter.fillRect(box, self.palette().color(QPalette.ColorRole.Midlight))
        left = 0.0
        for part in self._parts:
            width = box.width() * max(0.0, part.fraction)
            colour = part.colour or self.palette().color(QPalette.ColorRole.Accent)
            gap = 1.5 if len(self._parts) > 1 else 0.0
            stretch = QRectF(left, 0, max(0.0, width - gap), box.height())
            if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
                stretch.moveRight(box.width() - left)
            painter.fillRect(stretch, colour)
            left += width
