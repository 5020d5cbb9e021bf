"""How the sidebar's rows look: headings, folders and chats, all of one height."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from app.lists import chats_words
from app.lists.chats_order import Heading
from app.lists.chats_tree import ChatsTree
from app.lists.row_list import ListRole
from app.store.values import Chat, Folder
from app.theme.icons import IconName, icon
from app.theme.scale import scale, scaled
from app.theme.tokens import FONT, RADIUS, SPACE
from app.views.painted import RowLook, write

Index = QModelIndex | QPersistentModelIndex

HEIGHT: Final = 34
_ICON: Final = 16
_IN_FOLDER: Final = 20


class ChatsDelegate(QStyledItemDelegate):
    """Paints by what stands in a row; an editor covers its name only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons: dict[tuple[IconName, str, float], QPixmap] = {}

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, scaled(HEIGHT))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = RowLook(option)
        node: object = index.data(ListRole.VALUE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look.zoom(painter)
        match node:
            case Heading():
                self._paint_heading(painter, look, node)
            case Folder():
                self._paint_folder(painter, look, index, node)
            case Chat():
                self._paint_chat(painter, look, index, node)
            case _:
                pass
        painter.restore()

    @override
    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> QLineEdit:
        editor = QLineEdit(parent)
        editor.setAccessibleName(self.tr("New name"))
        editor.setMaxLength(200)
        editor.setStyleSheet(f"padding: 0 {SPACE.xs}px; border-radius: {RADIUS.s}px;")
        return editor

    @override
    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        box = RowLook(option).box
        editor.setGeometry(box.adjusted(scaled(self._indent(index) + SPACE.s), 2, -SPACE.xs, -2))

    def _paint_heading(self, painter: QPainter, look: RowLook, node: Heading) -> None:
        painter.setFont(look.sized(FONT.tiny, bold=True))
        painter.setPen(look.colour(QPalette.ColorRole.PlaceholderText))
        box = look.box.adjusted(2, 0, 0, -SPACE.xs)
        words = chats_words.heading(node.section).upper()
        painter.drawText(box, Qt.AlignmentFlag.AlignBottom, words)

    def _paint_folder(self, painter: QPainter, look: RowLook, index: Index, node: Folder) -> None:
        box = self._ground(painter, look, lit=look.selected or look.hovered)
        tree = index.model()
        caret: IconName = "caret-down" if node.is_open else "caret-right"
        left = box.left() + SPACE.xs
        self._draw_icon(painter, look, caret, QPointF(left, box.center().y() - 5), 11)
        left += 15
        self._draw_icon(painter, look, "folder", QPointF(left, box.center().y() - 7), _ICON)
        count = tree.chats_in(node.id) if isinstance(tree, ChatsTree) else 0
        painter.setFont(look.sized(FONT.tiny))
        painter.setPen(look.colour(QPalette.ColorRole.PlaceholderText))
        right = Qt.AlignmentFlag.AlignRight
        write(painter, box.adjusted(0, 0, -SPACE.s, 0), str(count) if count else "", right)
        self._name(painter, look, box.adjusted(left + _ICON + 8 - box.left(), 0, -30, 0), node)

    def _paint_chat(self, painter: QPainter, look: RowLook, index: Index, node: Chat) -> None:
        current = bool(index.data(ListRole.CURRENT))
        box = self._ground(painter, look, lit=look.selected or look.hovered or current)
        left = box.left() + self._indent(index) + SPACE.s
        kind: IconName = "pin" if node.pinned else "chat"
        self._draw_icon(painter, look, kind, QPointF(left, box.center().y() - 6), 14)
        name = box.adjusted(left + 22 - box.left(), 0, -SPACE.s, 0)
        self._name(painter, look, name, node, strong=current or look.selected)

    def _ground(self, painter: QPainter, look: RowLook, *, lit: bool) -> QRect:
        box = look.box.adjusted(0, 1, 0, -1)
        if lit:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour(QPalette.ColorRole.Midlight))
            painter.drawRoundedRect(box, RADIUS.m, RADIUS.m)
        if look.selected and look.focused:
            painter.setPen(look.colour(QPalette.ColorRole.Accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0, 0, -1, -1), RADIUS.m, RADIUS.m)
        return box

    def _name(
        self,
        painter: QPainter,
        look: RowLook,
        box: QRect,
        node: Chat | Folder,
        *,
        strong: bool = False,
    ) -> None:
        colour = look.colour(QPalette.ColorRole.WindowText)
        if not (strong or look.hovered):
            colour.setAlphaF(0.75)
        painter.setPen(colour)
        painter.setFont(look.sized(FONT.plain))
        write(painter, box, chats_words.title(node))

    def _draw_icon(
        self, painter: QPainter, look: RowLook, name: IconName, place: QPointF, side: int
    ) -> None:
        faint = look.colour(QPalette.ColorRole.PlaceholderText)
        colour = faint.name()
        ratio = painter.device().devicePixelRatioF() * scale()
        known = (name, colour, ratio * side)
        picture = self._icons.get(known)
        if picture is None:
            picture = icon(name, colour).pixmap(QSize(side, side), ratio)
            self._icons[known] = picture
        painter.setOpacity(faint.alphaF())
        painter.drawPixmap(place, picture)
        painter.setOpacity(1.0)

    def _indent(self, index: Index) -> int:
        return _IN_FOLDER if index.parent().isValid() else 0
