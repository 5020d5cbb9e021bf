"""The library: what lies on the shelf, and the transfers that are to join it."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QAction,
    QDragEnterEvent,
    QDropEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QLineEdit, QPushButton, QStackedWidget, QWidget
from typing_extensions import override

from app.lists.sizes import size_text
from app.presenters.downloads import DownloadsPresenter
from app.presenters.folders import FoldersPresenter
from app.presenters.library import LibraryPresenter
from app.theme.scale import scaled
from app.theme.tokens import Tokens
from app.views.downloads.downloads_panel import DownloadsPanel
from app.views.icons import icon_button, mark, recolour
from app.views.library.details_dialog import DetailsDialog
from app.views.library.folders_dialog import FoldersDialog
from app.views.library.shelf_foot import ShelfFoot
from app.views.library.shelf_view import ShelfView
from app.views.library.verbs_bar import VerbsBar
from app.widgets.arranging import column, label, row
from app.widgets.banner import Banner
from app.widgets.folding_button import FoldingButton
from engine.library.files import Details

_NARROW = 900
_LEAST = 380  # folded; said here, since unfolded it asks for more


class LibraryScreen(QWidget):
    """Verbs that need another screen are told by signals. Folders and files may be dropped in."""

    discover_wanted = Signal()

    def __init__(
        self,
        library: LibraryPresenter,
        folders: FoldersPresenter,
        downloads: DownloadsPresenter,
        tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._library, self._folders, self._downloads = library, folders, downloads
        self._tokens = tokens
        self.setProperty("kind", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        self.setMinimumWidth(_LEAST)
        self.setAccessibleName(self.tr("Library"))
        self.search = self._search_field()
        self.banner = Banner(icon_button("x", self.tr("Dismiss")))
        self.panel = DownloadsPanel(downloads, tokens)
        self.shelf = ShelfView(library.table, tokens)
        self.verbs = VerbsBar(library, self.shelf)
        self.foot = ShelfFoot(library, tokens)
        self.refresh = icon_button("refresh", self.tr("Look at the folders again"))
        self.folders = self._button("folder", self.tr("Folders…"))
        self.newer = self._button("download", self.tr("Newer versions?"))
        self.find_twins = self._button("copy", self.tr("Duplicates?"))
        self._twins_says = label("", wrap=True)
        self.only_twins = QPushButton(self.tr("Show them"))
        self.only_twins.setCheckable(True)
        self._twins = QFrame()
        self._pages = QStackedWidget()
        self._empty_title, self._empty_says = label("", "heading"), label("", "dim", wrap=True)
        self.discover = self._button("search", self.tr("Discover models"))
        self.discover.setProperty("kind", "primary")
        mark(self.discover, "search", "on_accent")
        self.add_folder = self._button("folder", self.tr("Folders…"))
        self._arrange()
        self._connect()
        self._show()
        recolour(self, tokens)

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self._fold()
        self._tokens = tokens
        self.shelf.delegate.wear(tokens)
        self.foot.wear(tokens)
        self.panel.wear(tokens)
        recolour(self, tokens)

    def open_folders(self) -> FoldersDialog:
        """Show where models are found."""
        dialog = FoldersDialog(self._folders, self._tokens, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where room is scarce: icons without words, and fewer columns."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        narrow = self.width() < scaled(_NARROW)
        for button in (self.find_twins, self.newer, self.folders):
            button.fold(folded=narrow)
        self.verbs.fold(folded=narrow)
        self.panel.fold(folded=narrow)
        self.shelf.fold(folded=narrow)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _places(event):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        for place in _places(event):
            self._folders.add(place)
        event.acceptProposedAction()

    def _search_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(self.tr("Search the library"))
        field.setAccessibleName(field.placeholderText())
        field.setClearButtonEnabled(True)
        field.setMinimumWidth(80)
        field.setMaximumWidth(320)
        glass = QAction(field)
        mark(glass, "search", "faint")
        field.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        return field

    def _button(self, icon: str, says: str) -> FoldingButton:
        button = FoldingButton(says)
        mark(button, icon)  # pyright: ignore[reportArgumentType]
        return button

    def _arrange(self) -> None:
        head = row(
            label(self.tr("Library"), "heading"),
            None,
            self.search,
            self.find_twins,
            self.newer,
            self.folders,
            self.refresh,
        )
        self._twins.setProperty("kind", "card")
        inside = row(self._twins_says, self.only_twins, margins=(14, 8, 10, 8))
        inside.setStretch(0, 1)
        self._twins.setLayout(inside)
        nothing = QWidget()
        buttons = row(None, self.discover, self.add_folder, None)
        nothing.setLayout(
            column(None, self._empty_title, self._empty_says, buttons, None, spacing=14)
        )
        for said in (self._empty_title, self._empty_says):
            said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages.addWidget(self.shelf)
        self._pages.addWidget(nothing)
        whole = column(
            head,
            self.banner,
            self.panel,
            self._twins,
            self._pages,
            self.verbs,
            self.foot,
            margins=(24, 18, 24, 16),
            spacing=12,
        )
        whole.setStretch(4, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        library = self._library
        self.search.textChanged.connect(library.table.search)
        self.search.textChanged.connect(self._show)
        self.refresh.clicked.connect(library.refresh)
        self.folders.clicked.connect(self.open_folders)
        self.add_folder.clicked.connect(self.open_folders)
        self.discover.clicked.connect(self.discover_wanted)
        self.newer.clicked.connect(library.look_for_newer)
        self.find_twins.clicked.connect(library.find_twins)
        self.only_twins.toggled.connect(self._show_only_twins)
        library.changed.connect(self._show)
        library.details_ready.connect(self._open_details)
        for told in (
            library.failed,
            library.said,
            self._folders.failed,
            self._downloads.failed,
            self.verbs.failed,
        ):
            told.connect(self.banner.say)

    def _show(self) -> None:
        library = self._library
        self.find_twins.setEnabled(not library.comparing)
        comparing, asking = self.tr("Comparing…"), self.tr("Asking the Hub…")
        self.find_twins.say(comparing if library.comparing else self.tr("Duplicates?"))
        self.newer.setEnabled(not library.asking)
        self.newer.say(asking if library.asking else self.tr("Newer versions?"))
        self._show_twins()
        self._show_emptiness()

    def _show_twins(self) -> None:
        groups = self._library.twins
        self._twins.setVisible(bool(groups))
        if not groups:
            self.only_twins.setChecked(False)
            return
        count = sum(map(len, groups)) - len(groups)
        one = self.tr("1 model is here a second time, byte for byte; {1} could be freed.")
        many = self.tr("{0} models are here once more, byte for byte; {1} could be freed.")
        says = one if count == 1 else many
        self._twins_says.setText(says.format(count, size_text(self._library.spare_bytes)))

    def _show_only_twins(self, only: bool) -> None:  # noqa: FBT001 (Qt's signal)
        self._library.table.show_twins(only=only)
        self._show_emptiness()

    def _show_emptiness(self) -> None:
        """Why no row is there, and what to do."""
        empty = not self._library.table.rowCount()
        self._pages.setCurrentIndex(1 if empty and self._library.known else 0)
        if not empty:
            return
        searched = bool(self._library.models)
        title = self.tr("Nothing is called that") if searched else self.tr("No model is here yet")
        says = self.tr(
            "Discover what runs well on this computer, or drop a folder or a .gguf file in."
        )
        self._empty_title.setText(title)
        self._empty_says.setText("" if searched else says)
        for button in (self.discover, self.add_folder):
            button.setVisible(not searched)

    def _open_details(self, details: Details) -> None:
        dialog = DetailsDialog(details, self._tokens, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


def _places(event: QDragEnterEvent | QDropEvent) -> list[Path]:
    """The folders and .gguf files that are carried."""
    urls = event.mimeData().urls()
    places = (Path(url.toLocalFile()) for url in urls if url.isLocalFile())
    return [place for place in places if place.suffix.lower() == ".gguf" or place.is_dir()]
