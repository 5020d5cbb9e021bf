"""How ggml lays a graph's tensors into one buffer, replayed with sizes alone.

Source: ggml_gallocr_alloc_graph_impl and ggml_dyn_tallocr_alloc in ggml-alloc.c. A tensor lives
from the node that makes it to the last one that reads it, takes the smallest free hole that is
large enough, and may take the place of what it is made from.
"""

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
        tensor = Tensor(self._padded(size), sources, inplace=inplace)
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
            _place(node, arena)
            for source in node.sources:
                source.readers -= 1
                if source.readers == 0 and source.offset >= 0:
                    arena.give(source.offset, source.size)
        return arena.peak

    def _padded(self, size: int) -> int:
        return -(-size // self._alignment) * self._alignment


def _place(node: Tensor, arena: "_Arena") -> None:
    if node.size == 0:
        return
    if node.inplace:
        for source in node.sources:
            if source.readers == 1 and source.size == node.size and source.offset >= 0:
                node.offset, source.offset = source.offset, -1
                return
    node.offset = arena.take(node.size)


class _Arena:
    """Free blocks by offset; the last one is endless."""

    def __init__(self) -> None:
        self._blocks: list[tuple[int, int]] = [(0, _ENDLESS)]
        self.peak = 0

    def take(self, size: int) -> int:
        blocks, best = self._blocks, len(self._blocks) - 1
        fitting = _ENDLESS
        for number in range(len(blocks) - 1):
            if size <= blocks[number][1] <= fitting:
                best, fitting = number, blocks[number][1]
        offset, room = blocks[best]
        if room == size:
            del blocks[best]
        else:
            blocks[best] = (offset + size, room - size)
        self.peak = max(self.peak, offset + size)
        return offset

    def give(self, offset: int, size: int) -> None:
        blocks = self._blocks
        number = 0
        while blocks[number][0] < offset:
            number += 1
        if blocks[number][0] == offset + size:
            size += blocks[number][1]
            del blocks[number]
        if number and sum(blocks[number - 1]) == offset:
            offset, before = blocks[number - 1]
            size += before
            number -= 1
            del blocks[number]
        blocks.insert(number, (offset, size))
