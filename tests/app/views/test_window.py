"""The window as a whole: keyboard, names, looks, languages, state."""

import sys
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from app.main import ASSETS
from app.starting import no_display
from app.theme.tokens import DARK, LIGHT
from app.views.languages import Words
from app.views.settings.settings_dialog import SettingsDialog
from app.views.vitals import FirstPaint, Heartbeat, process_age_ms
from tests.app.views.conftest import Shown
from tests.support.engine import shelf_model

# Qt's offscreen platform says so of every window with a size of its own.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")

TRANSLATION = ASSETS / "translations" / "fullbore_zh_CN.ts"


def test_that_the_cursor_is_in_the_composer_at_the_start(qtbot: QtBot, shown: Shown) -> None:
    shown.window.activateWindow()
    qtbot.waitUntil(shown.window.composer.edit.hasFocus)


def test_that_tab_reaches_every_control(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    shown.window.activateWindow()
    qtbot.waitUntil(shown.window.composer.edit.hasFocus)
    reached: set[QWidget | None] = set()
    for _ in range(40):
        reached.add(QApplication.focusWidget())
        holder = QApplication.focusWidget()
        assert holder is not None
        QTest.keyClick(holder, Qt.Key.Key_Tab)
    window = shown.window
    wanted = {
        window.composer.edit,
        window.sidebar.new_chat,
        window.sidebar.search,
        window.sidebar.chats,
        window.header.picker,
    }
    assert wanted <= reached


def test_that_every_control_has_a_name(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    shown.window.open_discover()
    shown.window.open_library()
    shown.window.open_placement()
    shown.window.open_settings()
    nameless = [
        thing
        for kind in (QAbstractButton, QLineEdit, QComboBox, QSpinBox)
        for thing in shown.window.findChildren(kind)
        if not thing.accessibleName()
        and not (isinstance(thing, QAbstractButton) and thing.text())
        and not thing.objectName().startswith("qt_")
        and type(thing).__name__ != "QToolButton"  # the clear button inside a line
    ]
    assert nameless == []


def test_that_the_panels_go_and_come_by_keyboard(qtbot: QtBot, shown: Shown) -> None:
    for key, panel in ((Qt.Key.Key_B, shown.window.sidebar), (Qt.Key.Key_H, shown.window.panel)):
        QTest.keyClick(shown.window, key, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(panel.isHidden)
        QTest.keyClick(shown.window, key, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(panel.isVisible)


def test_that_the_look_changes_at_once_when_chosen(qtbot: QtBot, shown: Shown) -> None:
    dialog = shown.window.open_settings()
    assert isinstance(dialog, SettingsDialog)
    theme = dialog.appearance.theme.box
    theme.setCurrentIndex(theme.findData("dark"))
    theme.activated.emit(theme.currentIndex())
    assert shown.look.tokens is DARK
    assert shown.window.palette().window().color().name() == DARK.bg
    shown.screens.appearance.set_theme("light")
    assert shown.look.tokens is LIGHT
    assert shown.window.palette().window().color().name() == LIGHT.bg


def test_that_the_window_comes_back_where_it_was(shown: Shown) -> None:
    shown.window.resize(700, 520)
    state = shown.window.state
    shown.window.resize(780, 560)
    shown.window.restore(state)
    assert (shown.window.width(), shown.window.height()) == (700, 520)


def test_that_no_word_is_left_untranslated() -> None:
    messages = ElementTree.parse(TRANSLATION).getroot().iter("message")
    unfinished = [
        message.findtext("source")
        for message in messages
        if not message.findtext("translation") or message.find("translation[@type]") is not None
    ]
    assert unfinished == []


def test_that_the_window_speaks_chinese_when_told_to(qapp: QApplication) -> None:
    words = Words(qapp, ASSETS / "translations")
    words.speak("zh_CN")
    try:
        assert qapp.translate("Sidebar", "New chat") == "新对话"
        assert qapp.translate("QPlatformTheme", "Cancel") == "取消"
    finally:
        words.speak("en")
    assert qapp.translate("Sidebar", "New chat") == "New chat"


def test_that_the_first_paint_is_told_once_and_the_heart_beats(qtbot: QtBot, shown: Shown) -> None:
    painted: list[float] = []
    FirstPaint(shown.window, lambda: painted.append(process_age_ms()))
    shown.window.update()
    qtbot.waitUntil(lambda: len(painted) == 1)
    heart = Heartbeat(shown.window)
    qtbot.waitUntil(lambda: heart.beats > 3)
    assert 0 < heart.worst_ms < 10_000
    assert painted[0] > 0


@pytest.mark.skipif(sys.platform != "linux", reason="displays are named so on Linux alone")
def test_that_a_missing_display_is_told_in_one_sentence() -> None:
    assert "no display" in (no_display({}, "linux") or "")
    assert ":4242" in (no_display({"DISPLAY": ":4242"}, "linux") or "")
    assert no_display({"QT_QPA_PLATFORM": "offscreen"}, "linux") is None
    assert no_display({}, "win32") is None


def test_that_a_narrow_window_shows_one_side_at_a_time(qtbot: QtBot, shown: Shown) -> None:
    window = shown.window
    window.resize(640, 480)
    qtbot.waitUntil(window.panel.isHidden)
    assert window.sidebar.isVisible()
    window.header.panel_wanted.emit()
    assert window.panel.isVisible()
    assert window.sidebar.isHidden()
    window.header.sidebar_wanted.emit()
    assert window.sidebar.isVisible()
    assert window.panel.isHidden()
    window.resize(1280, 820)
    qtbot.waitUntil(window.panel.isVisible)


def test_that_a_panel_that_lacked_room_comes_back(qtbot: QtBot, shown: Shown) -> None:
    window = shown.window
    window.resize(640, 480)
    qtbot.waitUntil(window.panel.isHidden)
    window.resize(1280, 820)
    qtbot.waitUntil(window.panel.isVisible)


def test_that_a_long_model_s_name_is_shortened_and_comes_back(qtbot: QtBot, shown: Shown) -> None:
    name = "Some-Long-Model-Name-Instruct.Q4_K_M"
    shown.engine.shelf = (shelf_model(name),)
    shown.start(qtbot)
    picker = shown.window.header.picker
    shown.window.resize(640, 480)
    qtbot.waitUntil(lambda: "…" in picker.text())
    shown.window.resize(1280, 820)
    qtbot.waitUntil(lambda: picker.text().strip() == name)


def test_that_the_chat_s_title_stands_beside_the_chat_alone(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    assert shown.window.header.title == "New chat"
    shown.window.open_discover()
    assert shown.window.header.title == ""
    shown.window.open_chat()
    assert shown.window.header.title == "New chat"
