"""Parts for what stands around the blocks: a question, reasoning, a failure, statistics."""

from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen, QTextCursor, QTextDocument
from typing_extensions import override

from app.text.documents import empty_document, plain_markup, write_markup
from app.theme.icons import paint_icon
from app.widgets.transcript.look import Look, Stroke, Target, Toggle
from app.widgets.transcript.part import DocumentPart, Part, paint_ring

BUBBLE_SHARE = 0.78
BUBBLE_SIDE = 14.0
BUBBLE_TOP = 10.0
THOUGHT_HEAD = 38.0
THOUGHT_INDENT = 34.0


class QuestionPart(DocumentPart):
    """What the user said, in a bubble on the right."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self._content = content
        self.origin = QPointF(BUBBLE_SIDE, BUBBLE_TOP)

    @override
    def write(self, look: Look) -> QTextDocument:
        document = empty_document(look.ink)
        write_markup(document, plain_markup(self._content), look.ink)
        return document

    @override
    def arrange(self, document: QTextDocument, look: Look, width: float) -> None:
        widest = width * BUBBLE_SHARE - 2 * BUBBLE_SIDE
        document.setTextWidth(widest)
        document.setTextWidth(min(widest, ceil(document.idealWidth()) + 1))
        self.width = document.textWidth() + 2 * BUBBLE_SIDE
        self.height = document.size().height() - look.ink.leading + 2 * BUBBLE_TOP
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
        self._reasoning = reasoning.lstrip()
        self._seconds = seconds
        self._growing = growing
        self.is_open = False
        self.origin = QPointF(THOUGHT_INDENT, THOUGHT_HEAD)

    def grow(self, reasoning: str) -> None:
        """More has been thought."""
        if not self._reasoning:
            reasoning = reasoning.lstrip()
        self._reasoning += reasoning
        # A folded block costs nothing until it is opened.
        if self.is_open and self.document is not None:
            cursor = QTextCursor(self.document)
            cursor.movePosition(QTextCursor.MoveOperation.End)
            cursor.insertText(reasoning)
            self.rearrange()

    def finish(self, seconds: float | None) -> None:
        """Thinking is over."""
        self._growing = False
        self._seconds = seconds
        self._reasoning = self._reasoning.rstrip()
        if self.is_open:
            self.rewrite()

    def toggle(self) -> None:
        """Open what is folded, fold what is open."""
        self.is_open = not self.is_open
        self.rewrite()

    @override
    def write(self, look: Look) -> QTextDocument:
        document = empty_document(look.ink)
        if self.is_open:
            markup = plain_markup(self._reasoning)
            write_markup(document, markup, look.ink, faded=True)
        return document

    @override
    def arrange(self, document: QTextDocument, look: Look, width: float) -> None:
        document.setTextWidth(width - THOUGHT_INDENT - 14)
        self.width = width
        self.height = THOUGHT_HEAD + (document.size().height() + 14 if self.is_open else 0)

    @property
    @override
    def length(self) -> int:
        return super().length if self.is_open else 0

    @override
    def targets(self) -> list[tuple[Target, QRectF]]:
        return [(Toggle(), QRectF(0, 0, self.width, THOUGHT_HEAD))]

    @override
    def target_at(self, point: QPointF) -> Target | None:
        return Toggle() if 0 <= point.y() < THOUGHT_HEAD else None

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
        paint_icon(painter, "brain", tokens.accent, QRectF(12, 10, 18, 18))
        painter.setFont(stroke.look.small_bold)
        painter.setPen(QColor(tokens.dim))
        head = QRectF(38, 0, self.width - 80, THOUGHT_HEAD)
        painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, self.heading(stroke.look))
        caret = "caret-down" if self.is_open else "caret-right"
        paint_icon(painter, caret, tokens.faint, QRectF(self.width - 30, 11, 16, 16))
        if self.is_open:
            bar = QRectF(20, THOUGHT_HEAD + 2, 2, self.height - THOUGHT_HEAD - 16)
            painter.fillRect(bar, QColor(tokens.border))
            self.paint_document(stroke)
        if stroke.focused == Toggle():
            paint_ring(stroke, outline, 10)


class FailurePart(DocumentPart):
    """One sentence about what went wrong, on a card."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self._sentence = sentence
        self.origin = QPointF(42, 11)

    @override
    def write(self, look: Look) -> QTextDocument:
        document = empty_document(look.ink)
        write_markup(document, plain_markup(self._sentence), look.ink)
        return document

    @override
    def arrange(self, document: QTextDocument, look: Look, width: float) -> None:
        document.setTextWidth(width - 42 - 14)
        self.width = width
        self.height = document.size().height() - look.ink.leading + 22

    @override
    def paint(self, stroke: Stroke) -> None:
        tokens = stroke.look.tokens
        stroke.painter.setPen(QPen(QColor(tokens.error), 1))
        stroke.painter.setBrush(QColor(tokens.error_bg))
        card = QRectF(0.5, 0.5, self.width - 1, self.height - 1)
        stroke.painter.drawRoundedRect(card, 10, 10)
        paint_icon(stroke.painter, "warning", tokens.error, QRectF(14, 13, 18, 18))
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
