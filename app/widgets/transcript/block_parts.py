"""Parts for the blocks of an answer."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen, QTextDocument
from typing_extensions import override

from app.text.blocks import Block
from app.text.documents import CodeDocument, empty_document, write_markup
from app.widgets.transcript.look import CopyCode, Look, Stroke, Target
from app.widgets.transcript.part import DocumentPart, Part, paint_ring

HEAD_HEIGHT = 34.0
CODE_MARGIN = 14.0
CODE_TOP = 10.0
CODE_BOTTOM = 12.0
QUOTE_INDENT = 16.0


class ProsePart(DocumentPart):
    """A paragraph, a heading, a list item, a quote or a table."""

    def __init__(self, block: Block) -> None:
        super().__init__()
        self.block = block
        self.is_item = block.kind == "item"
        self.goes_on = block.kind == "rows"
        if block.kind == "quote":
            self.origin = QPointF(QUOTE_INDENT, 0)

    def become(self, block: Block) -> None:
        """Show a later state of the same block."""
        if block != self.block:
            self.block = block
            self.rewrite()

    @override
    def write(self, look: Look) -> QTextDocument:
        document = empty_document(look.ink)
        write_markup(document, self.block.html, look.ink, faded=self.block.kind == "quote")
        return document

    @override
    def arrange(self, document: QTextDocument, look: Look, width: float) -> None:
        if self.block.kind == "table":
            document.setTextWidth(-1)
            document.setTextWidth(min(width, document.idealWidth()))
        else:
            document.setTextWidth(width - self.origin.x())
        self.width = width
        air = 0 if self.block.kind in {"table", "wide", "rows"} else look.ink.leading
        self.height = max(1.0, document.size().height() - air)

    @override
    def paint(self, stroke: Stroke) -> None:
        if self.block.kind == "quote":
            bar = QRectF(0, 0, 3, self.height)
            stroke.painter.setPen(Qt.PenStyle.NoPen)
            stroke.painter.setBrush(QColor(stroke.look.tokens.border))
            stroke.painter.drawRoundedRect(bar, 1.5, 1.5)
        self.paint_document(stroke)


class RulePart(Part):
    """A line across the column."""

    @override
    def layout(self, look: Look, width: float) -> None:
        self.width = width
        self.height = 9.0

    @override
    def paint(self, stroke: Stroke) -> None:
        line = QRectF(0, 4, self.width, 1)
        stroke.painter.fillRect(line, QColor(stroke.look.tokens.border))


class CodePart(DocumentPart):
    """Code under a head with its language and a place to copy it; long lines scroll sideways."""

    def __init__(self, block: Block, *, growing: bool = False) -> None:
        super().__init__()
        self.block = block
        self._growing = growing
        self._code: CodeDocument | None = None
        self._natural_width = 0.0
        self._scrolled = 0.0
        self.origin = QPointF(CODE_MARGIN, HEAD_HEIGHT + CODE_TOP)

    def become(self, block: Block, *, growing: bool) -> None:
        """Show a later state of the same code."""
        finished = self._growing and not growing
        if block == self.block and not finished:
            return
        same = block.language == self.block.language and block.text.startswith(self.block.text)
        self.block = block
        self._growing = growing
        if not same or self._code is None:
            self.rewrite()
        elif finished:
            self._code.finish(block.text)
            self.rearrange()
        else:
            self._code.grow(block.text)
            self.rearrange()

    @override
    def write(self, look: Look) -> QTextDocument:
        self._code = CodeDocument(look.ink, self.block.language)
        if self._growing:
            self._code.grow(self.block.text)
        else:
            self._code.finish(self.block.text)
        return self._code.document

    @override
    def arrange(self, document: QTextDocument, look: Look, width: float) -> None:
        self._natural_width = document.idealWidth()
        self.width = width
        self.height = HEAD_HEIGHT + CODE_TOP + document.size().height() + CODE_BOTTOM
        self._show_from(self._scrolled)

    @override
    def scroll_by(self, distance: float) -> bool:
        before = self._scrolled
        self._show_from(before + distance)
        return self._scrolled != before

    def _show_from(self, left: float) -> None:
        hidden = max(0.0, self._natural_width + 2 * CODE_MARGIN - self.width)
        self._scrolled = min(max(0.0, left), hidden)
        self.origin = QPointF(CODE_MARGIN - self._scrolled, HEAD_HEIGHT + CODE_TOP)

    def _copy_place(self) -> QRectF:
        return QRectF(self.width - 72, 5, 66, HEAD_HEIGHT - 10)

    @override
    def targets(self) -> list[tuple[Target, QRectF]]:
        return [(CopyCode(self.block.text), self._copy_place())]

    @override
    def target_at(self, point: QPointF) -> Target | None:
        return CopyCode(self.block.text) if self._copy_place().contains(point) else None

    @override
    def paint(self, stroke: Stroke) -> None:
        painter, tokens = stroke.painter, stroke.look.tokens
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(0.5, 0.5, self.width - 1, self.height - 1), 10, 10)
        painter.fillPath(outline, QColor(tokens.code_bg))
        painter.save()
        painter.setClipPath(outline, Qt.ClipOperation.IntersectClip)
        painter.fillRect(QRectF(0, 0, self.width, HEAD_HEIGHT), QColor(tokens.code_head))
        painter.restore()
        painter.setPen(QPen(QColor(tokens.border), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(outline)
        self._paint_head(stroke)
        painter.save()
        inside = QRectF(8, HEAD_HEIGHT, self.width - 16, self.height - HEAD_HEIGHT)
        painter.setClipRect(inside, Qt.ClipOperation.IntersectClip)
        self.paint_document(stroke)
        painter.restore()
        self._paint_thumb(stroke)

    def _paint_head(self, stroke: Stroke) -> None:
        painter, look = stroke.painter, stroke.look
        mine = CopyCode(self.block.text)
        place = self._copy_place()
        painter.setFont(look.small)
        painter.setPen(QColor(look.tokens.dim))
        middle = Qt.AlignmentFlag.AlignVCenter
        name = self.block.language or look.words.code
        painter.drawText(QRectF(CODE_MARGIN, 0, 200, HEAD_HEIGHT), middle, name)
        if stroke.hovered == mine:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.tokens.hover))
            painter.drawRoundedRect(place, 6, 6)
        done = stroke.copied == mine
        strong = look.tokens.ok if done else look.tokens.text
        painter.setPen(QColor(strong if done or stroke.hovered == mine else look.tokens.dim))
        words = look.words.copied if done else look.words.copy
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)
        if stroke.focused == mine:
            paint_ring(stroke, place)

    def _paint_thumb(self, stroke: Stroke) -> None:
        full = self._natural_width + 2 * CODE_MARGIN
        if full <= self.width + 0.5:
            return
        track = self.width - 2 * CODE_MARGIN
        thumb = QRectF(
            CODE_MARGIN + track * self._scrolled / full,
            self.height - 7,
            track * self.width / full,
            4,
        )
        stroke.painter.setPen(Qt.PenStyle.NoPen)
        stroke.painter.setBrush(QColor(stroke.look.tokens.border))
        stroke.painter.drawRoundedRect(thumb, 2, 2)


def part_of(block: Block, *, growing: bool = False) -> Part:
    """The part that shows a block."""
    match block.kind:
        case "code":
            return CodePart(block, growing=growing)
        case "rule":
            return RulePart()
        case "prose" | "item" | "quote" | "table" | "wide" | "rows":
            return ProsePart(block)
