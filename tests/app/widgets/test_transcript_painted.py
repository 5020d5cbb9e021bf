"""While an answer grows only what has changed is painted: it looks as if all had been."""

import random
from itertools import pairwise

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.text.shown import Shown
from app.theme.tokens import LIGHT
from app.widgets.transcript.message_parts import LONGEST_READ, ReasoningPart
from app.widgets.transcript.transcript import Habits, Transcript

SENTENCE = "The *weights* of a layer lie where they are `read`, and **moving them** takes time. "
ANSWERS = {
    "a long paragraph": SENTENCE * 60,
    "words that become something else": (
        SENTENCE * 6
        + "[a link that is long enough for a line of its own](https://example.org/one/two/three) "
        + "and `code that began as words and goes on` *slanted words that are closed late* "
    )
    * 4,
    "a table": "| n | square | word |\n|--:|---|---|\n"
    + "".join(f"| {at} | `{at * at}` | row number {at} |\n" for at in range(60)),
    "a table wider than the column": f"|{'a wide head |' * 9}\n|{'---|' * 9}\n"
    + f"|{'a_cell_of_one_long_word|' * 9}\n" * 40,
    "a table whose columns move": "| n | words |\n|---|---|\n"
    + "".join(f"| {at} | {SENTENCE * (at % 7)} |\n" for at in range(30)),
    "code": "```python\n" + 'value = """one\ntwo"""  # kept\n' * 40 + "```\n" + SENTENCE,
    "a quote, lists and tasks": ("> " + SENTENCE * 20 + "\n\n")
    + "".join(f"{at}. {SENTENCE * 3}\n" for at in range(1, 9))
    + "".join(f"- [{'x' if at % 2 else ' '}] {SENTENCE * 2}\n" for at in range(8)),
    "a list in a quote": "> - " + SENTENCE * 9 + "\n> - " + SENTENCE * 9 + "\n",
    "scripts from right to left": "1, 2: "
    + "שלום עולם 12 של משקולות, " * 60
    + "\n\n"
    + "مرحبا " * 200,
    "marks upon marks": ("a" + "\u0301" * 4 + " words, o" + "\u0300" * 6 + " tiếng Việt, שָׁלוֹם, ที่นี่ ")
    * 90,
    "letters beyond the first plane": "🙂 of 𝒜 kind, " * 150 + "模型权重按层切分，" * 90,
    "headings under words": (SENTENCE * 2 + "\nand so on\n===\n\n" + SENTENCE + "\n\n") * 8,
    "a bit of everything": (
        "## Heading\n\n" + SENTENCE + "\n\n```c\nint x;\n```\n\n- one\n- two\n\n"
    )
    * 9,
}


def on_screen(transcript: Transcript) -> QImage:
    """What stands on the screen, as it was painted piece by piece."""
    QApplication.processEvents()
    picture = transcript.screen().grabWindow(transcript.winId())
    return picture.toImage().convertToFormat(QImage.Format.Format_RGB32)


def cut(text: str, seed: int) -> list[str]:
    """The text in uneven pieces."""
    places = random.Random(seed).sample(range(1, len(text)), min(70, len(text) // 8))
    return [text[start:end] for start, end in pairwise([0, *sorted(places), len(text)])]


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("seed", [1, 2])
def test_that_a_growing_answer_looks_as_if_painted_anew(
    transcript: Transcript, name: str, seed: int
) -> None:
    QApplication.processEvents()
    transcript.set_messages([Shown(role="user", content="Why?", id=1)])
    transcript.begin_answer()
    for number, piece in enumerate(cut(ANSWERS[name], seed)):
        transcript.feed(piece, "")
        grown = on_screen(transcript)
        transcript.viewport().update()
        if on_screen(transcript) != grown:
            pytest.fail(f"{name}: the {number}th piece is painted otherwise")


@pytest.mark.parametrize("seed", [1, 2])
def test_that_open_reasoning_looks_as_if_painted_anew(transcript: Transcript, seed: int) -> None:
    QApplication.processEvents()
    transcript.set_habits(Habits(open_reasoning=True))
    transcript.begin_answer()
    for piece in cut(f"{SENTENCE}\n\n  So {SENTENCE * 3}\n" * 40, seed):
        transcript.feed("", piece)
        grown = on_screen(transcript)
        transcript.viewport().update()
        assert on_screen(transcript) == grown


def test_that_long_reasoning_ends_as_it_was_typed(transcript: Transcript) -> None:
    transcript.set_habits(Habits(open_reasoning=True))
    transcript.begin_answer()
    thought = f"{SENTENCE}\n\n  So 🙂 {SENTENCE}\n" * 160
    transcript.feed("", thought)
    transcript.feed("", "It is so. 🙂 \n\n \n")
    transcript.feed("Yes.", "")
    part = transcript.column.entries[0].parts[0]
    assert len(thought) > LONGEST_READ
    grown = part.height
    assert part.text(0, part.length) == f"{thought}It is so. 🙂"
    transcript.end_answer("")
    transcript.set_tokens(LIGHT)
    assert transcript.column.entries[0].parts[0].height == grown


@pytest.mark.parametrize("first", ["a b\n", "a b\n\n", "a\nb", "a b \n \n"])
def test_that_reasoning_opened_between_lines_keeps_their_ends(
    transcript: Transcript, first: str
) -> None:
    part = ReasoningPart(first, None, growing=True)
    part.toggle()
    part.lay(transcript.look, 500)
    part.grow("more")
    assert part.text(0, part.length) == f"{first}more"
