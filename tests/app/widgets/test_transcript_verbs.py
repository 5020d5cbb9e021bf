"""What can be done with a message, and changing one where it stands."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.text.shown import Shown
from app.widgets.transcript.edit_part import MessageEditor
from app.widgets.transcript.look import Details, Verb, VerbName
from app.widgets.transcript.transcript import Habits, Transcript

# Qt's offscreen platform says so of tooltips.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise")


def question(number: int, content: str = "Why?") -> Shown:
    return Shown(role="user", content=content, id=number)


def answer(number: int, content: str = "Because.", **more: object) -> Shown:
    return Shown(role="assistant", content=content, id=number, **more)  # pyright: ignore[reportArgumentType]


def place_of(transcript: Transcript, entry: int, name: VerbName) -> QPoint:
    for spot, place in transcript.spots():
        if spot.entry == entry and spot.target == Verb(name):
            return place.center().toPoint()
    raise AssertionError(name)


def click(transcript: Transcript, entry: int, name: VerbName) -> None:
    place = place_of(transcript, entry, name)
    QTest.mouseClick(transcript.viewport(), Qt.MouseButton.LeftButton, pos=place)


def offered(transcript: Transcript, entry: int) -> set[str]:
    spots = [spot for spot, _ in transcript.spots() if spot.entry == entry]
    return {spot.target.name for spot in spots if isinstance(spot.target, Verb)}


def editor_of(transcript: Transcript) -> MessageEditor:
    (editor,) = transcript.viewport().findChildren(MessageEditor)
    return editor


def test_that_each_message_offers_what_can_be_done_with_it(transcript: Transcript) -> None:
    transcript.set_messages([question(1), answer(2), question(3), answer(4)])
    asked = {"copy", "edit", "fork", "delete"}
    assert offered(transcript, 0) == asked
    assert offered(transcript, 1) == {*asked, "regenerate"}
    assert offered(transcript, 3) == {*asked, "regenerate", "continue"}
    transcript.append(question(5))
    assert "continue" not in offered(transcript, 3)
    assert offered(transcript, 4) == {*asked, "regenerate"}
    transcript.append(answer(6))
    assert offered(transcript, 4) == asked


def test_that_a_verb_is_told_with_its_message(transcript: Transcript) -> None:
    transcript.set_messages([question(7), answer(8, version=2, versions=3)])
    told: list[tuple[str, int]] = []

    def tell(name: str, number: int) -> None:
        told.append((name, number))

    transcript.verb_wanted.connect(tell)
    for name in ("regenerate", "fork", "delete", "continue", "previous", "next"):
        click(transcript, 1, name)
    assert told == [
        (name, 8) for name in ("regenerate", "fork", "delete", "continue", "previous", "next")
    ]


def test_that_what_is_not_on_disk_offers_nothing(transcript: Transcript) -> None:
    transcript.set_messages([Shown(role="user", content="Hi")])
    assert offered(transcript, 0) == set()


def test_that_nothing_moves_when_the_pointer_comes_by(transcript: Transcript) -> None:
    transcript.set_messages([question(1), answer(2), question(3)])
    before = [transcript.column.top(at) for at in range(4)]
    dark = transcript.grab().toImage()
    QTest.mouseMove(transcript.viewport(), QPoint(300, 60))
    assert transcript.pointed is not None
    assert [transcript.column.top(at) for at in range(4)] == before
    assert transcript.grab().toImage() != dark


def test_that_the_message_is_copied_as_it_was_written(transcript: Transcript) -> None:
    transcript.set_messages([answer(1, "Say **this**.\n\n| a |\n|---|\n| 1 |")])
    with_signal: list[bool] = []
    transcript.copied.connect(lambda: with_signal.append(True))
    click(transcript, 0, "copy")
    assert with_signal == [True]


def test_that_a_message_is_changed_where_it_stands(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.set_messages([question(1, "Wat?"), answer(2)])
    before = transcript.column.top(1)
    click(transcript, 0, "edit")
    editor = editor_of(transcript)
    assert editor.edit.toPlainText() == "Wat?"
    assert transcript.column.top(1) > before + 20
    assert editor.geometry().top() >= 0
    editor.edit.selectAll()
    QTest.keyClicks(editor.edit, "What is it?")
    with qtbot.waitSignal(transcript.edited) as told:
        QTest.keyClick(editor.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert list(told.args or ()) == [1, "What is it?"]  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
    assert not transcript.column.entries[0].is_edited
    assert transcript.column.top(1) == before


def test_that_escape_leaves_the_words_as_they_were(transcript: Transcript) -> None:
    transcript.set_messages([question(1, "Wat?")])
    told: list[str] = []

    def tell(_number: int, words: str) -> None:
        told.append(words)

    transcript.edited.connect(tell)
    transcript.edit(1)
    QTest.keyClicks(editor_of(transcript).edit, " More")
    QTest.keyClick(editor_of(transcript).edit, Qt.Key.Key_Escape)
    assert transcript.column.entries[0].text == "Wat?"
    assert told == []


def test_that_an_editor_grows_with_its_words_and_moves_with_the_canvas(
    transcript: Transcript,
) -> None:
    transcript.set_messages([question(1), *[answer(at, "Words. " * 80) for at in range(2, 9)]])
    transcript.edit(1)
    editor = editor_of(transcript)
    high = editor.height()
    editor.edit.setPlainText("line\n" * 9)
    assert editor.height() > high
    top = editor.y()
    transcript.verticalScrollBar().setValue(transcript.verticalScrollBar().value() + 40)
    assert editor.y() == top - 40


def test_that_enter_saves_only_for_those_who_send_with_it(transcript: Transcript) -> None:
    transcript.set_messages([question(1, "One")])
    transcript.set_habits(Habits(enter_saves=False))
    transcript.edit(1)
    QTest.keyClick(editor_of(transcript).edit, Qt.Key.Key_Return)
    assert editor_of(transcript).edit.toPlainText() == "One\n"


def test_that_statistics_say_more_when_pointed_at(transcript: Transcript) -> None:
    transcript.set_messages([answer(1, statistics="9 tokens · 4 tok/s\nQwen3 · 2 cards")])
    (place,) = [place for spot, place in transcript.spots() if isinstance(spot.target, Details)]
    assert transcript.says_at(QPointF(place.center())) == "Qwen3 · 2 cards"


def test_that_another_version_keeps_the_place_of_what_stays(transcript: Transcript) -> None:
    said = [question(1), answer(2), question(3), answer(4, "Old.")]
    transcript.set_messages(said)
    kept = transcript.column.entries[:3]
    transcript.renew([*said[:3], answer(9, "New.", version=2, versions=2)])
    assert transcript.column.entries[:3] == kept
    assert transcript.column.entries[3].text == "New."
    assert {"previous", "next"} <= offered(transcript, 3)
    transcript.renew(said[:2])
    assert len(transcript.column.entries) == 2
    assert "continue" in offered(transcript, 1)


def test_that_a_finished_answer_learns_its_number(transcript: Transcript) -> None:
    transcript.set_messages([question(1)])
    transcript.begin_answer()
    transcript.feed("Because.", "")
    transcript.end_answer("")
    part = transcript.column.entries[1].parts[0]
    transcript.renew([question(1), answer(2)])
    assert transcript.column.entries[1].parts[0] is part
    assert "regenerate" in offered(transcript, 1)
