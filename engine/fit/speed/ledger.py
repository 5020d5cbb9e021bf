"""Ledger: a model's weights as running sums over its layers, so that any range costs one look."""

from collections.abc import Callable, Iterable
from itertools import accumulate
from typing import Any

from engine.fit.memory.kv import Cache, caches_by_layer
from engine.fit.memory.parts import Parts, Weights
from engine.fit.rig import Board, Card
from engine.fit.speed.placed import Kept
from engine.gguf.format import TENSOR_TYPES
from engine.protocol.load import CacheType, ExpertGroup

_ALL_GROUPS = len(ExpertGroup)
_MOST_KEPT = 32

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

    def kept(self, kept: Kept) -> float:
        """These layers' expert tensors in RAM, all their experts together."""
        if len(kept.groups) == _ALL_GROUPS:
            return self.experts[kept.end] - self.experts[kept.start]
        layers = self._groups[kept.start : kept.end]
        return sum(own.get(group, 0.0) for own in layers for group in kept.groups)


class Ledgers:
    """All ledgers of one model: those of its parts alone, and one for each set of rates met."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.bytes = Ledger(parts, lambda weights: float(weights.size_bytes))
        self.elements = Ledger(parts, elements_of)
        self.unsplit = Ledger(parts, _unsplit)
        self.with_experts = running(1.0 if layer.experts else 0.0 for layer in parts.layers)
        self._timed: dict[tuple[object, ...], Ledger] = {}
        self._read: dict[int, Sums] = {}

    def of_card(self, card: Card) -> Ledger:
        """Seconds in which that card reads them."""
        rates, other = card.type_rates, card.bytes_per_second
        key = "card", other, *sorted(rates.items())
        return self._at(key, lambda kind: rates.get(kind, other))

    def of_board(self, board: Board) -> Ledger:
        """Seconds in which the processor reads them from RAM."""
        rates, most = board.type_rates, board.bytes_per_second
        key = "board", most, *sorted(rates.items())
        return self._at(key, lambda kind: min(most, rates.get(kind, most)))

    def read(self, depth: int) -> Sums:
        """What a token reads of the cache at that depth."""
        if depth not in self._read:
            _bound(self._read)
            self._read[depth] = cache_read(self._parts, depth)
        return self._read[depth]

    def _at(self, key: tuple[object, ...], rate: Rate) -> Ledger:
        if key not in self._timed:
            _bound(self._timed)
            self._timed[key] = Ledger(self._parts, lambda weights: seconds_of(weights, rate))
        return self._timed[key]


def _bound(kept: dict[Any, Any]) -> None:
    if len(kept) >= _MOST_KEPT:
        kept.clear()


def _unsplit(weights: Weights) -> float:
    return weights.size_bytes * (1 - weights.split / max(1, weights.on_card))


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
    return running(caches_by_layer(parts.shape, cache)[: len(parts.layers)])
