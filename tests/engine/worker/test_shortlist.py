"""What is left of rows of logits after a cut: their likeliest tokens are among it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.worker.shortlist import KEPT, Cut, cut
from tests.support.logits import left_of

VOCABULARIES = (16_384, 32_000, 50_257, 128_256, 151_936, 152_064, 262_208)


@given(
    vocabulary=st.sampled_from(VOCABULARIES),
    seed=st.integers(0, 1 << 31),
    keep=st.integers(1, KEPT),
    places=st.lists(st.floats(0, 1, exclude_max=True), max_size=80),
)
def test_that_the_likeliest_are_left_wherever_they_stand(
    vocabulary: int, seed: int, keep: int, places: list[float]
) -> None:
    rows = np.random.default_rng(seed).normal(0, 3, (3, vocabulary)).astype(np.float32)
    rows[:, [int(place * vocabulary) for place in places]] += 40  # also side by side
    rows[1, -3:] += 80
    left = left_of(rows)
    tokens, logits = left.likeliest(keep)
    expected = np.sort(rows, axis=1)[:, -keep:]
    assert np.array_equal(np.sort(logits, axis=1), expected)
    assert np.array_equal(np.take_along_axis(rows, tokens.astype(np.int64), axis=1), logits)
    few = left.places(1, keep)
    assert few is not None
    assert np.array_equal(np.sort(few.logits), expected[1])
    standing = [left.token(1, place) for place in few.tokens.tolist()]
    assert np.array_equal(rows[1][standing], few.logits)
    assert all(left.may_hold(1, (token,)) for token in standing)


def test_that_few_other_tokens_are_thought_to_be_left() -> None:
    rows = np.random.default_rng(1).normal(0, 3, (1, 152_064)).astype(np.float32)
    left = left_of(rows)
    held = sum(left.may_hold(0, (token,)) for token in range(152_064))
    assert held == KEPT * left.cut.bundle
    assert not left.may_hold(0, ())


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_that_a_card_sorts_no_more_than_one_block_of_its_threads_can(vocabulary: int) -> None:
    how = cut(vocabulary)
    assert how is not None
    assert KEPT <= how.bundles <= 1024
    assert how.bundle % how.part == 0
    assert KEPT * how.bundle // how.part <= 1024
    assert how.bundles * how.bundle + how.rest == vocabulary
    assert how.rest < how.bundle


def test_that_most_vocabularies_leave_no_rest_and_small_ones_are_not_cut() -> None:
    assert cut(152_064) == Cut(bundles=864, bundle=176, part=16, rest=0)
    assert cut(262_144) == Cut(bundles=1024, bundle=256, part=16, rest=0)
    assert cut(5_000) is None


def test_that_logits_that_are_no_numbers_are_noticed() -> None:
    rows = np.full((2, 32_000), np.nan, np.float32)
    rows[0] = 1.0
    left = left_of(rows)
    assert left.places(0, 40) is not None
    assert left.places(1, 40) is None
