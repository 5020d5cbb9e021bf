"""The library: what lies on the shelf, and the transfers that are to join it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.presenters.downloads import DownloadsPresenter
from app.presenters.folders import FoldersPresenter
from app.presenters.library import LibraryPresenter
from app.theme.tokens import Tokens


class LibraryScreen(QWidget):
    """Verbs that need another screen are told by signals."""

    discover_wanted = Signal()
    settings_wanted = Signal()

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

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens
