"""The composition root: everything is made here, and given to what needs it."""

import ctypes
import errno
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import FrameType, TracebackType

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMessageBox
from typing_extensions import override

from app.bridge import EngineBridge, EngineSurface
from app.presenters.appearance import AppearancePresenter
from app.presenters.attachments import AttachmentsPresenter
from app.presenters.calibration import CalibrationPresenter
from app.presenters.chat.presenter import ChatPresenter
from app.presenters.chats.presenter import ChatsPresenter
from app.presenters.discover import DiscoverPresenter
from app.presenters.downloads import DownloadsPresenter
from app.presenters.folders import FoldersPresenter
from app.presenters.hub_settings import HubSettingsPresenter
from app.presenters.keeping import KeepingPresenter
from app.presenters.library import LibraryPresenter
from app.presenters.machine import MachinePresenter
from app.presenters.models import ModelsPresenter
from app.presenters.picker import PickerPresenter
from app.presenters.placement.presenter import PlacementPresenter
from app.presenters.presets import PresetsPresenter
from app.presenters.server import ServerPresenter
from app.presenters.snippets import SnippetsPresenter
from app.settings import SettingsFile, read_window_state, write_window_state
from app.store.chats import ChatStore
from app.text import failures
from app.text.mathematics.mathematics import Mathematics
from app.theme.fonts import load_fonts
from app.views.languages import Words
from app.views.look import Look
from app.views.main_window import MainWindow
from app.views.screens import Place, Screens
from app.views.vitals import FirstPaint, Heartbeat, process_age_ms
from engine.config import Home, home_from
from engine.errors import EngineError
from engine.events import Event, FilesHanded

ASSETS = Path(__file__).parents[1] / "assets"
DESKTOP_FILE = "io.github.fullbore.Fullbore"
SWITCH_SECONDS = 0.0005  # a busy Python thread costs the window 42 ms a frame at the default
LOG_BYTES = 1_000_000

log = logging.getLogger("app")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line asked for."""

    files: tuple[Path, ...] = ()
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
        _log_to(home.logs / "window.log")
    except OSError as error:
        _refuse(
            f"Fullbore cannot write to {home.root}: {error.strerror or error}. "
            "Make that folder writable, or set FULLBORE_HOME to another."
        )
        return 1
    if home.lock.exists() and _handed_over(home, options.files):
        return 0
    sys.setswitchinterval(SWITCH_SECONDS)
    app = QApplication([sys.argv[0]])
    app.setApplicationName("fullbore")
    app.setApplicationDisplayName("Fullbore")
    app.setDesktopFileName(DESKTOP_FILE)
    app.setWindowIcon(QIcon((ASSETS / "icons" / "fullbore-256.png").as_posix()))
    fullbore = Fullbore(app, home, options, engine_maker(home))
    signals = Signals(app)
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
            server=ServerPresenter(self._bridge),
            discover=DiscoverPresenter(self._bridge),
            picker=PickerPresenter(self._bridge),
            library=LibraryPresenter(self._bridge, home.models),
            folders=FoldersPresenter(self._bridge, home.models),
            downloads=DownloadsPresenter(self._bridge),
            hub=HubSettingsPresenter(self._bridge, proxies=SystemProxies()),
            appearance=AppearancePresenter(self._settings),
            placement=PlacementPresenter(self._bridge),
            calibration=CalibrationPresenter(self._bridge, self._settings),
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
        self.window.close()
        self.screens.chat.close()
        self.screens.chats.close()
        self.screens.keeping.close()
        self.screens.placement.close()
        self._bridge.close()
        self._mathematics.close()
        self._store.close()
        if self._heartbeat is not None:
            beats, worst = self._heartbeat.beats, self._heartbeat.worst_ms
            sys.stdout.write(f"heartbeat: worst gap {worst:.1f} ms in {beats} beats\n")
            sys.stdout.flush()

    def _painted(self) -> None:
        if self._options.first_paint:
            sys.stdout.write(f"first paint: {process_age_ms():.0f} ms\n")
            sys.stdout.flush()
            self.window.close()
            return
        self._bridge.start()
        threading.Thread(target=_warm_colours, name="colours", daemon=True).start()
        chat = read_window_state(self._state_file).chat
        if chat is not None:
            self.screens.chat.open_chat(chat)
        for trouble in (self._settings.trouble, self._store.trouble):
            if trouble is not None:
                self.window.banner.say(failures.told(trouble))
        if self._settings.settings.daily_backup:
            self.screens.keeping.back_up_daily(self._home.root / "backups")
        if self._options.files:
            self._open(self._options.files)

    def _measure(self) -> None:
        """From now on models load and answers stream: the window must never wait."""
        if self._options.heartbeat:
            self._heartbeat = Heartbeat(self)

    def _make_window(self) -> MainWindow:
        place = Place(
            icon=ASSETS / "icons" / "fullbore-256.png",
            models_folder=self._home.models,
            about=self._about,
            mathematics=self._mathematics,
        )
        return MainWindow(self.screens, self.look, place)

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
        old.close()
        old.deleteLater()

    def _hear(self, event: Event) -> None:
        if isinstance(event, FilesHanded):
            self.window.come_forward()
            self._open(tuple(Path(path) for path in event.paths))

    def _open(self, files: tuple[Path, ...]) -> None:
        for file in files[:1]:  # one model at a time
            self.screens.models.choose(str(file))

    def _fail(self, error: EngineError) -> None:
        self.window.banner.say(failures.told(error))

    def _tell_bug(
        self, kind: type[BaseException], bug: BaseException, trace: TracebackType | None
    ) -> None:
        log.critical("A bug on the window's thread", exc_info=(kind, bug, trace))
        sentence = self.tr("Something went wrong inside Fullbore. The log has all of it: {0}")
        self.window.banner.say(sentence.format(self._home.logs / "window.log"))


class Signals(QObject):
    """Ctrl+C and SIGTERM close the window as a click would."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        # Python runs its signal handlers between bytecodes only, and Qt's loop has none: the
        # byte that a signal writes here wakes it.
        self._app = app
        self._read, self._write = socket.socketpair()
        for end in (self._read, self._write):
            end.settimeout(0)
        self._before = signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._drain)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._quit)

    def close(self) -> None:
        """Hear no more."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before)
        self._read.close()
        self._write.close()

    def _quit(self, number: int, frame: FrameType | None) -> None:
        del frame
        log.info("Closed by signal %s", number)
        self._app.quit()

    def _drain(self) -> None:
        try:
            self._read.recv(64)
        except BlockingIOError:
            return


class SystemProxies(Mapping[str, str]):
    """The system's proxies, read when somebody looks: the first paint does not pay for it."""

    @override
    def __getitem__(self, scheme: str) -> str:
        return _proxies()[scheme]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(_proxies())

    @override
    def __len__(self) -> int:
        return len(_proxies())


def _proxies() -> dict[str, str]:
    from urllib.request import getproxies  # noqa: PLC0415 (30 ms)

    return getproxies()


def version() -> str:
    """Of this program, as installed; "0" where it is not."""
    from importlib import metadata  # noqa: PLC0415 (60 ms, and only shown when asked for)

    try:
        return metadata.version("fullbore")
    except metadata.PackageNotFoundError:
        return "0"


def engine_maker(home: Home) -> Callable[[], EngineSurface]:
    """Makes the engine on its own thread, which also pays for importing it."""

    def make() -> EngineSurface:
        # Here rather than on the window's thread, which needs it with the first message.
        import_module("app.widgets.transcript.transcript")
        from engine.config import read_config  # noqa: PLC0415
        from engine.engine import Engine  # noqa: PLC0415

        return Engine(home, read_config(home.engine_toml))

    return make


def no_display(environment: Mapping[str, str], system: str) -> str | None:
    """Why no window can be shown here; None if one can."""
    if not system.startswith("linux") or environment.get("QT_QPA_PLATFORM"):
        return None
    if environment.get("WAYLAND_DISPLAY"):
        return None
    display = environment.get("DISPLAY")
    if not display:
        return "There is no display: neither DISPLAY nor WAYLAND_DISPLAY is set."
    if display.startswith(":") and not _listens(display[1:].split(".")[0]):
        return f"There is no display: nothing listens at {display}."
    return _missing_library()


def _missing_library() -> str | None:
    """Qt would abort the process without it; a frozen bundle brings its own."""
    if getattr(sys, "frozen", False):
        return None
    try:
        ctypes.CDLL("libxcb-cursor.so.0")
    except OSError:
        return "The window needs libxcb-cursor0: sudo apt-get install libxcb-cursor0"
    return None


def _listens(number: str) -> bool:
    path = f"/tmp/.X11-unix/X{number}"  # noqa: S108 (where X has its sockets)
    for address in (f"\0{path}", path):
        with socket.socket(socket.AF_UNIX) as knock:
            knock.settimeout(1)
            result = knock.connect_ex(address)
            if result in (0, errno.EAGAIN):
                return True
    return False


def _handed_over(home: Home, files: tuple[Path, ...]) -> bool:
    """Whether a window that owns this home took the files and came forward."""
    from engine.handover.visitor import hand_over  # noqa: PLC0415 (needed by second starts alone)

    return hand_over(home, tuple(str(file) for file in files))


def _log_to(file: Path) -> None:
    writer = RotatingFileHandler(file, maxBytes=LOG_BYTES, backupCount=3, encoding="utf-8")
    writer.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s")
    )
    logging.basicConfig(level=logging.INFO, handlers=[writer])


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
