"""Stack: what each block of a model takes on a card, so that a division is found without trying."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import add

from engine.fit.memory.parts import Parts
from engine.fit.memory.sizes import Sizes
from engine.protocol.load import ExpertGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Bytes on a card, summed from the first block on: entry i is what the blocks before i take.

    `light` is weights without routed experts plus KV cache, the output layer last; `heavy` the
    routed experts alone. `expert_layers` are the blocks that have some.
    """

    light: tuple[int, ...]
    heavy: tuple[int, ...]
    expert_layers: tuple[int, ...]
    groups: tuple[dict[ExpertGroup, int], ...]
    both: tuple[int, ...] = field(init=False)  # light and heavy together

    def __post_init__(self) -> None:
        object.__setattr__(self, "both", tuple(map(add, self.light, self.heavy)))

    @property
    def blocks(self) -> int:
        """The output layer included."""
        return len(self.light) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """How much stays in RAM: the first `cpu_layers` blocks whole, and the experts of the last
    `cpu_experts` expert layers, but for the `kept` groups of the first of those."""

    cpu_layers: int = 0
    cpu_experts: int = 0
    kept: tuple[ExpertGroup, ...] = ()


def stack_of(parts: Parts, kv: Sequence[int]) -> Stack:
    """The stack of this model; `kv` is what the caches of the layers before each one take."""
    sizes, output = parts.once(Sizes), parts.output.on_card
    idle = parts.shape.layers - len(parts.layers)  # blocks for further tokens: not loaded
    light = [dense + cells for dense, cells in zip(sizes.dense_on_card, kv, strict=False)]
    heavy = sizes.experts_on_card
    return Stack(
        light=(*light, *[light[-1]] * idle, light[-1] + output),
        heavy=(*heavy, *[heavy[-1]] * idle, heavy[-1]),
        expert_layers=sizes.expert_layers,
        groups=sizes.groups_on_card,
    )


class Load:
    """A stack under a burden, seen as one row of blocks to be divided over cards."""

    def __init__(self, stack: Stack, burden: Burden) -> None:
        self._stack = stack
        self._light, self._heavy, self._both = stack.light, stack.heavy, stack.both
        self.first = burden.cpu_layers
        self._cut = stack.blocks
        self._extra = 0
        if burden.cpu_experts:
            self._cut = stack.expert_layers[-burden.cpu_experts]
            self._extra = sum(stack.groups[self._cut].get(group, 0) for group in burden.kept)

    def before(self, block: int) -> int:
        """Bytes of all blocks before this one, were they all on cards."""
        cut = self._cut
        if block <= cut:
            return self._both[block]
        return self._light[block] + self._heavy[cut] + self._extra

    def between(self, start: int, end: int) -> int:
        """Bytes of the blocks from `start` up to `end`."""
        return self.before(end) - self.before(start)

    def reach(self, start: int, room: float) -> int:
        """The block up to which blocks from `start` fit into so many bytes."""
        most = self.before(start) + max(0.0, room)
        return self._below(start, most)

    def _below(self, start: int, most: float) -> int:
        """The last block from `start` on before which no more than so many bytes lie."""
        cut, blocks = self._cut, self._stack.blocks
        if start < cut:
            start = bisect_right(self._both, most, start + 1, cut + 1) - 1
        if start < cut:
            return start
        most -= self._heavy[cut] + self._extra
        return bisect_right(self._light, most, start + 1, blocks + 1) - 1

    def origin(self, end: int, room: float) -> int:
        """The block from which blocks up to `end` fit into so many bytes."""
        least = self.before(end) - max(0.0, room)
        start = end
        low = self.first
        while low < start:
            middle = (low + start) // 2
            if self.before(middle) >= least:
                start = middle
            else:
                low = middle + 1
        return start

    def holds(self, rooms: Sequence[float]) -> bool:
        """Whether the cards, in order, can take it all."""
        start = self.first
        for room in rooms:
            start = self.reach(start, room)
        return start >= self._stack.blocks

    def divided(self, rooms: Sequence[float], shares: Sequence[float]) -> tuple[int, ...] | None:
        """Blocks for each card, in order, none above its room and each near its share of the bytes.

        None where they do not fit.
        """
        earliest = [self._stack.blocks]  # the earliest block that the cards from here on can take
        for room in reversed(rooms):
            earliest.append(self.origin(earliest[-1], room))
        earliest.reverse()
        if earliest[0] > self.first:
            return None
        total = self.between(self.first, self._stack.blocks)
        counts: list[int] = []
        start, aim = self.first, 0.0
        for place, (room, share) in enumerate(zip(rooms, shares, strict=True)):
            aim += share * total
            wanted = self._nearest(start, self.before(self.first) + aim)
            end = min(max(wanted, earliest[place + 1]), self.reach(start, room))
            if place == len(rooms) - 1:
                end = self._stack.blocks
            counts.append(end - start)
            start = end
        return tuple(counts)

    def _nearest(self, start: int, aim: float) -> int:
        above = start
        if aim >= self.before(start):
            above = min(self._below(start, aim) + 1, self._stack.blocks)
        below = max(start, above - 1)
        nearer_below = aim - self.before(below) <= self.before(above) - aim
        return below if nearer_below else above


def shares_by_speed(
    total: float, rooms: Sequence[float], speeds: Sequence[float]
) -> tuple[float, ...]:
    """Parts of `total` bytes: the fastest cards are filled first, cards alike in equal parts."""
    given = [0.0] * len(rooms)
    left = total
    waiting = set(range(len(rooms)))
    while waiting and left > 0:
        fastest = max(speeds[place] for place in waiting)
        alike = {place for place in waiting if speeds[place] >= 0.95 * fastest}
        room = sum(max(0.0, rooms[place]) for place in alike)
        part = min(left, room)
        for place in alike:
            given[place] = part * max(0.0, rooms[place]) / room if room else 0.0
        waiting -= alike
        left -= part
    return tuple(bytes_given / total for bytes_given in given) if total else tuple(given)


def shares_at_once(
    total: float, rooms: Sequence[float], speeds: Sequence[float]
) -> tuple[float, ...]:
    """Parts of `total` bytes for cards that all work on each layer: by speed, within their room."""
    given = [0.0] * len(rooms)
    waiting = set(range(len(rooms)))
    left = total
    for _ in rooms:
        pull = sum(speeds[place] for place in waiting)
        full = {place for place in waiting if speeds[place] / pull * left > rooms[place]}
        for place in full or waiting:
            given[place] = max(0.0, rooms[place]) if full else speeds[place] / pull * left
        if not full:
            break
        left -= sum(given[place] for place in full)
        waiting -= full
    whole = sum(given) or 1.0
    return tuple(part / whole for part in given)
