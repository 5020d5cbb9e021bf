"""Lists of repositories: cards of those worth knowing, and rows of what a search found."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QResizeEvent, QTextOption
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)
from typing_extensions import override

from app.lists.finds_list import Find, FindsList, Room, Worthy, WorthyList
from app.lists.row_list import ListRole
from app.theme.fonts import ui_font
from app.theme.scale import scale, scaled
from app.theme.tokens import FONT, RADIUS, Tokens
from app.views.discover import find_words
from app.views.painted import zoomed
from app.views.rows import StyleFields
from app.widgets.letters import Letters

Index = QModelIndex | QPersistentModelIndex
_ROW, _CARD = 56, 132
_CARD_WIDTH = 320
_GAP = 10


class FindsDelegate(QStyledItemDelegate):
    """Paints both kinds of rows."""

    def __init__(self, tokens: Tokens, parent: "FindsView") -> None:
        super().__init__(parent)
        self._view = parent
        self._pen = _Pens(tokens)

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self._pen = _Pens(tokens)
        self._view.viewport().update()

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self._view.row_size * scale()

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        fields = StyleFields(option)
        value = index.data(ListRole.VALUE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = zoomed(painter, fields.rect)
        match value:
            case Worthy():
                box = whole.adjusted(0, 0, -_GAP, -_GAP)
                self._paint_ground(painter, box, fields.state, framed=True)
                self._paint_card(painter, box.adjusted(16, 14, -16, -12), value)
            case Find():
                box = whole.adjusted(0, 1, 0, -1)
                self._paint_ground(painter, box, fields.state, framed=False)
                detail = str(index.data(ListRole.DETAIL) or "")
                self._paint_find(painter, box.adjusted(12, 6, -12, -6), value, detail)
            case _:
                pass
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, box: QRect, state: QStyle.StateFlag, *, framed: bool
    ) -> None:
        pen = self._pen
        selected = bool(state & QStyle.StateFlag.State_Selected)
        lit = selected or bool(state & QStyle.StateFlag.State_MouseOver)
        if not (framed or lit):
            return
        focused = selected and bool(state & QStyle.StateFlag.State_HasFocus)
        painter.setPen(
            pen.accent if focused else pen.border if framed else Qt.GlobalColor.transparent
        )
        painter.setBrush(pen.lit if lit else pen.card)
        radius = RADIUS.l if framed else RADIUS.m
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)

    def _paint_card(self, painter: QPainter, box: QRect, worthy: Worthy) -> None:
        pen = self._pen
        title = QRect(box.left(), box.top(), box.width(), 20)
        pen.strong.draw(painter, title, worthy.curated.title, pen.text)
        why = QRectF(box.left(), box.top() + 24, box.width(), 36)
        painter.setFont(pen.small.font)
        painter.setPen(pen.dim)
        room = int(why.width() * 1.85)
        shown = painter.fontMetrics().elidedText(
            find_words.why(worthy.curated), Qt.TextElideMode.ElideRight, room
        )
        painter.drawText(why, shown, pen.wrapped)
        facts = QRect(box.left(), box.bottom() - 38, box.width(), 18)
        pen.small.draw(painter, facts, find_words.sizes(worthy.curated), pen.faint)
        self._paint_room(
            painter, QRect(box.left(), box.bottom() - 18, box.width(), 18), worthy.room
        )

    def _paint_find(self, painter: QPainter, box: QRect, find: Find, detail: str) -> None:
        pen = self._pen
        title = QRect(box.left(), box.top(), box.width() - 16, 20)
        owner, _, name = find.hit.id.partition("/")
        pen.strong.draw(painter, title, name or owner, pen.text)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(pen.rooms[find.room])
        painter.drawEllipse(QRectF(box.right() - 8, box.top() + 6, 8, 8))
        below = QRect(box.left(), box.top() + 22, box.width(), 18)
        says = f"{owner} · {detail}" if detail else owner
        pen.small.draw(painter, below, says, pen.faint)

    def _paint_room(self, painter: QPainter, box: QRect, room: Room) -> None:
        pen = self._pen
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(pen.rooms[room])
        painter.drawEllipse(QRectF(box.left(), box.center().y() - 3, 8, 8))
        pen.small.draw(painter, box.adjusted(14, 0, 0, 0), find_words.room(room), pen.dim)


class FindsView(QListView):
    """Arrows move, Enter or a click opens."""

    opened = Signal(str)  # a repository

    def __init__(self, rows: FindsList | WorthyList, name: str, tokens: Tokens) -> None:
        super().__init__()
        self._cards = isinstance(rows, WorthyList)
        self.row_size = QSize(_CARD_WIDTH, _CARD) if self._cards else QSize(120, _ROW)
        self.setModel(rows)
        self.delegate = FindsDelegate(tokens, self)
        self.setItemDelegate(self.delegate)
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        if self._cards:
            self.setFlow(QListView.Flow.LeftToRight)
            self.setWrapping(True)
            self.setResizeMode(QListView.ResizeMode.Adjust)
        self.clicked.connect(self._open)
        self.activated.connect(self._open)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._cards:
            # The scroll bar comes and goes: its room is always left.
            width = self.width() - self.verticalScrollBar().sizeHint().width() - 2
            across = max(1, width // scaled(_CARD_WIDTH))
            wide = max(120, int((width // across - 1) / scale()))
            self.row_size = QSize(wide, _CARD)
        super().resizeEvent(event)

    def _open(self, index: QModelIndex) -> None:
        match index.data(ListRole.VALUE):
            case Worthy(curated=known):
                self.opened.emit(known.id)
            case Find(hit=hit):
                self.opened.emit(hit.id)
            case _:
                pass


class _Pens:
    """Colours and letters of one look, made once."""

    def __init__(self, tokens: Tokens) -> None:
        self.text, self.dim = QColor(tokens.text), QColor(tokens.dim)
        self.faint, self.accent = QColor(tokens.faint), QColor(tokens.accent)
        self.border, self.lit = QColor(tokens.border), QColor(tokens.hover)
        self.card = QColor(tokens.card)
        self.rooms: dict[Room, QColor] = {
            "cards": QColor(tokens.ok),
            "ram": QColor(tokens.warn),
            "neither": QColor(tokens.error),
            "unknown": QColor(tokens.border),
        }
        self.small = Letters(ui_font(FONT.small))
        strong = ui_font(FONT.title)
        strong.setWeight(QFont.Weight.DemiBold)
        self.strong = Letters(strong)
        self.wrapped = QTextOption()
        self.wrapped.setWrapMode(QTextOption.WrapMode.WordWrap)
