"""Closing the window, with and without a tray; what starts with the session."""

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from app.presenters.startup import StartupPresenter
from app.views.monitor.companions import Companions
from app.views.settings.startup_section import StartupSection
from tests.app.views.conftest import Shown

# Qt's offscreen plugin warns so where a dialog has a smallest size.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")


@pytest.fixture
def companions(shown: Shown) -> Companions:
    """Of a desktop that has a tray, which the person wants."""
    shown.window.companions.tray_there = lambda: True
    shown.screens.appearance.change("tray", value=True)
    return shown.window.companions


def press(told: QMessageBox | None, role: QMessageBox.ButtonRole) -> None:
    assert told is not None
    next(one for one in told.buttons() if told.buttonRole(one) is role).click()


def test_that_the_window_goes_to_the_tray_and_says_so_once(
    qtbot: QtBot, shown: Shown, companions: Companions
) -> None:
    shown.start(qtbot)
    shown.window.close()
    assert shown.window.isVisible()
    press(companions.explanation, QMessageBox.ButtonRole.AcceptRole)
    assert not shown.window.isVisible()
    assert not QApplication.quitOnLastWindowClosed()
    shown.window.come_forward()
    assert shown.window.isVisible()
    assert QApplication.quitOnLastWindowClosed()
    qtbot.waitUntil(lambda: companions.explanation is None)
    shown.window.close()
    assert not shown.window.isVisible()
    assert companions.explanation is None
    assert shown.screens.models.loaded == ("tiny",)
    shown.window.come_forward()


def test_that_the_first_time_it_may_end_or_stay(
    qtbot: QtBot, shown: Shown, companions: Companions
) -> None:
    shown.window.close()
    press(companions.explanation, QMessageBox.ButtonRole.RejectRole)
    assert shown.window.isVisible()
    qtbot.waitUntil(lambda: companions.explanation is None)
    shown.window.close()
    press(companions.explanation, QMessageBox.ButtonRole.DestructiveRole)
    qtbot.waitUntil(lambda: not shown.window.isVisible())
    assert not shown.screens.appearance.settings.tray_told


def test_that_to_quit_is_to_end_it(shown: Shown, companions: Companions) -> None:
    companions.quit()
    assert not shown.window.isVisible()
    assert companions.explanation is None


@pytest.mark.parametrize("lacks", ["the wish", "the tray"])
def test_that_without_a_tray_closing_ends_it(
    shown: Shown, companions: Companions, lacks: str
) -> None:
    companions.tray_there = lambda: lacks != "the tray"
    shown.screens.appearance.change("tray", value=lacks != "the wish")
    shown.window.close()
    assert not shown.window.isVisible()
    assert QApplication.quitOnLastWindowClosed()


def test_that_the_switch_is_what_the_system_has(qtbot: QtBot, shown: Shown) -> None:
    startup = shown.screens.startup
    section = StartupSection(shown.screens.appearance, startup)
    qtbot.addWidget(section)
    assert not section.switch.isChecked()
    section.switch.click()
    assert startup.on
    assert section.autostart.reset.isVisibleTo(section)
    section.autostart.reset.click()
    assert not startup.on
    assert not section.switch.isChecked()


def test_that_what_this_desktop_lacks_is_said(qtbot: QtBot, shown: Shown) -> None:
    section = StartupSection(shown.screens.appearance, StartupPresenter(None, lambda: False))
    qtbot.addWidget(section)
    assert "has no tray" in section.tray.sentence
    assert not section.switch.isEnabled()
    assert "cannot arrange" in section.autostart.sentence
