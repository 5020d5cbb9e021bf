"""Files that came with a question: pictures small, others by name and size."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QLocale, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainterPath, QPen
from typing_extensions import override

from app.text.pictures import decoded
from app.text.shown import ShownFile
from app.widgets.transcript.look import Look, Stroke, Target
from app.widgets.transcript.part import Part, paint_ring
from app.widgets.transcript.picture_part import Enlarge

GAP: Final = 8.0
CARD_WIDTH: Final = 236.0
CARD_HEIGHT: Final = 50.0
PICTURE_SIDE: Final = 140.0


@dataclass(frozen=True)
class _Card:
    file: ShownFile
    picture: QImage | None
    place: QRectF


class FilesPart(Part):
    """Cards on the right, above the question they came with."""

    def __init__(self, files: tuple[ShownFile, ...]) -> None:
        super().__init__()
        self._files = files
        self._pictures: list[QImage | None] | None = None
        self._cards: list[_Card] = []

    @override
    def layout(self, look: Look, width: float) -> None:
        if self._pictures is None:
            self._pictures = [_picture(file, look) for file in self._files]
        scale, gap = look.scale, GAP * look.scale
        rows: list[list[tuple[ShownFile, QImage | None, QSizeF]]] = [[]]
        taken = 0.0
        for file, picture in zip(self._files, self._pictures, strict=True):
            size = QSizeF(min(width, CARD_WIDTH * scale), CARD_HEIGHT * scale)
            if picture is not None:
                side = QSizeF(PICTURE_SIDE * scale, PICTURE_SIDE * scale)
                size = QSizeF(picture.size()).scaled(side, Qt.AspectRatioMode.KeepAspectRatio)
                size = size.expandedTo(QSizeF(24, 24))
            if rows[-1] and taken + size.width() > width:
                rows.append([])
                taken = 0.0
            rows[-1].append((file, picture, size))
            taken += size.width() + gap
        self._cards = []
        top = 0.0
        for row in rows:
            tall = max((size.height() for _, _, size in row), default=0.0)
            left = width - sum(size.width() for _, _, size in row) - gap * (len(row) - 1)
            for file, picture, size in row:
                corner = QPointF(left, top + tall - size.height())
                self._cards.append(_Card(file, picture, QRectF(corner, size)))
                left += size.width() + gap
            top += tall + gap
        self.width = width
        self.height = max(1.0, top - gap)

    @override
    def guess(self, look: Look, width: float) -> float:
        pictures = any(file.picture or file.number is not None for file in self._files)
        return (PICTURE_SIDE if pictures else CARD_HEIGHT) * look.scale

    @override
    def targets(self) -> list[tuple[Target, QRectF]]:
        return [
            (Enlarge(card.picture), card.place) for card in self._cards if card.picture is not None
        ]

    @override
    def says(self, target: Target) -> str:
        for card in self._cards:
            if card.picture is not None and target == Enlarge(card.picture):
                return f"{card.file.name} · {_size(card.file)}"
        return ""

    @override
    def paint(self, stroke: Stroke) -> None:
        for card in self._cards:
            if card.picture is not None:
                self._paint_picture(stroke, card, card.picture)
            else:
                self._paint_file(stroke, card)

    def _paint_picture(self, stroke: Stroke, card: _Card, picture: QImage) -> None:
        painter = stroke.painter
        path = QPainterPath()
        path.addRoundedRect(card.place, 10, 10)
        painter.save()
        painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(painter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(card.place, picture)
        painter.restore()
        painter.setPen(QPen(QColor(stroke.look.tokens.border), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        if stroke.focused == Enlarge(picture):
            paint_ring(stroke, card.place, 10)

    def _paint_file(self, stroke: Stroke, card: _Card) -> None:
        painter, look, tokens = stroke.painter, stroke.look, stroke.look.tokens
        painter.setPen(QPen(QColor(tokens.border), 1))
        painter.setBrush(QColor(tokens.card if tokens.dark else tokens.panel))
        painter.drawRoundedRect(card.place.adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        side = 20 * look.scale
        middle = card.place.center().y()
        icon = QRectF(card.place.left() + 14 * look.scale, middle - side / 2, side, side)
        look.icon(painter, "note", tokens.accent, icon)
        left = card.place.left() + 46 * look.scale
        room = card.place.right() - left - 10
        elide = Qt.TextElideMode.ElideMiddle
        name = QFontMetricsF(look.small_bold).elidedText(card.file.name, elide, room)
        painter.setFont(look.small_bold)
        painter.setPen(QColor(tokens.text))
        painter.drawText(QRectF(left, middle - look.small_line - 1, room, look.small_line), name)
        painter.setFont(look.small)
        painter.setPen(QColor(tokens.dim))
        painter.drawText(QRectF(left, middle + 1, room, look.small_line), _size(card.file))


def _picture(file: ShownFile, look: Look) -> QImage | None:
    if file.picture is None and file.number is not None and look.pictures is not None:
        return look.pictures.came_with(file.number)
    return decoded(file.picture or b"")


def _size(file: ShownFile) -> str:
    decimal = QLocale.DataSizeFormat.DataSizeSIFormat
    return QLocale().formattedDataSize(file.size_bytes, 1, decimal)
