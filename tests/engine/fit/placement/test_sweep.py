"""No sweep of one knob finds a plan that is much faster than the chosen one."""

from collections.abc import Iterator

import pytest

from engine.config import LoadWish
from engine.fit.placement.planner import bare_plan
from engine.fit.placement.search import ALIKE, TENSOR_WORTH
from engine.fit.plan import Plan
from engine.fit.rig import Rig
from engine.fit.rigs import parse_rig
from engine.hardware.catalogue import read_catalogue
from tests.engine.fit.placement.models import parts_named

CATALOGUE = read_catalogue()
POINTS = 12


def _changes(model: str, rig: Rig) -> Iterator[dict[str, object]]:
    parts = parts_named(model)
    blocks = parts.shape.layers + 1
    with_experts = sum(1 for layer in parts.layers if layer.experts)
    yield {"split_mode": "none"}
    yield {"split_mode": "layer"}
    for card in rig.cards:
        yield {"devices": (card.number,)}
    for step in range(POINTS + 1):
        yield {"gpu_layers": blocks * step // POINTS}
        if with_experts:
            yield {"gpu_layers": blocks, "cpu_experts": with_experts * step // POINTS}


def _sweep(model: str, rig: Rig, chosen: Plan) -> Iterator[Plan]:
    layout = chosen.layout
    settled = LoadWish(
        context_tokens=layout.context_tokens,
        cache_type=layout.cache_type.value,
        micro_batch_tokens=layout.micro_batch_tokens,
    )
    for change in _changes(model, rig):
        wish = settled.model_copy(update=change)
        yield bare_plan(parts_named(model), rig, wish, model=model)


@pytest.mark.parametrize(
    "machine",
    [
        "RTX 3060 12GB, 32 GB DDR4-3200",
        "RTX 4090, 64 GB DDR5-5600",
        "RTX 4090 + RTX 3060 12GB, 64 GB DDR5-5600",
        "RTX 3060 12GB + RTX 4090, 64 GB DDR5-5600",
        "4x RTX 3090, 256 GB DDR4-3200 8-channel",
    ],
)
@pytest.mark.parametrize(
    "model", ["qwen2-7b", "llama-70b", "gemma3-27b", "qwen3-30b-a3b", "gpt-oss-120b"]
)
def test_that_no_sweep_finds_a_much_faster_plan(machine: str, model: str) -> None:
    rig = parse_rig(machine, CATALOGUE)
    chosen = bare_plan(parts_named(model), rig, LoadWish(), model=model)
    swept = [plan for plan in _sweep(model, rig, chosen) if plan.fits]
    fastest = max(swept, key=lambda plan: plan.pace.decode_tps.expected)
    # Within what is told apart, and what a split by tensor is asked to give.
    least = ALIKE / TENSOR_WORTH if len(rig.cards) > 1 else ALIKE
    assert chosen.pace.decode_tps.expected >= least * fastest.pace.decode_tps.expected, (
        chosen.layout,
        fastest.layout,
    )
