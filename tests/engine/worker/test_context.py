"""A context by itself, over the real model."""

from pathlib import Path

import numpy as np
import pytest

from engine.protocol.load import CpuExperts, LoadSpec
from engine.worker.brake import Brake
from engine.worker.candidates import Logits
from engine.worker.context import Context
from engine.worker.llama import Library, Model

pytestmark = pytest.mark.journey

LAYERS = 30


@pytest.mark.parametrize(
    ("gpu_layers", "experts", "all_on_cards"),
    [
        (None, (), True),
        (LAYERS + 1, (), True),
        (LAYERS, (), False),
        (0, (), False),
        (None, (CpuExperts(layer=3),), False),
    ],
)
def test_that_all_is_on_cards_with_every_layer_and_every_expert(
    gpu_layers: int | None, experts: tuple[CpuExperts, ...], *, all_on_cards: bool
) -> None:
    spec = LoadSpec(path="m.gguf", gpu_layers=gpu_layers, cpu_experts=experts)
    assert spec.all_on_cards(LAYERS) is all_on_cards


def test_that_warming_up_leaves_nothing_behind(model_file: Path) -> None:
    spec = LoadSpec(
        path=str(model_file), context_tokens=256, batch_tokens=128, streams=1, gpu_layers=0
    )
    library = Library(None)
    model = Model(library, spec, lambda _: True)

    def logits(*, warm: bool) -> Logits:
        context = Context(library, model, spec, Brake())
        if warm:
            context.warm_up()
            assert context.oldest_position(0) == -1
        context.clear_batch()
        context.add(0, 0, range(100, 200), outputs=1)
        assert context.decode() == 0
        rows = context.rows(1)
        assert rows is not None
        return rows.copy()

    assert np.array_equal(logits(warm=True), logits(warm=False))
