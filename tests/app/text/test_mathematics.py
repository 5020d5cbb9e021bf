"""Formulas are wanted on Qt's thread and arrive from another."""

import threading
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.text.mathematics.formulas import Formula
from app.text.mathematics.mathematics import Mathematics
from tests.app.text.formulas import BROKEN, GOOD


def test_that_nothing_runs_before_a_formula_is_wanted(mathematics: Mathematics) -> None:
    assert not any(thread.name == "mathematics" for thread in threading.enumerate())


def test_that_a_picture_arrives_and_stays(mathematics: Mathematics, qtbot: QtBot) -> None:
    told: list[frozenset[Formula]] = []
    mathematics.arrived.connect(told.append)
    with qtbot.waitSignal(mathematics.arrived, timeout=20_000):
        assert mathematics.picture("x^2", display=True) is None
    assert told == [frozenset({Formula("x^2", display=True)})]
    picture = mathematics.picture("x^2", display=True)
    assert picture is not None
    assert mathematics.picture("x^2", display=True) is picture
    assert mathematics.trouble("x^2", display=True) is None


def test_that_what_cannot_be_set_says_why(mathematics: Mathematics, qtbot: QtBot) -> None:
    with qtbot.waitSignal(mathematics.arrived, timeout=20_000):
        assert mathematics.trouble(BROKEN[0], display=False) is None
    assert "Missing close brace" in (mathematics.trouble(BROKEN[0], display=False) or "")
    assert mathematics.picture(BROKEN[0], display=False) is None
    assert mathematics.waiting == 0


def test_that_a_bomb_is_given_up_and_the_thread_lives(
    mathematics: Mathematics, qtbot: QtBot
) -> None:
    bomb = "{" * 9_000
    mathematics.picture(bomb, display=True)
    qtbot.waitUntil(lambda: mathematics.trouble(bomb, display=True) is not None, timeout=30_000)
    qtbot.waitUntil(lambda: mathematics.picture("y", display=True) is not None, timeout=20_000)


def test_that_the_newest_is_set_first(mathematics: Mathematics, qtbot: QtBot) -> None:
    came: list[Formula] = []
    mathematics.arrived.connect(came.extend)
    for source in GOOD:
        mathematics.picture(source, display=True)
    wanted_last = Formula(GOOD[-1], display=True)
    # The thread takes one before the others are asked for.
    qtbot.waitUntil(lambda: len(came) >= 2, timeout=20_000)
    assert wanted_last in came
    qtbot.waitUntil(lambda: len(came) == len(GOOD), timeout=30_000)


def test_that_many_arrivals_are_told_together(mathematics: Mathematics, qtbot: QtBot) -> None:
    told: list[frozenset[Formula]] = []
    mathematics.arrived.connect(told.append)
    for source in GOOD:
        mathematics.picture(source, display=False)
    qtbot.waitUntil(lambda: sum(map(len, told)) == len(GOOD), timeout=30_000)
    assert len(told) < len(GOOD)


def test_that_closing_ends_the_thread(mathematics: Mathematics, qtbot: QtBot) -> None:
    for source in GOOD:
        mathematics.picture(source, display=True)
    mathematics.close()
    mathematics.close()
    assert not any(thread.name == "mathematics" for thread in threading.enumerate())
    assert mathematics.picture("never", display=True) is None


def test_that_without_the_bundle_formulas_stay_their_source(tmp_path: Path, qtbot: QtBot) -> None:
    mathematics = Mathematics(tmp_path / "nowhere.js")
    with qtbot.waitSignal(mathematics.arrived, timeout=5_000):
        mathematics.picture("x", display=True)
    assert mathematics.trouble("x", display=True)
    mathematics.close()
