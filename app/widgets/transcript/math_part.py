"""A formula on lines of its own."""

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor, QTextDocument, QTextOption
from typing_extensions import override

from app.text.blocks import Block
from app.text.documents import empty_document
from app.text.mathematics.formulas import Formula
from app.text.mathematics.inline import SCALE
from app.text.mathematics.mathematics import Mathematics
from app.text.mathematics.picture import Picture
from app.widgets.transcript.look import Details, Look, Stroke, Target
from app.widgets.transcript.part import Part, paint_ring

# A formula that is too wide becomes smaller, but no smaller than this; then it scrolls sideways.
SMALLEST: Final = 0.7
ROOM: Final = 4.0
CARD_SIDE: Final = 14.0
CARD_TOP: Final = 10.0
THUMB: Final = 9.0
RADIUS: Final = 8.0


class MathPart(Part):
    """The formula's picture in the middle of the column; its source until there is one.

    A selection takes it whole, and copies its source.
    """

    def __init__(self, block: Block) -> None:
        super().__init__()
        self.block = block
        self._picture: Picture | None = None
        self._trouble: str | None = None
        self._source: QTextDocument | None = None
        self._written: tuple[Look, str | None] | None = None
        self._place = QRectF()
        self._scrolled = 0.0

    @property
    def formula(self) -> Formula:
        return Formula(self.block.text.strip(), display=True)

    def become(self, block: Block) -> None:
        """Show a later state of the same formula."""
        if block != self.block:
            self.block = block
            self._source = None
            self.is_stale = True

    @override
    def take_formulas(self, came: frozenset[Formula]) -> bool:
        return self.formula in came

    @override
    def formula_at(self, point: QPointF) -> Formula | None:
        return self.formula

    @override
    def layout(self, look: Look, width: float) -> None:
        self.width = width
        mathematics, source = look.ink.mathematics, self.formula.source
        self._picture = mathematics.picture(source, display=True) if mathematics else None
        self._trouble = None
        if self._picture is not None:
            self._source = None
            self._lay_picture(self._picture, look)
            return
        if mathematics is not None:
            self._trouble = mathematics.trouble(source, display=True)
        if self._source is None or self._written != (look, self._trouble):
            self._source = self._write(look)
            self._written = (look, self._trouble)
        side, top = self._card(look)
        self._source.setTextWidth(max(1.0, width - 2 * side))
        self.height = self._source.size().height() + 2 * top

    def _lay_picture(self, picture: Picture, look: Look) -> None:
        em = look.ink.prose.pixelSize() * SCALE
        wide = max(1.0, picture.width * em)
        share = max(SMALLEST, min(1.0, self.width / wide))
        size = QRectF(0, 0, wide * share, picture.height * em * share)
        size.moveLeft(max(0.0, (self.width - size.width()) / 2))
        size.moveTop(ROOM * look.scale)
        self._place = size
        below = THUMB if self._is_wide else ROOM
        self.height = size.height() + (ROOM + below) * look.scale
        self.scroll_by(0)

    @property
    def _is_wide(self) -> bool:
        return self._place.width() > self.width + 0.5

    def _write(self, look: Look) -> QTextDocument:
        document = empty_document(look.ink)
        document.setDefaultFont(look.ink.mono)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        document.setDefaultTextOption(option)
        form = QTextCharFormat()
        form.setFont(look.ink.mono)
        form.setForeground(QColor(look.ink.faint if self._trouble is None else look.ink.text))
        QTextCursor(document).insertText(self.formula.source, form)
        return document

    def _card(self, look: Look) -> tuple[float, float]:
        """How far the source stands from the edges; there is a card if it cannot be set."""
        if self._trouble is None:
            return 0.0, ROOM * look.scale
        return CARD_SIDE * look.scale, CARD_TOP * look.scale

    @override
    def guess(self, look: Look, width: float) -> float:
        rows = 1 + self.block.text.count("\\\\")
        return 2.6 * rows * look.ink.prose.pixelSize()

    @override
    def scroll_by(self, distance: float) -> bool:
        before = self._scrolled
        hidden = self._place.width() - self.width if self._picture is not None else 0.0
        self._scrolled = min(max(0.0, before + distance), max(0.0, hidden))
        return self._scrolled != before

    # As text

    @property
    @override
    def length(self) -> int:
        return 1

    @override
    def position_at(self, point: QPointF) -> int:
        return int(point.x() > self.width / 2)

    @override
    def word_at(self, position: int) -> tuple[int, int]:
        return (0, 1)

    @override
    def text(self, start: int, end: int) -> str:
        return self.formula.written if end > start else ""

    @override
    def hits(self, words: str) -> list[tuple[int, int]]:
        return [(0, 1)] if words and words.casefold() in self.block.text.casefold() else []

    @override
    def targets(self) -> list[tuple[Target, QRectF]]:
        if not self._trouble:
            return []
        return [(Details(self._trouble), QRectF(0, 0, self.width, self.height))]

    # As a picture

    @override
    def paint(self, stroke: Stroke) -> None:
        painter, tokens = stroke.painter, stroke.look.tokens
        painter.save()
        whole = QRectF(0, 0, self.width, self.height)
        painter.setClipRect(whole, Qt.ClipOperation.IntersectClip)
        if self._trouble is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.inline_code))
            painter.drawRoundedRect(whole, RADIUS, RADIUS)
        self._paint_marks(stroke, whole)
        if self._picture is not None:
            place = self._place.translated(-self._scrolled, 0)
            self._picture.paint(painter, place, QColor(tokens.text))
            if self._is_wide:
                self._paint_thumb(stroke)
        elif self._source is not None:
            painter.translate(*self._card(stroke.look))
            self._source.drawContents(painter)
        painter.restore()
        if isinstance(stroke.focused, Details):
            paint_ring(stroke, whole.adjusted(1, 1, -1, -1))

    def _paint_marks(self, stroke: Stroke, whole: QRectF) -> None:
        tokens = stroke.look.tokens
        place = whole
        if self._picture is not None:
            place = self._place.translated(-self._scrolled, 0).adjusted(-3, -3, 3, 3)
        if stroke.found:
            ground = QColor(tokens.warn)
            ground.setAlpha(160 if stroke.found_now else 90)
            stroke.painter.fillRect(place, ground)
        if stroke.selected is not None:
            stroke.painter.fillRect(place, QColor(tokens.selection))

    def _paint_thumb(self, stroke: Stroke) -> None:
        full = self._place.width()
        thumb = QRectF(
            self.width * self._scrolled / full, self.height - 5, self.width * self.width / full, 4
        )
        stroke.painter.setPen(Qt.PenStyle.NoPen)
        stroke.painter.setBrush(QColor(stroke.look.tokens.border))
        stroke.painter.drawRoundedRect(thumb, 2, 2)


def taught(look: Look, mathematics: Mathematics | None) -> Look:
    """The look, in which formulas are set."""
    return replace(look, ink=replace(look.ink, mathematics=mathematics))
