"""A legend: squares of colour with words, on as many lines as they need. One widget for all."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

_BETWEEN = 14
_AFTER_SQUARE = 5
_QUIET = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Swatch:
    """One entry; `hatched` as in the bar it explains."""

    colour: QColor
    says: str
    hatched: bool = False


class Swatches(QWidget):
    """Paints its entries like words of a paragraph."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[Swatch, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def words(self) -> str:
        """All entries."""
        return " · ".join(entry.says for entry in self._entries)

    def show_entries(self, entries: Sequence[Swatch]) -> None:
        """Show these."""
        if tuple(entries) != self._entries:
            self._entries = tuple(entries)
            self.setAccessibleName(self.words)
            self._fit()
            self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(160, self._lines(max(160, self.width()))[1])

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(80, 0)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._fit()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = self.fontMetrics()
        side = self._side()
        text = self.palette().color(self.foregroundRole())
        text.setAlphaF(_QUIET)
        for entry, left, top in self._lines(self.width())[0]:
            square = QRectF(left, top + (metrics.height() - side) / 2, side, side)
            painter.setPen(entry.colour if entry.hatched else Qt.PenStyle.NoPen)
            style = Qt.BrushStyle.BDiagPattern if entry.hatched else Qt.BrushStyle.SolidPattern
            painter.setBrush(QBrush(entry.colour, style))
            painter.drawRoundedRect(square, 3, 3)
            painter.setPen(text)
            room = self.width() - left - side - _AFTER_SQUARE
            says = metrics.elidedText(entry.says, Qt.TextElideMode.ElideRight, int(room))
            painter.drawText(left + side + _AFTER_SQUARE, top + metrics.ascent(), says)

    def _side(self) -> int:
        return max(8, self.fontMetrics().height() * 10 // 16)

    def _fit(self) -> None:
        height = self._lines(self.width())[1]
        if height != self.height():
            self.setFixedHeight(height)

    def _lines(self, width: int) -> tuple[list[tuple[Swatch, int, int]], int]:
        """Where each entry begins, and how tall all are."""
        metrics = QFontMetrics(self.font())
        left, top, step = 0, 0, metrics.height() + 3
        placed: list[tuple[Swatch, int, int]] = []
        for entry in self._entries:
            wide = self._side() + _AFTER_SQUARE + metrics.horizontalAdvance(entry.says)
            if left and left + wide > width:
                left, top = 0, top + step
            placed.append((entry, left, top))
            left += wide + _BETWEEN
        return placed, top + step if placed else 0
