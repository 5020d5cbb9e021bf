"""Placed: which layers a layout puts where."""

from dataclasses import dataclass

from engine.fit.layout import Layout
from engine.fit.memory.parts import Parts
from engine.protocol.load import ExpertGroup, SplitMode


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """`spans` are the layers of each card in use, first and past the last; in tensor split all the
    same. The first `in_ram` layers are computed by the processor. `cpu_experts` are the tensors
    that stay in RAM of layers on cards, with the place of that layer's card."""

    spans: tuple[tuple[int, int], ...]
    in_ram: int
    output_on_card: bool
    tensor: bool
    cpu_experts: tuple[tuple[int, int, tuple[ExpertGroup, ...]], ...]

    @property
    def kind(self) -> str:
        """The kind of placement, as corrections know it."""
        if not self.spans:
            return "cpu"
        if self.in_ram:
            return "layers"
        if self.cpu_experts:
            return "experts"
        return "tensor" if self.tensor else "gpu"


def placed(parts: Parts, layout: Layout) -> Placed:
    """Lay the model out."""
    count = len(parts.layers)
    # As llama.cpp counts: blocks for further tokens have places too, though they stay empty.
    blocks = parts.shape.layers + 1
    on_cards = min(layout.gpu_layers, blocks) if layout.cards else 0
    first = min(count, blocks - on_cards) if on_cards else count
    tensor = layout.split_mode is SplitMode.TENSOR and len(layout.cards) > 1
    spans: list[tuple[int, int]] = []
    if on_cards and tensor:
        spans = [(first, count)] * len(layout.cards)
    elif on_cards:
        start = first
        for share in layout.layer_counts[: len(layout.cards)]:
            end = min(count, start + share)
            spans.append((start, end))
            start = end
    kept: list[tuple[int, int, tuple[ExpertGroup, ...]]] = []
    for wish in layout.cpu_experts:
        for place, (start, end) in enumerate(spans):
            if start <= wish.layer < end:
                kept.append((wish.layer, place, wish.groups))
                break
    return Placed(
        spans=tuple(spans),
        in_ram=min(first, count),
        output_on_card=on_cards > 0,
        tensor=tensor and on_cards > 0,
        cpu_experts=tuple(kept),
    )
