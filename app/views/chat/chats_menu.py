"""What can be done with the chats that are chosen, as actions with keys and as a menu."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.presenters.chats.presenter import ChatsPresenter
from app.presenters.keeping import Form
from app.store.values import Chat, Folder
from app.views.chat.chats_view import ChatsView
from app.widgets.delete_question import DeleteQuestion


class ChatsMenu(QWidget):
    """Belongs to the tree of chats; invisible but for its menus and questions."""

    export_wanted = Signal(object, object)  # the chats' numbers, and a Form

    def __init__(self, presenter: ChatsPresenter, view: ChatsView) -> None:
        super().__init__(view)
        self.hide()
        self._presenter, self._view = presenter, view
        self.rename = self._action(self.tr("Rename"), "F2", view.rename)
        # An opened chat gives the cursor to the composer, and F2 must still reach its title.
        self.rename.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self.pin = self._action(self.tr("Pin"), "Ctrl+Shift+P", self._pin)
        self.archive = self._action(self.tr("Archive"), "Ctrl+Shift+E", self._archive)
        self.trash = self._action(self.tr("Move to trash"), "Del", self._trash)
        self.undo = self._action(self.tr("Undo"), "Ctrl+Z", presenter.undo)
        self.new_folder = self._action(self.tr("New folder"), "Ctrl+Shift+N", self.make_folder)
        view.menu_wanted.connect(self.open)

    def open(self, place: QPoint) -> None:
        """Show the menu of what is chosen there."""
        menu = self.menu()
        if menu is not None:
            menu.popup(place)

    def menu(self) -> QMenu | None:
        """For the folder or the chats that are chosen; None where nothing is."""
        menu = QMenu(self._view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        folder, chats = self._view.chosen_folder, self._view.chosen
        if folder is not None:
            self._fill_for_folder(menu, folder)
        elif chats and self._presenter.place == "chats":
            self._fill_for_chats(menu, chats)
        elif chats:
            self._fill_for_put_away(menu, chats)
        else:
            return None
        return menu

    def make_folder(self) -> None:
        """One with the chosen chats in it if there are several, to be named at once."""
        chosen = self._numbers
        made = self._presenter.new_folder(self.tr("New folder"), chosen if len(chosen) > 1 else ())
        if made is not None:
            self._view.rename_folder(made)

    def ask_to_empty(self) -> None:
        """Empty the trash, after a question."""
        count = len(self._presenter.chats)
        if count:
            says = self.tr("Delete {0} chats for good?").format(count)
            self._ask(says, self._presenter.empty_trash)

    @property
    def _numbers(self) -> tuple[int, ...]:
        return tuple(chat.id for chat in self._view.chosen)

    def _fill_for_chats(self, menu: QMenu, chats: tuple[Chat, ...]) -> None:
        one = chats[0] if len(chats) == 1 else None
        if one is not None:
            menu.addAction(self.rename)
        self.pin.setText(self.tr("Unpin") if self._all_pinned(chats) else self.tr("Pin"))
        menu.addAction(self.pin)
        menu.addMenu(self._folders_menu(menu, chats))
        menu.addSeparator()
        if one is not None:
            copy = menu.addAction(self.tr("Duplicate"))
            copy.triggered.connect(lambda: self._presenter.duplicate(one.id))
        menu.addMenu(self._export_menu(menu))
        menu.addSeparator()
        menu.addActions([self.archive, self.trash])

    def _folders_menu(self, menu: QMenu, chats: tuple[Chat, ...]) -> QMenu:
        folders = QMenu(self.tr("Move to folder"), menu)
        numbers = tuple(chat.id for chat in chats)
        for folder in self._presenter.folders:
            # An ampersand in a name is no key.
            action = folders.addAction(folder.name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(all(chat.folder_id == folder.id for chat in chats))
            action.triggered.connect(self._move_to(numbers, folder.id))
        if self._presenter.folders:
            folders.addSeparator()
        out = folders.addAction(self.tr("No folder"))
        out.setEnabled(any(chat.folder_id is not None for chat in chats))
        out.triggered.connect(self._move_to(numbers, None))
        new = folders.addAction(self.tr("New folder…"))
        new.triggered.connect(lambda: self._move_to_new(numbers))
        return folders

    def _export_menu(self, menu: QMenu) -> QMenu:
        export = QMenu(self.tr("Export"), menu)
        chosen = self._numbers
        for form in Form:
            action = export.addAction(f"{form.value.name}…")
            action.triggered.connect(self._export(chosen, form))
        return export

    def _fill_for_put_away(self, menu: QMenu, chats: tuple[Chat, ...]) -> None:
        chosen = tuple(chat.id for chat in chats)
        if self._presenter.place == "archive":
            back = menu.addAction(self.tr("Back to the chats"))
            back.triggered.connect(lambda: self._presenter.unarchive(chosen))
            menu.addMenu(self._export_menu(menu))
            menu.addSeparator()
            menu.addAction(self.trash)
            return
        back = menu.addAction(self.tr("Restore"))
        back.triggered.connect(lambda: self._presenter.restore(chosen))
        menu.addSeparator()
        gone = menu.addAction(self.tr("Delete for good…"))
        gone.triggered.connect(lambda: self._ask_to_delete(chats))

    def _fill_for_folder(self, menu: QMenu, folder: Folder) -> None:
        folders = self._presenter.folders
        at = next(place for place, one in enumerate(folders) if one.id == folder.id)
        menu.addAction(self.rename)
        up = menu.addAction(self.tr("Move up"))
        up.setEnabled(at > 0)
        up.triggered.connect(lambda: self._presenter.move_folder(folder.id, at - 1))
        down = menu.addAction(self.tr("Move down"))
        down.setEnabled(at < len(folders) - 1)
        down.triggered.connect(lambda: self._presenter.move_folder(folder.id, at + 2))
        menu.addSeparator()
        menu.addAction(self.new_folder)
        gone = menu.addAction(self.tr("Remove folder, keep its chats"))
        gone.triggered.connect(lambda: self._presenter.delete_folder(folder))

    def _pin(self) -> None:
        chats = self._view.chosen
        if chats and self._presenter.place == "chats":
            self._presenter.pin(self._numbers, on=not self._all_pinned(chats))

    def _archive(self) -> None:
        match self._presenter.place:
            case "chats":
                self._presenter.archive(self._numbers)
            case "archive":
                self._presenter.unarchive(self._numbers)
            case "trash":
                pass

    def _trash(self) -> None:
        chats, folder = self._view.chosen, self._view.chosen_folder
        if folder is not None:
            self._presenter.delete_folder(folder)
        elif chats and self._presenter.place == "trash":
            self._ask_to_delete(chats)
        elif chats:
            self._presenter.trash(self._numbers)

    def _ask_to_delete(self, chats: tuple[Chat, ...]) -> None:
        numbers = tuple(chat.id for chat in chats)
        one = self.tr("Delete “{0}” for good?").format(chats[0].title)
        many = self.tr("Delete {0} chats for good?").format(len(chats))
        self._ask(one if len(chats) == 1 else many, lambda: self._presenter.delete(numbers))

    def _ask(self, sentence: str, then: Callable[[], object]) -> None:
        question = DeleteQuestion(self.window(), self.tr("Delete chats"), sentence)
        question.setInformativeText(self.tr("They cannot come back."))
        question.confirmed.connect(then)
        question.open()

    def _move_to(self, numbers: tuple[int, ...], folder_id: int | None) -> Callable[[], None]:
        return lambda: self._presenter.move(numbers, folder_id)

    def _move_to_new(self, numbers: tuple[int, ...]) -> None:
        made = self._presenter.new_folder(self.tr("New folder"), numbers)
        if made is not None:
            self._view.rename_folder(made)

    def _export(self, numbers: tuple[int, ...], form: Form) -> Callable[[], None]:
        return lambda: self.export_wanted.emit(numbers, form)

    def _all_pinned(self, chats: tuple[Chat, ...]) -> bool:
        return all(chat.pinned for chat in chats)

    def _action(self, says: str, keys: str, then: Callable[[], object]) -> QAction:
        action = QAction(says, self._view)
        action.setShortcut(QKeySequence(keys))
        # The keys belong to whatever is being written, but here.
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(then)
        self._view.addAction(action)
        return action
