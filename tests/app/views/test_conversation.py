"""The conversation does what its messages offer."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.settings import UiSettings
from app.views.chat.conversation import Conversation
from tests.app.views.conftest import Shown

# Qt's offscreen platform says so of every window with a size of its own, and of tooltips.
pytestmark = pytest.mark.qt_log_ignore(
    "This plugin does not support propagateSizeHints", "This plugin does not support raise"
)


def ask(qtbot: QtBot, shown: Shown, question: str) -> None:
    wanted = len(shown.screens.chat.messages) + 2
    QTest.keyClicks(shown.window.composer.edit, question)
    QTest.keyClick(shown.window.composer.edit, Qt.Key.Key_Return)
    settle(qtbot, shown, wanted)


def settle(qtbot: QtBot, shown: Shown, messages: int) -> None:
    chat = shown.screens.chat
    qtbot.waitUntil(lambda: not chat.busy and len(chat.messages) == messages)


def texts(conversation: Conversation) -> list[str]:
    return [entry.text for entry in conversation.transcript.column.entries]


def test_that_an_answer_is_made_again_and_its_versions_turned(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    ask(qtbot, shown, "What is it?")
    transcript = shown.window.conversation.transcript
    first = transcript.column.entries[1].shown
    assert first.id is not None
    transcript.verb_wanted.emit("regenerate", first.id)
    settle(qtbot, shown, 2)
    second = transcript.column.entries[1].shown
    assert (second.version, second.versions) == (2, 2)
    assert second.id is not None
    transcript.verb_wanted.emit("previous", second.id)
    assert transcript.column.entries[1].shown.id == first.id
    assert transcript.column.entries[1].shown.version == 1


def test_that_a_question_is_changed_and_asked_anew(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    ask(qtbot, shown, "Wat?")
    conversation = shown.window.conversation
    assert conversation.edit_last_question()
    number = conversation.transcript.column.entries[0].shown.id
    assert number is not None
    conversation.transcript.edited.emit(number, "What?")
    settle(qtbot, shown, 2)
    assert texts(conversation) == ["What?", shown.engine.answer]
    assert conversation.transcript.column.entries[0].shown.versions == 2


def test_that_what_was_deleted_comes_back(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    ask(qtbot, shown, "One?")
    ask(qtbot, shown, "Two?")
    conversation = shown.window.conversation
    before = texts(conversation)
    number = conversation.transcript.column.entries[2].shown.id
    assert number is not None
    conversation.transcript.verb_wanted.emit("delete", number)
    assert texts(conversation) == before[:2]
    assert not conversation.undo_strip.isHidden()
    conversation.undo_strip.undo.click()
    assert texts(conversation) == before


def test_that_words_are_found_by_keyboard(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    assert not shown.window.conversation.open_find()
    ask(qtbot, shown, "Where is the needle?")
    conversation = shown.window.conversation
    assert conversation.open_find()
    bar = conversation.find_bar
    QTest.keyClicks(bar.field, "needle")
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert bar.count.text() == "1 of 1"
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert bar.isHidden()


def test_that_the_bar_hides_no_message(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    ask(qtbot, shown, "What is it?")
    conversation = shown.window.conversation
    before = conversation.transcript.geometry()
    conversation.open_find()
    qtbot.waitUntil(
        lambda: conversation.transcript.y() >= conversation.find_bar.geometry().bottom()
    )
    conversation.find_bar.closed.emit()
    qtbot.waitUntil(lambda: conversation.transcript.geometry() == before)


def test_that_habits_reach_the_canvas(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    ask(qtbot, shown, "Why?")
    conversation = shown.window.conversation
    assert conversation.transcript.column.entries[1].shown.statistics
    conversation.set_settings(UiSettings(text_percent=150, show_statistics=False))
    assert conversation.transcript.look.scale == 1.5
    assert conversation.transcript.column.entries[1].shown.statistics == ""
