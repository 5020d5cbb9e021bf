"""How ggml lays a graph's tensors into one buffer, replayed with sizes alone.

Source: ggml_gallocr_alloc_graph_impl and ggml_dyn_tallocr_alloc in ggml-alloc.c. A tensor lives
from the node that makes it to the last one that reads it, takes the smallest free hole that is
large enough, and may take the place of what it is made from.
"""

from bisect import bisect_left

_ENDLESS = 1 << 60


class Tensor:
    """One tensor of a graph: its bytes, and what it is made from."""

    __slots__ = ("inplace", "is_input", "offset", "readers", "size", "sources")

    def __init__(self, size: int, sources: "tuple[Tensor, ...]", *, inplace: bool) -> None:
        self.size = size
        self.sources = sources
        self.inplace = inplace
        self.is_input = False
        self.offset = -1  # not lying anywhere
        self.readers = 0


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

    def peak_bytes(self) -> int:
        """The buffer's size."""
        arena = _Arena()
        for node in self._nodes:
            for source in node.sources:
                source.readers += 1
                if source.is_input and source.offset < 0:
                    source.offset = arena.take(source.size)
        for node in self._nodes:
            sources = node.sources
            if node.size and not (node.inplace and _took_place(node)):
                node.offset = arena.take(node.size)
            for source in sources:
                source.readers -= 1
                if not source.readers and source.offset >= 0:
                    arena.give(source.offset, source.size)
        return arena.peak

    def _padded(self, size: int) -> int:
        return -(-size // self._alignment) * self._alignment


def _took_place(node: Tensor) -> bool:
    """Whether it lies where something it is made from lay."""
    for source in node.sources:
        if source.readers == 1 and source.size == node.size and source.offset >= 0:
            node.offset, source.offset = source.offset, -1
            return True
    return False


class _Arena:
    """Free blocks: where each starts and how long it is, by place; the last one is endless."""

    def __init__(self) -> None:
        self._starts = [0]
        self._sizes = [_ENDLESS]
        self.peak = 0

    def take(self, size: int) -> int:
        starts, sizes = self._starts, self._sizes
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
        starts, sizes = self._starts, self._sizes
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
