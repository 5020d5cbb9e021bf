"""The transcript shows, follows, selects and copies as a reader expects."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.text.shown import Shown
from app.theme.tokens import DARK, LIGHT
from app.widgets.transcript.answer import SHOWN_AT_ONCE
from app.widgets.transcript.block_parts import CodePart
from app.widgets.transcript.look import CopyCode, Link, Toggle
from app.widgets.transcript.message_parts import ReasoningPart
from app.widgets.transcript.selection import Place, Selection
from app.widgets.transcript.spot import Spot
from app.widgets.transcript.transcript import Transcript

LONG = "A paragraph of many words that wraps over a few lines of the column. " * 6


@pytest.fixture
def transcript(qtbot: QtBot) -> Transcript:
    widget = Transcript()
    qtbot.addWidget(widget)
    widget.set_tokens(DARK)
    widget.resize(640, 480)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def user(content: str) -> Shown:
    return Shown(role="user", content=content)


def assistant(content: str, reasoning: str = "") -> Shown:
    return Shown(role="assistant", content=content, reasoning=reasoning, reasoning_seconds=2.0)


def chat(pairs: int) -> list[Shown]:
    messages: list[Shown] = []
    for number in range(pairs):
        messages += [user(f"Question {number}?"), assistant(f"Answer {number}.\n\n{LONG}")]
    return messages


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def centre_of(transcript: Transcript, kind: type) -> QPoint:
    for spot, place in transcript.spots():
        if isinstance(spot.target, kind):
            return place.center().toPoint()
    raise AssertionError(kind)


def click(transcript: Transcript, point: QPoint) -> None:
    QTest.mouseClick(transcript.viewport(), Qt.MouseButton.LeftButton, pos=point)


def test_that_a_drag_across_messages_copies_their_text(transcript: Transcript) -> None:
    transcript.set_messages([user("Hello there"), assistant("First line.\n\n- an item\n\nLast.")])
    view = transcript.viewport()
    left = transcript.rect().left() + 26
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(left, 22))
    QTest.mouseMove(view, QPoint(300, 200))
    event_end = QPoint(transcript.width() - 40, 470)
    QTest.mouseMove(view, event_end)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=event_end)
    QTest.keyClick(transcript, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = clipboard()
    assert copied.index("Hello there") < copied.index("First line.") < copied.index("Last.")
    assert "an item" in copied


def test_that_part_of_two_messages_is_copied_with_its_marks(transcript: Transcript) -> None:
    transcript.set_messages([assistant("One **bold** word `x`"), assistant("Second *message*")])
    transcript.selection = Selection(Place(0, 0, 4), Place(1, 0, 6))
    assert transcript.selected_text() == "**bold** word `x`\n\nSecond"
    transcript.copy_plain()
    assert clipboard() == "bold word x\n\nSecond"


def test_that_everything_is_copied_from_its_source(transcript: Transcript) -> None:
    transcript.set_messages(chat(200))
    transcript.select_all()
    with_source = transcript.selected_text()
    assert "Question 0?" in with_source
    assert "Answer 199." in with_source
    assert sum(entry.is_built for entry in transcript.column.entries) < 20


def test_that_a_double_click_selects_a_word(transcript: Transcript) -> None:
    transcript.set_messages([assistant("Antidisestablishmentarianism rules")])
    QTest.mouseDClick(transcript.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, 26))
    assert transcript.selected_text() == "Antidisestablishmentarianism"


def test_that_the_end_is_followed_unless_the_reader_scrolled_away(transcript: Transcript) -> None:
    transcript.set_messages(chat(10))
    bar = transcript.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    transcript.begin_answer()
    for _ in range(20):
        transcript.feed("more words\n\n", "")
    assert bar.value() == bar.maximum()
    bar.setValue(bar.maximum() - 300)
    read = bar.value()
    for _ in range(20):
        transcript.feed("yet more words\n\n", "")
    assert bar.value() == read < bar.maximum()
    bar.setValue(bar.maximum())
    transcript.feed("and more\n\n" * 5, "")
    assert bar.value() == bar.maximum()
    transcript.end_answer("done")
    assert bar.value() == bar.maximum()


def test_that_ones_own_message_brings_the_end_into_view(transcript: Transcript) -> None:
    transcript.set_messages(chat(10))
    bar = transcript.verticalScrollBar()
    bar.setValue(0)
    transcript.append(user("Another question"))
    assert bar.value() == bar.maximum()


def test_that_scrolling_up_through_guessed_heights_never_jumps(transcript: Transcript) -> None:
    transcript.set_messages(chat(15))
    bar = transcript.verticalScrollBar()
    while bar.value() > 0:
        transcript.grab()
        index = transcript.column.index_at(bar.value())
        seen = transcript.column.top(index + 1) - bar.value()
        bar.setValue(bar.value() - 40)
        wanted = seen + (40 if bar.value() else 0)
        transcript.grab()
        now = transcript.column.top(index + 1) - bar.value()
        assert bar.value() == 0 or abs(now - wanted) <= 2


def test_that_a_streamed_answer_ends_like_one_shown_at_once(transcript: Transcript) -> None:
    source = '# Title\n\nText.\n\n```json\n{"a": 1}\n```\n\n1. x\n1. y\n\n| a |\n|---|\n| 1 |\n'
    transcript.set_messages([])
    transcript.begin_answer()
    for letter in source:
        transcript.feed(letter, "")
    transcript.end_answer("3 tokens")
    streamed = transcript.grab().toImage()
    whole = Shown(role="assistant", content=source, statistics="3 tokens")
    transcript.set_messages([whole])
    assert transcript.grab().toImage() == streamed


def test_that_reasoning_folds_by_mouse_and_by_keyboard(transcript: Transcript) -> None:
    transcript.set_messages([assistant("Answer.", reasoning="Because of this.\n\n" * 5)])
    part = transcript.column.entries[0].parts[0]
    assert isinstance(part, ReasoningPart)
    folded = part.height
    click(transcript, centre_of(transcript, Toggle))
    assert part.height > folded + 50
    transcript.setFocus()
    QTest.keyClick(transcript, Qt.Key.Key_Tab)
    assert transcript.focused == Spot(0, 0, Toggle())
    QTest.keyClick(transcript, Qt.Key.Key_Space)
    assert part.height == folded


def test_that_thinking_is_told_while_it_lasts_and_timed_when_it_ends(
    transcript: Transcript,
) -> None:
    transcript.set_messages([])
    transcript.begin_answer()
    transcript.feed("", "Let me see")
    part = transcript.column.entries[0].parts[0]
    assert isinstance(part, ReasoningPart)
    assert part.heading(transcript.look) == "Thinking…"
    part.toggle()
    transcript.feed("", " what that is.")
    transcript.settle()
    assert part.text(0, part.length) == "Let me see what that is."
    transcript.feed("It is this.", "")
    assert part.heading(transcript.look).startswith("Thought for 0.")
    transcript.end_answer("")
    assert transcript.column.entries[0].shown.reasoning == "Let me see what that is."


def test_that_the_copy_button_copies_the_code(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.set_messages([assistant("```python\nprint(1)\nprint(2)\n```")])
    with qtbot.waitSignal(transcript.copied):
        click(transcript, centre_of(transcript, CopyCode))
    assert clipboard() == "print(1)\nprint(2)"


def test_that_long_code_scrolls_sideways(transcript: Transcript) -> None:
    transcript.set_messages([assistant("```\n" + "x" * 400 + "\n```")])
    part = transcript.column.entries[0].parts[0]
    assert isinstance(part, CodePart)
    before = part.origin.x()
    point = QPointF(200, 80)
    wheel = QWheelEvent(
        point,
        QPointF(transcript.viewport().mapToGlobal(point)),
        QPoint(0, 0),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ShiftModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(transcript.viewport(), wheel)
    assert part.origin.x() < before
    transcript.setFocus()
    QTest.keyClick(transcript, Qt.Key.Key_Tab)
    QTest.keyClick(transcript, Qt.Key.Key_Left)
    QTest.keyClick(transcript, Qt.Key.Key_Left)
    QTest.keyClick(transcript, Qt.Key.Key_Left)
    assert part.origin.x() == before


def test_that_links_are_told_and_others_are_not_even_links(transcript: Transcript) -> None:
    transcript.set_messages([assistant("[here](https://example.org/x) [bad](file:///etc/passwd)")])
    links = [spot.target for spot, _ in transcript.spots()]
    assert links == [Link("https://example.org/x")]
    told: list[str] = []
    transcript.link_clicked.connect(told.append)
    click(transcript, QPoint(50, 26))
    assert told == ["https://example.org/x"]
    transcript.activate(Spot(0, 0, Link("javascript:alert(1)")))
    assert len(told) == 1


def test_that_a_failure_ends_the_answer_and_keeps_what_was_said(transcript: Transcript) -> None:
    transcript.set_messages([user("Hi")])
    transcript.begin_answer()
    transcript.feed("Half an ans", "")
    transcript.show_failure("The model stopped. Ask again.")
    shown = transcript.column.entries[1].shown
    assert (shown.content, shown.failure) == ("Half an ans", "The model stopped. Ask again.")
    transcript.feed("late words", "")
    transcript.end_answer("late")
    assert transcript.column.entries[1].shown == shown
    transcript.show_failure("Nothing is loaded.")
    assert transcript.column.entries[2].text == "Nothing is loaded."


def test_that_the_keyboard_scrolls(transcript: Transcript) -> None:
    transcript.set_messages(chat(10))
    bar = transcript.verticalScrollBar()
    QTest.keyClick(transcript, Qt.Key.Key_Home)
    assert bar.value() == 0
    QTest.keyClick(transcript, Qt.Key.Key_Down)
    line = bar.value()
    QTest.keyClick(transcript, Qt.Key.Key_PageDown)
    assert bar.value() > line + 200
    QTest.keyClick(transcript, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()


def test_that_the_menu_copies_the_message_under_it(transcript: Transcript) -> None:
    transcript.set_messages([assistant("Say **this**.")])
    menu = transcript.menu_at(QPointF(60, 26))
    words = {action.text(): action for action in menu.actions()}
    assert not words["Copy"].isEnabled()
    words["Copy message"].trigger()
    assert clipboard() == "Say **this**."


def test_that_another_look_shows_the_same_text_in_other_colours(transcript: Transcript) -> None:
    transcript.set_messages([assistant("Some text.")])
    dark = transcript.grab().toImage()
    transcript.set_tokens(LIGHT)
    light = transcript.grab().toImage()
    assert dark.pixelColor(2, 2).name() == DARK.bg
    assert light.pixelColor(2, 2).name() == LIGHT.bg
    transcript.set_tokens(DARK)
    assert transcript.grab().toImage() == dark


def test_that_a_narrower_window_keeps_what_is_read_in_view(transcript: Transcript) -> None:
    transcript.set_messages(chat(30))
    bar = transcript.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    transcript.grab()
    reading = transcript.column.index_at(bar.value())
    transcript.resize(420, 480)
    transcript.grab()
    assert abs(transcript.column.index_at(bar.value()) - reading) <= 1


def test_that_a_screen_reader_is_told_the_last_message(transcript: Transcript) -> None:
    transcript.set_messages([user("Hi"), assistant("Hello!")])
    assert transcript.accessibleName() == "Conversation"
    assert transcript.accessibleDescription() == "Hello!"


def test_that_what_was_put_off_is_shown_though_nothing_more_arrives(
    qtbot: QtBot, transcript: Transcript
) -> None:
    transcript.set_messages([])
    transcript.begin_answer()
    # One enormous paragraph: laying it out takes longer than a frame, so the next look is put off.
    transcript.feed("word " * 60_000, "")
    transcript.feed("the end", "")

    def shows_the_end() -> bool:
        part = transcript.column.entries[0].parts[-1]
        return part.text(0, part.length).endswith("the end")

    qtbot.waitUntil(shows_the_end, timeout=20_000)


def test_that_a_flood_is_shown_little_by_little(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.set_messages([])
    transcript.begin_answer()
    flood = "x" * 50_000
    transcript.feed(flood, "")
    entry = transcript.column.entries[0]

    def letters() -> int:
        return sum(part.length for part in entry.parts)

    assert letters() <= SHOWN_AT_ONCE
    assert entry.text == flood
    qtbot.waitUntil(lambda: letters() >= len(flood), timeout=20_000)


def test_that_an_answer_that_ends_in_a_flood_is_whole(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.set_messages([])
    transcript.begin_answer()
    transcript.feed("First **words**.\n\n" * 2_000 + "**the end**", "")
    transcript.end_answer("")
    entry = transcript.column.entries[0]
    assert entry.text.endswith("**the end**")
    qtbot.waitUntil(lambda: not entry.wants_reading, timeout=20_000)
    transcript.reveal(0, len(entry.parts) - 1)
    assert entry.parts[-1].text(0, entry.parts[-1].length) == "the end"
