"""The pieces a message is laid out from."""

from abc import ABC, abstractmethod
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QPainter,
    QPalette,
    QPen,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from typing_extensions import override

from app.text.documents import anchors, selected_text
from app.text.mathematics.formulas import Formula
from app.text.mathematics.inline import formula_of, take_formulas
from app.widgets.transcript.fragments import markdown_between
from app.widgets.transcript.look import Details, Link, Look, Stroke, Target


class Part(ABC):
    """Something with a place and a height. `left` is measured from the column's edge.

    Items stand close together; what goes on touches the part above it; a foot belongs to it.
    """

    is_item = False
    goes_on = False
    is_foot = False

    def __init__(self) -> None:
        self.left = 0.0
        self.width = 0.0
        self.height = 0.0
        # The look and width its height was measured in, kept by the entry; None: it is a guess.
        self.measured: tuple[Look, float] | None = None
        # What it shows has changed since.
        self.is_stale = False
        # Above this height it looks as it did when it was laid out before.
        self.changed_from = 0.0

    def is_laid(self, look: Look, width: float) -> bool:
        """Whether it can be painted as it is."""
        return self.measured == (look, width) and not self.is_stale

    def lay(self, look: Look, width: float) -> None:
        """Take the place, and remember in which look."""
        self.changed_from = 0.0
        self.layout(look, width)
        # Whole pixels: what a wrong guess moved is scrolled back to exactly where it was.
        self.height = float(ceil(self.height))
        self.measured = (look, width)
        self.is_stale = False

    @abstractmethod
    def layout(self, look: Look, width: float) -> None:
        """Take a place in a column of that width: sets `left`, `width` and `height`."""

    @abstractmethod
    def paint(self, stroke: Stroke) -> None:
        """Draw what `stroke.clip` shows of it."""

    @property
    def length(self) -> int:
        """How many positions a selection can have here."""
        return 0

    def position_at(self, point: QPointF) -> int:  # noqa: ARG002  for parts with text
        """The position of a selection nearest to the point."""
        return 0

    def word_at(self, position: int) -> tuple[int, int]:
        """The word around a position."""
        return (position, position)

    def text(self, start: int, end: int) -> str:  # noqa: ARG002  for parts with text
        """What stands between two positions."""
        return ""

    def targets(self) -> list[tuple[Target, QRectF]]:
        """What can be clicked, in reading order."""
        return []

    def target_at(self, point: QPointF) -> Target | None:
        """What a click at the point would do."""
        return next((target for target, place in self.targets() if place.contains(point)), None)

    def says(self, target: Target) -> str:
        """What a target says when it is pointed at."""
        return target.text if isinstance(target, Details) else ""

    def activate(self, target: Target) -> bool:  # noqa: ARG002  for parts with targets of their own
        """Do what a click on a target of one's own does; whether anything changed."""
        return False

    def markdown(self, start: int, end: int) -> str:
        """What stands between two positions, as Markdown. Whole blocks come from their source."""
        return self.text(start, end)

    def hits(self, words: str) -> list[tuple[int, int]]:
        """Where the words stand, as positions; letters large or small alike."""
        text, wanted = self.text(0, self.length).casefold(), words.casefold()
        found: list[tuple[int, int]] = []
        at = text.find(wanted) if wanted else -1
        while at >= 0:
            found.append((at, at + len(wanted)))
            at = text.find(wanted, at + len(wanted))
        return found

    def place_of(self, position: int) -> QRectF:  # noqa: ARG002  for parts with text
        """Where a position stands."""
        return QRectF(0, 0, self.width, self.height)

    def guess(self, look: Look, width: float) -> float:  # noqa: ARG002  for parts with text
        """The height it will probably have, without laying anything out."""
        return 40.0 * look.scale

    def take_formulas(self, came: frozenset[Formula]) -> bool:  # noqa: ARG002  for parts with some
        """Formulas have got their pictures: whether this part must be laid out again."""
        return False

    def formula_at(self, point: QPointF) -> Formula | None:  # noqa: ARG002  for parts with some
        """The formula at the point."""
        return None

    def scroll_by(self, distance: float) -> bool:  # noqa: ARG002  for parts that are wider
        """Move wide content sideways; whether anything moved."""
        return False


class DocumentPart(Part):
    """A part that shows one document, `origin` away from its corner."""

    def __init__(self) -> None:
        super().__init__()
        self.origin = QPointF(0, 0)
        self.document: QTextDocument | None = None
        self._laid: tuple[Look, float] | None = None

    @abstractmethod
    def write(self, look: Look) -> QTextDocument:
        """Make the document."""

    @abstractmethod
    def arrange(self, document: QTextDocument, look: Look, width: float) -> None:
        """Give document and part their sizes."""

    def rewrite(self) -> None:
        """What is shown has changed: make the document again at the next layout."""
        self.document = None
        self.rearrange()

    def rearrange(self) -> None:
        """The document has changed: measure again at the next layout."""
        self._laid = None
        self.is_stale = True

    @override
    def layout(self, look: Look, width: float) -> None:
        if self._laid == (look, width):
            return
        if self.document is None or (self._laid is not None and self._laid[0] is not look):
            self.document = self.write(look)
        self.arrange(self.document, look, width)
        self._laid = (look, width)

    @property
    @override
    def length(self) -> int:
        return self.document.characterCount() - 1 if self.document else 0

    @override
    def take_formulas(self, came: frozenset[Formula]) -> bool:
        if self.document is None or not take_formulas(self.document, came):
            return False
        self.rearrange()
        return True

    @override
    def position_at(self, point: QPointF) -> int:
        if self.document is None:
            return 0
        layout = self.document.documentLayout()
        return max(0, layout.hitTest(point - self.origin, Qt.HitTestAccuracy.FuzzyHit))

    @override
    def word_at(self, position: int) -> tuple[int, int]:
        if self.document is None:
            return (position, position)
        cursor = QTextCursor(self.document)
        cursor.setPosition(min(position, self.length))
        cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        return (cursor.selectionStart(), cursor.selectionEnd())

    @override
    def text(self, start: int, end: int) -> str:
        return selected_text(self.document, start, end) if self.document else ""

    @override
    def markdown(self, start: int, end: int) -> str:
        return markdown_between(self.document, start, end) if self.document else ""

    @override
    def hits(self, words: str) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        cursor = self.document.find(words, 0) if self.document and words else QTextCursor()
        while self.document is not None and not cursor.isNull():
            found.append((cursor.selectionStart(), cursor.selectionEnd()))
            cursor = self.document.find(words, cursor)
        return found

    @override
    def place_of(self, position: int) -> QRectF:
        if self.document is None:
            return super().place_of(position)
        return place_of(self.document, position).translated(self.origin)

    @override
    def targets(self) -> list[tuple[Target, QRectF]]:
        if self.document is None:
            return []
        return [
            (Link(address), place_of(self.document, position).translated(self.origin))
            for address, position in anchors(self.document)
        ]

    @override
    def target_at(self, point: QPointF) -> Target | None:
        if self.document is None:
            return None
        layout = self.document.documentLayout()
        address = layout.anchorAt(point - self.origin)
        if address:
            return Link(address)
        # A formula that cannot be set says why.
        trouble = layout.formatAt(point - self.origin).toCharFormat().toolTip()
        return Details(trouble) if trouble else None

    @override
    def formula_at(self, point: QPointF) -> Formula | None:
        if self.document is None:
            return None
        layout = self.document.documentLayout()
        return formula_of(layout.formatAt(point - self.origin).toCharFormat())

    def paint_document(self, stroke: Stroke) -> None:
        """Draw the document with the selection in it."""
        if self.document is None:
            return
        painter = stroke.painter
        painter.save()
        painter.translate(self.origin)
        context = QAbstractTextDocumentLayout.PaintContext()
        colours = QPalette()
        colours.setColor(QPalette.ColorRole.Text, QColor(stroke.look.tokens.text))
        context.palette = colours  # pyright: ignore[reportAttributeAccessIssue]
        context.clip = stroke.clip.translated(-self.origin)  # pyright: ignore[reportAttributeAccessIssue]
        marks = self._marks(self.document, stroke)
        if marks:
            context.selections = marks  # pyright: ignore[reportAttributeAccessIssue]
        self.document.documentLayout().draw(painter, context)
        painter.restore()
        self._paint_focus(stroke)

    def _paint_focus(self, stroke: Stroke) -> None:
        if isinstance(stroke.focused, Link):
            for target, place in DocumentPart.targets(self):
                if target == stroke.focused:
                    paint_ring(stroke, place.adjusted(-2, -1, 2, 1))

    @staticmethod
    def _marks(
        document: QTextDocument, stroke: Stroke
    ) -> list[QAbstractTextDocumentLayout.Selection]:
        """What has another ground: hits of a search, then what is selected."""
        tokens = stroke.look.tokens
        hit = QColor(tokens.warn)
        hit.setAlpha(90)
        marks = [_mark(document, span, hit) for span in stroke.found]
        if stroke.found_now is not None:
            marks.append(_mark(document, stroke.found_now, QColor(tokens.warn), tokens.bg))
        if stroke.selected is not None:
            marks.append(_mark(document, stroke.selected, QColor(tokens.selection)))
        return marks


def _mark(
    document: QTextDocument, span: tuple[int, int], ground: QColor, letters: str = ""
) -> QAbstractTextDocumentLayout.Selection:
    last = document.characterCount() - 1
    cursor = QTextCursor(document)
    cursor.setPosition(min(span[0], last))
    cursor.setPosition(min(span[1], last), QTextCursor.MoveMode.KeepAnchor)
    form = QTextCharFormat()
    form.setBackground(ground)
    if letters:
        form.setForeground(QColor(letters))
    selection = QAbstractTextDocumentLayout.Selection()
    selection.cursor = cursor  # pyright: ignore[reportAttributeAccessIssue]
    selection.format = form  # pyright: ignore[reportAttributeAccessIssue]
    return selection


def place_of(document: QTextDocument, position: int) -> QRectF:
    """Where the word at a position stands in its document."""
    block = document.findBlock(position)
    inside = position - block.position()
    line = block.layout().lineForTextPosition(inside)
    corner = document.documentLayout().blockBoundingRect(block).topLeft()
    if not line.isValid():
        return QRectF(corner, corner)
    left = float(line.cursorToX(inside)[0])  # pyright: ignore[reportIndexIssue, reportUnknownArgumentType]
    return QRectF(corner.x() + left, corner.y() + line.y(), 40, line.height())


def paint_ring(stroke: Stroke, place: QRectF, radius: float = 6) -> None:
    """The ring around what the keyboard would act on."""
    painter: QPainter = stroke.painter
    painter.setPen(QPen(QColor(stroke.look.tokens.accent), 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(place, radius, radius)
