"""The transcript works without a mouse."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.text.shown import Shown
from app.widgets.transcript.look import Verb
from app.widgets.transcript.transcript import Transcript

# Qt's offscreen platform says so of tooltips.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise")

LONG = "Many words that fill a few lines of the column, so that not all is in view. " * 8
ALT = Qt.KeyboardModifier.AltModifier


def chat(messages: int) -> list[Shown]:
    return [
        Shown(role="user" if at % 2 == 0 else "assistant", content=f"{LONG} {at}", id=at + 1)
        for at in range(messages)
    ]


def test_that_alt_and_arrows_go_from_message_to_message(transcript: Transcript) -> None:
    transcript.set_messages(chat(20))
    transcript.setFocus()
    QTest.keyClick(transcript, Qt.Key.Key_Up, ALT)
    assert transcript.current == 19
    QTest.keyClick(transcript, Qt.Key.Key_Up, ALT)
    QTest.keyClick(transcript, Qt.Key.Key_K)
    assert transcript.current == 17
    assert 17 in transcript.visible_entries()
    QTest.keyClick(transcript, Qt.Key.Key_J)
    QTest.keyClick(transcript, Qt.Key.Key_Down, ALT)
    assert transcript.current == 19
    QTest.keyClick(transcript, Qt.Key.Key_Escape)
    assert transcript.current is None


def test_that_tab_reaches_the_chosen_message_s_verbs(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.set_messages(chat(3))
    transcript.setFocus()
    transcript.go_to(2)
    QTest.keyClick(transcript, Qt.Key.Key_Tab)
    assert transcript.focused is not None
    assert (transcript.focused.entry, transcript.focused.target) == (2, Verb("copy"))
    QTest.keyClick(transcript, Qt.Key.Key_Tab)
    QTest.keyClick(transcript, Qt.Key.Key_Tab)
    with qtbot.waitSignal(transcript.verb_wanted) as told:
        QTest.keyClick(transcript, Qt.Key.Key_Return)
    assert list(told.args or ()) == ["fork", 3]  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]


def test_that_the_chosen_message_is_copied(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.set_messages(chat(3))
    transcript.setFocus()
    transcript.go_to(1)
    with qtbot.waitSignal(transcript.copied):
        QTest.keyClick(transcript, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)


def test_that_the_button_to_the_end_says_when_something_came(transcript: Transcript) -> None:
    transcript.set_messages(chat(12))
    assert transcript.jump.isHidden()
    transcript.begin_answer()
    transcript.verticalScrollBar().setValue(0)
    assert not transcript.jump.isHidden()
    assert not transcript.jump.news
    transcript.feed("Something new.", "")
    assert transcript.jump.news
    QTest.mouseClick(transcript.jump, Qt.MouseButton.LeftButton)
    assert transcript.following
    assert transcript.jump.isHidden()
