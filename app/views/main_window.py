"""The window: chats at the left, the conversation in the middle, the machine at the right."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QIcon, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QLabel,
    QMainWindow,
    QStackedWidget,
    QToolButton,
    QWidget,
)
from typing_extensions import override

from app.settings import UiSettings, WindowState
from app.theme.tokens import Tokens
from app.views.about.update_strip import UpdateStrip
from app.views.chat.attachments_drop import AttachmentsDrop
from app.views.chat.chats_panel import ChatsPanel
from app.views.chat.composer import Composer
from app.views.chat.conversation import Conversation
from app.views.chat.empty_state import EmptyState
from app.views.chat.header import Header
from app.views.chat.load_strip import LoadStrip
from app.views.chat.sidebar import Sidebar
from app.views.commands.command import Command
from app.views.commands.table import Commands, release_keys
from app.views.guide.guide_door import GuideDoor
from app.views.icons import icon_button, recolour
from app.views.look import Look
from app.views.model_news import ModelNews
from app.views.monitor.alert_strip import AlertStrip
from app.views.monitor.calibration_card import CalibrationCard
from app.views.monitor.companions import Companions
from app.views.monitor.machine_panel import MachinePanel
from app.views.monitor.side_panel import SidePanel
from app.views.screens import Place, Screens
from app.views.server.server_panel import ServerPanel
from app.views.sides import Sides
from app.widgets.arranging import column, row
from app.widgets.banner import Banner

# Whatever is not seen at once is imported when it is wanted: most of a start is imports.
if TYPE_CHECKING:
    from app.views.commands.palette import CommandPalette
    from app.views.commands.shortcuts_dialog import ShortcutsDialog
    from app.views.discover.discover_screen import DiscoverScreen
    from app.views.library.library_screen import LibraryScreen
    from app.views.monitor.monitor_screen import MonitorScreen
    from app.views.server.server_screen import ServerScreen
    from app.views.settings.settings_dialog import SettingsDialog

_SIZE = (1280, 820)
_RECENT = 12  # commands that the palette shows first


class MainWindow(QMainWindow):
    """Assembles the screens, and opens the dialogs they ask for."""

    def __init__(
        self, screens: Screens, look: Look, place: Place, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._screens = screens
        self._look = look
        self._place = place
        self.setWindowTitle("Fullbore")
        self.setMinimumSize(640, 480)
        self.resize(*_SIZE)
        self.sidebar = Sidebar(
            screens.chat,
            ChatsPanel(screens.chats, screens.keeping),
            screens.downloads,
            self._logo(24),
        )
        self.header = Header(screens.chat, screens.models, screens.machine)
        self.load_strip = LoadStrip(screens.models)
        self.banner = Banner(icon_button("x", self.tr("Dismiss")))
        ModelNews(screens, self.banner, self)
        self.alerts = AlertStrip(screens.alerts, look)
        self.updates = UpdateStrip(screens.updates, look)
        self.companions = Companions(self, look, screens)
        self.guide = GuideDoor(self, screens, look, self._logo)
        self.empty = EmptyState(screens.models, self._logo(64))
        self.conversation = Conversation(
            screens.chat, self.empty, look.tokens, mathematics=place.mathematics
        )
        self.composer = Composer(screens.chat, screens.attachments, screens.snippets, look.tokens)
        self.machine = MachinePanel(screens.machine, screens.monitor, look.tokens)
        self.server = ServerPanel(screens.server)
        self.calibration = CalibrationCard(screens.calibration)
        self.panel = SidePanel(self.server, self.calibration, self.machine)
        self._shown = QStackedWidget()
        # Made when first wanted: the window's first paint does not wait for them.
        self.discover: DiscoverScreen | None = None
        self.library: LibraryScreen | None = None
        self.monitor: MonitorScreen | None = None
        self.serving: ServerScreen | None = None
        self._arrange()
        self._recent: tuple[str, ...] = ()
        release_keys(self.findChildren(QAbstractButton))
        self.commands = Commands(self, screens)
        self._connect()
        self._take_settings(screens.appearance.settings)
        self._name_model()
        recolour(self, look.tokens)
        self.composer.edit.setFocus()

    @property
    def state(self) -> WindowState:
        """Where the window is, to be remembered."""
        chat = self._screens.chat.chat
        return WindowState(
            geometry=_words(self.saveGeometry()),
            splitter=_words(self._sides.saveState()),
            chat=chat.id if chat else None,
            recent=self._recent,
            mini=self.companions.mini_place,
            mini_shown=self.companions.mini_wanted,
        )

    def restore(self, state: WindowState) -> None:
        """Go where the window was."""
        self._recent = state.recent
        self.companions.restore(state.mini, shown=state.mini_shown)
        if state.geometry:
            self.restoreGeometry(QByteArray.fromBase64(state.geometry.encode()))
        if state.splitter:
            self._sides.restoreState(QByteArray.fromBase64(state.splitter.encode()))

    def open_chat(self) -> None:
        """Show the conversation."""
        self._turn_to(self._chat, self.sidebar.to_chat)
        self.composer.edit.setFocus()

    def open_discover(self) -> "DiscoverScreen":
        """Show what there is to get."""
        from app.views.discover.discover_screen import DiscoverScreen  # noqa: PLC0415

        screens = self._screens
        if self.discover is None:
            self.discover = DiscoverScreen(screens.discover, screens.picker, self._look.tokens)
            self.discover.mirror_wanted.connect(self.open_settings)
            self._shown.addWidget(self.discover)
        self._turn_to(self.discover, self.sidebar.to_discover)
        self.discover.sieve.search.setFocus()
        return self.discover

    def open_library(self) -> "LibraryScreen":
        """Show what is on the shelf, and on its way there."""
        from app.views.library.library_screen import LibraryScreen  # noqa: PLC0415

        screens = self._screens
        if self.library is None:
            self.library = LibraryScreen(
                screens.library, screens.folders, screens.downloads, self._look.tokens
            )
            self.library.discover_wanted.connect(self.open_discover)
            self._shown.addWidget(self.library)
        self._turn_to(self.library, self.sidebar.to_library)
        return self.library

    def open_monitor(self) -> "MonitorScreen":
        """Show where memory, time and energy go."""
        from app.views.monitor.monitor_screen import MonitorScreen  # noqa: PLC0415

        screens = self._screens
        if self.monitor is None:
            self.monitor = MonitorScreen(screens.monitor, screens.alerts, self._look.tokens)
            self.monitor.mini.clicked.connect(self.companions.turn_mini)
            self._shown.addWidget(self.monitor)
        self._turn_to(self.monitor, self.sidebar.to_monitor)
        return self.monitor

    def open_server(self) -> "ServerScreen":
        """Show how other programs reach the models, and what they ask."""
        from app.views.server.server_screen import ServerScreen  # noqa: PLC0415

        screens = self._screens
        if self.serving is None:
            self.serving = ServerScreen(
                screens.server, screens.engine, screens.models, self._look.tokens
            )
            self._shown.addWidget(self.serving)
        self._turn_to(self.serving, self.sidebar.to_server)
        return self.serving

    def open_placement(self, model: str | None = None) -> QDialog | None:
        """Show where that model goes; without a name the present one, else the first there is."""
        from app.views.placement.placement_dialog import PlacementDialog  # noqa: PLC0415

        models = self._screens.models
        sound = (known.id for known in models.models if known.broken is None)
        wanted = model or models.current or next(sound, None)
        if wanted is None:
            return None
        dialog = PlacementDialog(self._screens.placement, wanted, self._look.tokens, self)
        self._look.changed.connect(dialog.wear)
        return self._open(dialog)

    def open_settings(self) -> "SettingsDialog":
        """Show how the window looks and speaks."""
        from app.views.settings.settings_dialog import SettingsDialog  # noqa: PLC0415

        about = self._place.about()
        dialog = SettingsDialog(self._screens, about, self._look.tokens, self)
        self._look.changed.connect(dialog.wear)
        dialog.shortcuts_wanted.connect(self.open_shortcuts)
        dialog.about_wanted.connect(self.updates.open_about)
        dialog.palette_wanted.connect(dialog.accept)
        dialog.palette_wanted.connect(self.open_palette)
        self._open(dialog)
        return dialog

    def open_palette(self) -> "CommandPalette":
        """Find a command, a chat, a model, an option by a few letters."""
        from app.views.commands.offered import Offered  # noqa: PLC0415
        from app.views.commands.palette import CommandPalette  # noqa: PLC0415

        offered = Offered(self, self._screens, self._look.tokens)
        fixed = self.commands.fixed
        palette = CommandPalette(lambda typed: (*fixed, *offered.all(typed)), self._recent, self)
        palette.chosen.connect(self._do, Qt.ConnectionType.QueuedConnection)
        palette.destroyed.connect(offered.deleteLater)
        self._open(palette)
        return palette

    def open_shortcuts(self) -> "ShortcutsDialog":
        """Show every key that does something."""
        from app.views.commands.shortcuts_dialog import ShortcutsDialog  # noqa: PLC0415

        dialog = ShortcutsDialog(self.commands.keys, self)
        self._open(dialog)
        return dialog

    def open_doctor(self) -> QDialog:
        """Examine this machine."""
        from app.views.monitor.doctor_dialog import DoctorDialog  # noqa: PLC0415

        dialog = DoctorDialog(self._screens.doctor, self._look.tokens, self)
        self._look.changed.connect(dialog.wear)
        return self._open(dialog)

    def _do(self, command: Command) -> None:
        """What was chosen in the palette, which is gone by now."""
        rest = (key for key in self._recent if key != command.key)
        self._recent = (command.key, *rest)[:_RECENT]
        command.act()

    def open_chat_settings(self) -> QDialog:
        """Show how this chat is asked."""
        from app.views.chat.chat_settings_dialog import ChatSettingsDialog  # noqa: PLC0415

        return self._open(
            ChatSettingsDialog(self._screens.chat, self._screens.presets, self._look.tokens, self)
        )

    def open_prompts(self) -> QDialog:
        """Show the prompt library."""
        from app.views.chat.snippets_dialog import SnippetsDialog  # noqa: PLC0415

        return self._open(SnippetsDialog(self._screens.snippets, self._look.tokens, self))

    def come_forward(self) -> None:
        """Show the window above others."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._sides.fit()

    def turn_sidebar(self) -> None:
        """Show or hide the chats."""
        self._sides.turn_left()

    def turn_panel(self) -> None:
        """Show or hide the machine."""
        self._sides.turn_right()

    @property
    def is_dark(self) -> bool:
        """Whether it wears a dark look."""
        return self._look.tokens.dark

    def _turn_to(self, screen: QWidget, entry: QToolButton) -> None:
        """The machine stands beside the conversation alone, where there is room for both."""
        self.guide.leave()
        chatting = screen is self._chat
        self._sides.keep_right(wanted=chatting)
        self._shown.setCurrentWidget(screen)
        self.header.name_chat(shown=chatting)
        self.sidebar.mark(entry)

    def _open(self, dialog: QDialog) -> QDialog:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog

    def _logo(self, side: int) -> QLabel:
        logo = QLabel()
        logo.setPixmap(QIcon(self._place.icon.as_posix()).pixmap(side, side))
        logo.setAccessibleName("Fullbore")
        return logo

    def _arrange(self) -> None:
        foot = row(None, self.composer, None, margins=(24, 0, 24, 16))
        foot.setStretch(1, 50)
        strips = (self.load_strip, self.banner, self.guide.arrival, self.alerts, self.updates)
        notices = column(*strips, margins=(16, 0, 16, 0), spacing=6)
        middle = QWidget()
        middle.setProperty("kind", "page")
        middle.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._chat = QWidget()
        self._chat.setLayout(column(self.conversation, foot, spacing=0))
        self._shown.addWidget(self._chat)
        self.sidebar.mark(self.sidebar.to_chat)
        middle.setLayout(column(self.header, notices, self._shown, spacing=0))
        self._sides = Sides(self.sidebar, middle, self.panel)
        self.setCentralWidget(self._sides)
        self._sides.fit()

    def _connect(self) -> None:
        screens = self._screens
        self.sidebar.chat_wanted.connect(self.open_chat)
        self.sidebar.discover_wanted.connect(self.open_discover)
        self.sidebar.library_wanted.connect(self.open_library)
        self.sidebar.monitor_wanted.connect(self.open_monitor)
        self.sidebar.server_wanted.connect(self.open_server)
        self.server.screen_wanted.connect(self.open_server)
        self.sidebar.settings_wanted.connect(self.open_settings)
        self.header.sidebar_wanted.connect(self.turn_sidebar)
        self.header.panel_wanted.connect(self.turn_panel)
        self.header.placement_wanted.connect(self.open_placement)
        self.header.settings_wanted.connect(self.open_chat_settings)
        self.composer.prompts_wanted.connect(self.open_prompts)
        self.composer.edit_last_wanted.connect(self.conversation.edit_last_question)
        self.composer.failed.connect(self.banner.say)
        AttachmentsDrop(screens.attachments, self._chat)
        self.header.picker.get_model_wanted.connect(self.open_discover)
        self.header.picker.placement_wanted.connect(self.open_placement)
        self.header.picker.folder_wanted.connect(self._open_folder)
        self.empty.get_model_wanted.connect(self.open_discover)
        for presenter in screens.failing:
            presenter.failed.connect(self.banner.say)
        for presenter in (screens.picker, screens.library, screens.downloads):
            presenter.chosen.connect(self.open_chat)
        for presenter in (screens.picker, screens.library):
            presenter.placement_wanted.connect(self.open_placement)
        screens.models.model_changed.connect(self._name_model)
        screens.chat.chat_changed.connect(self.composer.edit.setFocus)
        # Queued: by then the chat it is in is open.
        screens.chats.message_wanted.connect(self._show_found, Qt.ConnectionType.QueuedConnection)
        self._look.changed.connect(self._wear)
        screens.appearance.changed.connect(self._take_settings)

    def search(self) -> None:
        """Whatever the screen that is shown can be searched for."""
        shown = self._shown.currentWidget()
        if self.discover is not None and shown is self.discover:
            self.discover.sieve.search.setFocus()
        elif self.library is not None and shown is self.library:
            self.library.search.setFocus()
        elif not self.conversation.open_find():
            self.sidebar.search.setFocus()

    def _show_found(self, _: int, message_id: int) -> None:
        self.conversation.show_message(message_id)

    def _name_model(self) -> None:
        self.composer.name_model(self._screens.models.current)

    def _open_folder(self) -> None:
        models = self._screens.folders.models_folder
        folder = QUrl.fromLocalFile(models.as_posix())
        if not QDesktopServices.openUrl(folder):
            self.banner.inform(self.tr("The models are in {0}").format(models))

    def _take_settings(self, settings: UiSettings) -> None:
        self.conversation.set_settings(settings)
        self.composer.set_settings(settings)

    def _wear(self, tokens: Tokens) -> None:
        self.conversation.set_tokens(tokens)
        self.composer.set_tokens(tokens)
        self.machine.wear(tokens)
        for screen in (self.discover, self.library, self.monitor, self.serving):
            if screen is not None:
                screen.wear(tokens)
        recolour(self, tokens)


def _words(state: QByteArray) -> str:
    return bytes(state.toBase64().data()).decode("ascii")
