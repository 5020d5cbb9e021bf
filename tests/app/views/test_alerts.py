"""Alerts in the window, on the desktop, in the small monitor and in the settings."""

import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from app.settings import WindowState
from app.views.monitor.companions import Companions
from app.views.monitor.mini_window import MiniWindow
from app.views.monitor.tray import Tray, gauges, painted
from app.views.settings.alerts_section import AlertRow
from engine.monitor.values import AlertKind
from tests.app.views.conftest import Shown
from tests.support.alerts import hot
from tests.support.engine import FakeEngine

# Qt's offscreen platform says so of every window with a size of its own.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")


def tell(shown: Shown, verb: Callable[[FakeEngine], object]) -> None:
    """On the engine's thread."""
    shown.bridge.tell(lambda _: verb(shown.engine))


def test_that_an_alert_stands_in_the_window_until_it_is_over(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    strip = shown.window.alerts
    assert strip.isHidden()
    tell(shown, lambda engine: engine.alerts.start(hot()))
    qtbot.waitUntil(strip.isVisible)
    assert "Test card 0 has 91 °C." in strip.words
    assert "Give it air" in strip.words
    tell(shown, lambda engine: engine.alerts.end(hot()))
    qtbot.waitUntil(strip.isHidden)


def test_that_each_alert_is_sent_away_by_itself_and_stays_in_the_list(
    qtbot: QtBot, shown: Shown
) -> None:
    shown.start(qtbot)
    strip = shown.window.alerts
    for card in range(3):
        tell(shown, lambda engine, card=card: engine.alerts.start(hot(card)))
    qtbot.waitUntil(lambda: len(shown.screens.alerts.raised) == 3)
    assert len(strip.rows) == 2
    assert strip.more.text() == "1 more alerts"
    strip.rows[-1].dismiss.click()
    assert "Test card 2" not in strip.words
    assert strip.more.isHidden()
    dialog = shown.window.alerts.open_all()
    assert dialog.panel.words.count("since") == 3


def test_that_what_was_wrong_before_is_read_at_the_start(qtbot: QtBot, shown: Shown) -> None:
    shown.engine.alerts.start(hot(1))
    shown.engine.alerts.end(hot(1))
    shown.engine.alerts.logged = (*shown.engine.alerts.logged, hot(2, minutes_ago=60))
    shown.engine.alerts.start(hot(0))
    shown.start(qtbot)
    alerts = shown.screens.alerts
    qtbot.waitUntil(lambda: len(alerts.recent) == 3)
    assert [alert.card for alert in alerts.raised] == [0]
    dialog = shown.window.alerts.open_all()
    first, *_, last = dialog.panel.words.splitlines()
    assert "since" in first
    assert "5 min 0 s" in dialog.panel.words
    assert "since" not in last
    shown.screens.appearance.set_theme("dark")


def test_that_an_alert_that_comes_back_is_shown_again(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    alerts = shown.screens.alerts
    tell(shown, lambda engine: engine.alerts.start(hot()))
    qtbot.waitUntil(lambda: len(alerts.shown) == 1)
    alerts.dismiss(hot())
    assert alerts.shown == ()
    tell(shown, lambda engine: engine.alerts.end(hot()))
    tell(shown, lambda engine: engine.alerts.start(hot(minutes_ago=-9)))
    qtbot.waitUntil(lambda: len(alerts.shown) == 1)


def test_that_the_settings_of_a_kind_reach_the_engine(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    dialog = shown.window.open_settings()
    row = next(one for one in dialog.rows if one.key == "alerts.hot")
    assert isinstance(row, AlertRow)
    assert row.switch.isChecked()
    row.threshold.setValue(9)
    qtbot.waitUntil(lambda: shown.engine.config.alerts.hot.threshold == 9)
    qtbot.waitUntil(lambda: not row.reset.isHidden())
    row.switch.click()
    qtbot.waitUntil(lambda: not shown.engine.config.alerts.hot.on)
    assert shown.engine.config.alerts.hot.threshold == 9
    qtbot.waitUntil(lambda: not row.seconds.isEnabled())
    row.reset.click()
    qtbot.waitUntil(lambda: shown.engine.config.alerts.hot.on)
    assert shown.engine.config.alerts.hot.threshold == 5
    assert shown.engine.config.alerts.memory_high.threshold == 85
    assert {f"alerts.{kind.value}" for kind in AlertKind} <= {one.key for one in dialog.rows}


def companions(shown: Shown) -> Companions:
    return shown.window.companions


def mini(shown: Shown) -> MiniWindow:
    found = companions(shown).mini
    assert found is not None
    return found


def test_that_the_small_monitor_shows_every_card_and_hides_by_escape(
    qtbot: QtBot, shown: Shown
) -> None:
    shown.start(qtbot)
    assert companions(shown).mini is None
    companions(shown).turn_mini()
    assert mini(shown).isVisible()
    tell(shown, lambda engine: engine.read(1.0))
    qtbot.waitUntil(lambda: "GPU 0 25 % · 61 °C" in mini(shown).words)
    assert mini(shown).words.startswith("Idle")
    assert mini(shown).windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    assert not mini(shown).testAttribute(Qt.WidgetAttribute.WA_QuitOnClose)
    mini(shown).move(70, 90)
    QTest.keyClick(mini(shown), Qt.Key.Key_Escape)
    assert mini(shown).isHidden()
    assert shown.window.state.mini == (70, 90)
    assert not shown.window.state.mini_shown
    companions(shown).turn_mini()
    assert (mini(shown).x(), mini(shown).y()) == (70, 90)
    assert shown.window.state.mini_shown


def test_that_the_small_monitor_comes_back_with_the_window_and_never_off_the_screen(
    shown: Shown,
) -> None:
    shown.window.hide()
    shown.window.restore(WindowState(mini=(90_000, -5000), mini_shown=True))
    shown.window.show()
    assert mini(shown).isVisible()
    room = mini(shown).screen().availableGeometry()
    assert room.contains(mini(shown).geometry().center())
    shown.window.close()
    assert mini(shown).isHidden()
    assert shown.window.state.mini_shown


def test_that_the_small_monitor_goes_with_its_window(qtbot: QtBot, shown: Shown) -> None:
    small = MiniWindow(shown.screens.machine, shown.look.tokens)
    gone: list[bool] = []
    small.destroyed.connect(lambda: gone.append(True))
    small.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qtbot.waitUntil(lambda: gone == [True])
    tell(shown, lambda engine: engine.read(time.monotonic()))


def test_that_the_tray_is_there_when_it_is_wanted_and_the_desktop_has_one(shown: Shown) -> None:
    assert companions(shown).tray is None
    shown.screens.appearance.change("tray", value=True)
    tray = companions(shown).tray
    assert tray is not None
    assert tray.icon.isVisible() == QSystemTrayIcon.isSystemTrayAvailable()
    shown.screens.appearance.change("tray", value=False)
    assert not tray.icon.isVisible()


def test_that_the_tray_s_icon_tells_the_fullest_card_and_its_menu_works(
    qtbot: QtBot, shown: Shown
) -> None:
    shown.start(qtbot)
    tray = Tray(shown.screens.machine, shown.screens.server, shown.look.tokens, shown.window)
    tell(shown, lambda engine: engine.read(1.0))
    qtbot.waitUntil(lambda: tray.icon.toolTip() == "GPU 0: 25 % · 61 °C")
    empty, full = painted(0.0, shown.look.tokens), painted(0.99, shown.look.tokens)
    assert empty.toImage() != full.toImage()
    shown_ones = [action for action in tray.menu.actions() if action.isVisible()]
    names = [action.text() for action in shown_ones if action.text()]
    assert names == ["Show Fullbore", "New chat", "Open the local port", "Unload", "Quit"]
    tray.menu.actions()[2].trigger()
    qtbot.waitUntil(lambda: shown.engine.address is not None)
    qtbot.waitUntil(lambda: tray.menu.actions()[2].text() == "Close the local port")
    qtbot.waitUntil(tray.menu.actions()[3].isVisible)
    tray.menu.actions()[3].trigger()
    assert QApplication.clipboard().text() == shown.engine.address
    assert gauges(None) == ()


def test_that_an_alert_is_noted_once_while_nobody_looks(
    qtbot: QtBot, shown: Shown, qapp: QApplication
) -> None:
    shown.start(qtbot)
    shown.screens.appearance.change("notify", value=False)
    tell(shown, lambda engine: engine.alerts.start(hot(0)))
    qtbot.waitUntil(lambda: len(shown.screens.alerts.raised) == 1)
    assert companions(shown).tray is None
    shown.screens.appearance.change("notify", value=True)
    shown.window.hide()
    qtbot.waitUntil(lambda: qapp.activeWindow() is not shown.window)
    tell(shown, lambda engine: engine.alerts.start(hot(1)))
    qtbot.waitUntil(lambda: companions(shown).tray is not None)


def test_that_the_monitor_s_button_turns_the_small_one(shown: Shown) -> None:
    screen = shown.window.open_monitor()
    screen.mini.click()
    assert mini(shown).isVisible()
    screen.mini.click()
    assert mini(shown).isHidden()
