"""Parts for what stands around the blocks: a question, reasoning, a failure, statistics."""

from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen, QTextCursor, QTextDocument
from typing_extensions import override

from app.text.documents import empty_document, plain_markup, strip_end, write_markup
from app.text.long import broken
from app.text.markup import text_markup
from app.widgets.transcript.look import Look, Stroke, Target, Toggle
from app.widgets.transcript.part import DocumentPart, Part, paint_ring

BUBBLE_SHARE = 0.78
BUBBLE_SIDE = 14.0
BUBBLE_TOP = 10.0
THOUGHT_HEAD = 38.0
THOUGHT_INDENT = 34.0
# Longer reasoning is shown as it was typed: it is one document, made at once.
LONGEST_READ = 24_000


class QuestionPart(DocumentPart):
    """What the user said, in a bubble on the right."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self._content = content

    @override
    def write(self, look: Look) -> QTextDocument:
        document = empty_document(look.ink)
        write_markup(document, plain_markup(self._content), look.ink)
        return document

    @override
    def arrange(self, document: QTextDocument, look: Look, width: float) -> None:
        side, top = BUBBLE_SIDE * look.scale, BUBBLE_TOP * look.scale
        self.origin = QPointF(side, top)
        widest = width * BUBBLE_SHARE - 2 * side
        document.setTextWidth(widest)
        document.setTextWidth(min(widest, ceil(document.idealWidth()) + 1))
        self.width = document.textWidth() + 2 * side
        self.height = document.size().height() - look.ink.leading + 2 * top
        self.left = width - self.width

    @override
    def paint(self, stroke: Stroke) -> None:
        bubble = QPainterPath()
        bubble.addRoundedRect(QRectF(0, 0, self.width, self.height), 14, 14)
        stroke.painter.fillPath(bubble, QColor(stroke.look.tokens.bubble))
        self.paint_document(stroke)


class ReasoningPart(DocumentPart):
    """What was thought before the answer; a head that opens and folds it."""

    def __init__(self, reasoning: str, seconds: float | None, *, growing: bool = False) -> None:
        super().__init__()
        # One line without end would be laid out anew for every word.
        self._reasoning = broken(reasoning.lstrip())
        self._seconds = seconds
        self._growing = growing
        self._stood: int | None = None  # so many positions look as they did
        self.is_open = False
        self._head = THOUGHT_HEAD

    def grow(self, reasoning: str) -> None:
        """More has been thought."""
        began = bool(self._reasoning)
        if not began:
            reasoning = reasoning.lstrip()
        line = len(self._reasoning) - self._reasoning.rfind("\n") - 1
        reasoning = broken(reasoning, line)
        self._reasoning += reasoning
        # A folded block costs nothing until it is opened.
        if self.is_open and not began:
            self.rewrite()
        elif self.is_open and self.document is not None:
            cursor = QTextCursor(self.document)
            cursor.movePosition(QTextCursor.MoveOperation.End)
            if self._stood is None:
                self._stood = cursor.block().position()
            cursor.insertText(reasoning)
            self.rearrange()

    def finish(self, seconds: float | None) -> None:
        """Thinking is over."""
        self._growing = False
        self._seconds = seconds
        self._reasoning = self._reasoning.rstrip()
        if self.is_open and len(self._reasoning) > LONGEST_READ and self.document is not None:
            # It stands there as it was typed already.
            self._stood = 0
            strip_end(self.document)
            self.rearrange()
        elif self.is_open:
            self.rewrite()

    def toggle(self) -> None:
        """Open what is folded, fold what is open."""
        self.is_open = not self.is_open
        self.rewrite()

    @override
    def write(self, look: Look) -> QTextDocument:
        document = empty_document(look.ink)
        if self.is_open:
            # What still grows is written letter by letter, and read once it is whole.
            typed = self._growing or len(self._reasoning) > LONGEST_READ
            markup = plain_markup(self._reasoning) if typed else text_markup(self._reasoning)
            write_markup(document, markup, look.ink, faded=True)
            if self._growing and self._reasoning.endswith("\n"):
                # HTML leaves it out, and what comes next would not begin a line.
                cursor = QTextCursor(document)
                cursor.movePosition(QTextCursor.MoveOperation.End)
                cursor.insertText("\n")
        return document

    @override
    def arrange(self, document: QTextDocument, look: Look, width: float) -> None:
        scale = look.scale
        self._head = THOUGHT_HEAD * scale
        self.origin = QPointF(THOUGHT_INDENT * scale, self._head)
        room = width - (THOUGHT_INDENT + 14) * scale
        if document.textWidth() != room:  # the same width again would lay out every line anew
            document.setTextWidth(room)
        stood, self._stood = self._stood, None
        if stood and self.measured == (look, width):
            line = document.documentLayout().blockBoundingRect(document.findBlock(stood))
            # The frame ends in curves, and the bar beside the lines ends above them.
            ended = self.height - 26 * scale
            self.changed_from = max(0.0, min(self._head + line.top(), ended))
        self.width = width
        self.height = self._head + (document.size().height() + 14 * scale if self.is_open else 0)

    @override
    def guess(self, look: Look, width: float) -> float:
        return THOUGHT_HEAD * look.scale

    @property
    @override
    def length(self) -> int:
        return super().length if self.is_open else 0

    @override
    def targets(self) -> list[tuple[Target, QRectF]]:
        return [(Toggle(), QRectF(0, 0, self.width, self._head))]

    @override
    def target_at(self, point: QPointF) -> Target | None:
        return Toggle() if 0 <= point.y() < self._head else None

    def heading(self, look: Look) -> str:
        """What the head says."""
        if self._growing:
            return look.words.thinking
        if self._seconds is None:
            return look.words.thought
        return look.words.thought_for.replace("%1", f"{self._seconds:.1f}")

    @override
    def paint(self, stroke: Stroke) -> None:
        painter, tokens = stroke.painter, stroke.look.tokens
        outline = QRectF(0.5, 0.5, self.width - 1, self.height - 1)
        painter.setPen(QPen(QColor(tokens.border), 1))
        lit = stroke.hovered == Toggle() and not self.is_open
        ground = tokens.card if tokens.dark else tokens.panel
        painter.setBrush(QColor(tokens.hover if lit else ground))
        painter.drawRoundedRect(outline, 10, 10)
        scale, middle = stroke.look.scale, self._head / 2
        brain = QRectF(12 * scale, middle - 9 * scale, 18 * scale, 18 * scale)
        stroke.look.icon(painter, "brain", tokens.accent, brain)
        painter.setFont(stroke.look.small_bold)
        painter.setPen(QColor(tokens.dim))
        head = QRectF(38 * scale, 0, self.width - 80 * scale, self._head)
        painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, self.heading(stroke.look))
        side = 16 * scale
        caret = QRectF(self.width - 30 * scale, middle - side / 2, side, side)
        name = "caret-down" if self.is_open else "caret-right"
        stroke.look.icon(painter, name, tokens.faint, caret)
        if self.is_open:
            bar = QRectF(20 * scale, self._head + 2, 2, self.height - self._head - 16 * scale)
            painter.fillRect(bar, QColor(tokens.border))
            self.paint_document(stroke)
        if stroke.focused == Toggle():
            paint_ring(stroke, outline, 10)


class FailurePart(DocumentPart):
    """One sentence about what went wrong, on a card."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self._sentence = sentence

    @override
    def write(self, look: Look) -> QTextDocument:
        document = empty_document(look.ink)
        write_markup(document, plain_markup(self._sentence), look.ink)
        return document

    @override
    def arrange(self, document: QTextDocument, look: Look, width: float) -> None:
        scale = look.scale
        self.origin = QPointF(42 * scale, 11 * scale)
        document.setTextWidth(width - (42 + 14) * scale)
        self.width = width
        self.height = document.size().height() - look.ink.leading + 22 * scale

    @override
    def paint(self, stroke: Stroke) -> None:
        tokens = stroke.look.tokens
        stroke.painter.setPen(QPen(QColor(tokens.error), 1))
        stroke.painter.setBrush(QColor(tokens.error_bg))
        card = QRectF(0.5, 0.5, self.width - 1, self.height - 1)
        stroke.painter.drawRoundedRect(card, 10, 10)
        scale = stroke.look.scale
        sign = QRectF(14 * scale, 13 * scale, 18 * scale, 18 * scale)
        stroke.look.icon(stroke.painter, "warning", tokens.error, sign)
        self.paint_document(stroke)


class WaitingPart(Part):
    """Three dots while the first token is awaited."""

    @override
    def layout(self, look: Look, width: float) -> None:
        self.width = width
        self.height = 22.0

    @override
    def paint(self, stroke: Stroke) -> None:
        stroke.painter.setPen(Qt.PenStyle.NoPen)
        stroke.painter.setBrush(QColor(stroke.look.tokens.faint))
        for left in (0, 11, 22):
            stroke.painter.drawEllipse(QRectF(left, 8, 6, 6))
