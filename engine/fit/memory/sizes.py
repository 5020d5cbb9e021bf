"""Sizes: what is reckoned once for a model, so that each layout of it costs a few looks."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate

from engine.fit.memory.buffers import buffers_of, telling
from engine.fit.memory.graph import Stage, Work
from engine.fit.memory.kv import Cache, caches_by_layer
from engine.fit.memory.parts import Layer, Parts, Weights
from engine.protocol.load import CpuExperts, ExpertGroup

Groups = frozenset[ExpertGroup]
NO_GROUPS: Groups = frozenset()
ALL_GROUPS: Groups = frozenset(ExpertGroup)
_MOST_CACHES = 64
_MOST_IN_RAM = 256
_MOST_ROWS = 1024


@dataclass(frozen=True, slots=True, eq=False)
class InRam:
    """The expert tensors that stay in RAM, by layer; and as running sums over the layers what they
    would take on a card, and what they take as stored. Equal ones are one: see `Sizes.in_ram`."""

    groups: Mapping[int, Groups]
    on_card: tuple[int, ...]
    stored: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """Layers that one device computes, in order; `telling` are those that decide its buffer.
    `beside` is the largest pair of expert tensors that visit it for another card's layers."""

    stages: tuple[Stage, ...]
    telling: tuple[Stage, ...]
    beside: int


class Sizes:
    """One model's bytes as running sums over its layers: entry i is what the layers before i take.

    `…_on_card` are those in a card's buffer, `…_stored` those of the file.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        layers = parts.layers
        self.dense_on_card = _sums(one.dense.on_card for one in layers)
        self.dense_stored = _sums(one.dense.size_bytes for one in layers)
        self.experts_on_card = _sums(_on_card(one, ALL_GROUPS) for one in layers)
        self.experts_stored = _sums(_stored(one, ALL_GROUPS) for one in layers)
        self.expert_layers = tuple(
            layer for layer, one in enumerate(layers) if _on_card(one, ALL_GROUPS)
        )
        self.groups_on_card = tuple(
            {group: weights.on_card for group, weights in one.experts.items()} for one in layers
        )
        self.buffers = buffers_of(parts.shape)
        self._some: dict[tuple[int, Groups], tuple[int, int]] = {}
        self._pairs: dict[tuple[int, Groups], int] = {}
        self._groups: dict[tuple[ExpertGroup, ...], Groups] = {}
        self._in_ram: dict[tuple[tuple[int, Groups], ...], InRam] = {}
        self._drawn: dict[tuple[Row, Work, bool], int] = {}
        self._rows: dict[tuple[range, int, bool, InRam], Row] = {}
        self._caches: dict[tuple[Cache, bool], tuple[int, ...]] = {}
        self._stages: dict[tuple[int, Groups, bool], Stage] = {}
        self._visits: dict[int, Stage] = {}
        self._bare: dict[Stage, Stage] = {}
        self._pieces: dict[
            tuple[int, tuple[CpuExperts, ...]], tuple[tuple[int, int, int], ...]
        ] = {}

    def in_ram(self, experts: Iterable[CpuExperts]) -> InRam:
        """The expert tensors that stay in RAM."""
        known = self._groups
        found: dict[int, Groups] = {}
        for one in experts:
            groups = known.get(one.groups)
            if groups is None:
                groups = known.setdefault(one.groups, frozenset(one.groups))
            found[one.layer] = groups
        return self._summed(found)

    def _summed(self, groups: Mapping[int, Groups]) -> InRam:
        key = tuple(groups.items())
        known = self._in_ram.get(key)
        if known is None:
            if len(self._in_ram) >= _MOST_IN_RAM:
                self._in_ram.clear()
            taken = [
                self.some(layer, groups.get(layer, NO_GROUPS))
                for layer in range(len(self._parts.layers))
            ]
            known = self._in_ram[key] = InRam(
                groups=groups,
                on_card=_sums(on_card for on_card, _ in taken),
                stored=_sums(stored for _, stored in taken),
            )
        return known

    def row(self, layers: range, visiting: int, in_ram: InRam, *, away: bool) -> Row:
        """These layers on a card, behind so many first ones that visit it."""
        key = layers, visiting, away, in_ram
        found = self._rows.get(key)
        if found is None:
            if len(self._rows) >= _MOST_ROWS:
                self._rows.clear()
            groups = in_ram.groups
            stages = (
                *map(self.visit, range(visiting)),
                *(self.stage(at, groups.get(at, NO_GROUPS), away=away) for at in layers),
            )
            pairs = (self.pair(at, some) for at, some in groups.items() if at not in layers)
            beside = max(pairs, default=0)
            found = self._rows[key] = Row(stages, telling(stages), beside)
        return found

    def some(self, layer: int, groups: Groups) -> tuple[int, int]:
        """Bytes on a card, and as stored, of some of a layer's expert tensors."""
        found = self._some.get((layer, groups))
        if found is None:
            one = self._parts.layers[layer]
            found = self._some[layer, groups] = _on_card(one, groups), _stored(one, groups)
        return found

    def pair(self, layer: int, groups: Groups) -> int:
        """Two of these expert tensors: what of other cards' layers lies on the first card."""
        found = self._pairs.get((layer, groups))
        if found is None:
            experts = self._parts.layers[layer].experts.items()
            ordered = sorted(one.largest for group, one in experts if group in groups)
            found = self._pairs[layer, groups] = sum(ordered[-2:])
        return found

    def caches(self, cache: Cache, *, on_card: bool) -> tuple[int, ...]:
        """Running sums of the cache, over all blocks."""
        found = self._caches.get((cache, on_card))
        if found is None:
            if len(self._caches) >= _MOST_CACHES:
                self._caches.clear()
            found = _sums(caches_by_layer(self._parts.shape, cache, on_card=on_card))
            self._caches[cache, on_card] = found
        return found

    def stage(self, layer: int, in_ram: Groups, *, away: bool) -> Stage:
        """A layer on a card, these tensors of its experts in RAM; away: another card computes
        them."""
        found = self._stages.get((layer, in_ram, away))
        if found is not None:
            return found
        one, alike = self._parts.layers[layer], self.buffers.alike[layer]
        if away and in_ram:
            stage = Stage(layer=alike, experts=bool(one.experts), away=True)
        else:
            stage = Stage(
                layer=alike,
                experts=bool(one.experts),
                staged_experts=largest(one, in_ram - {ExpertGroup.DOWN}),
                staged_down=largest(one, in_ram & {ExpertGroup.DOWN}),
            )
        self._stages[layer, in_ram, away] = stage
        return stage

    def visit(self, layer: int) -> Stage:
        """A layer in RAM, whose weights visit a card for a prompt."""
        found = self._visits.get(layer)
        if found is None:
            whole = self.stage(layer, ALL_GROUPS, away=False)
            found = replace(whole, staged=self._parts.layers[layer].dense.largest)
            self._visits[layer] = found
        return found

    def bare(self, stage: Stage) -> Stage:
        """The same with its experts there already."""
        found = self._bare.get(stage)
        if found is None:
            found = self._bare[stage] = replace(stage, staged_experts=0, staged_down=0)
        return found

    def drawn(self, row: Row, work: Work, *, last: bool) -> int:
        """The buffer of the device that computes this row, and the output if `last`."""
        found = self._drawn.get((row, work, last))
        if found is None:
            if len(self._drawn) >= _MOST_ROWS:
                self._drawn.clear()
            found = self.buffers.bytes_of(row.telling, work, last=last)
            self._drawn[row, work, last] = found
        return found

    def split_bytes(
        self,
        first: int,
        in_ram: Mapping[int, Groups],
        experts: tuple[CpuExperts, ...],
        share: float,
    ) -> int:
        """A card's share of the layers from `first` on in tensor split."""
        key = first, experts
        if key not in self._pieces:
            if len(self._pieces) >= _MOST_CACHES:
                self._pieces.clear()
            pieces: Counter[tuple[int, int]] = Counter()
            for layer in range(first, len(self._parts.layers)):
                for one in _lying(self._parts.layers[layer], in_ram.get(layer, NO_GROUPS)):
                    pieces[one.on_card - one.split, one.split] += 1
            self._pieces[key] = tuple((*piece, count) for piece, count in pieces.items())
        return sum(
            (whole + round(split * share)) * count for whole, split, count in self._pieces[key]
        )


def largest(layer: Layer, groups: Groups) -> int:
    """The largest of these expert tensors, on a card."""
    return max(
        (weights.largest for group, weights in layer.experts.items() if group in groups), default=0
    )


def _lying(layer: Layer, in_ram: Groups) -> list[Weights]:
    experts = [weights for group, weights in layer.experts.items() if group not in in_ram]
    return [layer.dense, *experts]


def _on_card(layer: Layer, groups: Groups) -> int:
    return sum(one.on_card for group, one in layer.experts.items() if group in groups)


def _stored(layer: Layer, groups: Groups) -> int:
    return sum(one.size_bytes for group, one in layer.experts.items() if group in groups)


def _sums(sizes: Iterable[int]) -> tuple[int, ...]:
    return tuple(accumulate(sizes, initial=0))
