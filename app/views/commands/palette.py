"""The command palette: type a few letters, press Enter."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from app.lists.row_list import ListRole
from app.theme.scale import scaled
from app.theme.tokens import FONT, RADIUS, SPACE
from app.views.commands.command import Command, CommandsList, best, spelled
from app.views.painted import RowLook, write
from app.widgets.arranging import card, column, label

Index = QModelIndex | QPersistentModelIndex
Search = Callable[[str], Sequence[Command]]

_ROW = 38
_ROWS = 9
_WIDTH = 620
_MOST = 60
_TOP = 84
_MARGIN = 24


class CommandPalette(QDialog):
    """Arrows choose, Enter does, Esc goes away; the cursor stays in the field."""

    chosen = Signal(object)  # Command

    def __init__(self, search: Search, recent: Sequence[str], parent: QWidget) -> None:
        """`search` gives the commands there are for what was typed."""
        super().__init__(parent)
        self._search = search
        self._recent = tuple(recent)
        self.setWindowTitle(self.tr("Command palette"))
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Type a command, a chat, a model or a setting"))
        self.field.setAccessibleName(self.tr("Command palette"))
        self.field.installEventFilter(self)
        self.rows = CommandsList(parent=self)
        self.list = QListView()
        self.list.setModel(self.rows)
        self.list.setItemDelegate(CommandDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setAccessibleName(self.tr("Commands"))
        self.list.setFixedHeight(scaled(_ROW) * _ROWS + 2)
        self.nothing = label(self.tr("Nothing found"), "dim")
        self.nothing.hide()
        hint = label(self.tr("↑ ↓ choose · Enter does it · Esc closes"), "faint")
        inside = column(
            self.field, self.nothing, self.list, hint, margins=(12, 12, 12, 10), spacing=8
        )
        self.setLayout(column(card(inside)))
        self.list.clicked.connect(self._do)
        self.field.textChanged.connect(self._show)
        self.field.returnPressed.connect(self._do_current)
        self._stand(parent)
        self._show("")
        self.field.setFocus()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_PageUp: -_ROWS,
                Qt.Key.Key_PageDown: _ROWS,
            }.get(Qt.Key(event.key()))
            if step is not None and self.rows.rowCount():
                self._step(step)
                return True
        return super().eventFilter(watched, event)

    def _stand(self, window: QWidget) -> None:
        wide = min(scaled(_WIDTH), window.width() - 2 * _MARGIN)
        self.setFixedWidth(wide)
        self.adjustSize()
        corner = window.mapToGlobal(window.rect().topLeft())
        room = max(0, window.height() - self.sizeHint().height() - _MARGIN)
        self.move(corner.x() + (window.width() - wide) // 2, corner.y() + min(_TOP, room))

    def _show(self, typed: str) -> None:
        self.rows.replace(best(self._search(typed), typed, self._recent, most=_MOST))
        self.list.setCurrentIndex(self.rows.index(0))
        self.list.scrollToTop()
        self.nothing.setVisible(self.rows.rowCount() == 0)
        self._tell()

    def _step(self, step: int) -> None:
        """Single steps go round; pages stop at the ends."""
        at, count = self.list.currentIndex().row() + step, self.rows.rowCount()
        place = at % count if abs(step) == 1 else max(0, min(count - 1, at))
        self.list.setCurrentIndex(self.rows.index(place))
        self._tell()

    def _tell(self) -> None:
        """A screen reader hears the field: it says what Enter would do."""
        row = self.rows.value(self.list.currentIndex())
        self.field.setAccessibleDescription("" if row is None else f"{row.says} · {row.group}")

    def _do_current(self) -> None:
        self._do(self.list.currentIndex())

    def _do(self, index: QModelIndex) -> None:
        command = self.rows.value(index)
        if command is not None:
            self.accept()
            self.chosen.emit(command)


class CommandDelegate(QStyledItemDelegate):
    """What it does, at the right its group and its keys."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, scaled(_ROW))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        command = index.data(ListRole.VALUE)
        if not isinstance(command, Command):
            return
        look = RowLook(option)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look.zoom(painter)
        box = look.box.adjusted(0, 1, 0, -1)
        if look.selected or look.hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour(QPalette.ColorRole.Midlight))
            painter.drawRoundedRect(box, RADIUS.m, RADIUS.m)
        right = box.right() - SPACE.m
        right = self._paint_keys(painter, look, right, command)
        painter.setFont(look.sized(FONT.small))
        painter.setPen(look.colour(QPalette.ColorRole.PlaceholderText))
        wide = min(box.width() // 3, QFontMetrics(painter.font()).horizontalAdvance(command.group))
        group = QRect(right - wide - 2, box.top(), wide + 2, box.height())
        write(painter, group, command.group, Qt.AlignmentFlag.AlignRight)
        says = box.adjusted(SPACE.m, 0, 0, 0)
        says.setRight(group.left() - SPACE.m)
        painter.setFont(look.sized(FONT.plain))
        painter.setPen(look.colour(QPalette.ColorRole.WindowText))
        write(painter, says, command.says)
        painter.restore()

    def _paint_keys(self, painter: QPainter, look: RowLook, right: int, command: Command) -> int:
        """The first keys as a badge; returns where it begins."""
        if not command.keys:
            return right
        text = spelled(command.keys[0])
        wide = QFontMetrics(look.sized(FONT.tiny)).horizontalAdvance(text) + 12
        look.paint_badge(painter, right - wide, look.box.center().y() + 1, text)
        return right - wide - SPACE.m
