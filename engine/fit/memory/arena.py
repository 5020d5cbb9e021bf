"""How ggml lays a graph's tensors into one buffer, replayed with sizes alone.

Source: ggml_gallocr_alloc_graph_impl and ggml_dyn_tallocr_alloc in ggml-alloc.c. A tensor lives
from the node that makes it to the last one that reads it, takes the smallest free hole that is
large enough, and may take the place of what it is made from.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

_ENDLESS = 1 << 60


class Tensor:
    """One tensor of a graph: its bytes, and what it is made from. `kept` is never freed."""

    __slots__ = ("inplace", "is_input", "kept", "size", "sources")

    def __init__(self, size: int, sources: "tuple[Tensor, ...]", *, inplace: bool) -> None:
        self.size = size
        self.sources = sources
        self.inplace = inplace
        self.is_input = False
        self.kept = False


class Graph:
    """Tensors in the order in which they are computed."""

    def __init__(self, alignment: int) -> None:
        self._alignment = alignment
        self._nodes: list[Tensor] = []

    def given(self, size: int) -> Tensor:
        """An input, which lies from the start until its last reader."""
        tensor = Tensor(self._padded(size), (), inplace=False)
        tensor.is_input = True
        return tensor

    def made(self, size: int, *sources: Tensor, inplace: bool = False) -> Tensor:
        """The next node. `inplace`: it may take the place of a source nobody else reads."""
        alignment = self._alignment
        tensor = Tensor(-(-size // alignment) * alignment, sources, inplace=inplace)
        self._nodes.append(tensor)
        return tensor

    def stored(self, *sources: Tensor) -> None:
        """A node that writes elsewhere (into the cache)."""
        self.made(0, *sources)

    def taken(self) -> list[Tensor]:
        """The nodes since this was last asked, which are a piece of the graph."""
        nodes, self._nodes = self._nodes, []
        return nodes

    def _padded(self, size: int) -> int:
        return -(-size // self._alignment) * self._alignment


class State(NamedTuple):
    """A buffer between two pieces: where each tensor that outlives a piece lies, by its place in
    the list of those; then the free blocks, as the arena has them."""

    offsets: tuple[int, ...]
    starts: tuple[int, ...]
    sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Steps:
    """A piece as what happens in the buffer: (slot, size) takes room, (~slot, size) gives it.

    `out` is the slot of what the next piece goes on with.
    """

    steps: tuple[tuple[int, int], ...]
    slots: int
    out: int | None


class Piece:
    """Nodes that follow each other in many graphs of one kind, such as a layer's.

    `outside` numbers the tensors that may live longer than the piece; the one at 0 is what pieces
    hand to each other, `out` what this one does. `reads` are those of them it reads, as bits;
    `inputs` those that it is given, in the order in which it meets them.
    """

    def __init__(
        self, nodes: Sequence[Tensor], outside: Mapping[Tensor, int], out: Tensor | None = None
    ) -> None:
        self._nodes, self._outside, self._out = nodes, outside, out
        self._steps: dict[int, _Steps] = {}
        self._known: dict[tuple[int, State], tuple[State, int]] = {}
        met = dict.fromkeys(source for node in nodes for source in node.sources)
        self.reads = sum(1 << outside[one] for one in met if one in outside)
        self.inputs = tuple(outside[one] for one in met if one.is_input)

    def after(self, state: State, dying: int) -> tuple[State, int]:
        """The buffer behind it, and the most it held. `dying` are those from outside that nobody
        reads any more afterwards."""
        found = self._known.get((dying, state))
        if found is None:
            steps = self._steps.get(dying)
            if steps is None:
                steps = self._steps[dying] = self._made_steps(dying)
            found = self._known[dying, state] = _played(steps, state)
        return found

    def _made_steps(self, dying: int) -> _Steps:
        """Which node takes whose place hangs on sizes and readers alone, so it is settled here."""
        outside, steps = self._outside, list[tuple[int, int]]()
        readers = Counter(source for node in self._nodes for source in node.sources)
        for tensor in readers:
            number = outside.get(tensor)
            lasting = number is not None and not dying >> number & 1
            readers[tensor] += lasting or tensor.kept
        slots = {one: at for one, at in outside.items() if one.is_input or one.size}
        count = 1 + max(outside.values(), default=-1)
        for node in self._nodes:
            if node.size and not (node.inplace and _took_place(node, slots, readers)):
                if node not in outside:
                    slots[node], count = count, count + 1
                steps.append((slots[node], node.size))
            for source in node.sources:
                readers[source] -= 1
                if not readers[source] and source in slots:
                    steps.append((~slots[source], source.size))
        return _Steps(tuple(steps), count, None if self._out is None else slots[self._out])


def started(inputs: Iterable[tuple[int, int]], count: int) -> tuple[State, int]:
    """A buffer in which the inputs lie, and what it holds: of each its place among so many, and its
    size."""
    steps = _Steps(tuple(inputs), count, None)
    return _played(steps, State((0,) * count, (0,), (_ENDLESS,)))


def _took_place(node: Tensor, slots: dict[Tensor, int], readers: Mapping[Tensor, int]) -> bool:
    """Whether it lies where something it is made from lay."""
    for source in node.sources:
        if readers[source] == 1 and source.size == node.size and source in slots:
            slots[node] = slots.pop(source)
            return True
    return False


def _played(steps: _Steps, state: State) -> tuple[State, int]:
    arena = _Arena(state)
    take, give, kept = arena.take, arena.give, len(state.offsets)
    offsets = [*state.offsets, *[0] * (steps.slots - kept)]
    for slot, size in steps.steps:
        if slot >= 0:
            offsets[slot] = take(size)
        else:
            give(offsets[~slot], size)
    if steps.out is not None:
        offsets[0] = offsets[steps.out]
    return State(tuple(offsets[:kept]), tuple(arena.starts), tuple(arena.sizes)), arena.peak


class _Arena:
    """Free blocks: where each starts and how long it is, by place; the last one is endless."""

    def __init__(self, state: State) -> None:
        self.starts = [*state.starts]
        self.sizes = [*state.sizes]
        self.peak = 0

    def take(self, size: int) -> int:
        starts, sizes = self.starts, self.sizes
        best = len(sizes) - 1
        fitting = _ENDLESS
        for number in range(best):
            if size <= sizes[number] <= fitting:
                best, fitting = number, sizes[number]
        offset, room = starts[best], sizes[best]
        end = offset + size
        if room == size:
            del starts[best], sizes[best]
        else:
            starts[best], sizes[best] = end, room - size
        self.peak = max(self.peak, end)
        return offset

    def give(self, offset: int, size: int) -> None:
        starts, sizes = self.starts, self.sizes
        number = bisect_left(starts, offset)
        end = offset + size
        joins = number and starts[number - 1] + sizes[number - 1] == offset
        if starts[number] == end:
            if joins:
                sizes[number - 1] += size + sizes[number]
                del starts[number], sizes[number]
            else:
                starts[number] = offset
                sizes[number] += size
        elif joins:
            sizes[number - 1] += size
        else:
            starts.insert(number, offset)
            sizes.insert(number, size)
