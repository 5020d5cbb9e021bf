"""The canvas, painted."""

from collections.abc import Iterable, Sequence
from typing import cast

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from typing_extensions import override

from app.theme.fonts import ui_font
from app.widgets.transcript.canvas import REACH, Canvas
from app.widgets.transcript.look import Stroke
from app.widgets.transcript.spot import target_in


class PaintedCanvas(Canvas):
    """Paints what is in view, and of that what has changed."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), QColor(self.look.tokens.bg))
        if not self.column.entries:
            self._paint_empty(painter)
            return
        # Scrolling brings entries near that were only guessed until now.
        self._settle_for_paint()
        # Few and small after a scroll: what surrounds them all would be everything.
        dirty = [QRectF(place) for place in cast("Iterable[QRect]", event.region())]
        for index in self.visible_entries():
            self._paint_entry(painter, index, dirty)

    def _settle_for_paint(self) -> None:
        if not self.column.is_laid(
            self.look, self.verticalScrollBar().value(), self.viewport().height()
        ):
            self.settle()

    def _paint_entry(self, painter: QPainter, index: int, dirty: Sequence[QRectF]) -> None:
        entry = self.column.entries[index]
        self._paint_ground(painter, index)
        awake = index == self.current or any(
            spot is not None and spot.entry == index
            for spot in (self.focused if self.hasFocus() else None, self.copied_spot)
        )
        awake = awake or index == self.pointed
        for at in self.visible_parts(index):
            part = entry.parts[at]
            corner = self.corner(index, at)
            clip = _clip(dirty, corner, part.height, REACH * self.look.scale)
            if clip is None:
                continue
            painter.save()
            painter.translate(corner)
            part.paint(
                Stroke(
                    painter=painter,
                    look=self.look,
                    clip=clip,
                    selected=self.selection.within(index, at) if self.selection else None,
                    hovered=target_in(self.hovered, index, at),
                    focused=target_in(self.focused if self.hasFocus() else None, index, at),
                    copied=target_in(self.copied_spot, index, at),
                    found=self.finder.marks(part),
                    found_now=self.finder.current_in(index, at),
                    awake=awake,
                )
            )
            painter.restore()

    def _paint_ground(self, painter: QPainter, index: int) -> None:
        """What lies behind a message that was asked for, and around the keyboard's one."""
        chosen = index == self.current and self.hasFocus()
        if index != self.lit and not chosen:
            return
        entry = self.column.entries[index]
        top = self.column.top(index) - self.verticalScrollBar().value()
        height = entry.height(self.column.width, self.look.scale)
        place = QRectF(self._left() - 12, top + 1, self.column.width + 24, height - 2)
        painter.setPen(QPen(QColor(self.look.tokens.accent), 1) if chosen else Qt.PenStyle.NoPen)
        painter.setBrush(
            QColor(self.look.tokens.hover) if index == self.lit else Qt.BrushStyle.NoBrush
        )
        painter.drawRoundedRect(place, 12, 12)

    def _paint_empty(self, painter: QPainter) -> None:
        painter.setFont(ui_font(20))
        painter.setPen(QColor(self.look.tokens.text))
        middle = Qt.AlignmentFlag.AlignCenter
        painter.drawText(QRectF(self.viewport().rect()), middle, self.tr("No messages yet"))


def _clip(dirty: Sequence[QRectF], corner: QPointF, height: float, reach: float) -> QRectF | None:
    """What of a part is to be painted, seen from its corner, with all that may reach into it.

    None: nothing.
    """
    clip: QRectF | None = None
    for place in dirty:
        inside = place.translated(-corner).adjusted(0, -reach, 0, reach)
        if inside.bottom() >= 0 and inside.top() <= height:
            clip = inside if clip is None else clip.united(inside)
    return clip
