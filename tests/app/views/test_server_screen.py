"""The Server screen in the window, over an engine without a port."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.views.server.key_dialog import KeyDialog
from app.views.server.server_screen import ServerScreen
from app.views.settings.listed_rows import LinesRow, PairsRow, UnitRow
from engine.access import Limits, Scope
from tests.app.views.conftest import Shown
from tests.support.port import request

# Qt's offscreen platform says so of every window with a size of its own.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def opened(qtbot: QtBot, shown: Shown, page: int = 0) -> ServerScreen:
    shown.start(qtbot)
    screen = shown.window.open_server()
    screen.turn_to(page)
    return screen


def asked(screen: ServerScreen) -> KeyDialog:
    return next(one for one in screen.findChildren(KeyDialog) if one.isVisible())


def test_that_the_switch_opens_the_port_and_its_address_is_copied(
    qtbot: QtBot, shown: Shown
) -> None:
    screen = opened(qtbot, shown)
    assert shown.window.sidebar.to_server.isChecked()
    screen.status.switch.click()
    qtbot.waitUntil(lambda: screen.status.addresses == ("http://127.0.0.1:11711/v1",))
    screen.status.copy(screen.status.addresses[0])
    assert QGuiApplication.clipboard().text() == "http://127.0.0.1:11711/v1"
    assert "Copied" in screen.status.note.text()


def test_that_the_network_is_let_in_with_a_key_alone(qtbot: QtBot, shown: Shown) -> None:
    screen = opened(qtbot, shown)
    screen.status.reach.button(1).click()
    dialog = asked(screen)
    assert screen.status.reach.button(0).isChecked()
    assert shown.engine.config.host == "127.0.0.1"
    QTest.keyClicks(dialog.name, "laptop")
    dialog.save.click()
    qtbot.waitUntil(lambda: shown.engine.config.host == "0.0.0.0")
    qtbot.waitUntil(lambda: screen.status.reach.button(1).isChecked())
    dialog.accept()
    screen.status.reach.button(0).click()
    qtbot.waitUntil(lambda: shown.engine.config.host == "127.0.0.1")


def test_that_a_refused_key_lets_nobody_in(qtbot: QtBot, shown: Shown) -> None:
    screen = opened(qtbot, shown)
    screen.status.reach.button(1).click()
    asked(screen).reject()
    assert shown.engine.config.host == "127.0.0.1"
    assert shown.engine.keys.all() == ()


def test_that_a_snippet_names_what_is_loaded_and_is_copied_whole(
    qtbot: QtBot, shown: Shown
) -> None:
    screen = opened(qtbot, shown)
    page = screen.connecting
    page.turn_to("continue")
    assert '    model: "tiny"' in page.code.code
    assert page.code.toPlainText() == page.code.code.rstrip("\n")
    page.copy.click()
    assert QGuiApplication.clipboard().text() == page.code.code


def test_that_a_secret_is_shown_once_and_the_key_stands_in_the_list(
    qtbot: QtBot, shown: Shown
) -> None:
    screen = opened(qtbot, shown, 3)
    dialog = screen.keys.open_new()
    assert not dialog.save.isEnabled()
    QTest.keyClicks(dialog.name, "laptop")
    dialog.at_once.setValue(2)
    QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.secret.text().startswith("fb-"))
    dialog.copy.click()
    assert QGuiApplication.clipboard().text() == dialog.secret.text()
    dialog.finish.click()
    (line,) = screen.keys.lines
    assert "laptop" in line.words
    assert "2 at once" in line.words
    assert line.key.ending in line.words
    assert "YOUR-KEY" in screen.connecting.code.code


def test_that_a_key_is_changed_and_deleted_after_a_question(qtbot: QtBot, shown: Shown) -> None:
    screen = opened(qtbot, shown, 3)
    shown.screens.server.keys.add("laptop", [Scope.ANSWERS], Limits())
    qtbot.waitUntil(lambda: len(screen.keys.lines) == 1)
    dialog = screen.keys.open_change(screen.keys.lines[0].key)
    dialog.name.setText("phone")
    dialog.scopes[Scope.METRICS].setChecked(True)
    dialog.save.click()
    qtbot.waitUntil(lambda: "phone" in screen.keys.lines[0].words)
    question = screen.keys.ask_to_remove(screen.keys.lines[0].key)
    delete = next(one for one in question.buttons() if one.text() == "Delete")
    delete.click()
    qtbot.waitUntil(lambda: screen.keys.lines == ())


def test_that_requests_appear_and_the_chosen_one_is_shown_from_inside(
    qtbot: QtBot, shown: Shown
) -> None:
    screen = opened(qtbot, shown, 1)
    page = screen.requests
    assert page.nothing.isVisible()
    assert not page.inspector.isVisible()
    for number in (1, 2):
        shown.bridge.tell(lambda _, number=number: shown.engine.ledger.put(request(number)))
    qtbot.waitUntil(lambda: len(shown.screens.server.requests.list.rows) == 2)
    page.choose(2)
    texts = page.inspector.texts
    qtbot.waitUntil(lambda: "<|im_start|>user" in texts["prompt"].code)
    assert page.inspector.isVisible()
    assert texts["answer"].code.startswith("Because")
    assert '"temperature": 0.2' in texts["parameters"].code
    assert page.inspector.legend.words == "queue 0.10 s · prompt 0.30 s · answer 1.10 s"
    page.inspector.pages.setCurrentWidget(texts["answer"])
    page.inspector.copy.click()
    assert QGuiApplication.clipboard().text() == texts["answer"].code
    page.clear.click()
    assert not page.inspector.isVisible()


def test_that_looking_into_requests_can_be_switched_off(qtbot: QtBot, shown: Shown) -> None:
    screen = opened(qtbot, shown, 1)
    assert "never written to disk" in screen.requests.inspects.sentence
    screen.requests.inspects.switch.click()
    qtbot.waitUntil(lambda: not shown.engine.config.inspect)


def test_that_a_loaded_model_says_its_queue_is_pinned_and_unloaded(
    qtbot: QtBot, shown: Shown
) -> None:
    screen = opened(qtbot, shown, 2)
    shown.engine.fleet.queued["tiny"] = 3
    qtbot.waitUntil(lambda: len(screen.residents.cards) == 1)
    (card,) = screen.residents.cards
    qtbot.waitUntil(lambda: "3 in the queue" in card.words)
    assert "Goes in" in card.words
    card.pin.click()
    qtbot.waitUntil(lambda: shown.engine.config.pinned == ("tiny",))
    qtbot.waitUntil(lambda: "Stays" in card.words)
    card.unload.click()
    qtbot.waitUntil(lambda: screen.residents.cards == ())
    assert screen.residents.nothing.isVisible()


def test_that_lists_names_and_minutes_reach_the_engine(qtbot: QtBot, shown: Shown) -> None:
    screen = opened(qtbot, shown, 4)
    origins, aliases = screen.options.row("cors_origins"), screen.options.row("aliases")
    idle = screen.options.row("idle_seconds")
    assert isinstance(origins, LinesRow)
    assert isinstance(aliases, PairsRow)
    assert isinstance(idle, UnitRow)
    origins.edit.insertPlainText("https://a.example\n https://b.example \n")
    aliases.edit.insertPlainText("gpt-4o = tiny\nhalf =\n")
    screen.turn_to(0)  # without leaving the fields first
    idle.spin.setValue(5)
    qtbot.waitUntil(lambda: shown.engine.config.aliases == {"gpt-4o": "tiny"})
    assert shown.engine.config.cors_origins == ("https://a.example", "https://b.example")
    qtbot.waitUntil(lambda: shown.engine.config.idle_seconds == 300)
    qtbot.waitUntil(lambda: not idle.reset.isHidden())
    idle.reset.click()
    qtbot.waitUntil(lambda: shown.engine.config.idle_seconds == 3600)


def test_that_the_side_panel_leads_to_the_screen(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    shown.window.server.more.click()
    assert shown.window.serving is not None
    assert shown.window.serving.isVisible()


def test_that_everything_on_the_screen_has_a_name_for_those_who_listen(
    qtbot: QtBot, shown: Shown
) -> None:
    screen = opened(qtbot, shown)
    for page in range(5):
        screen.turn_to(page)
        nameless = [
            one
            for one in screen.findChildren(QAbstractButton)
            if one.isVisible()
            and not (one.accessibleName() or one.text())
            and one.objectName() not in {"ScrollLeftButton", "ScrollRightButton"}
        ]
        assert nameless == []
