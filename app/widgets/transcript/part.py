"""The pieces a message is laid out from."""

from abc import ABC, abstractmethod

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
from app.widgets.transcript.look import Link, Look, Stroke, Target


class Part(ABC):
    """Something with a place and a height. `left` is measured from the column's edge.

    Items stand close together; what goes on touches the part above it.
    """

    is_item = False
    goes_on = False

    def __init__(self) -> None:
        self.left = 0.0
        self.width = 0.0
        self.height = 0.0

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
        self._laid = None

    def rearrange(self) -> None:
        """The document has changed: measure again at the next layout."""
        self._laid = None

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
        address = self.document.documentLayout().anchorAt(point - self.origin)
        return Link(address) if address else None

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
        if stroke.selected is not None:
            selection = self._selection(self.document, stroke.selected, stroke.look)
            context.selections = [selection]  # pyright: ignore[reportAttributeAccessIssue]
        self.document.documentLayout().draw(painter, context)
        painter.restore()
        self._paint_focus(stroke)

    def _paint_focus(self, stroke: Stroke) -> None:
        if isinstance(stroke.focused, Link):
            for target, place in DocumentPart.targets(self):
                if target == stroke.focused:
                    paint_ring(stroke, place.adjusted(-2, -1, 2, 1))

    @staticmethod
    def _selection(
        document: QTextDocument, selected: tuple[int, int], look: Look
    ) -> QAbstractTextDocumentLayout.Selection:
        last = document.characterCount() - 1
        cursor = QTextCursor(document)
        cursor.setPosition(min(selected[0], last))
        cursor.setPosition(min(selected[1], last), QTextCursor.MoveMode.KeepAnchor)
        form = QTextCharFormat()
        form.setBackground(QColor(look.tokens.selection))
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
