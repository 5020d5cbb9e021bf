"""Writing, sending, stopping, and the list of chats."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from engine.chat import Role
from tests.app.views.conftest import Shown

# Qt's offscreen platform says so of every window with a size of its own.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")


def ask(qtbot: QtBot, shown: Shown, question: str) -> None:
    QTest.keyClicks(shown.window.composer.edit, question)
    QTest.keyClick(shown.window.composer.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not shown.screens.chat.busy and len(said(shown)) >= 2)


def said(shown: Shown) -> list[str]:
    return [message.content for message in shown.screens.chat.messages]


def test_that_typing_and_enter_asks_and_the_answer_appears(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    assert shown.window.conversation.currentWidget() is shown.window.empty
    ask(qtbot, shown, "What is it?")
    assert said(shown) == ["What is it?", shown.engine.answer]
    assert shown.window.composer.edit.toPlainText() == ""
    assert shown.window.conversation.currentWidget() is shown.window.conversation.transcript
    assert shown.engine.answer in shown.window.conversation.transcript.accessibleDescription()


def test_that_shift_and_enter_breaks_the_line_and_sends_nothing(qtbot: QtBot, shown: Shown) -> None:
    edit = shown.window.composer.edit
    before = edit.height()
    QTest.keyClicks(edit, "one")
    QTest.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(edit, "two")
    assert edit.toPlainText() == "one\ntwo"
    assert edit.height() > before
    assert shown.screens.chat.messages == ()


def test_that_enter_belongs_to_an_input_method_while_it_composes(
    qtbot: QtBot, shown: Shown
) -> None:
    edit = shown.window.composer.edit
    QApplication.sendEvent(edit, QInputMethodEvent("ni hao", []))
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert shown.screens.chat.messages == ()
    chosen = QInputMethodEvent("", [])
    chosen.setCommitString("你好")
    QApplication.sendEvent(edit, chosen)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert "你好" in said(shown)[0]


def test_that_a_blank_message_cannot_be_sent(qtbot: QtBot, shown: Shown) -> None:
    composer = shown.window.composer
    assert not composer.button.isEnabled()
    QTest.keyClicks(composer.edit, "  ")
    QTest.keyClick(composer.edit, Qt.Key.Key_Return)
    assert not composer.button.isEnabled()
    assert shown.screens.chat.messages == ()


def begin_endless(qtbot: QtBot, shown: Shown) -> None:
    shown.engine.endless = True
    shown.start(qtbot)
    QTest.keyClicks(shown.window.composer.edit, "Go on")
    QTest.keyClick(shown.window.composer.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(said(shown)) == 2 and len(said(shown)[1]) > 20)


def stops(qtbot: QtBot, shown: Shown, act: Callable[[], None]) -> None:
    begin_endless(qtbot, shown)
    assert shown.window.composer.button.accessibleName() == "Stop"
    act()
    qtbot.waitUntil(lambda: not shown.screens.chat.busy)
    assert said(shown)[1]
    assert shown.window.composer.button.accessibleName() == "Send"


def test_that_the_round_button_stops_an_answer_and_keeps_what_came(
    qtbot: QtBot, shown: Shown
) -> None:
    stops(qtbot, shown, shown.window.composer.button.click)


def test_that_escape_stops_an_answer(qtbot: QtBot, shown: Shown) -> None:
    stops(
        qtbot,
        shown,
        lambda: QTest.keyClick(shown.window.composer.edit, Qt.Key.Key_Escape),
    )


def test_that_an_answer_in_progress_shows_its_speed_and_context(qtbot: QtBot, shown: Shown) -> None:
    begin_endless(qtbot, shown)
    qtbot.waitUntil(lambda: "100.0 tok/s" in shown.window.machine.words)
    assert "/ 4k" in shown.window.machine.words
    shown.screens.chat.stop()
    qtbot.waitUntil(lambda: not shown.screens.chat.busy)


def test_that_a_dead_worker_is_told_and_the_next_question_is_answered(
    qtbot: QtBot, shown: Shown
) -> None:
    shown.engine.dies_after = 2
    shown.start(qtbot)
    ask(qtbot, shown, "First")
    assert shown.screens.chat.messages[-1].failure
    assert shown.window.banner.sentence == ""  # the answer says it, and once is enough
    ask_count = len(said(shown))
    QTest.keyClicks(shown.window.composer.edit, "Second")
    QTest.keyClick(shown.window.composer.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(said(shown)) == ask_count + 2 and not shown.screens.chat.busy)
    last = shown.screens.chat.messages[-1]
    assert (last.role, last.content) == (Role.ASSISTANT, shown.engine.answer)


def titles(shown: Shown) -> list[str]:
    rows = shown.window.sidebar.chats.model()
    return [rows.index(row, 0).data() for row in range(rows.rowCount())]


def two_chats(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    ask(qtbot, shown, "About apples")
    QTest.keyClick(shown.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: shown.screens.chat.chat is None)
    ask(qtbot, shown, "About pears")


def test_that_chats_are_listed_as_they_are_spoken_in(qtbot: QtBot, shown: Shown) -> None:
    two_chats(qtbot, shown)
    assert len(titles(shown)) == 3
    assert titles(shown)[0] == "Today"
    first, second = shown.screens.chats.chats
    chats = shown.window.sidebar.chats
    tree = shown.screens.chats.tree
    assert chats.currentIndex() == tree.index_of(first.id)
    shown.screens.chats.trash([first.id])
    assert shown.screens.chat.chat is None
    assert not tree.index_of(first.id).isValid()
    assert tree.index_of(second.id).isValid()
    shown.screens.chats.undo()
    assert chats.currentIndex() == tree.index_of(first.id)


def test_that_f2_renames_a_chat_in_place(qtbot: QtBot, shown: Shown) -> None:
    two_chats(qtbot, shown)
    chats = shown.window.sidebar.chats
    chats.setCurrentIndex(chats.model().index(2, 0))
    chats.setFocus()
    QTest.keyClick(shown.window.composer.edit, Qt.Key.Key_F2)
    editor = chats.viewport().findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    editor.setText("Fruit")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Fruit" in titles(shown))
