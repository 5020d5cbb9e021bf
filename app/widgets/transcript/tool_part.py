"""What an assistant had called, and what came back, as cards that fold."""

import json
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen, QTextDocument, QTextOption
from typing_extensions import override

from app.text.documents import CodeDocument
from app.text.long import clean
from app.widgets.transcript.look import Look, Stroke, Target
from app.widgets.transcript.part import DocumentPart, paint_ring
from engine.chat import ToolCall

HEAD: Final = 38.0
INDENT: Final = 34.0
# What is beyond is told as a number: results may be whole files.
SHOWN: Final = 12_000
PREVIEWED: Final = 160


@dataclass(frozen=True)
class Fold(Target):
    """A place that opens or folds its card."""


class CardPart(DocumentPart):
    """A head that opens and folds the text below it."""

    def __init__(self, body: str, language: str) -> None:
        super().__init__()
        self._body = clean(body)
        self._language = language
        self._scale = 1.0
        self.is_open = False

    def heading(self, look: Look) -> str:
        """What the head says."""
        return look.blocks.result

    @override
    def write(self, look: Look) -> QTextDocument:
        more = len(self._body) - SHOWN
        text = self._body[:SHOWN]
        if more > 0:
            text = f"{text}\n{look.blocks.more.replace('%1', str(more))}"
        code = CodeDocument(look.ink, self._language)
        code.finish(text if self.is_open else "")
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        code.document.setDefaultTextOption(option)
        return code.document

    @override
    def arrange(self, document: QTextDocument, look: Look, width: float) -> None:
        self._scale = look.scale
        self.origin = QPointF(INDENT * look.scale, HEAD * look.scale)
        document.setTextWidth(width - (INDENT + 14) * look.scale)
        self.width = width
        below = document.size().height() + 14 * look.scale if self.is_open else 0
        self.height = HEAD * look.scale + below

    @override
    def guess(self, look: Look, width: float) -> float:
        return HEAD * look.scale

    @property
    @override
    def length(self) -> int:
        return super().length if self.is_open else 0

    @override
    def hits(self, words: str) -> list[tuple[int, int]]:
        return super().hits(words) if self.is_open else []

    def _head(self) -> QRectF:
        return QRectF(0, 0, self.width, HEAD * self._scale)

    @override
    def targets(self) -> list[tuple[Target, QRectF]]:
        return [(Fold(), self._head())]

    @override
    def target_at(self, point: QPointF) -> Target | None:
        return Fold() if self._head().contains(point) else None

    @override
    def activate(self, target: Target) -> bool:
        if not isinstance(target, Fold):
            return False
        self.is_open = not self.is_open
        self.rewrite()
        return True

    @override
    def paint(self, stroke: Stroke) -> None:
        painter, look, tokens = stroke.painter, stroke.look, stroke.look.tokens
        outline = QRectF(0.5, 0.5, self.width - 1, self.height - 1)
        painter.setPen(QPen(QColor(tokens.border), 1))
        ground = tokens.card if tokens.dark else tokens.panel
        lit = stroke.hovered == Fold() and not self.is_open
        painter.setBrush(QColor(tokens.hover if lit else ground))
        painter.drawRoundedRect(outline, 10, 10)
        scale = self._scale
        icon = QRectF(12 * scale, 11 * scale, 16 * scale, 16 * scale)
        look.icon(painter, "plug", tokens.accent, icon)
        head = self._head().adjusted(38 * scale, 0, -40 * scale, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(look.small_bold)
        painter.setPen(QColor(tokens.text))
        painter.drawText(head, middle, self.heading(look))
        if not self.is_open:
            taken = painter.fontMetrics().horizontalAdvance(self.heading(look)) + 12
            room = head.adjusted(taken, 0, 0, 0)
            painter.setFont(look.small)
            painter.setPen(QColor(tokens.faint))
            first = " ".join(self._body[:PREVIEWED].split())
            elide = Qt.TextElideMode.ElideRight
            line = painter.fontMetrics().elidedText(first, elide, max(0, int(room.width())))
            painter.drawText(room, middle, line)
        caret = "caret-down" if self.is_open else "caret-right"
        place = QRectF(self.width - 30 * scale, 11 * scale, 16 * scale, 16 * scale)
        look.icon(painter, caret, tokens.faint, place)
        if self.is_open:
            self.paint_document(stroke)
        if stroke.focused == Fold():
            paint_ring(stroke, outline, 10)


class CallPart(CardPart):
    """A call: the function's name, its arguments below."""

    def __init__(self, call: ToolCall) -> None:
        super().__init__(pretty(call.arguments), "json")
        self._name = clean(call.name)[:PREVIEWED]

    @override
    def heading(self, look: Look) -> str:
        return look.blocks.called.replace("%1", self._name)


class ResultPart(CardPart):
    """What a call gave back."""

    def __init__(self, content: str) -> None:
        shown = pretty(content)
        super().__init__(shown, "json" if shown != content or content[:1] in "[{" else "")


def pretty(arguments: str) -> str:
    """JSON on lines of its own; whatever is none, or too much of it, as it came."""
    if len(arguments) > 8 * SHOWN:
        return arguments
    try:
        value = json.loads(arguments)
    except (ValueError, RecursionError):
        return arguments
    try:
        return json.dumps(value, indent=2, ensure_ascii=False)
    except RecursionError:
        return arguments
