"""Lay a model over some cards: as little in RAM as lets the rest fit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from engine.fit.layout import Layout
from engine.fit.placement.splits import layer_counts_of
from engine.fit.placement.stack import (
    Burden,
    Load,
    Stack,
    shares_at_once,
    shares_by_speed,
)
from engine.fit.plan import Footprint
from engine.fit.rig import Card
from engine.protocol.load import CacheType, CpuExperts, ExpertGroup, SplitMode

ATTEMPTS = 5  # at a division whose buffers agree with what was assumed of them
COMFORT = 0.85  # of the free RAM: up to here weights are read into it whole and pinned
SLACK_BYTES = 250_000_000  # at most; on small cards one part in a hundred
BUFFERS_BYTES = 500_000_000  # that llama.cpp keeps in RAM besides
_GROUPS = tuple(ExpertGroup)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What is settled before the layers are divided."""

    cards: tuple[Card, ...]
    split_mode: SplitMode
    context_tokens: int
    cache_type: CacheType
    micro_batch_tokens: int
    streams: int
    unified_kv: bool

    @property
    def key(self) -> tuple[object, ...]:
        """What tells it from other recipes on the same rig."""
        return (
            tuple(card.number for card in self.cards),
            self.split_mode,
            self.context_tokens,
            self.cache_type,
            self.micro_batch_tokens,
            self.streams,
            self.unified_kv,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pins:
    """What the person fixed of the division; None or empty leaves it open."""

    gpu_layers: int | None = None
    cpu_experts: int | None = None
    layer_counts: tuple[int, ...] = ()
    tensor_split: tuple[float, ...] = ()
    speculation: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ram:
    """What is free, and what the token embeddings take of it in any case."""

    free_bytes: int
    entry_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A layout and what it takes."""

    layout: Layout
    footprint: Footprint
    burden: Burden


class Layer:
    """Divides one model by recipes. Remembers the buffers it met, to guess the next ones well."""

    def __init__(
        self,
        stack_for: Callable[[Recipe], Stack],
        footprint_of: Callable[[Layout], Footprint],
        pins: Pins,
        ram: Ram,
    ) -> None:
        self._stack_for = stack_for
        self._footprint_of = footprint_of
        self._pins = pins
        self._ram = ram
        self._overheads: dict[tuple[tuple[int, ...], int], tuple[int, ...]] = {}
        self._experts: dict[tuple[int, tuple[ExpertGroup, ...]], tuple[CpuExperts, ...]] = {}

    def lay(self, recipe: Recipe) -> Laid:
        """The division with the least in RAM that fits, else one that does not."""
        stack = self._stack_for(recipe)
        if not recipe.cards:
            return self._laid(recipe, stack, Burden(cpu_layers=stack.blocks), ())
        if recipe.split_mode is SplitMode.TENSOR:
            return self._by_tensor(recipe, stack)
        if self._pins.layer_counts or self._pins.tensor_split:
            return self._as_told(recipe, stack)
        return self._by_layer(recipe, stack)

    def polished(self, recipe: Recipe, laid: Laid) -> Laid:
        """The same with as many expert tensors of its last partial layer on cards as still fit."""
        burden = laid.burden
        if self._pins.layer_counts or self._pins.tensor_split:
            return laid  # the division is the person's
        if self._pins.cpu_experts is not None or not burden.cpu_experts or not recipe.cards:
            return laid
        stack = self._stack_for(recipe)
        cut = stack.expert_layers[-burden.cpu_experts]
        if recipe.split_mode is SplitMode.TENSOR or cut < burden.cpu_layers:
            return laid
        rooms = self._rooms(recipe, self._overhead(stack, laid))
        for kept in _by_size(stack.groups[cut]):
            counts = self._divided(stack, replace(burden, kept=kept), rooms, recipe)
            if counts is None:
                continue
            tried = self._laid(recipe, stack, replace(burden, kept=kept), counts)
            if is_safe(recipe, tried.footprint):
                return tried
        return laid

    def _by_layer(self, recipe: Recipe, stack: Stack) -> Laid:
        cards = tuple(card.number for card in recipe.cards)
        overhead = self._overheads.get((cards, recipe.micro_batch_tokens))
        if overhead is None:
            even = _even(stack.blocks, len(cards))
            overhead = self._overhead(stack, self._laid(recipe, stack, Burden(), even))
        best: Laid | None = None
        seen: set[int] = set()
        for _ in range(ATTEMPTS):
            rooms = self._rooms(recipe, overhead)
            degree = self._least(stack, rooms)
            burden = self._burden(stack, degree)
            counts = self._divided(stack, burden, rooms, recipe)
            counts = counts or _even(stack.blocks - burden.cpu_layers, len(cards))
            laid = self._laid(recipe, stack, burden, counts)
            safe = is_safe(recipe, laid.footprint)
            if best is None or _merit(recipe, laid) > _merit(recipe, best):
                best = laid
            met = self._overhead(stack, laid)
            if safe and self._least(stack, self._rooms(recipe, met)) >= degree:
                overhead = met
                break
            if degree in seen:
                # Buffers that change as layers leave a card: hold on to the largest ones met.
                met = tuple(max(pair) for pair in zip(met, overhead, strict=True))
            seen.add(degree)
            overhead = met
        self._overheads[cards, recipe.micro_batch_tokens] = overhead
        assert best is not None
        return best

    def _least(self, stack: Stack, rooms: Sequence[float]) -> int:
        """The least burden whose rest fits, by bisection: more in RAM never needs more room.

        The heaviest one if none does.
        """
        low, high = 0, self._most(stack)
        while low < high:
            middle = (low + high) // 2
            if Load(stack, self._burden(stack, middle)).holds(rooms):
                high = middle
            else:
                low = middle + 1
        return high

    def _most(self, stack: Stack) -> int:
        experts = len(stack.expert_layers) if self._pins.cpu_experts is None else 0
        layers = stack.blocks - 1 if self._pins.gpu_layers is None else 0
        return experts + layers

    def _burden(self, stack: Stack, degree: int) -> Burden:
        """The `degree`-th of all burdens, lightest first: experts go before layers."""
        pins = self._pins
        experts = len(stack.expert_layers) if pins.cpu_experts is None else 0
        told = min(pins.cpu_experts or 0, len(stack.expert_layers))
        layers = max(0, degree - experts)
        if pins.gpu_layers is not None:
            layers = max(0, stack.blocks - pins.gpu_layers)
        return Burden(cpu_layers=layers, cpu_experts=min(degree, experts) if experts else told)

    def _divided(
        self, stack: Stack, burden: Burden, rooms: Sequence[float], recipe: Recipe
    ) -> tuple[int, ...] | None:
        load = Load(stack, burden)
        total = load.between(load.first, stack.blocks)
        speeds = [card.bytes_per_second for card in recipe.cards]
        return load.divided(rooms, shares_by_speed(total, rooms, speeds))

    def _as_told(self, recipe: Recipe, stack: Stack) -> Laid:
        pins = self._pins
        wanted = stack.blocks if pins.gpu_layers is None else min(pins.gpu_layers, stack.blocks)
        counts = pins.layer_counts or layer_counts_of(pins.tensor_split, wanted)
        counts = (*counts, *[0] * len(recipe.cards))[: len(recipe.cards)]
        layers = max(0, stack.blocks - sum(counts))
        few, many = 0, len(stack.expert_layers)
        if pins.cpu_experts is not None:
            few = many = min(pins.cpu_experts, many)

        def tried(experts: int) -> Laid:
            burden = Burden(cpu_layers=layers, cpu_experts=experts)
            return self._laid(recipe, stack, burden, counts)

        laid = tried(few)
        if laid.footprint.fits or few == many:
            return laid
        while few < many:  # invariant: `few` does not fit
            middle = (few + many) // 2
            if tried(middle).footprint.fits:
                many = middle
            else:
                few = middle + 1
        return tried(many)

    def _by_tensor(self, recipe: Recipe, stack: Stack) -> Laid:
        pins = self._pins
        wanted = stack.blocks if pins.gpu_layers is None else min(pins.gpu_layers, stack.blocks)
        burden = Burden(
            cpu_layers=stack.blocks - wanted,
            cpu_experts=min(pins.cpu_experts or 0, len(stack.expert_layers)),
        )
        if pins.tensor_split:
            told = (*pins.tensor_split, *[0.0] * len(recipe.cards))[: len(recipe.cards)]
            whole = sum(told) or 1.0
            shares = tuple(share / whole for share in told)
            return self._laid(recipe, stack, burden, (wanted,) * len(recipe.cards), shares)
        load = Load(stack, burden)
        total = load.between(load.first, stack.blocks)
        rooms = [0.9 * card.free_bytes for card in recipe.cards]
        speeds = [card.bytes_per_second for card in recipe.cards]
        laid = None
        for _ in range(3):
            shares = shares_at_once(total, rooms, speeds)
            laid = self._laid(recipe, stack, burden, (wanted,) * len(recipe.cards), shares)
            if is_safe(recipe, laid.footprint):
                break
            rooms = [
                card.free_bytes - slack_of(card) - (taken.total - share * total)
                for card, taken, share in zip(
                    recipe.cards, laid.footprint.cards, shares, strict=True
                )
            ]
        assert laid is not None
        return laid

    def _overhead(self, stack: Stack, laid: Laid) -> tuple[int, ...]:
        """What each card gives beyond the blocks it was given: buffers and the driver's share."""
        load = Load(stack, laid.burden)
        overheads: list[int] = []
        start = load.first
        for taken, count in zip(laid.footprint.cards, laid.layout.layer_counts, strict=True):
            overheads.append(taken.total - load.between(start, start + count))
            start += count
        return tuple(overheads)

    def _rooms(self, recipe: Recipe, overhead: Sequence[int]) -> list[float]:
        return [
            float(card.free_bytes - slack_of(card) - taken)
            for card, taken in zip(recipe.cards, overhead, strict=True)
        ]

    def _laid(
        self,
        recipe: Recipe,
        stack: Stack,
        burden: Burden,
        counts: tuple[int, ...],
        shares: tuple[float, ...] = (),
    ) -> Laid:
        total = sum(counts)
        layout = Layout(
            cards=tuple(card.number for card in recipe.cards),
            split_mode=recipe.split_mode,
            layer_counts=counts,
            shares=shares or tuple(count / total if total else 0.0 for count in counts),
            cpu_experts=self._experts_of(stack, burden),
            context_tokens=recipe.context_tokens,
            cache_type=recipe.cache_type,
            micro_batch_tokens=recipe.micro_batch_tokens,
            batch_tokens=max(2048, recipe.micro_batch_tokens),
            streams=recipe.streams,
            unified_kv=recipe.unified_kv,
            memory_map=not self._read_whole(stack, burden, recipe),
            speculation=self._pins.speculation,
        )
        return Laid(layout=layout, footprint=self._footprint_of(layout), burden=burden)

    def _experts_of(self, stack: Stack, burden: Burden) -> tuple[CpuExperts, ...]:
        key = burden.cpu_experts, burden.kept
        if key not in self._experts:
            layers = stack.expert_layers[len(stack.expert_layers) - burden.cpu_experts :]
            rest = tuple(group for group in _GROUPS if group not in burden.kept)
            self._experts[key] = tuple(
                CpuExperts(layer=layer, groups=_GROUPS if index else rest)
                for index, layer in enumerate(layers)
            )
        return self._experts[key]

    def _read_whole(self, stack: Stack, burden: Burden, recipe: Recipe) -> bool:
        """Read into RAM where it has room: a card fetches from pinned memory far faster.

        With nothing to fetch, or no card to do so, mapped weights are there again at once.
        """
        if not recipe.cards or not (burden.cpu_experts or burden.cpu_layers):
            return False
        load = Load(stack, burden)
        whole = stack.light[-1] + stack.heavy[-1] + self._ram.entry_bytes
        kept = whole - load.between(load.first, stack.blocks)
        return kept + BUFFERS_BYTES <= COMFORT * self._ram.free_bytes


def slack_of(card: Card) -> int:
    """Bytes left free on a card where nothing is pinned: what the closed forms may be wrong by."""
    return min(SLACK_BYTES, card.memory_bytes // 100)


def is_safe(recipe: Recipe, footprint: Footprint) -> bool:
    """Whether it fits, and would if the closed forms were a little wrong."""
    room = all(
        taken.total + slack_of(card) <= card.free_bytes
        for card, taken in zip(recipe.cards, footprint.cards, strict=True)
    )
    return room and footprint.fits


def _merit(recipe: Recipe, laid: Laid) -> tuple[bool, bool, int, int]:
    fits, safe = laid.footprint.fits, is_safe(recipe, laid.footprint)
    return safe, fits, -laid.burden.cpu_layers, -laid.burden.cpu_experts


def _even(blocks: int, cards: int) -> tuple[int, ...]:
    return tuple(blocks // cards + (place < blocks % cards) for place in range(cards))


def _by_size(groups: dict[ExpertGroup, int]) -> list[tuple[ExpertGroup, ...]]:
    """Some but not all of these tensors, the most bytes first."""
    some = [kept for count in range(1, len(groups)) for kept in combinations(groups, count)]
    return sorted(some, key=lambda kept: -sum(groups[group] for group in kept))
