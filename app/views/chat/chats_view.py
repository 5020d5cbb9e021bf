"""The sidebar's list of chats: open, rename in place, delete after a question, filter by title."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QSortFilterProxyModel, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QMessageBox, QWidget
from typing_extensions import override

from app.lists.row_list import ListRole
from app.presenters.chat.presenter import ChatPresenter
from app.store.values import Chat
from app.views.rows import RowDelegate

Index = QModelIndex | QPersistentModelIndex


class _Renamable(QSortFilterProxyModel):
    """The chats whose titles contain the filter; editing a title renames the chat."""

    def __init__(self, presenter: ChatPresenter, parent: QWidget) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self.setSourceModel(presenter.chats_list)
        self.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.EditRole:
            role = Qt.ItemDataRole.DisplayRole
        return super().data(index, role)

    @override
    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        chat = index.data(ListRole.VALUE)
        if not isinstance(chat, Chat):
            return False
        self._presenter.rename_chat(chat.id, str(value))
        return True


class ChatsView(QListView):
    """F2 renames, Delete deletes, Enter or a click opens."""

    def __init__(self, presenter: ChatPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._rows = _Renamable(presenter, self)
        self.setModel(self._rows)
        self.setItemDelegate(RowDelegate(self))
        self.setAccessibleName(self.tr("Chats"))
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.rename_action = QAction(self.tr("Rename"), self)
        self.rename_action.setShortcut(QKeySequence(Qt.Key.Key_F2))
        self.delete_action = QAction(self.tr("Delete…"), self)
        self.delete_action.setShortcut(QKeySequence.StandardKey.Delete)
        # An opened chat gives the cursor to the composer, and F2 must still reach its title;
        # Delete belongs to whatever is being written.
        self.rename_action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self.delete_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.addActions([self.rename_action, self.delete_action])
        self.rename_action.triggered.connect(self._rename)
        self.delete_action.triggered.connect(self._ask_to_delete)
        self.customContextMenuRequested.connect(self._open_menu)
        self.clicked.connect(self._open)
        self.activated.connect(self._open)
        presenter.chat_changed.connect(self._show_current)
        presenter.chats_changed.connect(self._show_current)
        self._rows.modelReset.connect(self._show_current)
        self._show_current()

    def filter(self, text: str) -> None:
        """Show only the chats whose titles contain this."""
        self._rows.setFilterFixedString(text.strip())
        self._show_current()  # Qt marks a neighbour when the chat that is shown is filtered out

    def _chosen(self) -> Chat | None:
        chat = self.currentIndex().data(ListRole.VALUE)
        return chat if isinstance(chat, Chat) else None

    def _open(self, index: QModelIndex) -> None:
        chat = index.data(ListRole.VALUE)
        if isinstance(chat, Chat) and chat != self._presenter.chat:
            self._presenter.open_chat(chat.id)

    def _rename(self) -> None:
        if self.currentIndex().isValid():
            self.edit(self.currentIndex())

    def _open_menu(self, place: QPoint) -> None:
        index = self.indexAt(place)
        if not index.isValid():
            return
        self.setCurrentIndex(index)
        menu = QMenu(self)
        menu.addActions([self.rename_action, self.delete_action])
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.viewport().mapToGlobal(place))

    def _ask_to_delete(self) -> None:
        chat = self._chosen()
        if chat is None:
            return
        question = QMessageBox(
            QMessageBox.Icon.Question,
            self.tr("Delete chat"),
            self.tr("Delete “{0}” for good?").format(self.currentIndex().data()),
            parent=self.window(),
        )
        delete = question.addButton(self.tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        delete.setProperty("kind", "danger")
        keep = question.addButton(self.tr("Keep"), QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(keep)  # a stray Enter must not delete what cannot come back
        question.setEscapeButton(keep)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        delete.clicked.connect(lambda: self._presenter.delete_chat(chat.id))
        question.open()

    def _show_current(self) -> None:
        shown = self._presenter.chat
        if shown is None:
            self.setCurrentIndex(QModelIndex())
            return
        place = self._presenter.chats_list.row_of(shown.id)
        if place is not None:
            index = self._rows.mapFromSource(self._presenter.chats_list.index(place))
            self.setCurrentIndex(index)
