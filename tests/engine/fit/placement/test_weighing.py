"""Faster prompts never cost more of the answers' speed than is told apart."""

from collections.abc import Iterator

import pytest

from engine.config import LoadWish
from engine.fit.placement.search import ALIKE, TENSOR_WORTH, Trial
from engine.fit.placement.solving import Solved, solve
from engine.fit.rig import Rig
from engine.fit.rigs import parse_rig
from engine.hardware.catalogue import read_catalogue
from engine.protocol.load import SplitMode
from tests.engine.fit.placement.models import parts_named

CATALOGUE = read_catalogue()
STREAMS = 8


def _solved(model: str, rig: Rig, **wish: object) -> Solved:
    return solve(parts_named(model), rig, LoadWish().model_copy(update=wish), STREAMS)


def _others(model: str, rig: Rig, best: Trial) -> Iterator[Trial]:
    """Every placement with the same context and cache, by micro-batch."""
    for size in (512, 1024, 2048, 4096):
        solved = _solved(
            model,
            rig,
            context_tokens=best.recipe.context_tokens,
            cache_type=best.recipe.cache_type.value,
            micro_batch_tokens=size,
        )
        yield solved.found.best
        yield from solved.found.tried


@pytest.mark.parametrize("prefer", [None, "speed"])
@pytest.mark.parametrize(
    ("machine", "model"),
    [
        ("RTX 4090 + RTX 3060 12GB, 64 GB DDR5-5600", "qwen3-next-80b-a3b"),
        ("RTX 5090, 96 GB DDR5-6000", "qwen3-next-80b-a3b"),
        ("RTX PRO 6000, 256 GB DDR5-5600", "deepseek-r1-671b"),
        ("RTX 4090, 128 GB DDR5-5600", "gpt-oss-120b"),
        ("4x RTX 3090, 256 GB DDR4-3200", "deepseek-r1-671b:IQ1_S"),
        ("RTX 3060 12GB, 64 GB DDR4-3200", "llama-70b"),
    ],
)
def test_that_no_placement_with_that_context_and_cache_answers_notably_faster(
    machine: str, model: str, prefer: str | None
) -> None:
    rig = parse_rig(machine, CATALOGUE)
    best = _solved(model, rig, prefer=prefer).found.best
    for other in _others(model, rig, best):
        split = other.recipe.split_mode is SplitMode.TENSOR
        worth = other.decode / TENSOR_WORTH if split else other.decode
        assert not other.safe or best.decode >= ALIKE * worth, (best.layout, other.layout)


def test_that_of_those_as_fast_the_one_that_reads_prompts_fastest_is_taken() -> None:
    rig = parse_rig("RTX 4090, 128 GB DDR5-5600", CATALOGUE)
    best = _solved("gpt-oss-120b", rig).found.best
    others = [one for one in _others("gpt-oss-120b", rig, best) if one.safe]
    most = max(other.decode for other in others)
    assert best.prompt > 2 * min(other.prompt for other in others)
    assert best.decode >= ALIKE * most
