"""Tokens drawn side by side: the ones that llama.cpp's own chains choose, one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.chat import Sampling
from engine.worker.candidates import Logits
from engine.worker.chains import Chains
from engine.worker.drawing import Plain, draw, plain
from engine.worker.samplers import Bans, Sampler
from engine.worker.sampling import stages

VOCABULARY = 20_011  # not a whole number of columns

WISHES = st.builds(
    Sampling,
    temperature=st.sampled_from([0.0, 0.3, 0.7, 1.0, 1.7]),
    top_k=st.sampled_from([1, 7, 40, 200]),
    top_p=st.sampled_from([1.0, 0.95, 0.5, 0.0]),
    min_p=st.sampled_from([0.0, 0.05, 0.5, 1.0]),
    seed=st.integers(0, (1 << 32) - 1),
)
BANS = st.sampled_from([Bans(), Bans(always=(3, 20_010)), Bans(at_first=(5,), first_tokens=None)])


def rows(count: int, seed: int, spread: float = 3.0) -> Logits:
    dice = np.random.default_rng(seed)
    logits = dice.normal(0, spread, (count, VOCABULARY)).astype(np.float32)
    logits[:, [3, 5, 20_010]] += 4 * spread  # what may be banned is likely
    return logits


def samplers(wishes: list[Sampling], bans: Bans) -> list[Sampler]:
    chains = Chains(None, VOCABULARY)
    return [Sampler(chains, stages(wish, VOCABULARY, 4096), bans=bans) for wish in wishes]


def drawn(among: list[Sampler], logits: Logits) -> list[int]:
    keep = max(one.looks_at for one in among)
    chains = [one.plain for one in among]
    banned = [one.banned for one in among]
    likeliest = np.argpartition(-logits, keep, axis=1)[:, :keep].astype(np.int32)
    known = np.take_along_axis(logits, likeliest.astype(np.int64), axis=1)
    return draw(likeliest, known, chains, [one.number(0) for one in among], banned).tolist()


@settings(max_examples=60)
@given(
    wishes=st.lists(WISHES, min_size=1, max_size=9),
    bans=BANS,
    seed=st.integers(0, 1 << 31),
    spread=st.sampled_from([0.5, 3.0]),
)
def test_that_what_is_drawn_side_by_side_is_what_each_chain_chooses(
    wishes: list[Sampling], bans: Bans, seed: int, spread: float
) -> None:
    together, alone = samplers(wishes, bans), samplers(wishes, bans)
    for turn in range(4):
        logits = rows(len(wishes), seed + turn, spread)
        tokens = drawn(together, logits)
        assert tokens == [one.choose(row) for one, row in zip(alone, logits, strict=True)]
        for one in together:
            one.took()
    for one in [*together, *alone]:
        one.free()


def test_that_chains_go_on_with_the_numbers_that_come_next() -> None:
    wishes = [Sampling(temperature=1.5, top_k=200, top_p=1.0, min_p=0.0, seed=n) for n in range(8)]
    mixed, alone = samplers(wishes, Bans()), samplers(wishes, Bans())
    for turn in range(150):
        logits = rows(len(wishes), turn)
        expected = [one.choose(row) for one, row in zip(alone, logits, strict=True)]
        if turn % 3:
            assert drawn(mixed, logits) == expected
            for one in mixed:
                one.took()
        else:
            assert [one.choose(row) for one, row in zip(mixed, logits, strict=True)] == expected
    for one in [*mixed, *alone]:
        one.free()


def test_that_shares_are_those_of_the_chain() -> None:
    chain = Plain(keep=3, top_p=0.9, temperature=0.5)
    count = 1000
    tokens = np.full((count, 4), [13, 7, 17, 11], np.int32)
    shares = np.full((count, 4), [0.15, 0.5, 0.05, 0.3], np.float32)
    numbers = ((np.arange(count) + 0.5) / count).tolist()
    chosen = draw(tokens, np.log(shares), [chain] * count, numbers, [frozenset[int]()] * count)
    # Of those that rank leaves, 0.5 and 0.3 of 0.95 do not yet make nine tenths; squares are kept.
    squares = np.array([0.25, 0.09, 0.0225])
    found = [int((chosen == token).sum()) for token in (7, 11, 13)]
    assert found == pytest.approx(count * squares / squares.sum(), abs=1)


def test_that_rows_of_which_nothing_can_be_said_are_left_to_their_chain() -> None:
    tokens = np.full((4, 3), [5, 6, 7], np.int32)
    logits = np.full((4, 3), [1.0, 2.0, 0.0], np.float32)
    logits[1, 1] = np.nan
    logits[2, 1] = np.inf
    banned = [*[frozenset[int]()] * 3, frozenset({5, 6, 7})]
    chosen = draw(tokens, logits, [Plain(keep=3)] * 4, [0.5] * 4, banned)
    assert chosen.tolist() == [6, -1, -1, -1]


@pytest.mark.parametrize(
    "wish",
    [
        Sampling(top_k=0),
        Sampling(top_k=5000),
        Sampling(typical_p=0.8),
        Sampling(xtc_probability=0.5),
        Sampling(repeat_penalty=1.2),
        Sampling(logit_bias={4: 1.0}),
        Sampling(dynamic_temperature_range=0.3),
        Sampling(mirostat=2),
        Sampling(dry_multiplier=0.8),
    ],
)
def test_that_chains_that_do_more_are_not_plain(wish: Sampling) -> None:
    assert plain(stages(wish, VOCABULARY, 4096)) is None
    assert plain(stages(Sampling(), VOCABULARY, 4096)) is not None
