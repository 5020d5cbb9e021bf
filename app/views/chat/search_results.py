"""What a search over all chats found: titles, and the words around each hit."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QKeyEvent,
    QPainter,
    QPalette,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from app.lists import chats_words
from app.lists.row_list import ListRole
from app.presenters.chats.finding import Finding
from app.store.values import Found
from app.text.long import units
from app.theme.scale import scaled
from app.theme.tokens import FONT, RADIUS, SPACE
from app.views.painted import RowLook, write

Index = QModelIndex | QPersistentModelIndex

_HEIGHT: Final = 74
_TITLE: Final = 30
_LINES: Final = 2


class FoundDelegate(QStyledItemDelegate):
    """A title, and two lines of text with the hits in the accent's colour."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, scaled(_HEIGHT))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        found: object = index.data(ListRole.VALUE)
        if not isinstance(found, Found):
            return
        look = RowLook(option)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look.zoom(painter)
        box = look.box.adjusted(0, 1, 0, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        if look.selected or look.hovered:
            painter.setBrush(look.colour(QPalette.ColorRole.Midlight))
            painter.drawRoundedRect(box, RADIUS.m, RADIUS.m)
        inside = box.adjusted(SPACE.s, 3, -SPACE.s, 0)
        head = QRect(inside.left(), inside.top(), inside.width(), _TITLE - 4)
        painter.setPen(look.colour(QPalette.ColorRole.WindowText))
        body = QRect(inside.left(), head.bottom(), inside.width(), _HEIGHT - _TITLE)
        if found.message_id is None:
            _write_marked(painter, look, head, found, lines=1)
            painter.setFont(look.sized(FONT.small))
            painter.setPen(look.colour(QPalette.ColorRole.PlaceholderText))
            body.setHeight(18)
            write(painter, body, chats_words.moment_text(found.chat.updated_at))
        else:
            painter.setFont(look.sized(FONT.plain))
            write(painter, head, chats_words.title(found.chat))
            painter.setPen(look.colour(QPalette.ColorRole.PlaceholderText))
            _write_marked(painter, look, body, found, lines=_LINES)
        painter.restore()


class SearchResults(QListView):
    """Enter or a click opens; Esc goes back to the chats."""

    left = Signal()
    up_wanted = Signal()  # the arrow up in the first row

    def __init__(self, finding: Finding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._finding = finding
        self.setModel(finding.found)
        self.setItemDelegate(FoundDelegate(self))
        self.setAccessibleName(self.tr("What was found"))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.clicked.connect(self._open)

    def open_first(self) -> None:
        """Show the best hit, if there is one."""
        self._open(self.model().index(0, 0))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._open(self.currentIndex())
            case Qt.Key.Key_Escape:
                self.left.emit()
            case Qt.Key.Key_Up if self.currentIndex().row() <= 0:
                self.up_wanted.emit()
            case _:
                super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        found: object = index.data(ListRole.VALUE)
        if isinstance(found, Found):
            self.setCurrentIndex(index)
            self._finding.open(found)


def _write_marked(
    painter: QPainter, look: RowLook, box: QRect, found: Found, *, lines: int
) -> None:
    """The excerpt in as many lines, its hits told apart."""
    # One for one, so that the marks stay where they are.
    text = "".join(
        " " if letter in "\r\n\t\v\f\u2028\u2029" else letter for letter in found.excerpt
    )
    layout = QTextLayout(text, look.sized(FONT.small if lines > 1 else FONT.plain))
    layout.setFormats(_formats(look, text, found.marks))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    top = 0.0
    layout.beginLayout()
    for _ in range(lines):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(box.width())
        line.setPosition(QPointF(0, top))
        top += line.height()
    layout.endLayout()
    offset = (box.height() - top) / 2 if lines == 1 else 0.0
    layout.draw(painter, QPointF(box.left(), box.top() + offset))


def _formats(
    look: RowLook, text: str, marks: tuple[tuple[int, int], ...]
) -> list[QTextLayout.FormatRange]:
    formats: list[QTextLayout.FormatRange] = []
    for begin, end in marks:
        one = QTextLayout.FormatRange()
        one.start = units(text[:begin])  # pyright: ignore[reportAttributeAccessIssue]
        one.length = units(text[begin:end])  # pyright: ignore[reportAttributeAccessIssue]
        form = QTextCharFormat()
        form.setForeground(look.colour(QPalette.ColorRole.Accent))
        form.setFontWeight(QFont.Weight.DemiBold)
        one.format = form  # pyright: ignore[reportAttributeAccessIssue]
        formats.append(one)
    return formats
