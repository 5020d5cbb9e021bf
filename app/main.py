"""The composition root: everything is made here, and given to what needs it."""

import logging
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QApplication, QMessageBox

from app.bridge import EngineBridge, EngineSurface
from app.collecting import Collecting
from app.presenters.alerts import AlertsPresenter
from app.presenters.appearance import AppearancePresenter
from app.presenters.attachments import AttachmentsPresenter
from app.presenters.calibration import CalibrationPresenter
from app.presenters.chat.presenter import ChatPresenter
from app.presenters.chats.presenter import ChatsPresenter
from app.presenters.discover import DiscoverPresenter
from app.presenters.doctor import DoctorPresenter
from app.presenters.downloads import DownloadsPresenter
from app.presenters.folders import FoldersPresenter
from app.presenters.guide.presenter import GuidePresenter
from app.presenters.hub_settings import HubSettingsPresenter
from app.presenters.keeping import KeepingPresenter
from app.presenters.library import LibraryPresenter
from app.presenters.machine import MachinePresenter
from app.presenters.models import ModelsPresenter
from app.presenters.monitor.presenter import MonitorPresenter
from app.presenters.pack import PackPresenter
from app.presenters.picker import PickerPresenter
from app.presenters.placement.presenter import PlacementPresenter
from app.presenters.presets import PresetsPresenter
from app.presenters.server.presenter import ServerPresenter
from app.presenters.settings_engine import EngineSettingsPresenter
from app.presenters.snippets import SnippetsPresenter
from app.presenters.startup import StartupPresenter
from app.presenters.updates import Own, UpdatesPresenter
from app.settings import SettingsFile, read_window_state, write_window_state
from app.starting import (
    Signals,
    SystemProxies,
    log_to,
    no_display,
    own_addresses,
    own_autostart,
    own_taskbar_button,
    version,
)
from app.store.chats import ChatStore
from app.text import failures
from app.text.mathematics.mathematics import Mathematics
from app.theme.fonts import load_fonts
from app.views.application import Application, freed
from app.views.doors import Doors
from app.views.languages import Words
from app.views.look import Look
from app.views.main_window import MainWindow
from app.views.monitor.tray import tray_there
from app.views.screens import Place, Screens
from app.views.vitals import FirstPaint, Heartbeat, process_age_ms
from engine.config import Home, home_from, unknown_settings
from engine.errors import EngineError
from engine.events import Event, FilesHanded

if TYPE_CHECKING:
    from engine.handover.visitor import Met

ASSETS = Path(__file__).parents[1] / "assets"
DESKTOP_FILE = "io.github.fullbore.Fullbore"
SWITCH_SECONDS = 0.0005  # a busy Python thread costs the window 42 ms a frame at the default

log = logging.getLogger("app")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line asked for; `words` are paths and links.

    `met` is who owns the home already, without a window.
    """

    words: tuple[str, ...] = ()
    met: "Met | None" = None
    hidden: bool = False
    first_paint: bool = False
    heartbeat: bool = False


def run(options: Options) -> int:
    """Open the window and stay until it is closed."""
    trouble = no_display(os.environ, sys.platform)
    if trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    home = home_from(os.environ)
    try:
        home.make()
        log_to(home.logs / "window.log")
    except OSError as error:
        _refuse(
            f"Fullbore cannot write to {home.root}: {error.strerror or error}. "
            "Make that folder writable, or set FULLBORE_HOME to another."
        )
        return 1
    sys.setswitchinterval(SWITCH_SECONDS)
    own_taskbar_button(DESKTOP_FILE)
    app = Application(ASSETS / "icons" / "fullbore-256.png", DESKTOP_FILE)
    if options.met is not None and not freed(app, home, options.met, ASSETS):
        return 0
    fullbore = Fullbore(app, home, options, engine_maker(home))
    app.opened.connect(fullbore.let_one_in)
    app.ending.connect(fullbore.let_close)
    signals = Signals(app)
    if options.hidden:
        fullbore.stand_by()
    else:
        fullbore.show()
    result = app.exec()
    fullbore.close()
    signals.close()
    return result


def _refuse(sentence: str) -> None:
    """Say why there will be no window; started from a desktop, nobody reads a terminal."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()
    if not sys.stderr.isatty():
        app = QApplication([sys.argv[0]])
        app.setApplicationName("fullbore")
        QMessageBox.critical(None, "Fullbore", sentence)


class Fullbore(QObject):
    """The presenters, the bridge and the one window. Making it starts nothing; `show` does."""

    def __init__(
        self,
        app: QApplication,
        home: Home,
        options: Options,
        make_engine: Callable[[], EngineSurface],
    ) -> None:
        super().__init__()
        self._home = home
        self._options = options
        self._state_file = home.state / "window.json"
        self._closed = False
        self._heartbeat: Heartbeat | None = None
        self._settings = SettingsFile(home.ui_toml)
        self._store = ChatStore(home.chats)
        self._collecting = Collecting(self)
        self._bridge = EngineBridge(make_engine)
        self.screens = Screens(
            chat=ChatPresenter(self._bridge, self._store, self._settings),
            chats=ChatsPresenter(self._store),
            keeping=KeepingPresenter(self._store, home.chats),
            attachments=AttachmentsPresenter(self._bridge),
            snippets=SnippetsPresenter(self._store),
            presets=PresetsPresenter(self._store),
            models=ModelsPresenter(self._bridge, self._settings),
            machine=MachinePresenter(self._bridge),
            monitor=MonitorPresenter(self._bridge, self._settings),
            server=ServerPresenter(self._bridge, addresses=own_addresses),
            discover=DiscoverPresenter(self._bridge),
            picker=PickerPresenter(self._bridge),
            library=LibraryPresenter(self._bridge, home.models),
            folders=FoldersPresenter(self._bridge, home.models),
            downloads=DownloadsPresenter(self._bridge),
            hub=HubSettingsPresenter(self._bridge, proxies=SystemProxies()),
            appearance=AppearancePresenter(self._settings),
            engine=EngineSettingsPresenter(self._bridge),
            placement=PlacementPresenter(self._bridge),
            calibration=CalibrationPresenter(self._bridge, self._settings),
            doctor=DoctorPresenter(self._bridge),
            alerts=AlertsPresenter(self._bridge),
            startup=StartupPresenter(own_autostart(os.environ), tray_there),
            updates=UpdatesPresenter(self._bridge, self._settings, _own(home)),
            pack=PackPresenter(self._bridge),
            guide=GuidePresenter(self._bridge, self._settings, home.models),
        )
        load_fonts(ASSETS / "fonts")
        self._mathematics = Mathematics(ASSETS / "mathjax" / "mathjax.js", parent=self)
        self._words = Words(app, ASSETS / "translations")
        self._words.speak(self.screens.appearance.language)
        self.look = Look(app, self.screens.appearance)
        self.window = self._make_window()
        self.window.restore(read_window_state(self._state_file))
        self._bridge.happened.connect(self._hear)
        self._bridge.failed.connect(self._fail)
        self._bridge.ready.connect(self._measure)
        self.screens.appearance.language_changed.connect(self._speak)
        self.screens.connect()
        sys.excepthook = self._tell_bug
        threading.excepthook = _log_thread_bug

    def show(self) -> None:
        """Show the window; the engine starts behind its first paint."""
        FirstPaint(self.window, self._painted)
        self.window.show()

    def stand_by(self) -> None:
        """Start all but the window, which comes when it is asked for."""
        self.window.companions.stand_by()
        self._begin()

    def let_in(self, words: tuple[str, ...]) -> None:
        """Come forward, with these paths and links."""
        self.window.come_forward()
        self.doors.let_in(words)

    def let_one_in(self, word: str) -> None:
        """The same with one of them."""
        self.let_in((word,))

    def let_close(self) -> None:
        """Closing the window ends everything from now on."""
        self.window.companions.let_close()

    def close(self) -> None:
        """End everything this process started, and keep what was said. Idempotent."""
        if self._closed:
            return
        self._closed = True
        sys.excepthook = sys.__excepthook__
        try:
            write_window_state(self._state_file, self.window.state)
        except EngineError as error:
            log.warning("%s", error.sentence)
        self.let_close()
        self.window.close()
        self.screens.chat.close()
        self.screens.chats.close()
        self.screens.keeping.close()
        self.screens.placement.close()
        self._bridge.close()
        self._mathematics.close()
        self._store.close()
        self._collecting.close()
        if self._heartbeat is not None:
            beats, worst = self._heartbeat.beats, self._heartbeat.worst_ms
            sys.stdout.write(f"heartbeat: worst gap {worst:.1f} ms in {beats} beats\n")
            sys.stdout.flush()

    def _painted(self) -> None:
        if self._closed:  # before it was seen
            return
        if self._options.first_paint:
            sys.stdout.write(f"first paint: {process_age_ms():.0f} ms\n")
            sys.stdout.flush()
            self.window.companions.quit()
            return
        self._begin()
        if self._options.words:
            self.doors.let_in(self._options.words)
        else:
            self.screens.guide.expect()

    def _begin(self) -> None:
        self._bridge.start()
        threading.Thread(target=_warm_colours, name="colours", daemon=True).start()
        chat = read_window_state(self._state_file).chat
        if chat is not None:
            self.screens.chat.open_chat(chat)
        unknown = unknown_settings(self._home.engine_toml)
        for trouble in (self._settings.trouble, self._store.trouble, unknown):
            if trouble is not None:
                self.window.banner.say(failures.told(trouble))
        if self._settings.settings.daily_backup:
            self.screens.keeping.back_up_daily(self._home.root / "backups")

    def _measure(self) -> None:
        """From now on models load and answers stream: the window must never wait."""
        if self._options.heartbeat:
            self._heartbeat = Heartbeat(self)

    def _make_window(self) -> MainWindow:
        place = Place(
            icon=ASSETS / "icons" / "fullbore-256.png",
            about=self._about,
            mathematics=self._mathematics,
        )
        window = MainWindow(self.screens, self.look, place)
        self.doors = Doors(window, self.screens)
        return window

    def _about(self) -> str:
        return f"Fullbore {version()}\n{self._home.root}"

    def _speak(self) -> None:
        """Words are given when a widget is made: another language is another window."""
        self._words.speak(self.screens.appearance.language)
        old, draft = self.window, self.window.composer.edit.toPlainText()
        self.window = self._make_window()
        self.window.restore(old.state)
        self.window.composer.edit.setPlainText(draft)
        for sentence in old.banner.sentences:
            self.window.banner.say(sentence)
        self.window.show()
        old.companions.let_close()
        old.close()
        old.deleteLater()

    def _hear(self, event: Event) -> None:
        if isinstance(event, FilesHanded):
            if event.activation:  # Wayland's: Qt looks for it there when the window comes forward
                os.environ["XDG_ACTIVATION_TOKEN"] = event.activation
            self.let_in(event.paths)

    def _fail(self, error: EngineError) -> None:
        self.window.banner.say(failures.told(error))

    def _tell_bug(
        self, kind: type[BaseException], bug: BaseException, trace: TracebackType | None
    ) -> None:
        log.critical("A bug on the window's thread", exc_info=(kind, bug, trace))
        sentence = self.tr("Something went wrong inside Fullbore. The log has all of it: {0}")
        self.window.banner.say(sentence.format(self._home.logs / "window.log"))


def _own(home: Home) -> Own:
    downloads = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
    return Own(version=version, assets=ASSETS, home=home.root, downloads=Path(downloads))


def engine_maker(home: Home) -> Callable[[], EngineSurface]:
    """Makes the engine on its own thread, which also pays for importing it."""

    def make() -> EngineSurface:
        # Here rather than on the window's thread, which needs it with the first message.
        import_module("app.widgets.transcript.transcript")
        import_module("app.views.monitor.monitor_screen")
        import_module("app.views.server.server_screen")
        from engine.config import read_config  # noqa: PLC0415
        from engine.engine import Engine  # noqa: PLC0415

        return Engine(home, read_config(home.engine_toml))

    return make


def _warm_colours() -> None:
    """The first code block of an answer would else wait for its lexer's import."""
    from app.text.colours import warm  # noqa: PLC0415

    warm()


def _log_thread_bug(bug: threading.ExceptHookArgs) -> None:
    if bug.exc_value is not None:
        log.critical(
            "A bug on the thread %s",
            bug.thread.name if bug.thread else "?",
            exc_info=(bug.exc_type, bug.exc_value, bug.exc_traceback),
        )
