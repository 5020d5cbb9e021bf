"""What a load comes to."""

import pytest

from engine.protocol.load import CpuExperts, LoadSpec

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
