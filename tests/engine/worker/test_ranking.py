"""The likeliest tokens of many rows, found by ggml."""

import numpy as np
import pytest

from engine.worker.candidates import Logits
from engine.worker.ranking import Ranker
from tests.support.logits import aligned


@pytest.fixture(scope="module")
def ranker() -> Ranker:
    return Ranker(threads=2)


def random(rows: int, vocabulary: int) -> Logits:
    logits = aligned(rows, vocabulary)
    logits[:] = np.random.default_rng(rows).normal(0, 3, logits.shape)
    return logits


def test_that_they_are_those_of_each_row_also_as_rows_and_numbers_change(ranker: Ranker) -> None:
    for count, keep in [(1, 1), (3, 40), (32, 40), (32, 41), (5, 1000)]:
        logits = random(count, 1000)
        found = ranker.rank(logits, keep)
        assert found is not None
        expected = np.sort(np.argsort(-logits, axis=1)[:, :keep], axis=1)
        assert np.array_equal(np.sort(found, axis=1), expected)


def test_that_rows_are_read_anew_each_time(ranker: Ranker) -> None:
    logits = random(8, 500)
    for token in (3, 400, 77):
        logits[:] = 0.0
        logits[:, token] = 1.0
        found = ranker.rank(logits, 1)
        assert found is not None
        assert found.ravel().tolist() == [token] * 8


def test_that_numbers_that_are_none_take_nothing_down(ranker: Ranker) -> None:
    logits = random(4, 300)
    logits[0] = np.nan
    logits[1, ::2] = np.nan
    logits[2] = -np.inf
    found = ranker.rank(logits, 40)
    assert found is not None
    assert ((found >= 0) & (found < 300)).all()


def test_that_rows_which_ggml_could_not_read_are_refused(ranker: Ranker) -> None:
    assert ranker.rank(aligned(4, 300, off=1), 40) is None
    assert ranker.rank(random(4, 300)[:, :200], 40) is None
