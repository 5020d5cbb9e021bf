"""Parts for the blocks of an answer."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen, QTextBlockFormat, QTextDocument
from typing_extensions import override

from app.text.blocks import Block
from app.text.documents import empty_document, write_markup
from app.widgets.transcript.code_part import CodePart
from app.widgets.transcript.look import Look, Stroke
from app.widgets.transcript.math_part import MathPart
from app.widgets.transcript.part import DocumentPart, Part, place_of
from app.widgets.transcript.picture_part import PicturePart
from app.widgets.transcript.sameness import same_height
from app.widgets.transcript.table_part import TablePart

QUOTE_INDENT = 16.0


class ProsePart(DocumentPart):
    """A paragraph, a heading, a list item or a quote."""

    def __init__(self, block: Block) -> None:
        super().__init__()
        self.block = block
        self._before: QTextDocument | None = None  # what was shown until now
        self.is_item = block.kind == "item"
        self.goes_on = block.goes_on
        self._has_tasks = 'checked">' in block.html
        if block.kind == "quote":
            self.origin = QPointF(QUOTE_INDENT, 0)

    def become(self, block: Block) -> None:
        """Show a later state of the same block."""
        if block != self.block:
            self.block = block
            self.goes_on = block.goes_on
            self._has_tasks = 'checked">' in block.html
            self._before = self.document or self._before
            self.rewrite()

    @override
    def write(self, look: Look) -> QTextDocument:
        document = empty_document(look.ink)
        write_markup(document, self.block.html, look.ink, faded=self.block.kind == "quote")
        return document

    @override
    def arrange(self, document: QTextDocument, look: Look, width: float) -> None:
        document.setTextWidth(width - self.origin.x())
        before, self._before = self._before, None
        if (
            before is not None
            and self.measured == (look, width)
            and not document.rootFrame().childFrames()
        ):
            # The bar beside a quote ends in a curve.
            same = same_height(before, document)
            self.changed_from = max(0.0, min(same, self.height - look.ink.leading - 4))
        self.width = width
        self.height = max(1.0, document.size().height() - look.ink.leading)

    @override
    def paint(self, stroke: Stroke) -> None:
        if self.block.kind == "quote":
            bar = QRectF(0, 0, 3, self.height)
            stroke.painter.setPen(Qt.PenStyle.NoPen)
            stroke.painter.setBrush(QColor(stroke.look.tokens.border))
            stroke.painter.drawRoundedRect(bar, 1.5, 1.5)
        self.paint_document(stroke)
        if self._has_tasks:
            self._paint_boxes(stroke)

    def _paint_boxes(self, stroke: Stroke) -> None:
        """Boxes of our own over those of the style: it knows nothing of the look."""
        assert self.document is not None
        tokens, side = stroke.look.tokens, 15.0 * stroke.look.scale
        block = self.document.begin()
        while block.isValid():
            marker = block.blockFormat().marker()
            if marker is not QTextBlockFormat.MarkerType.NoMarker:
                place = place_of(self.document, block.position()).translated(self.origin)
                left, top = place.left() - 7 * stroke.look.scale - side, place.center().y()
                box = QRectF(round(left), round(top - side / 2), side, side)
                stroke.painter.fillRect(box.adjusted(-5, -4, 6, 4), QColor(tokens.bg))
                done = marker is QTextBlockFormat.MarkerType.Checked
                stroke.painter.setPen(QPen(QColor(tokens.accent if done else tokens.faint), 1.2))
                stroke.painter.setBrush(QColor(tokens.accent if done else tokens.bg))
                stroke.painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
                if done:
                    inside = box.adjusted(2, 2, -2, -2)
                    stroke.look.icon(stroke.painter, "check", tokens.on_accent, inside)
            block = block.next()


class RulePart(Part):
    """A line across the column."""

    @override
    def layout(self, look: Look, width: float) -> None:
        self.width = width
        self.height = 9.0

    @override
    def markdown(self, start: int, end: int) -> str:
        return "---"

    @override
    def paint(self, stroke: Stroke) -> None:
        line = QRectF(0, 4, self.width, 1)
        stroke.painter.fillRect(line, QColor(stroke.look.tokens.border))


def part_of(block: Block, *, growing: bool = False) -> Part:
    """The part that shows a block."""
    match block.kind:
        case "code":
            return CodePart(block, growing=growing)
        case "rule":
            return RulePart()
        case "table":
            return TablePart(block)
        case "picture":
            return PicturePart(block)
        case "math":
            return MathPart(block)
        case "prose" | "item" | "quote":
            return ProsePart(block)


def shown_by(part: Part | None, block: Block, *, growing: bool = False) -> Part:
    """The part, showing the block, if it is of the right kind; else a new one."""
    match part:
        case CodePart() if block.kind == "code":
            part.become(block, growing=growing)
            return part
        case RulePart() if block.kind == "rule":
            return part
        case TablePart() | PicturePart() | MathPart() | ProsePart() if (
            part.block.kind == block.kind
        ):
            part.become(block)
            return part
        case _:
            return part_of(block, growing=growing)
