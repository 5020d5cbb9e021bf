"""The window's left side: new chat, search, the chats, and the way to the other screens."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from app.presenters.chat.presenter import ChatPresenter
from app.presenters.downloads import DownloadsPresenter
from app.theme.icons import IconName
from app.views.chat.chats_panel import ChatsPanel
from app.views.downloads.downloads_strip import DownloadsStrip
from app.views.icons import mark
from app.widgets.arranging import column, label, row
from app.widgets.icon_button import tip

WIDTH = 264
NARROWEST, WIDEST = 210, 400


class Sidebar(QWidget):
    """Says what the person wants; the list speaks to its presenter by itself."""

    chat_wanted = Signal()
    discover_wanted = Signal()
    library_wanted = Signal()
    monitor_wanted = Signal()
    server_wanted = Signal()
    settings_wanted = Signal()

    def __init__(
        self,
        chat: ChatPresenter,
        panel: ChatsPanel,
        downloads: DownloadsPresenter,
        logo: QLabel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(NARROWEST)
        self.setMaximumWidth(WIDEST)
        self.setAccessibleName(self.tr("Chats and models"))
        self.new_chat = self._new_chat_button()
        self.panel = panel
        self.search, self.chats = panel.search, panel.tree
        self.downloads = DownloadsStrip(downloads)
        self.to_chat = self._entry("chat", self.tr("Chat"), "Ctrl+1")
        self.to_discover = self._entry("search", self.tr("Discover"), "Ctrl+D")
        self.to_library = self._entry("drives", self.tr("Library"), "Ctrl+Shift+L")
        self.to_monitor = self._entry("speed", self.tr("Monitor"), "Ctrl+Shift+M")
        self.to_server = self._entry("server", self.tr("Server"), "Ctrl+Shift+O")
        self._screens = (
            self.to_chat,
            self.to_discover,
            self.to_library,
            self.to_monitor,
            self.to_server,
        )
        for entry in self._screens:
            entry.setCheckable(True)
        settings = self._entry("gear", self.tr("Settings"), "Ctrl+,")
        self.setLayout(
            column(
                row(logo, label("Fullbore", "title"), None, margins=(2, 2, 0, 2)),
                self.new_chat,
                self.panel,
                self.downloads,
                column(*self._screens, settings, spacing=2),
                margins=(14, 14, 14, 12),
                spacing=10,
            )
        )
        self.new_chat.clicked.connect(chat.new_chat)
        self.new_chat.clicked.connect(lambda: self.panel.turn_to("chats"))
        self.new_chat.clicked.connect(self.chat_wanted)
        self.panel.opened.connect(self.chat_wanted)
        self.downloads.opened.connect(self.library_wanted)
        self.to_chat.clicked.connect(self.chat_wanted)
        self.to_discover.clicked.connect(self.discover_wanted)
        self.to_library.clicked.connect(self.library_wanted)
        self.to_monitor.clicked.connect(self.monitor_wanted)
        self.to_server.clicked.connect(self.server_wanted)
        settings.clicked.connect(self.settings_wanted)

    def mark(self, entry: QToolButton) -> None:
        """That entry's screen is shown."""
        for one in self._screens:
            one.setChecked(one is entry)

    def _new_chat_button(self) -> QPushButton:
        button = QPushButton(" " + self.tr("New chat"))
        button.setAccessibleName(self.tr("New chat"))
        button.setProperty("kind", "primary")
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setShortcut(QKeySequence.StandardKey.New)
        button.setToolTip(tip(self.tr("Start a new chat"), button.shortcut()))
        mark(button, "plus", "on_accent")
        return button

    def _entry(self, icon: IconName, text: str, keys: str) -> QToolButton:
        entry = QToolButton()
        entry.setText(f"  {text}")
        entry.setAccessibleName(text)
        entry.setIconSize(QSize(18, 18))
        entry.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        entry.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        entry.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        entry.setCursor(Qt.CursorShape.PointingHandCursor)
        entry.setShortcut(QKeySequence(keys))
        entry.setToolTip(tip(text, QKeySequence(keys)))
        mark(entry, icon)
        return entry
