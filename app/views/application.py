"""The application: what the system says to it, and who else is at home."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFileOpenEvent, QIcon
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from app.settings import SettingsFile
from app.theme.stylesheet import dress
from app.theme.tokens import tokens_of
from app.views.languages import Words
from engine.errors import HomeBusy
from engine.handover.lock import is_owned

if TYPE_CHECKING:
    from pathlib import Path

    from app.views.occupied_dialog import Neighbour
    from engine.config import Home
    from engine.handover.visitor import Met


class Application(QApplication):
    """Tells what the system wants of a program that runs."""

    opened = Signal(str)  # a file or a link: macOS hands them over so
    ending = Signal()  # it is to end, whatever its windows make of being closed

    def __init__(self, icon: Path, desktop_file: str) -> None:
        super().__init__([sys.argv[0]])
        self.setApplicationName("fullbore")
        self.setApplicationDisplayName("Fullbore")
        self.setDesktopFileName(desktop_file)
        self.setWindowIcon(QIcon(icon.as_posix()))
        self.commitDataRequest.connect(self.ending)  # the session ends

    @override
    def event(self, arg__1: QEvent) -> bool:
        if isinstance(arg__1, QFileOpenEvent):
            self.opened.emit(arg__1.file() or arg__1.url().toString())
            return True
        if arg__1.type() == QEvent.Type.Quit:
            self.ending.emit()
        return super().event(arg__1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Neighbour:
    home: Home

    def is_there(self) -> bool:
        return is_owned(self.home)

    def ask_to_end(self) -> None:
        from engine.handover.visitor import Visitor  # noqa: PLC0415 (needed here alone)

        try:
            asyncio.run(Visitor(self.home).dismiss())
        except TimeoutError:
            raise HomeBusy("Another Fullbore owns this home, but does not answer.") from None


def neighbour(home: Home) -> Neighbour:
    """Whoever owns that home."""
    return _Neighbour(home=home)


def freed(app: QApplication, home: Home, met: Met, assets: Path) -> bool:
    """Ask what to do about somebody without a window who owns the home: is it free now?"""
    from app.views.occupied_dialog import OccupiedDialog  # noqa: PLC0415 (rarely needed)

    settings = SettingsFile(home.ui_toml).settings
    dark = app.styleHints().colorScheme() is Qt.ColorScheme.Dark
    dark = settings.theme == "dark" or (settings.theme == "system" and dark)
    dress(app, tokens_of(settings.accent, dark=dark), settings.text_percent)
    words = Words(app, assets / "translations")
    words.speak(settings.language)
    app.setQuitOnLastWindowClosed(False)
    answer = OccupiedDialog(neighbour(home), met.owner).exec()
    app.setQuitOnLastWindowClosed(True)
    words.speak("en")  # the window speaks for itself
    return answer == OccupiedDialog.DialogCode.Accepted
