"""A picture in an answer: a card with its address until the reader asks for it."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainterPath, QPen
from typing_extensions import override

from app.text.blocks import Block
from app.widgets.transcript.look import Look, Stroke, Target
from app.widgets.transcript.part import Part, paint_ring
from app.widgets.transcript.picture_loading import Seen

CARD: Final = 58.0
BUTTON: Final = 30.0
TALLEST: Final = 520.0
SHOWN_ADDRESS: Final = 300


@dataclass(frozen=True)
class ShowPicture(Target):
    """A place that fetches a picture."""

    address: str


@dataclass(frozen=True)
class Enlarge(Target):
    """A place that shows a picture as large as the window."""

    picture: QImage

    @override
    def __hash__(self) -> int:
        return hash(self.picture.cacheKey())


class PicturePart(Part):
    """Shows the picture if it has come, else what it is and from where."""

    def __init__(self, block: Block) -> None:
        super().__init__()
        self.block = block
        self._seen = Seen(state="asleep")
        self._look: Look | None = None
        self._button = QRectF()

    def become(self, block: Block) -> None:
        """Show a later state of the same block."""
        self.is_stale = self.is_stale or block != self.block
        self.block = block

    @override
    def layout(self, look: Look, width: float) -> None:
        self._look = look
        if look.pictures is not None:
            self._seen = look.pictures.seen(self.block.address)
        picture = self._seen.picture
        if picture is not None:
            density = 1.0
            size = QSizeF(picture.size()) / density
            if size.width() > width or size.height() > TALLEST:
                room = QSizeF(width, TALLEST)
                size = size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
            self.width, self.height = max(1.0, size.width()), max(1.0, size.height())
            return
        self.width, self.height = width, CARD * look.scale
        wide = QFontMetricsF(look.small).horizontalAdvance(look.blocks.show_picture)
        wide += 24 * look.scale
        tall = BUTTON * look.scale
        left = width - wide - 14 * look.scale
        self._button = QRectF(left, (self.height - tall) / 2, wide, tall)

    @override
    def guess(self, look: Look, width: float) -> float:
        return CARD * look.scale

    @property
    @override
    def length(self) -> int:
        return 1

    @override
    def position_at(self, point: QPointF) -> int:
        return int(point.y() > self.height / 2)

    @override
    def text(self, start: int, end: int) -> str:
        return self.block.text or self.block.address if end > start else ""

    @override
    def markdown(self, start: int, end: int) -> str:
        return f"![{self.block.text}]({self.block.address})" if end > start else ""

    @override
    def targets(self) -> list[tuple[Target, QRectF]]:
        if self._seen.picture is not None:
            return [(Enlarge(self._seen.picture), QRectF(0, 0, self.width, self.height))]
        if self._seen.state == "loading" or not self._fetches:
            return []
        return [(ShowPicture(self.block.address), self._button)]

    @property
    def _fetches(self) -> bool:
        return self.block.address.lower().startswith(("http://", "https://"))

    @override
    def says(self, target: Target) -> str:
        return self.block.text or self.block.address[:SHOWN_ADDRESS]

    @override
    def activate(self, target: Target) -> bool:
        if not isinstance(target, ShowPicture) or self._look is None:
            return False
        if self._look.pictures is not None:
            self._look.pictures.load(target.address)
        return True

    @override
    def paint(self, stroke: Stroke) -> None:
        painter, look = stroke.painter, stroke.look
        outline = QRectF(0.5, 0.5, self.width - 1, self.height - 1)
        picture = self._seen.picture
        if picture is not None:
            path = QPainterPath()
            path.addRoundedRect(outline, 8, 8)
            painter.save()
            painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
            painter.setRenderHint(painter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(0, 0, self.width, self.height), picture)
            painter.restore()
            if stroke.focused is not None or stroke.selected is not None:
                paint_ring(stroke, outline, 8)
            return
        painter.setPen(QPen(QColor(look.tokens.border), 1))
        ground = look.tokens.card if look.tokens.dark else look.tokens.panel
        painter.setBrush(QColor(look.tokens.selection if stroke.selected else ground))
        painter.drawRoundedRect(outline, 10, 10)
        self._paint_words(stroke)
        for target, place in self.targets():
            paint_button(stroke, target, place, look.blocks.show_picture)

    def _paint_words(self, stroke: Stroke) -> None:
        painter, look = stroke.painter, stroke.look
        side = 22 * look.scale
        icon = QRectF(16 * look.scale, (self.height - side) / 2, side, side)
        look.icon(painter, "globe", look.tokens.dim, icon)
        left = 52 * look.scale
        room = self._button.left() - left - 12
        address = self.block.address if self._fetches else self.block.address.partition(",")[0]
        below = {
            "loading": look.blocks.loading,
            "failed": _why(look, self._seen),
        }.get(self._seen.state, address[:SHOWN_ADDRESS])
        lines = (
            (look.small_bold, look.tokens.text, self.block.text or look.blocks.picture),
            (look.small, look.tokens.dim, below),
        )
        half = self.height / 2
        for row, (font, colour, words) in enumerate(lines):
            painter.setFont(font)
            painter.setPen(QColor(colour))
            line = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, room)
            top = half - look.small_line - 1 if row == 0 else half + 1
            painter.drawText(QRectF(left, top, room, look.small_line), line)


def _why(look: Look, seen: Seen) -> str:
    if seen.why:
        return look.blocks.not_shown.replace("%1", seen.why)
    return look.blocks.no_picture


def paint_button(stroke: Stroke, target: Target, place: QRectF, word: str) -> None:
    """A small button of words on a card."""
    painter, look = stroke.painter, stroke.look
    painter.setPen(QPen(QColor(look.tokens.border), 1))
    painter.setBrush(QColor(look.tokens.hover if stroke.hovered == target else look.tokens.bg))
    painter.drawRoundedRect(place, 7, 7)
    painter.setFont(look.small)
    painter.setPen(QColor(look.tokens.text))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, word)
    if stroke.focused == target:
        paint_ring(stroke, place, 7)
