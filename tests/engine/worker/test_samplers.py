"""llama.cpp's own samplers over a few candidates: what they choose of all, without seeing all."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.chat import Sampling
from engine.worker import samplers
from engine.worker.candidates import Columns, Few, Logits, Reach, likeliest, narrow, reach
from engine.worker.chains import Chains
from engine.worker.logprobs import chosen
from engine.worker.samplers import Bans, Sampler
from engine.worker.sampling import stages

VOCABULARY = 20_000


def sampler(wish: Sampling, bans: Bans | None = None) -> Sampler:
    # Without a vocabulary: none of these stages asks what the tokens mean.
    chain = stages(wish, VOCABULARY, 4096)
    return Sampler(Chains(None, VOCABULARY), chain, bans=bans)


def row(seed: int, spread: float = 3.0) -> Logits:
    return np.random.default_rng(seed).normal(0, spread, VOCABULARY).astype(np.float32)


def few(logits: Logits, reached: Reach | None) -> Few | None:
    return None if reached is None else narrow(logits, reached)


def choices(wish: Sampling, rows: list[Logits], bans: Bans | None = None) -> list[int | None]:
    one = sampler(wish, bans)
    one.accept(range(50))
    try:
        return [one.choose(logits, few(logits, one.reach())) for logits in rows]
    finally:
        one.free()


WISHES = st.builds(
    Sampling,
    temperature=st.sampled_from([0.0, 0.5, 1.0, 1.7]),
    top_k=st.sampled_from([0, 1, 40, 200]),
    top_p=st.sampled_from([1.0, 0.9]),
    min_p=st.sampled_from([0.05, 0.5, 1.0]),
    typical_p=st.sampled_from([1.0, 0.8]),
    xtc_probability=st.sampled_from([0.0, 0.5]),
    repeat_penalty=st.sampled_from([1.0, 0.5, 1.3]),
    presence_penalty=st.sampled_from([0.0, -5.0, 2.0]),
    logit_bias=st.dictionaries(st.integers(0, VOCABULARY - 1), st.floats(-100, 100), max_size=20),
    dynamic_temperature_range=st.sampled_from([0.0, 0.3]),
    seed=st.integers(0, 1 << 31),
)


@settings(max_examples=60, deadline=None)
@given(wish=WISHES, seed=st.integers(0, 1 << 31), spread=st.sampled_from([0.5, 3.0]))
def test_that_few_candidates_give_the_token_that_all_would_give(
    wish: Sampling, seed: int, spread: float
) -> None:
    rows = [row(seed + turn, spread) for turn in range(4)]
    bans = Bans(always=(int(rows[0].argmax()),), at_first=(1, 2, 3), first_tokens=2)
    narrowed = choices(wish, rows, bans)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(samplers, "reach", _whole)
        assert choices(wish, rows, bans) == narrowed


def _whole(_: object) -> None:
    return None


@pytest.mark.parametrize("keep", [1, 40, 200])
def test_that_no_likely_token_is_missed_and_few_others_come_with_them(keep: int) -> None:
    logits = row(keep)
    found = few(logits, Reach(keep=keep))
    assert found is not None
    best = set(np.argsort(-logits)[:keep].tolist())
    assert best <= set(found.tokens.tolist())
    assert len(found.tokens) < 4 * keep + 10
    assert found.logits.tolist() == logits[found.tokens].tolist()
    assert found.tokens.tolist() == sorted(found.tokens.tolist())


def test_that_rows_looked_at_together_miss_no_more_than_alone() -> None:
    reaches = [Reach(keep=40), Reach(keep=1, below=3.0), Reach(keep=200), Reach(keep=7)]
    for kept in (reaches, [one for one in reaches if one.keep < 200]):
        rows = np.stack([row(seed) for seed in range(len(kept))])
        rows[-1, 11] = np.nan
        columns = Columns(rows, max(one.keep for one in kept))
        columns.look(1, len(rows))
        columns.look(0, 1)
        assert columns.few(len(rows) - 1, kept[-1]) is None
        for at, reached in enumerate(kept[:-1]):
            alone, found = few(rows[at], reached), columns.few(at, reached)
            assert alone is not None
            assert found is not None
            assert set(alone.tokens.tolist()) <= set(found.tokens.tolist())
            assert found.logits.tolist() == rows[at][found.tokens].tolist()


def test_that_tokens_past_the_last_whole_column_are_seen() -> None:
    logits = row(5)[: VOCABULARY - 37]
    logits[-1] = 50.0
    found = few(logits, Reach(keep=1))
    assert found is not None
    assert len(logits) - 1 in found.tokens.tolist()


def test_that_equal_logits_leave_it_to_llama_cpp() -> None:
    flat = np.zeros(VOCABULARY, np.float32)
    assert few(flat, Reach(keep=40)) is None
    assert choices(Sampling(top_k=5, seed=1), [flat])[0] is not None


def test_that_the_likeliest_come_in_order_from_small_vocabularies_too() -> None:
    logits = row(3)
    assert likeliest(logits, 20).tolist() == np.argsort(-logits)[:20].tolist()
    assert likeliest(logits[:10], 20).tolist() == np.argsort(-logits[:10]).tolist()


@pytest.mark.parametrize(
    "wish", [Sampling(top_k=0, min_p=0), Sampling(mirostat=1), Sampling(top_n_sigma=1.0)]
)
def test_that_some_chains_must_see_the_whole_vocabulary(wish: Sampling) -> None:
    assert reach(stages(wish, VOCABULARY, 4096)) is None


@pytest.mark.parametrize("mirostat", [0, 1, 2])
def test_that_the_same_seed_gives_the_same_tokens_and_another_others(mirostat: int) -> None:
    def wish(seed: int) -> Sampling:
        return Sampling(seed=seed, top_k=0, mirostat=mirostat, xtc_probability=0.3)  # pyright: ignore[reportArgumentType]

    rows = [row(turn, 1.0) for turn in range(12)]
    assert choices(wish(7), rows) == choices(wish(7), rows)
    assert choices(wish(7), rows) != choices(wish(8), rows)


def test_that_tokens_are_drawn_as_often_as_they_are_likely() -> None:
    logits = np.full(VOCABULARY, -30.0, np.float32)
    logits[[5, 6, 7]] = np.log([0.5, 0.3, 0.2])
    drawn = choices(Sampling(temperature=1, top_p=1, min_p=0, top_k=3, seed=3), [logits] * 3000)
    shares = [drawn.count(token) / len(drawn) for token in (5, 6, 7)]
    assert shares == pytest.approx([0.5, 0.3, 0.2], abs=0.03)


def test_that_forbidden_tokens_are_forbidden_for_so_long() -> None:
    logits = row(1)
    first, second = likeliest(logits, 2).tolist()
    greedy = Sampling(temperature=0)
    at_first = Bans(at_first=(first,), first_tokens=2)
    assert choices(greedy, [logits] * 4, at_first) == [second, second, first, first]
    all_along = Bans(at_first=(first,), first_tokens=None)
    assert choices(greedy, [logits] * 3, all_along) == [second] * 3


def test_that_log_probabilities_are_the_models_own() -> None:
    logits = row(9)
    exact = logits.astype(np.float64) - np.log(np.exp(logits.astype(np.float64)).sum())
    piece: Callable[[int], bytes] = lambda token: b"%d" % token  # noqa: E731
    told = chosen(logits, 17, 5, piece)
    assert told.candidate.logprob == pytest.approx(exact[17], abs=1e-5)
    assert told.candidate.text == b"17"
    best = np.argsort(-exact)[:5]
    assert [one.token for one in told.top] == best.tolist()
    assert [one.logprob for one in told.top] == pytest.approx(exact[best].tolist(), abs=1e-5)
    assert chosen(logits, 17, 0, piece).top == ()


@pytest.mark.parametrize(
    ("wish", "bans", "tokens"),
    [
        (Sampling(top_k=40), None, 40),
        (Sampling(top_k=40), Bans(always=(7, 8)), 42),
        (Sampling(top_k=40), Bans(at_first=(7,), first_tokens=None), 41),
        (Sampling(temperature=0), None, 1),
    ],
)
def test_that_a_sampler_says_how_many_of_the_likeliest_it_needs(
    wish: Sampling, bans: Bans | None, tokens: int
) -> None:
    one = sampler(wish, bans)
    try:
        assert one.looks_at == tokens
    finally:
        one.free()


@pytest.mark.parametrize(
    ("wish", "bans"),
    [
        (Sampling(repeat_penalty=1.1), None),
        (Sampling(top_k=0), None),
        (Sampling(logit_bias={3: 1.0}), None),
        (Sampling(), Bans(at_first=(7,), first_tokens=3)),
    ],
)
def test_that_a_sampler_says_where_it_needs_all_tokens(wish: Sampling, bans: Bans | None) -> None:
    one = sampler(wish, bans)
    try:
        assert one.looks_at > 1_000_000
    finally:
        one.free()
