"""How a model is loaded to be measured."""

import pytest

from engine.config import LoadWish
from engine.host.bench import BenchWish, How


def wish(*streams: int, how: How = How.USUAL) -> BenchWish:
    return BenchWish(streams=streams, prompt_tokens=512, answer_tokens=128, how=how)


@pytest.mark.parametrize(
    ("streams", "kept", "planned"),
    [((1, 4, 8), None, None), ((1, 32), None, 32), ((32,), 64, 64), ((32,), 4, 32)],
)
def test_that_more_streams_than_usual_are_planned_for(
    streams: tuple[int, ...], kept: int | None, planned: int | None
) -> None:
    loaded = wish(*streams).load(LoadWish(streams=kept, context_tokens=4096), usual_streams=8)
    assert loaded == LoadWish(streams=planned, context_tokens=4096)


@pytest.mark.parametrize("how", [How.NO_GUESSES, How.RAW])
def test_that_nothing_is_guessed_where_guesses_are_left_out(how: How) -> None:
    kept = LoadWish(speculation=True, draft="small")
    assert wish(1, how=how).load(kept, usual_streams=8) == LoadWish(speculation=False)
