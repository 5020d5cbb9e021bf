"""The model picker, loading, getting a model, load settings, and the port's switch."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.widgets.icon_button import IconButton
from app.widgets.toggle_switch import ToggleSwitch
from engine.errors import LoadFailed
from engine.host.facts import Phase, StreamsMoved
from tests.app.views.conftest import Shown
from tests.support.engine import shelf_model

# Qt's offscreen platform says so of every window with a size of its own.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def choices(shown: Shown) -> list[QAction]:
    menu = shown.window.header.picker.menu()
    menu.aboutToShow.emit()
    return menu.actions()


def choice(shown: Shown, words: str) -> QAction:
    return next(action for action in choices(shown) if action.text().startswith(words))


def test_that_the_picker_lists_models_with_sizes_and_loads_the_chosen_one(
    qtbot: QtBot, shown: Shown
) -> None:
    shown.engine.shelf = (shelf_model("tiny"), shelf_model("other"))
    shown.start(qtbot)
    assert choice(shown, "tiny").text() == "tiny\t98 MB"
    choice(shown, "other").trigger()
    qtbot.waitUntil(lambda: shown.screens.models.current == "other")
    assert "other" in shown.window.header.picker.text()
    assert "other" in shown.window.composer.edit.placeholderText()


def test_that_the_picker_keeps_its_shortcut_and_shows_an_ampersand(
    qtbot: QtBot, shown: Shown
) -> None:
    shown.engine.shelf = (shelf_model("salt&pepper"),)
    shown.start(qtbot)
    picker = shown.window.header.picker
    qtbot.waitUntil(lambda: picker.text().strip() == "salt&&pepper")
    shown.window.activateWindow()
    qtbot.waitUntil(shown.window.isActiveWindow)
    QTest.keyClick(shown.window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(picker.menu().isVisible)
    picker.menu().hide()
    assert "Ctrl+M" in picker.toolTip()


def test_that_the_headers_numbers_stay_with_the_chats_model(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    qtbot.waitUntil(lambda: shown.screens.models.phase is Phase.READY)

    def badges() -> list[str]:
        labels = shown.window.header.findChildren(QLabel)
        return [one.text() for one in labels if one.property("role") == "badge" and one.text()]

    mine = badges()
    assert any(says.startswith("ctx 0 /") for says in mine)
    told = StreamsMoved(
        model="a client's", streams=2, decode_tps=99.0, context_used_tokens=7, context_tokens=64
    )
    with qtbot.waitSignal(shown.screens.machine.changed):
        shown.bridge.tell(lambda _: shown.engine.tell(told))
    assert badges() == mine


def test_that_a_broken_model_is_shown_but_cannot_be_chosen(qtbot: QtBot, shown: Shown) -> None:
    broken = shelf_model("torn", broken="torn.gguf ends early. Download it again.")
    shown.engine.shelf = (shelf_model("tiny"), broken)
    shown.start(qtbot)
    action = choice(shown, "torn")
    assert not action.isEnabled()
    assert action.toolTip() == broken.broken


def test_that_a_load_shows_how_far_it_is_and_can_be_given_up(qtbot: QtBot, shown: Shown) -> None:
    shown.engine.load_holds = True
    shown.bridge.start()
    strip = shown.window.load_strip
    qtbot.waitUntil(lambda: strip.isVisible() and strip.bar.fraction == 0.5)
    strip.cancel.click()
    qtbot.waitUntil(lambda: not strip.isVisible())
    assert shown.screens.models.phase is Phase.STOPPED


def test_that_a_failed_load_says_why_until_it_is_dismissed(qtbot: QtBot, shown: Shown) -> None:
    shown.engine.load_failure = LoadFailed("llama.cpp refused tiny.")
    shown.bridge.start()
    banner = shown.window.banner
    qtbot.waitUntil(lambda: "llama.cpp refused tiny." in banner.sentence)
    dismiss = banner.findChild(IconButton)
    assert isinstance(dismiss, IconButton)
    dismiss.click()
    assert banner.sentence == ""


def test_that_a_failed_load_is_forgotten_once_a_model_is_ready(qtbot: QtBot, shown: Shown) -> None:
    shown.engine.load_failure = LoadFailed("llama.cpp refused tiny.")
    shown.bridge.start()
    banner = shown.window.banner
    qtbot.waitUntil(lambda: "llama.cpp refused tiny." in banner.sentence)
    shown.engine.load_failure = None
    choice(shown, "tiny").trigger()
    qtbot.waitUntil(lambda: shown.screens.models.phase is Phase.READY)
    assert banner.sentence == ""


def test_that_one_trouble_does_not_hide_another(qtbot: QtBot, shown: Shown) -> None:
    shown.engine.load_failure = LoadFailed("llama.cpp refused tiny.")
    banner = shown.window.banner
    banner.say("The chats are from a later version.")
    banner.say("The chats are from a later version.")
    shown.bridge.start()
    qtbot.waitUntil(lambda: len(banner.sentences) == 2)
    assert banner.sentence.startswith("The chats are from a later version.\nllama.cpp")
    shown.engine.load_failure = None
    choice(shown, "tiny").trigger()
    qtbot.waitUntil(lambda: banner.sentences == ("The chats are from a later version.",))


def test_that_without_a_model_the_window_offers_to_get_one(qtbot: QtBot, shown: Shown) -> None:
    shown.engine.shelf = ()
    shown.start(qtbot)
    qtbot.waitUntil(shown.window.empty.get_model.isVisible)
    shown.window.empty.get_model.click()
    assert shown.window.discover is not None
    assert shown.window.discover.isVisible()


def test_that_the_switch_opens_and_closes_the_port(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    panel = shown.window.server
    switch, copy = panel.findChild(ToggleSwitch), panel.findChild(IconButton)
    assert isinstance(switch, ToggleSwitch)
    assert isinstance(copy, IconButton)
    switch.click()
    qtbot.waitUntil(lambda: shown.engine.address is not None and copy.isVisible())
    copy.click()
    assert QGuiApplication.clipboard().text() == "http://127.0.0.1:11711/v1"
    switch.click()
    qtbot.waitUntil(lambda: shown.engine.address is None and not copy.isVisible())


def test_that_a_taken_port_is_told_and_the_switch_falls_back(qtbot: QtBot, shown: Shown) -> None:
    shown.engine.port_taken = True
    shown.start(qtbot)
    switch = shown.window.server.findChild(ToggleSwitch)
    assert isinstance(switch, ToggleSwitch)
    switch.click()
    qtbot.waitUntil(lambda: "in use" in shown.window.banner.sentence)
    assert not switch.isChecked()


def test_that_a_reading_of_the_machine_is_shown_for_every_card(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    shown.bridge.tell(lambda _: shown.engine.read(1.0))
    qtbot.waitUntil(lambda: "GPU 0" in shown.window.machine.words)
    words = shown.window.machine.words
    for said in ("6.0 / 24.0 GB", "50 %", "61 °C", "212 / 350 W", "9.0 / 64.0 GB", "25 %"):
        assert said in words
