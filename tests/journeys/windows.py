"""The real window over a home, as a person has it: opened, used with keys, closed."""

import logging
from collections.abc import Generator
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.main import Fullbore, Options, engine_maker
from app.settings import SettingsFile, UiSettings
from engine.chat import Role
from engine.config import Home
from engine.host.facts import Phase

LOAD_MS = 40_000
ANSWER_MS = 40_000


class _Bugs(logging.Handler):
    """What the window logs of its own bugs, which it survives."""

    def __init__(self) -> None:
        super().__init__(logging.CRITICAL)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(logging.Formatter().format(record))


@contextmanager
def window(app: QApplication, home: Home, *, first_run: bool = False) -> Generator[Fullbore]:
    """The window from its opening to its closing, with everything behind it.

    Its person knows the guide, unless it is the `first_run`. No bug may be told in it.
    """
    bugs = _Bugs()
    logging.getLogger("app").addHandler(bugs)
    if not first_run and not home.ui_toml.exists():
        SettingsFile(home.ui_toml).change(UiSettings(guide_done=True))
    fullbore = Fullbore(app, home, Options(), engine_maker(home))
    try:
        fullbore.show()
        yield fullbore
    finally:
        fullbore.close()
        logging.getLogger("app").removeHandler(bugs)
    assert bugs.told == []


def wait_for_model(qtbot: QtBot, fullbore: Fullbore) -> None:
    """Until the first model of the shelf is loaded."""
    qtbot.waitUntil(lambda: fullbore.screens.models.phase is Phase.READY, timeout=LOAD_MS)


def ask(fullbore: Fullbore, question: str) -> None:
    """Type a question into the composer and press Enter."""
    edit = fullbore.window.composer.edit
    QTest.keyClicks(edit, question)
    QTest.keyClick(edit, Qt.Key.Key_Return)


def answer(fullbore: Fullbore) -> str:
    """What has been answered so far; nothing while the question stands last."""
    said = fullbore.screens.chat.messages
    return said[-1].content if said and said[-1].role is Role.ASSISTANT else ""


def wait_for_answer(qtbot: QtBot, fullbore: Fullbore) -> str:
    """Until the answer is complete."""
    qtbot.waitUntil(lambda: not fullbore.screens.chat.busy, timeout=ANSWER_MS)
    return answer(fullbore)
