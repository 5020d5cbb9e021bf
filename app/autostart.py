"""Whether Fullbore starts with the session, as the system keeps it; knows no Qt.

Nothing of this is remembered by Fullbore itself: whoever looks sees what the system would do. An
entry that starts another copy, or that was turned off elsewhere, counts as off; turning it on here
writes it anew.
"""

import plistlib
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from xml.parsers.expat import ExpatError

from typing_extensions import override

from engine.errors import EngineError

NAME = "io.github.fullbore.Fullbore"  # of the entry on Linux and macOS; uninstallers know it
RUN_VALUE = "Fullbore"  # and of the one on Windows
RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
_APPROVED_KEY = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
_LAUNCHER = "fullbore-window.exe"
_SPECIAL = str.maketrans({letter: f"\\{letter}" for letter in '"`$\\'})


class AutostartFailed(EngineError):
    """The system does not take the entry."""

    code = "autostart_failed"
    remedy = "Check that its folder may be written to, or use the system's own settings."


class Autostart(Protocol):
    """One system's way."""

    def is_on(self) -> bool:
        """Whether this Fullbore starts with the next session."""
        ...

    def turn(self, *, on: bool) -> None:
        """Have it start, or not. Raises AutostartFailed."""
        ...


class Registry(Protocol):
    """The person's part of Windows' registry."""

    def read(self, key: str, name: str) -> object: ...
    def write(self, key: str, name: str, value: str) -> None: ...
    def delete(self, key: str, name: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DesktopEntry:
    """Linux: a file in the desktop's folder of them."""

    file: Path
    command: tuple[str, ...]

    def is_on(self) -> bool:
        """As the desktop would judge."""
        try:
            lines = [line.strip() for line in self.file.read_text("utf-8").splitlines()]
        except (OSError, UnicodeDecodeError):
            return False
        if "Hidden=true" in lines or "X-GNOME-Autostart-enabled=false" in lines:
            return False
        return f"Exec={self._exec}" in lines

    def turn(self, *, on: bool) -> None:
        """Raises AutostartFailed."""
        _put(self.file, self._entry.encode() if on else None)

    @property
    def _exec(self) -> str:
        """Quoted twice: as an argument, and as a string of such a file."""
        quoted = " ".join(f'"{word.translate(_SPECIAL)}"' for word in self.command)
        return quoted.replace("%", "%%").replace("\\", "\\\\")

    @property
    def _entry(self) -> str:
        return "\n".join(
            (
                "[Desktop Entry]",
                "Type=Application",
                "Version=1.4",
                "Name=Fullbore",
                f"Exec={self._exec}",
                # Once the program is removed, the desktop passes over what is left here.
                f"TryExec={self.command[0]}".replace("\\", "\\\\"),
                f"Icon={NAME}",
                "Terminal=false",
                "X-GNOME-Autostart-enabled=true",
                "",
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchAgent:
    """MacOS: a property list that launchd reads at login."""

    file: Path
    command: tuple[str, ...]

    def is_on(self) -> bool:
        """As launchd would read it."""
        try:
            return plistlib.loads(self.file.read_bytes()) == self._entry
        except (OSError, ValueError, ExpatError):  # plistlib's own error is a ValueError
            return False

    def turn(self, *, on: bool) -> None:
        """Raises AutostartFailed."""
        _put(self.file, plistlib.dumps(self._entry) if on else None)

    @property
    def _entry(self) -> dict[str, object]:
        return {
            "Label": NAME,
            "ProgramArguments": list(self.command),
            "RunAtLoad": True,
            "ProcessType": "Interactive",
            "LimitLoadToSessionType": "Aqua",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RunKey:
    """Windows: a value of the registry, and the one by which the Task Manager turns it off."""

    registry: Registry
    command: tuple[str, ...]

    def is_on(self) -> bool:
        """As Windows would judge."""
        try:
            wanted = self.registry.read(RUN_KEY, RUN_VALUE)
            approved = self.registry.read(_APPROVED_KEY, RUN_VALUE)
        except OSError:
            return False
        # An odd first byte is how the Task Manager says no.
        refused = isinstance(approved, bytes) and bool(approved) and approved[0] % 2 == 1
        return wanted == subprocess.list2cmdline(self.command) and not refused

    def turn(self, *, on: bool) -> None:
        """Raises AutostartFailed."""
        try:
            if on:
                self.registry.write(RUN_KEY, RUN_VALUE, subprocess.list2cmdline(self.command))
            else:
                self.registry.delete(RUN_KEY, RUN_VALUE)
            self.registry.delete(_APPROVED_KEY, RUN_VALUE)
        except OSError as error:
            raise AutostartFailed(
                f"The registry could not be written: {error.strerror or error}."
            ) from error


def command(environment: Mapping[str, str], program: Path, *, frozen: bool) -> tuple[str, ...]:
    """How this Fullbore is started without its window, with the home it has now.

    `program` is what runs: a bundle's executable, or Python.
    """
    start: tuple[str, ...] = (str(program),)
    image, launcher = environment.get("APPIMAGE"), program.parent.parent / _LAUNCHER
    if frozen and image:  # the bundle itself lies where it was mounted, for this run alone
        start = (image,)
    elif not frozen and program.name.casefold() == "pythonw.exe" and launcher.exists():
        start = (str(launcher),)
    elif not frozen:
        start = (str(program), "-m", "app")
    chosen = environment.get("FULLBORE_HOME")
    home = ("--home", str(Path(chosen).expanduser().absolute())) if chosen else ()
    return (*start, "--hidden", *home)


def autostart_of(
    system: str, environment: Mapping[str, str], own: Path, words: tuple[str, ...]
) -> Autostart | None:
    """This system's way, for the person whose folder is `own`; None where there is none of ours.

    Flatpak lets nothing be written there.
    """
    if "FLATPAK_ID" in environment:
        return None
    if system == "win32":
        return RunKey(registry=_WindowsRegistry(), command=words)
    if system == "darwin":
        file = own / "Library" / "LaunchAgents" / f"{NAME}.plist"
        return LaunchAgent(file=file, command=words)
    settings = environment.get("XDG_CONFIG_HOME", "")
    # The standard has relative ones ignored.
    folder = Path(settings) if Path(settings).is_absolute() else own / ".config"
    return DesktopEntry(file=folder / "autostart" / f"{NAME}.desktop", command=words)


def _put(file: Path, body: bytes | None) -> None:
    try:
        if body is None:
            file.unlink(missing_ok=True)
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(".new")
        draft.write_bytes(body)
        draft.replace(file)
    except OSError as error:
        raise AutostartFailed(f"{file} could not be written: {error.strerror or error}.") from error


class _WindowsRegistry(Registry):
    """What is not there reads as None, and is deleted already."""

    @override
    def read(self, key: str, name: str) -> object:
        if sys.platform != "win32":
            return None
        import winreg  # noqa: PLC0415 (Windows alone has it)

        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
                return winreg.QueryValueEx(opened, name)[0]
        except FileNotFoundError:
            return None

    @override
    def write(self, key: str, name: str, value: str) -> None:
        if sys.platform == "win32":
            import winreg  # noqa: PLC0415 (as above)

            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, key) as opened:
                winreg.SetValueEx(opened, name, 0, winreg.REG_SZ, value)

    @override
    def delete(self, key: str, name: str) -> None:
        if sys.platform == "win32":
            import winreg  # noqa: PLC0415 (as above)

            try:
                access = winreg.KEY_SET_VALUE
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key, access=access) as opened:
                    winreg.DeleteValue(opened, name)
            except FileNotFoundError:
                return
