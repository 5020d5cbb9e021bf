"""Words are found wherever they stand, whether their message is laid out or not."""

from PySide6.QtGui import QColor

from app.text.shown import Shown
from app.theme.tokens import DARK
from app.widgets.transcript.transcript import Transcript

LONG = "Many words that fill a few lines of the column, so that not all is in view. " * 8


def answer(content: str, number: int = 1) -> Shown:
    return Shown(role="assistant", content=content, id=number)


def numbers(transcript: Transcript) -> list[tuple[int, int]]:
    told: list[tuple[int, int]] = []

    def tell(number: int, total: int) -> None:
        told.append((number, total))

    transcript.found_changed.connect(tell)
    return told


def test_that_hits_are_counted_and_walked_through_in_a_circle(transcript: Transcript) -> None:
    transcript.set_messages([answer("One needle, two Needles."), answer("A **needle** more.")])
    told = numbers(transcript)
    transcript.find_words("needle")
    for _ in range(3):
        transcript.find_next(1)
    transcript.find_next(-1)
    assert told == [(1, 3), (2, 3), (3, 3), (1, 3), (3, 3)]


def test_that_a_hit_far_away_comes_into_view(transcript: Transcript) -> None:
    said = [answer(f"{LONG} Message {at}.", at) for at in range(200)]
    said[120] = answer(f"{LONG}\n\nHere is the needle.", 120)
    transcript.set_messages(said)
    transcript.verticalScrollBar().setValue(0)
    assert not transcript.column.entries[120].is_built
    transcript.find_words("needle")
    assert transcript.finder.total == 1
    assert 120 in transcript.visible_entries()
    part = transcript.column.entries[120].parts[1]
    top = transcript.corner(120, 1).y()
    assert top >= 0
    assert top + part.height <= transcript.viewport().height()


def test_that_what_only_the_source_has_is_no_hit(transcript: Transcript) -> None:
    transcript.set_messages([answer("[here](https://needle.example)"), answer("A needle.")])
    told = numbers(transcript)
    transcript.find_words("needle")
    transcript.find_next(1)
    assert told[-1] == (1, 1)


def test_that_hits_are_marked_and_the_marks_go_again(transcript: Transcript) -> None:
    transcript.set_messages([answer("Hay needle hay.")])
    plain = transcript.grab().toImage()
    transcript.find_words("needle")
    marked = transcript.grab().toImage()
    found = QColor(DARK.warn).rgb()
    pixels = {marked.pixel(x, y) for x in range(20, 200) for y in range(10, 50)}
    assert found in pixels
    transcript.stop_finding()
    assert transcript.grab().toImage() == plain


def test_that_nothing_found_is_told(transcript: Transcript) -> None:
    transcript.set_messages([answer("Hay.")])
    told = numbers(transcript)
    transcript.find_words("needle")
    transcript.find_words("")
    assert told == [(0, 0), (0, 0)]


def test_that_chinese_words_and_code_are_found(transcript: Transcript) -> None:
    transcript.set_messages([answer("量化模型的显存。\n\n```python\nneedle = '显存'\n```")])
    transcript.find_words("显存")
    assert transcript.finder.total == 2


def test_that_a_message_that_was_asked_for_is_shown_and_lit(transcript: Transcript) -> None:
    transcript.set_messages([answer(f"{LONG} {at}", at) for at in range(300)])
    assert transcript.show_message(40)
    assert 40 in transcript.visible_entries()
    assert transcript.lit == 40
    assert 0 <= transcript.column.top(40) - transcript.verticalScrollBar().value() < 60
    assert not transcript.show_message(4711)
