"""The doctor's dialog: what it says, how it is stopped, what is copied."""

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.views.monitor.doctor_dialog import DoctorDialog
from engine.errors import CalibrationFailed
from tests.app.views.conftest import Shown

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")


def opened(shown: Shown, qtbot: QtBot) -> DoctorDialog:
    shown.start(qtbot)
    dialog = shown.window.open_doctor()
    assert isinstance(dialog, DoctorDialog)
    return dialog


def test_that_it_examines_as_it_opens_and_tells_what_is_wrong_first(
    qtbot: QtBot, shown: Shown
) -> None:
    dialog = opened(shown, qtbot)
    qtbot.waitUntil(lambda: len(dialog.words) == 3)
    wrong, better, good = dialog.words
    assert wrong.startswith("Folders. ✗ Wrong. Nothing can be written to a folder.")
    assert "Give yourself the right" in wrong
    assert better.startswith("PCIe, 1. ! Could be better.")
    assert good.startswith("Driver. ✓ Good.")
    assert dialog.summary.text() == "1 wrong, 1 could be better, 1 good"
    dialog.again.click()
    qtbot.waitUntil(lambda: shown.engine.doctor.times == 2 and not dialog.bar.isVisible())
    dialog.copy.click()
    assert "✗ fail  folders" in QGuiApplication.clipboard().text()
    dialog.accept()


def test_that_it_shows_how_far_it_is_and_can_be_stopped(qtbot: QtBot, shown: Shown) -> None:
    shown.engine.doctor.holds = True
    dialog = opened(shown, qtbot)
    qtbot.waitUntil(lambda: dialog.bar.value() == 50)
    assert dialog.bar.isVisible()
    assert not dialog.copy.isEnabled()
    dialog.again.click()
    qtbot.waitUntil(lambda: shown.engine.doctor.cancelled)
    assert not dialog.bar.isVisible()
    assert dialog.summary.text() == "Not examined"
    dialog.accept()


def test_that_closing_it_ends_the_examination(qtbot: QtBot, shown: Shown) -> None:
    shown.engine.doctor.holds = True
    dialog = opened(shown, qtbot)
    qtbot.waitUntil(lambda: dialog.bar.value() == 50)
    dialog.reject()
    qtbot.waitUntil(lambda: shown.engine.doctor.cancelled)
    assert not shown.screens.doctor.examining


def test_that_a_failure_is_said_in_the_dialog(qtbot: QtBot, shown: Shown) -> None:
    shown.engine.doctor.failure = CalibrationFailed("It could not be examined.")
    dialog = opened(shown, qtbot)
    qtbot.waitUntil(lambda: "could not be examined" in dialog.banner.sentence)
    dialog.accept()


def test_that_the_settings_open_it(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    settings = shown.window.open_settings()
    settings.machine.examine.click()
    dialog = settings.findChild(DoctorDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: len(dialog.words) == 3)
    dialog.accept()
    settings.accept()
