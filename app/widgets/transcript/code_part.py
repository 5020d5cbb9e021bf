"""Code under a head with its language and what can be done with it."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainterPath, QPen, QTextDocument, QTextOption
from typing_extensions import override

from app.text.blocks import Block
from app.text.documents import CodeDocument
from app.widgets.transcript.look import CopyCode, Look, Stroke, Target
from app.widgets.transcript.part import DocumentPart, Part, paint_ring

HEAD_HEIGHT: Final = 34.0
MARGIN: Final = 14.0
TOP: Final = 10.0
BOTTOM: Final = 12.0
WORD_GAP: Final = 16.0
# A line longer than this goes on in the next: Qt measures a whole line for every change.
LONGEST_LINE: Final = 2_000


@dataclass(frozen=True)
class SaveCode(Target):
    """A place that saves the code below it."""

    text: str
    language: str


@dataclass(frozen=True)
class WrapCode(Target):
    """A place that breaks long lines, or leaves them whole again."""


class CodePart(DocumentPart):
    """Code; long lines scroll sideways or are wrapped."""

    def __init__(self, block: Block, *, growing: bool = False) -> None:
        super().__init__()
        self.block = block
        self._growing = growing
        self._code: CodeDocument | None = None
        self._wraps: bool | None = None  # None: as the look says
        self._stood: int | None = None  # so many units stay as they are
        self._natural_width = 0.0
        self._scrolled = 0.0
        self._scale = 1.0
        self._words: list[tuple[Target, str, QRectF]] = []

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
            self._stood = 0
            self._code.finish(_broken(block.text))
            self.rearrange()
        else:
            self._stood = self._code.stands if self._stood is None else self._stood
            self._code.grow(_broken(block.text))
            self.rearrange()

    @override
    def write(self, look: Look) -> QTextDocument:
        self._code = CodeDocument(look.ink, self.block.language)
        if self._growing:
            self._code.grow(_broken(self.block.text))
        else:
            self._code.finish(_broken(self.block.text))
        return self._code.document

    @override
    def arrange(self, document: QTextDocument, look: Look, width: float) -> None:
        self.width = width
        self._scale = look.scale
        wraps = self._is_wrapped(look)
        option = document.defaultTextOption()
        mode = QTextOption.WrapMode
        wanted = mode.WrapAtWordBoundaryOrAnywhere if wraps else mode.NoWrap
        if option.wrapMode() != wanted:
            option.setWrapMode(wanted)
            document.setDefaultTextOption(option)
        room = width - 2 * MARGIN * look.scale if wraps else -1
        if document.textWidth() != room:  # the same width again would lay out every line anew
            document.setTextWidth(room)
        self._natural_width = 0.0 if wraps else document.idealWidth()
        head = HEAD_HEIGHT + TOP + BOTTOM
        self.height = head * look.scale + document.size().height()
        self._place_words(look)
        self._show_from(self._scrolled)
        stood, self._stood = self._stood, None
        if stood and self.measured == (look, width):
            line = document.documentLayout().blockBoundingRect(document.findBlock(stood))
            self.changed_from = self.origin.y() + line.top()

    @override
    def guess(self, look: Look, width: float) -> float:
        lines = self.block.text.count("\n") + 1
        line = QFontMetricsF(look.ink.mono).lineSpacing()
        return (HEAD_HEIGHT + TOP + BOTTOM) * look.scale + lines * line

    @override
    def scroll_by(self, distance: float) -> bool:
        before = self._scrolled
        self._show_from(before + distance)
        return self._scrolled != before

    @override
    def activate(self, target: Target) -> bool:
        if not isinstance(target, WrapCode):
            return False
        self._wraps = self._natural_width > 0
        self.rearrange()
        return True

    @override
    def text(self, start: int, end: int) -> str:
        if start <= 0 and end >= self.length:
            return self.block.text
        return super().text(start, end)

    @override
    def markdown(self, start: int, end: int) -> str:
        fence = "```"
        while fence in self.block.text:
            fence += "`"
        if start > 0 or end < self.length:
            return super().text(start, end)
        return f"{fence}{self.block.language}\n{self.block.text}\n{fence}"

    @override
    def targets(self) -> list[tuple[Target, QRectF]]:
        return [(target, place) for target, _, place in self._words]

    @override
    def target_at(self, point: QPointF) -> Target | None:
        return next((target for target, _, place in self._words if place.contains(point)), None)

    def _is_wrapped(self, look: Look) -> bool:
        return look.wrap_code if self._wraps is None else self._wraps

    def _place_words(self, look: Look) -> None:
        measure = QFontMetricsF(look.small)
        wrap = look.blocks.unwrap if self._is_wrapped(look) else look.blocks.wrap
        offers: list[tuple[Target, str]] = [
            (CopyCode(self.block.text), look.words.copy),
            (SaveCode(self.block.text, self.block.language), look.blocks.save),
            (WrapCode(), wrap),
        ]
        self._words = []
        right = self.width - MARGIN * look.scale
        for target, word in offers:
            wide = measure.horizontalAdvance(word)
            left = right - wide
            place = QRectF(left - 6, 5 * look.scale, wide + 12, (HEAD_HEIGHT - 10) * look.scale)
            self._words.insert(0, (target, word, place))
            right = left - WORD_GAP * look.scale

    def _show_from(self, left: float) -> None:
        hidden = max(0.0, self._natural_width + 2 * MARGIN * self._scale - self.width)
        self._scrolled = min(max(0.0, left), hidden)
        top = (HEAD_HEIGHT + TOP) * self._scale
        self.origin = QPointF(MARGIN * self._scale - self._scrolled, top)

    @override
    def paint(self, stroke: Stroke) -> None:
        painter, tokens = stroke.painter, stroke.look.tokens
        head = HEAD_HEIGHT * self._scale
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(0.5, 0.5, self.width - 1, self.height - 1), 10, 10)
        painter.fillPath(outline, QColor(tokens.code_bg))
        painter.save()
        painter.setClipPath(outline, Qt.ClipOperation.IntersectClip)
        painter.fillRect(QRectF(0, 0, self.width, head), QColor(tokens.code_head))
        painter.fillRect(QRectF(0, head, self.width, 1), QColor(tokens.border))
        painter.restore()
        painter.setPen(QPen(QColor(tokens.border), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(outline)
        self._paint_head(stroke)
        painter.save()
        inside = QRectF(8, head, self.width - 16, self.height - head)
        painter.setClipRect(inside, Qt.ClipOperation.IntersectClip)
        self.paint_document(stroke)
        painter.restore()
        paint_thumb(stroke, self, self._natural_width + 2 * MARGIN * self._scale, self._scrolled)

    def _paint_head(self, stroke: Stroke) -> None:
        painter, look = stroke.painter, stroke.look
        painter.setFont(look.small)
        painter.setPen(QColor(look.tokens.dim))
        middle = Qt.AlignmentFlag.AlignVCenter
        head = HEAD_HEIGHT * self._scale
        name = self.block.language or look.words.code
        painter.drawText(QRectF(MARGIN * self._scale, 0, 200, head), middle, name)
        for target, word, place in self._words:
            copied = target == stroke.copied
            near = stroke.awake or target in {stroke.hovered, stroke.focused}
            if not isinstance(target, CopyCode) and not near:
                continue
            lit = target == stroke.hovered
            colour = look.tokens.ok if copied else look.tokens.text if lit else look.tokens.dim
            painter.setPen(QColor(colour))
            says = look.words.copied if copied else word
            right = Qt.AlignmentFlag.AlignRight
            room = place.adjusted(-60 if copied else 0, 0, -6, 0)
            if copied:
                painter.fillRect(room, QColor(look.tokens.code_head))
            painter.drawText(room, middle | right, says)
            if target == stroke.focused:
                paint_ring(stroke, place)


def paint_thumb(stroke: Stroke, part: Part, full: float, scrolled: float) -> None:
    """The thin bar that tells how much of something wide is seen."""
    width, height = part.width, part.height
    if full <= width + 0.5:
        return
    track = width - 2 * MARGIN
    thumb = QRectF(MARGIN + track * scrolled / full, height - 7, track * width / full, 4)
    stroke.painter.setPen(Qt.PenStyle.NoPen)
    stroke.painter.setBrush(QColor(stroke.look.tokens.border))
    stroke.painter.drawRoundedRect(thumb, 2, 2)


def _broken(text: str) -> str:
    """The text with its longest lines in pieces; copying gives them whole."""
    if len(text) <= LONGEST_LINE:
        return text
    lines = text.split("\n")
    if max(map(len, lines)) <= LONGEST_LINE:
        return text
    broken: list[str] = []
    for line in lines:
        starts = range(0, max(1, len(line)), LONGEST_LINE)
        broken.extend(line[at : at + LONGEST_LINE] for at in starts)
    return "\n".join(broken)
