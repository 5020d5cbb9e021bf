"""All chats: the search, the tree or what was found, the archive and the trash."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QStackedWidget, QWidget

from app.presenters.chats.presenter import TRASH_DAYS, ChatsPresenter
from app.presenters.keeping import KeepingPresenter
from app.store.values import Place
from app.views.chat.chats_menu import ChatsMenu
from app.views.chat.chats_undo import ChatsUndo
from app.views.chat.chats_view import ChatsView
from app.views.chat.keeping_dialogs import KeepingDialogs
from app.views.chat.keeping_strip import KeepingStrip
from app.views.chat.search_field import SearchField
from app.views.chat.search_results import SearchResults
from app.views.icons import icon_button
from app.widgets.arranging import column, label, row


class ChatsPanel(QWidget):
    """Searching shows what was found in the tree's place; Esc comes back to it."""

    opened = Signal()  # a chat was chosen

    def __init__(
        self,
        presenter: ChatsPresenter,
        keeping: KeepingPresenter,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self.search = SearchField()
        self.tree = ChatsView(presenter)
        self.found = SearchResults(presenter.finding)
        self.menu = ChatsMenu(presenter, self.tree)
        self.undo = ChatsUndo(presenter)
        self.dialogs = KeepingDialogs(keeping, self)
        self.strip = KeepingStrip(keeping)
        self.more = icon_button("dots", self.tr("More about chats"))
        self.more.setPopupMode(self.more.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(self._more_menu())
        self._place_bar = self._make_place_bar()
        self._nothing = label("", "dim", wrap=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._nothing.setContentsMargins(8, 24, 8, 8)
        self._stack = QStackedWidget()
        for page in (self.tree, self.found, self._nothing):
            self._stack.addWidget(page)
        head = row(self.search, self.more, spacing=4)
        self.setLayout(column(head, self._place_bar, self._stack, self.undo, self.strip, spacing=8))
        self._connect()
        self._show()

    @property
    def nothing(self) -> str:
        """What is said where there are no rows; "" while there are."""
        return self._nothing.text() if self._stack.currentWidget() is self._nothing else ""

    def turn_to(self, place: Place) -> None:
        """List that place."""
        self.search.clear()
        self._presenter.turn_to(place)
        self.tree.setFocus()

    def _connect(self) -> None:
        presenter = self._presenter
        self.search.textChanged.connect(presenter.finding.search)
        self.search.first_wanted.connect(self._open_first)
        self.search.down_wanted.connect(self._go_down)
        self.search.left.connect(self._go_down)
        self.found.left.connect(self._leave_search)
        self.found.up_wanted.connect(self.search.setFocus)
        self.tree.up_wanted.connect(self.search.setFocus)
        self.menu.export_wanted.connect(self.dialogs.export)
        presenter.changed.connect(self._show)
        presenter.finding.changed.connect(self._show)
        presenter.opened.connect(self.opened)
        presenter.message_wanted.connect(self.opened)

    def _show(self) -> None:
        presenter = self._presenter
        place = presenter.place
        self._place_bar.setVisible(place != "chats")
        self._place_name.setText(self._name_of(place))
        self._said.setText(
            self.tr("Chats stay here for {0} days, then they are deleted.").format(TRASH_DAYS)
        )
        self._said.setVisible(place == "trash")
        self.empty.setVisible(place == "trash")
        self.empty.setEnabled(bool(presenter.chats))
        says = self._nothing_words()
        if says:
            self._nothing.setText(says)
            self._nothing.setAccessibleName(says)
            self._stack.setCurrentWidget(self._nothing)
        else:
            self._stack.setCurrentWidget(self.found if presenter.finding.searching else self.tree)

    def _nothing_words(self) -> str:
        presenter = self._presenter
        if presenter.finding.searching:
            if presenter.finding.found.rows or presenter.finding.looking:
                return ""
            return self.tr("No hits for “{0}”").format(self.search.text().strip())
        if presenter.tree.rowCount():
            return ""
        match presenter.place:
            case "chats":
                return ""  # the conversation says how to begin
            case "archive":
                return self.tr("The archive is empty.")
            case "trash":
                return self.tr("The trash is empty.")

    def _name_of(self, place: Place) -> str:
        match place:
            case "chats":
                return self.tr("Chats")
            case "archive":
                return self.tr("Archive")
            case "trash":
                return self.tr("Trash")

    def _make_place_bar(self) -> QWidget:
        back = icon_button("caret-left", self.tr("Back to the chats"))
        back.clicked.connect(lambda: self.turn_to("chats"))
        self._place_name = label("", "title")
        self._said: QLabel = label("", "faint", wrap=True)
        self.empty = QPushButton(self.tr("Empty…"))
        self.empty.setAccessibleName(self.tr("Empty the trash"))
        self.empty.setProperty("kind", "danger")
        self.empty.setStyleSheet("padding: 3px 10px;")
        self.empty.clicked.connect(self.menu.ask_to_empty)
        bar = QWidget()
        head = row(back, self._place_name, None, self.empty, spacing=4)
        bar.setLayout(column(head, self._said, spacing=4))
        return bar

    def _more_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(self.menu.new_folder)
        menu.addSeparator()
        archive = menu.addAction(self.tr("Archive"))
        archive.triggered.connect(lambda: self.turn_to("archive"))
        trash = menu.addAction(self.tr("Trash"))
        trash.triggered.connect(lambda: self.turn_to("trash"))
        menu.addSeparator()
        for says, then in (
            (self.tr("Import chats…"), self.dialogs.take_in),
            (self.tr("Back up everything…"), self.dialogs.back_up),
            (self.tr("Restore a backup…"), self.dialogs.restore),
        ):
            menu.addAction(says).triggered.connect(then)
        return menu

    def _open_first(self) -> None:
        if self._presenter.finding.searching:
            self._presenter.finding.look_now()
            self.found.open_first()

    def _go_down(self) -> None:
        rows = self.found if self._presenter.finding.searching else self.tree
        rows.setFocus()
        if not rows.currentIndex().isValid():
            rows.setCurrentIndex(rows.model().index(0, 0))

    def _leave_search(self) -> None:
        self.search.clear()
        self.tree.setFocus()
