"""The sidebar's tree: headings, folders with their chats, and chats, as Qt's views want it.

Rows are given out page by page: ten thousand chats cost what the first two hundred do. A change
inserts and removes only the rows between those that stayed, so that the selection and the place
scrolled to survive it.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from typing_extensions import override

from app.lists import chats_words
from app.lists.chats_order import Heading, Node, Order, Section, Spot, key
from app.lists.row_list import ListRole
from app.store.values import Chat, Folder

Index = QModelIndex | QPersistentModelIndex

PAGE: Final = 200
CHATS_FORM: Final = "application/x-fullbore-chats"
FOLDER_FORM: Final = "application/x-fullbore-folder"
_TOP: Final = 0  # an index's internal number: its folder's, which counts from 1
_NOWHERE: Final = QModelIndex()


class _Branch:
    """The rows below one parent, of which the first `shown` are given out."""

    def __init__(self, rows: Sequence[Node]) -> None:
        self.rows: list[Node] = list(rows)
        self.shown = min(len(self.rows), PAGE)

    @property
    def visible(self) -> list[Node]:
        return self.rows[: self.shown]


class ChatsTree(QAbstractItemModel):
    """Shows an `Order`. What is typed or dropped is told, never done here."""

    rename_wanted = Signal(object, str)  # a Chat or a Folder, and its new name
    chats_dropped = Signal(object, object)  # the chats' numbers, and the Spot they fell on
    folder_dropped = Signal(int, int)  # a folder, and its new place among the folders
    refreshed = Signal()  # other rows are shown now; folders may have to be opened again

    def __init__(self, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._top = _Branch(())
        self._inside: dict[int, _Branch] = {}
        self._folder_rows: dict[int, int] = {}
        self._current: int | None = None
        self.fixed = False  # nothing may be renamed or moved

    def show(self, order: Order) -> None:
        """Show this instead, keeping the rows that stay."""
        before = {node.id for node in self._top.visible if isinstance(node, Folder)}
        staying = {node.id for node in order.lines if isinstance(node, Folder)} & before
        self._adapt(_NOWHERE, self._top, order.lines, fresh=order.inside)
        for folder_id, row in self._folder_rows.items():
            if folder_id in staying:
                chats = order.inside.get(folder_id, ())
                self._adapt(self.index(row, 0), self._inside[folder_id], chats)
        self.refreshed.emit()

    def mark(self, chat_id: int | None) -> None:
        """That chat is the one shown."""
        changed, self._current = {self._current, chat_id}, chat_id
        for one in changed:
            index = self.index_of(one)
            if index.isValid():
                self.dataChanged.emit(index, index)

    def node(self, index: Index) -> Node | None:
        """What stands in that row."""
        if not index.isValid():
            return None
        branch = self._branch(index.internalId())
        return branch.rows[index.row()] if index.row() < branch.shown else None

    def index_of(self, chat_id: int | None) -> QModelIndex:
        """Where that chat stands; invalid if its page was not reached yet."""
        if chat_id is None:
            return QModelIndex()
        for number, branch in ((_TOP, self._top), *self._inside.items()):
            for row, node in enumerate(branch.visible):
                if isinstance(node, Chat) and node.id == chat_id:
                    return self.createIndex(row, 0, number)
        return QModelIndex()

    def index_of_folder(self, folder_id: int) -> QModelIndex:
        """Where that folder stands."""
        row = self._folder_rows.get(folder_id)
        return QModelIndex() if row is None else self.index(row, 0)

    @property
    def folders(self) -> list[Folder]:
        """Those that are shown, in order."""
        return [node for node in self._top.visible if isinstance(node, Folder)]

    @override
    def index(self, row: int, column: int, parent: Index = _NOWHERE) -> QModelIndex:
        number = self._number(parent)
        if number is None or column != 0 or not 0 <= row < self._branch(number).shown:
            return QModelIndex()
        return self.createIndex(row, 0, number)

    @override
    def parent(self, child: Index) -> QModelIndex:  # pyright: ignore[reportIncompatibleMethodOverride]
        if not child.isValid() or child.internalId() == _TOP:
            return QModelIndex()
        row = self._folder_rows.get(child.internalId())
        return QModelIndex() if row is None else self.createIndex(row, 0, _TOP)

    @override
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        number = self._number(parent)
        return 0 if number is None else self._branch(number).shown

    @override
    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 1

    @override
    def hasChildren(self, parent: Index = _NOWHERE) -> bool:
        return self.rowCount(parent) > 0

    @override
    def canFetchMore(self, parent: Index) -> bool:
        number = self._number(parent)
        if number is None:
            return False
        branch = self._branch(number)
        return branch.shown < len(branch.rows)

    @override
    def fetchMore(self, parent: Index) -> None:
        number = self._number(parent)
        if number is None or not self.canFetchMore(parent):
            return
        branch = self._branch(number)
        end = min(len(branch.rows), branch.shown + PAGE)
        self.beginInsertRows(parent, branch.shown, end - 1)
        branch.shown = end
        self.endInsertRows()

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        node = self.node(index)
        if node is None:
            return None
        said: object = None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                said = chats_words.title(node)
            case Qt.ItemDataRole.AccessibleTextRole:
                count = self.chats_in(node.id) if isinstance(node, Folder) else 0
                said = chats_words.spoken(node, count)
            case Qt.ItemDataRole.ToolTipRole:
                said = chats_words.detail(node)
            case ListRole.VALUE:
                said = node
            case ListRole.CURRENT:
                said = isinstance(node, Chat) and node.id == self._current
            case _:
                pass
        return said

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        node = self.node(index)
        drop = Qt.ItemFlag.NoItemFlags if self.fixed else Qt.ItemFlag.ItemIsDropEnabled
        if node is None or isinstance(node, Heading):
            return drop
        chosen = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if isinstance(node, Chat):
            chosen |= Qt.ItemFlag.ItemNeverHasChildren
        if self.fixed:
            return chosen
        return chosen | drop | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDragEnabled

    @override
    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        node = self.node(index)
        words = " ".join(str(value).split())
        if isinstance(node, Chat | Folder) and words and words != chats_words.title(node):
            self.rename_wanted.emit(node, words)
        return True

    @override
    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    @override
    def mimeTypes(self) -> list[str]:
        return [CHATS_FORM, FOLDER_FORM]

    @override
    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        nodes = [self.node(index) for index in indexes]
        chats = [node.id for node in nodes if isinstance(node, Chat)]
        folders = [node.id for node in nodes if isinstance(node, Folder)]
        load = QMimeData()
        if chats:
            load.setData(CHATS_FORM, QByteArray(json.dumps(chats).encode()))
        elif folders:
            load.setData(FOLDER_FORM, QByteArray(json.dumps(folders[:1]).encode()))
        return load

    @override
    def canDropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        if self.fixed:
            return False
        if data.hasFormat(CHATS_FORM):
            return self.spot(row, parent) is not None
        return data.hasFormat(FOLDER_FORM) and self._rank(row, parent) is not None

    @override
    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        if not self.canDropMimeData(data, action, row, column, parent):
            return False
        if data.hasFormat(CHATS_FORM):
            chats = tuple(_numbers(data, CHATS_FORM))
            self.chats_dropped.emit(chats, self.spot(row, parent))
        else:
            (folder,) = _numbers(data, FOLDER_FORM)
            self.folder_dropped.emit(folder, self._rank(row, parent))
        return True

    def chats_in(self, folder_id: int) -> int:
        """How many chats that folder holds."""
        branch = self._inside.get(folder_id)
        return 0 if branch is None else len(branch.rows)

    def spot(self, row: int, parent: Index) -> Spot | None:
        """Where chats go that are dropped there, as Qt names places; None: nowhere."""
        node = self.node(parent)
        if node is None and row >= 0:  # between two rows: with the one above
            node = self._top.rows[row - 1] if 0 < row <= self._top.shown else None
        match node:
            case Folder():
                return node.id
            case Heading(section=Section.PINNED):
                return "pinned"
            case Heading(section=Section.FOLDERS):
                return None
            case Chat() if node.pinned:
                return "pinned"
            case Chat() if parent.isValid() and parent.internalId() != _TOP:
                return int(parent.internalId())
            case _:
                return "loose"

    def _rank(self, row: int, parent: Index) -> int | None:
        """The place among the folders; None where no folder can be dropped."""
        node = self.node(parent)
        if isinstance(node, Folder):
            row = parent.row()
        elif node is not None or row < 0 or not self._folder_rows:
            return None
        first, last = min(self._folder_rows.values()), max(self._folder_rows.values())
        return row - first if first <= row <= last + 1 else None

    def _adapt(
        self,
        parent: QModelIndex,
        branch: _Branch,
        rows: Sequence[Node],
        *,
        fresh: Mapping[int, Sequence[Node]] | None = None,
    ) -> None:
        """Remove and insert what lies between the rows that stay; `fresh` is inside new folders."""
        old = branch.visible
        shown = min(len(rows), max(branch.shown, PAGE))
        new = list(rows[:shown])
        head, tail = _same_ends([key(node) for node in old], [key(node) for node in new])
        if head + tail < len(old):
            self.beginRemoveRows(parent, head, len(old) - tail - 1)
            branch.rows = old[:head] + old[len(old) - tail :]
            branch.shown = len(branch.rows)
            self._count(branch, fresh)
            self.endRemoveRows()
        if head + tail < shown:
            self.beginInsertRows(parent, head, shown - tail - 1)
            branch.rows, branch.shown = list(rows), shown
            self._count(branch, fresh)
            self.endInsertRows()
        branch.rows, branch.shown = list(rows), shown
        if shown:
            first = self.index(0, 0, parent)
            self.dataChanged.emit(first, self.index(shown - 1, 0, parent))

    def _count(self, branch: _Branch, fresh: Mapping[int, Sequence[Node]] | None) -> None:
        """Know the folders among the top rows, and nothing of those that went."""
        if fresh is None:
            return
        visible = enumerate(branch.visible)
        self._folder_rows = {node.id: row for row, node in visible if isinstance(node, Folder)}
        self._inside = {
            folder_id: self._inside.get(folder_id) or _Branch(fresh.get(folder_id, ()))
            for folder_id in self._folder_rows
        }

    def _number(self, parent: Index) -> int | None:
        """Of the branch below that index; None if nothing can be below it."""
        if not parent.isValid():
            return _TOP
        node = self.node(parent) if parent.internalId() == _TOP else None
        return node.id if isinstance(node, Folder) else None

    def _branch(self, number: int) -> _Branch:
        return self._top if number == _TOP else self._inside.get(number) or _Branch(())


def _numbers(data: QMimeData, form: str) -> list[int]:
    return json.loads(bytes(data.data(form).data()))


def _same_ends(old: Sequence[object], new: Sequence[object]) -> tuple[int, int]:
    """How many are the same at the beginning, and how many of the rest at the end."""
    most = min(len(old), len(new))
    head = 0
    while head < most and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < most - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return head, tail
