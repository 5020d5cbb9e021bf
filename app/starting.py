"""What a start needs before there is a window: a display, a log, signals, who came first."""

import ctypes
import errno
import logging
import signal
import socket
import sys
from collections.abc import Iterator, Mapping
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import FrameType

from PySide6.QtCore import QCoreApplication, QObject, QSocketNotifier
from typing_extensions import override

from app.autostart import Autostart, autostart_of, command

LOG_BYTES = 1_000_000

log = logging.getLogger("app")


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


def log_to(file: Path) -> None:
    """Write the window's log there. Raises OSError."""
    writer = RotatingFileHandler(file, maxBytes=LOG_BYTES, backupCount=3, encoding="utf-8")
    writer.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s")
    )
    logging.basicConfig(level=logging.INFO, handlers=[writer])


class Signals(QObject):
    """Ctrl+C and SIGTERM end it, also while there is no window."""

    def __init__(self, app: QCoreApplication) -> None:
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


def own_taskbar_button(name: str) -> None:
    """On Windows the window's button is that of the start menu's entry, which has the same name.

    Else it would be Python's: pinned, it would start pythonw.exe without a word. Before any window.
    """
    if sys.platform == "win32":
        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(ctypes.c_wchar_p(name))


def own_autostart(environment: Mapping[str, str]) -> Autostart | None:
    """This system's way to start this program with the session, if it has one for us."""
    frozen = bool(getattr(sys, "frozen", False))
    words = command(environment, Path(sys.executable), frozen=frozen)
    return autostart_of(sys.platform, environment, Path.home(), words)


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


def own_addresses() -> tuple[str, ...]:
    """The numbers by which this computer is known in its networks, the likeliest first."""
    from PySide6.QtNetwork import QAbstractSocket, QNetworkInterface  # noqa: PLC0415 (as above)

    wanted = QNetworkInterface.InterfaceFlag.IsUp | QNetworkInterface.InterfaceFlag.IsRunning
    loopback = QNetworkInterface.InterfaceFlag.IsLoopBack
    kinds = (QNetworkInterface.InterfaceType.Ethernet, QNetworkInterface.InterfaceType.Wifi)
    found: list[tuple[bool, str]] = []
    for card in QNetworkInterface.allInterfaces():
        flags = card.flags()
        if flags & wanted != wanted or flags & loopback:
            continue
        for entry in card.addressEntries():
            address = entry.ip()
            if address.protocol() != QAbstractSocket.NetworkLayerProtocol.IPv4Protocol:
                continue
            if not address.isLinkLocal():
                found.append((card.type() not in kinds, address.toString()))
    return tuple(address for _, address in sorted(found))


def version() -> str:
    """Of this program, as installed; "0" where it is not."""
    from importlib import metadata  # noqa: PLC0415 (60 ms, and only shown when asked for)

    try:
        return metadata.version("fullbore")
    except metadata.PackageNotFoundError:
        return "0"
