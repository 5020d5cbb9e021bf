"""The sidebar's tree of chats: open, rename in place, drag into folders, put away."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QTreeView, QWidget
from typing_extensions import override

from app.lists.row_list import ListRole
from app.presenters.chats.presenter import ChatsPresenter
from app.store.values import Chat, Folder
from app.views.chat.chats_delegate import ChatsDelegate

_CHOOSING = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class ChatsView(QTreeView):
    """Enter or a click opens a chat, or folds a folder; Ctrl and Shift choose several."""

    menu_wanted = Signal(object)  # where, as a QPoint on the screen
    up_wanted = Signal()  # the arrow up in the first row

    def __init__(self, presenter: ChatsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._unfolding = False
        self._marked: int | None = None
        self._kept: tuple[list[Chat | Folder], object] | None = None
        # Before Qt hears of it, which would go on to a neighbour.
        presenter.tree.rowsAboutToBeRemoved.connect(self._keep)
        self.setModel(presenter.tree)
        self.setItemDelegate(ChatsDelegate(self))
        self.setAccessibleName(self.tr("Chats"))
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(True)
        self.setMouseTracking(True)
        self.setExpandsOnDoubleClick(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setAutoExpandDelay(600)
        self.clicked.connect(self._click)
        self.expanded.connect(self._fold)
        self.collapsed.connect(self._fold)
        self.verticalScrollBar().valueChanged.connect(self._reach_further)
        presenter.tree.refreshed.connect(self._unfold)
        presenter.changed.connect(self._show_current)
        self._unfold()
        self._show_current()

    @property
    def chosen(self) -> tuple[Chat, ...]:
        """The chats that are selected, top to bottom."""
        found = [self._node(index) for index in self.selectionModel().selectedIndexes()]
        return tuple(node for node in found if isinstance(node, Chat))

    @property
    def chosen_folder(self) -> Folder | None:
        """The folder, if one is selected and nothing else."""
        found = [self._node(index) for index in self.selectionModel().selectedIndexes()]
        return found[0] if len(found) == 1 and isinstance(found[0], Folder) else None

    def rename(self) -> None:
        """Write over the name of the row that is marked."""
        index = self.currentIndex()
        if index.isValid() and index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.scrollTo(index)
            self.edit(index)

    def rename_folder(self, folder_id: int) -> None:
        """Write over that folder's name."""
        index = self._presenter.tree.index_of_folder(folder_id)
        if index.isValid():
            self.setCurrentIndex(index)
            self.rename()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            if self.state() is not QAbstractItemView.State.EditingState:
                self._activate(index)
                return
        elif event.key() == Qt.Key.Key_Up and not self.indexAbove(index).isValid():
            self.up_wanted.emit()
            return
        super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        # A press beside the rows leaves the chat that is shown marked.
        if not self.selectionModel().hasSelection():
            self._marked = None
            self._show_current()

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            place = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())
        else:
            place = event.globalPos()
            index = self.indexAt(event.pos())
            if index.isValid() and not self.selectionModel().isSelected(index):
                self.setCurrentIndex(index)
        self.menu_wanted.emit(place)

    def _node(self, index: QModelIndex) -> object:
        return index.data(ListRole.VALUE)

    def _click(self, index: QModelIndex) -> None:
        if not QApplication.keyboardModifiers() & _CHOOSING:
            self._activate(index)

    def _activate(self, index: QModelIndex) -> None:
        match self._node(index):
            case Chat(id=number):
                self._presenter.open(number)
            case Folder():
                self.setExpanded(index, not self.isExpanded(index))
                if not self._presenter.tree.hasChildren(index):
                    self._fold(index)
            case _:
                pass

    def _fold(self, index: QModelIndex) -> None:
        folder = self._node(index)
        if self._unfolding or not isinstance(folder, Folder):
            return
        empty = not self._presenter.tree.hasChildren(index)
        is_open = not folder.is_open if empty else self.isExpanded(index)
        self._presenter.fold(folder.id, is_open=is_open)

    def _unfold(self) -> None:
        """Folders are open that were left open."""
        self._unfolding = True
        tree = self._presenter.tree
        for folder in tree.folders:
            self.setExpanded(tree.index_of_folder(folder.id), folder.is_open)
        self._unfolding = False
        self._choose_again()

    def _keep(self) -> None:
        """Rows that move are taken out and put in again: remember which were chosen."""
        if self._kept is None:
            found = [self._node(index) for index in self.selectionModel().selectedIndexes()]
            chosen = [node for node in found if isinstance(node, Chat | Folder)]
            self._kept = chosen, self._node(self.currentIndex())

    def _choose_again(self) -> None:
        if self._kept is None:
            return
        (chosen, current), self._kept = self._kept, None
        places = [self._place_of(node) for node in chosen]
        places = [index for index in places if index.isValid()]
        if not places:
            return
        self.clearSelection()
        selection, flag = self.selectionModel(), QItemSelectionModel.SelectionFlag
        place = self._place_of(current)
        selection.setCurrentIndex(place if place.isValid() else places[0], flag.NoUpdate)
        for index in places:
            selection.select(index, flag.Select)

    def _place_of(self, node: object) -> QModelIndex:
        match node:
            case Chat():
                return self._presenter.tree.index_of(node.id)
            case Folder():
                return self._presenter.tree.index_of_folder(node.id)
            case _:
                return QModelIndex()

    def _reach_further(self) -> None:
        """Qt asks for more rows of the whole tree by itself; a folder's are asked for here."""
        tree = self._presenter.tree
        for folder in tree.folders:
            index = tree.index_of_folder(folder.id)
            if not self.isExpanded(index) or not tree.canFetchMore(index):
                continue
            last = self.visualRect(tree.index(tree.rowCount(index) - 1, 0, index))
            if last.top() < 2 * self.viewport().height():
                tree.fetchMore(index)

    def _show_current(self) -> None:
        """Mark the chat that is shown, unless somebody chooses or writes here."""
        current = self._presenter.current
        moved, self._marked = current != self._marked, current
        if not moved and self.currentIndex().isValid():
            return
        if self.state() is QAbstractItemView.State.EditingState or len(self.chosen) > 1:
            return
        index = self._presenter.tree.index_of(current)
        select = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().setCurrentIndex(index, select)
