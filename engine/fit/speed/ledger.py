"""Ledger: a model's weights as running sums over its layers, so that any range costs one look."""

from collections.abc import Callable, Iterable
from itertools import accumulate

from engine.fit.memory.kv import Cache, cache_bytes
from engine.fit.memory.parts import Parts, Weights
from engine.gguf.format import TENSOR_TYPES
from engine.protocol.load import CacheType, ExpertGroup

_ELEMENTS_A_BYTE = {
    kind.name: kind.block_elements / kind.block_bytes for kind in TENSOR_TYPES.values()
}
Sums = tuple[float, ...]
# How fast a type's bytes are read, in bytes a second.
Rate = Callable[[str], float]


def running(values: Iterable[float]) -> Sums:
    """Sums of the first 0, 1, 2 … values: what lies from a to b is sums[b] − sums[a]."""
    return tuple(accumulate(values, initial=0.0))


def elements_of(weights: Weights) -> float:
    """How many numbers they are."""
    return sum(size * _ELEMENTS_A_BYTE.get(kind, 1.0) for kind, size in weights.stored.items())


def seconds_of(weights: Weights, rate: Rate) -> float:
    """How long reading all of them takes."""
    return sum(size / rate(kind) for kind, size in weights.stored.items())


class Ledger:
    """One measure of all weights: seconds at some reader's rates, bytes, or numbers."""

    def __init__(self, parts: Parts, measure: Callable[[Weights], float]) -> None:
        self._groups = [
            {group: measure(weights) for group, weights in layer.experts.items()}
            for layer in parts.layers
        ]
        self.dense = running(measure(layer.dense) for layer in parts.layers)
        self.experts = running(sum(groups.values()) for groups in self._groups)
        self.output = measure(parts.output)
        self.input = measure(parts.input)

    def group(self, layer: int, groups: tuple[ExpertGroup, ...]) -> float:
        """Some of a layer's expert tensors, all their experts together."""
        own = self._groups[layer]
        return sum(own.get(group, 0.0) for group in groups)


def cache_read(parts: Parts, depth: int) -> Sums:
    """Bytes of F16 cache and of state that a token reads at that depth, summed over the layers.

    Smaller cache types take less room, but their unpacking costs what their reading saves.
    """
    cache = Cache(
        context_tokens=max(1, depth),
        streams=1,
        unified=True,
        cache_type=CacheType.F16,
        micro_batch_tokens=1,
    )
    return running(cache_bytes(parts.shape, layer, cache) for layer in range(len(parts.layers)))
