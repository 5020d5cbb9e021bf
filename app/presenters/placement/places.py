"""What the panel draws: places with their parts, and the layers in a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.presenters.placement.pins import TENSOR, edges_of, percents_of
from engine.fit.layout import Layout
from engine.fit.plan import CardBytes, HostBytes, Plan
from engine.hardware.machine import Machine, Reading

PartKind = Literal["weights", "kv", "compute", "driver", "other", "reserve"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacePart:
    """One stretch of a place's bar."""

    kind: PartKind
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One card, or RAM where `number` is None, with what would lie on it.

    `over_bytes` is by how much it does not fit; in RAM that part would come from disk. `on` is
    False for a card that is switched off, `used` for one the plan leaves empty.
    """

    number: int | None
    name: str
    capacity_bytes: int
    parts: tuple[PlacePart, ...]
    over_bytes: int
    on: bool
    used: bool

    @property
    def taken_bytes(self) -> int:
        """The sum of the parts."""
        return sum(part.size_bytes for part in self.parts)

    @property
    def free_bytes(self) -> int:
        """What nobody takes."""
        return max(0, self.capacity_bytes - self.taken_bytes)

    @property
    def load_bytes(self) -> int:
        """What the model takes here."""
        return sum(part.size_bytes for part in self.parts if part.kind not in {"other", "reserve"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StripSegment:
    """A stretch of the row of layers: RAM where `number` is None. `share` in tensor split only."""

    number: int | None
    layers: int
    share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StripHandle:
    """A boundary that can be moved: `value` from `least` to `most`, of which each is `unit` layers
    wide, counted from `origin`."""

    value: int
    least: int
    most: int
    origin: float = 0.0
    unit: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """All layers, the output layer included, in their order, and whose they are."""

    total: int
    segments: tuple[StripSegment, ...]
    handles: tuple[StripHandle, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertStrip:
    """The layers' experts: those of the last `in_ram` layers, and of layers in RAM, stay in RAM.

    `total` counts the model's layers, without the output.
    """

    total: int
    layers_in_ram: int
    in_ram: int


def places_of(
    plan: Plan, machine: Machine, reading: Reading | None, left_out: frozenset[int]
) -> tuple[Place, ...]:
    """Every card of the machine in the order of the bus, and RAM last."""
    planned = {card.number: card for card in plan.footprint.cards}
    places: list[Place] = []
    for gpu in machine.gpus:
        card = planned.pop(gpu.index, None)
        on = gpu.index not in left_out
        if card is not None:
            places.append(_card(card, on=on))
        else:
            used = _used(reading, gpu.index)
            parts = (PlacePart(kind="other", size_bytes=used),) if used else ()
            places.append(_empty(gpu.index, gpu.name, gpu.memory_bytes or used, parts, on=on))
    places += [_card(card, on=True) for card in planned.values()]
    return (*places, _ram(plan.footprint.host))


def strip_of(layout: Layout, *, total: int) -> Strip:
    """The layers in a row, with a handle between every two neighbours."""
    edges = edges_of(layout, total=total)
    ram = StripSegment(number=None, layers=edges[1])
    if layout.split_mode == TENSOR:
        return _shared_strip(layout, ram, total=total)
    cards = tuple(
        StripSegment(number=number, layers=count)
        for number, count in zip(layout.cards, layout.layer_counts, strict=True)
    )
    handles = tuple(
        StripHandle(value=edges[at], least=edges[at - 1], most=edges[at + 1])
        for at in range(1, len(edges) - 1)
    )
    return Strip(total=total, segments=(ram, *cards), handles=handles)


def experts_of(layout: Layout, *, layers: int, pinned: int | None) -> ExpertStrip:
    """Where the experts lie; a pinned number holds before the planner has answered to it."""
    layers_in_ram = min(layers, max(0, layers + 1 - layout.gpu_layers))
    in_ram = len(layout.cpu_experts) if pinned is None else pinned
    return ExpertStrip(total=layers, layers_in_ram=layers_in_ram, in_ram=min(in_ram, layers))


def moved_bytes(before: Reading, now: Reading) -> int:
    """The most that the use of any card has changed by."""
    moves = (abs(_used(now, gpu.index) - _used(before, gpu.index)) for gpu in now.gpus)
    return max(moves, default=0)


def _shared_strip(layout: Layout, ram: StripSegment, *, total: int) -> Strip:
    on_cards, ends = total - ram.layers, percents_of(layout)
    cards = tuple(
        StripSegment(number=number, layers=on_cards, share=share)
        for number, share in zip(layout.cards, layout.shares, strict=True)
    )
    handles = [StripHandle(value=ram.layers, least=0, most=total)]
    for at, end in enumerate(ends[:-1]):
        least = (ends[at - 1] if at else 0) + 1
        handles.append(
            StripHandle(
                value=end,
                least=least,
                most=max(least, ends[at + 1] - 1),
                origin=float(ram.layers),
                unit=on_cards / 100,
            )
        )
    return Strip(total=total, segments=(ram, *cards), handles=tuple(handles))


def _card(card: CardBytes, *, on: bool) -> Place:
    sizes: Sequence[tuple[PartKind, int]] = (
        ("weights", card.weights),
        ("kv", card.kv),
        ("compute", card.compute),
        ("driver", card.residual),
        ("other", card.used),
        ("reserve", card.reserve),
    )
    return Place(
        number=card.number,
        name=card.name,
        capacity_bytes=card.capacity,
        parts=_parts(sizes),
        over_bytes=card.over,
        on=on,
        used=True,
    )


def _ram(host: HostBytes) -> Place:
    sizes: Sequence[tuple[PartKind, int]] = (
        ("weights", host.weights),
        ("kv", host.kv),
        ("compute", host.compute),
        ("other", max(0, host.capacity - host.free)),
    )
    return Place(
        number=None,
        name="",
        capacity_bytes=host.capacity,
        parts=_parts(sizes),
        over_bytes=host.over,
        on=True,
        used=host.total > 0,
    )


def _empty(
    number: int, name: str, capacity: int, parts: tuple[PlacePart, ...], *, on: bool
) -> Place:
    return Place(
        number=number,
        name=name,
        capacity_bytes=capacity,
        parts=parts,
        over_bytes=0,
        on=on,
        used=False,
    )


def _parts(sizes: Sequence[tuple[PartKind, int]]) -> tuple[PlacePart, ...]:
    return tuple(PlacePart(kind=kind, size_bytes=size) for kind, size in sizes if size > 0)


def _used(reading: Reading | None, index: int) -> int:
    found = (gpu.memory_used_bytes for gpu in reading.gpus if gpu.index == index) if reading else ()
    return next((used for used in found if used is not None), 0)
