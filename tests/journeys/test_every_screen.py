"""Every command of the window, at once after its start and in the midst of a chat."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.main import Fullbore
from engine.config import Home
from tests.journeys.windows import ask, wait_for_answer, wait_for_model, window
from tests.support.homes import home_with

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(120),
    pytest.mark.qt_log_ignore("This plugin does not support", "edit: editing failed"),
]

# They ask the system for a file, or end the window.
LEFT_OUT = {"quit", "import", "back-up", "restore", "attach"}


def do_everything(fullbore: Fullbore, qtbot: QtBot, app: QApplication) -> None:
    """Each command, in its order; what it opened is drawn, and closed again."""
    for command in fullbore.window.commands.fixed:
        if command.key in LEFT_OUT:
            continue
        command.act()
        for shown in app.topLevelWidgets():
            if shown.isVisible():
                shown.grab()
        for popup in app.topLevelWidgets():
            if popup is not fullbore.window and popup.isVisible():
                popup.close()
    for _ in range(2):
        with qtbot.waitSignal(fullbore.screens.monitor.ticked, timeout=10_000):
            pass


def test_that_every_command_works_before_anything_was_loaded(
    qapp: QApplication, qtbot: QtBot, home: Home
) -> None:
    with window(qapp, home) as fullbore:
        do_everything(fullbore, qtbot, qapp)
        do_everything(fullbore, qtbot, qapp)


def test_that_every_command_works_in_a_chat(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, model_file: Path
) -> None:
    with window(qapp, home_with(model_file, tmp_path / "home")) as fullbore:
        wait_for_model(qtbot, fullbore)
        ask(fullbore, "Say hello.")
        do_everything(fullbore, qtbot, qapp)
        wait_for_answer(qtbot, fullbore)
        do_everything(fullbore, qtbot, qapp)
