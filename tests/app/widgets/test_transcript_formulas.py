"""Formulas on the canvas: they come later, and the reader is not moved."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.text.mathematics.formulas import Formula
from app.text.mathematics.mathematics import Mathematics
from app.text.shown import Shown
from app.theme.tokens import DARK, LIGHT
from app.widgets.transcript.formulas import FormulaWatch
from app.widgets.transcript.look import Details
from app.widgets.transcript.math_part import MathPart
from app.widgets.transcript.transcript import Transcript

BUNDLE = Path(__file__).parents[3] / "assets" / "mathjax" / "mathjax.js"
ANSWER = r"""Words with \(x^2\) in them.

$$\frac{\frac{a}{b}}{\frac{c}{d}}$$

| case | formula |
|---|---|
| one | $y = \frac{1}{2}$ |

The end.
"""


@pytest.fixture
def mathematics(qtbot: QtBot) -> Iterator[Mathematics]:
    mathematics = Mathematics(BUNDLE)
    yield mathematics
    mathematics.close()


@pytest.fixture
def transcript(qtbot: QtBot, mathematics: Mathematics) -> Transcript:
    transcript = Transcript()
    qtbot.addWidget(transcript)
    FormulaWatch(transcript, mathematics)
    transcript.resize(800, 500)
    with qtbot.waitExposed(transcript):
        transcript.show()
    return transcript


def shown(transcript: Transcript, answers: list[str]) -> None:
    transcript.set_messages([Shown(role="assistant", content=answer) for answer in answers])
    transcript.viewport().repaint()


def wait_for(qtbot: QtBot, mathematics: Mathematics, *formulas: Formula) -> None:
    def come() -> bool:
        return all(
            mathematics.picture(one.source, one.display)
            or mathematics.trouble(one.source, one.display)
            for one in formulas
        )

    qtbot.waitUntil(come, timeout=30_000)


def math_parts(transcript: Transcript) -> list[MathPart]:
    parts = [part for entry in transcript.column.entries for part in entry.parts]
    return [part for part in parts if isinstance(part, MathPart)]


FRACTION = Formula(r"\frac{\frac{a}{b}}{\frac{c}{d}}", display=True)
SQUARE = Formula("x^2")
HALF = Formula(r"y = \frac{1}{2}")


def test_that_formulas_take_their_room_when_they_come(
    qtbot: QtBot, transcript: Transcript, mathematics: Mathematics
) -> None:
    shown(transcript, [ANSWER])
    before = math_parts(transcript)[0].height
    wait_for(qtbot, mathematics, FRACTION, SQUARE, HALF)
    assert math_parts(transcript)[0].height > before
    assert transcript.column.is_laid(transcript.look, 0, 500)


def test_that_a_theme_and_letters_of_another_size_need_no_setting(
    qtbot: QtBot, transcript: Transcript, mathematics: Mathematics
) -> None:
    shown(transcript, [ANSWER])
    wait_for(qtbot, mathematics, FRACTION, SQUARE, HALF)
    was = math_parts(transcript)[0].height
    for tokens in (LIGHT, DARK):
        transcript.set_tokens(tokens)
        transcript.viewport().repaint()
    assert mathematics.waiting == 0
    transcript.set_text_percent(150)
    transcript.viewport().repaint()
    assert math_parts(transcript)[0].height == pytest.approx(was * 1.5, rel=0.1)
    assert mathematics.waiting == 0


def test_that_a_displayed_formula_is_copied_as_latex(
    qtbot: QtBot, transcript: Transcript, mathematics: Mathematics
) -> None:
    shown(transcript, [ANSWER])
    part = math_parts(transcript)[0]
    assert part.text(0, part.length) == f"$${FRACTION.source}$$"
    assert part.text(0, 0) == ""
    assert part.hits("FRAC") == [(0, 1)]


def test_that_the_reader_stays_where_they_read(
    qtbot: QtBot, transcript: Transcript, mathematics: Mathematics
) -> None:
    filler = "\n\n".join(f"Paragraph {at} of words." for at in range(30))
    shown(transcript, [ANSWER + filler, filler])
    bar = transcript.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    transcript.viewport().repaint()

    def seen() -> tuple[int, float]:
        index = transcript.column.index_at(bar.value() + 200)
        entry = transcript.column.entries[index]
        inside = bar.value() + 200 - transcript.column.top(index)
        at = entry.part_at(inside)
        assert at is not None
        return at, inside - entry.tops[at]

    part, offset = seen()
    wait_for(qtbot, mathematics, FRACTION, SQUARE, HALF)
    transcript.viewport().repaint()
    assert seen()[0] == part
    assert abs(seen()[1] - offset) <= 2


def test_that_who_reads_the_end_stays_at_the_end(
    qtbot: QtBot, transcript: Transcript, mathematics: Mathematics
) -> None:
    shown(transcript, ["\n\n".join(["words"] * 30), ANSWER])
    wait_for(qtbot, mathematics, FRACTION, SQUARE, HALF)
    bar = transcript.verticalScrollBar()
    assert bar.value() == bar.maximum()


def test_that_what_cannot_be_set_says_why_when_pointed_at(
    qtbot: QtBot, transcript: Transcript, mathematics: Mathematics
) -> None:
    shown(transcript, [r"$$\frac{a$$"])
    wait_for(qtbot, mathematics, Formula(r"\frac{a", display=True))
    transcript.viewport().repaint()
    targets = [target for target, _ in math_parts(transcript)[0].targets()]
    assert [isinstance(target, Details) for target in targets] == [True]
    assert "Missing close brace" in math_parts(transcript)[0].says(targets[0])


def test_that_a_wide_formula_scrolls_sideways(
    qtbot: QtBot, transcript: Transcript, mathematics: Mathematics
) -> None:
    source = "+".join(f"a_{{{at}}}" for at in range(80))
    shown(transcript, [f"$${source}$$"])
    wait_for(qtbot, mathematics, Formula(source, display=True))
    transcript.viewport().repaint()
    part = math_parts(transcript)[0]
    assert part.scroll_by(50)
    assert not part.scroll_by(0)
    assert part.scroll_by(1e6)
    assert not part.scroll_by(10)
    transcript.viewport().repaint()
