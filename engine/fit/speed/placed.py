"""Placed: which layers a layout puts where."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from engine.fit.layout import Layout
from engine.fit.memory.parts import Parts
from engine.protocol.load import CpuExperts, ExpertGroup, SplitMode


class Kept(NamedTuple):
    """Neighbouring layers, `start` up to `end`, on the card at one place, of which the same groups
    of expert tensors stay in RAM."""

    start: int
    end: int
    place: int
    groups: tuple[ExpertGroup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """`spans` are the layers of each card in use, first and past the last; in tensor split all the
    same. The first `in_ram` layers are computed by the processor. `cpu_experts` are the tensors
    that stay in RAM of layers on cards."""

    spans: tuple[tuple[int, int], ...]
    in_ram: int
    output_on_card: bool
    tensor: bool
    cpu_experts: tuple[Kept, ...]

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
    return Placed(
        spans=tuple(spans),
        in_ram=min(first, count),
        output_on_card=on_cards > 0,
        tensor=tensor and on_cards > 0,
        cpu_experts=_kept(layout.cpu_experts, spans),
    )


def _kept(experts: Sequence[CpuExperts], spans: Sequence[tuple[int, int]]) -> tuple[Kept, ...]:
    runs: list[Kept] = []
    last: Kept | None = None
    for one in experts:
        layer, groups = one.layer, one.groups
        if last and layer == last.end < spans[last.place][1] and groups == last.groups:
            last = runs[-1] = Kept(last.start, layer + 1, last.place, groups)
            continue
        for place, (start, end) in enumerate(spans):
            if start <= layer < end:
                last = Kept(layer, layer + 1, place, groups)
                runs.append(last)
                break
    return tuple(runs)
