"""Decode: how long one step of answering takes, device by device."""

from dataclasses import dataclass

from engine.fit.layout import Layout
from engine.fit.memory.kv import cache_of
from engine.fit.memory.parts import Parts
from engine.fit.memory.sizes import Sizes
from engine.fit.rig import Rig
from engine.fit.speed.ledger import Ledgers, Sums
from engine.fit.speed.placed import Placed
from engine.fit.speed.rates import (
    BIASED_EXPERTS_LAYER_SECONDS,
    HOP_SECONDS,
    LATENT_LAYER_SECONDS,
    REDUCTION_SECONDS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Seconds of one step by who spends them; `cards` in the layout's order.

    In tensor split the cards work at the same time (`together`). `between` is what passes between
    cards, and outside llama.cpp.
    """

    cards: tuple[float, ...]
    processor: float
    disk: float
    between: float
    together: bool

    @property
    def seconds(self) -> float:
        """The whole step."""
        cards = max(self.cards, default=0.0) if self.together else sum(self.cards)
        return cards + self.processor + self.disk + self.between


def used_share(count: int, used: int, tokens: int) -> float:
    """The share of a layer's experts that so many tokens touch, if each picks `used` at random."""
    return 1.0 - (1.0 - min(1.0, used / max(1, count))) ** max(1, tokens)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Load:
    """What every device must do in a step: for so many streams, read that share of each layer's
    experts and these sums of cache for each stream."""

    busy: int
    share: float
    cache: Sums


class Decode:
    """Steps of one model on one rig; sums are made once, each layout then costs little."""

    def __init__(self, parts: Parts, rig: Rig) -> None:
        self._parts = parts
        self._rig = rig
        self._by_number = {card.number: card for card in rig.cards}
        self._sizes = parts.once(Sizes)
        self._ledgers = ledgers = parts.once(Ledgers)
        self._board = ledgers.of_board(rig.board)
        self._bytes, self._unsplit = ledgers.bytes, ledgers.unsplit
        self._with_experts = ledgers.with_experts
        self._cards = {card.number: ledgers.of_card(card) for card in rig.cards}

    def step(self, layout: Layout, place: Placed, *, busy: int = 1) -> Step:
        """One step with `busy` streams at work, each with a quarter of its context filled."""
        depth = layout.context_tokens // 4 // (1 if layout.unified_kv else layout.streams)
        cache = self._ledgers.read(max(1, depth))
        load = _Load(busy=busy, share=self._expert_share(busy), cache=cache)
        processor, touched = self._processor(place, load)
        disk = self._spilled_share(layout, place) * touched / self._rig.board.disk_bytes_per_second
        cards = tuple(self._card(layout, place, number, load) for number in range(len(place.spans)))
        layers = place.spans[-1][1] - place.in_ram if place.spans else 0
        hops = len(cards) - 1
        between = hops * (REDUCTION_SECONDS * layers if place.tensor else HOP_SECONDS)
        board = self._rig.board
        outside = board.step_seconds + busy * board.logit_seconds * self._parts.shape.vocabulary
        return Step(
            cards=cards,
            processor=processor,
            disk=disk,
            between=max(0.0, between) + outside,
            together=place.tensor,
        )

    def weights_on_cards(self, place: Placed) -> float:
        """Bytes that are brought to cards when it is loaded."""
        count = len(self._parts.layers)
        whole = (
            self._bytes.dense[count]
            - self._bytes.dense[place.in_ram]
            + self._bytes.experts[count]
            - self._bytes.experts[place.in_ram]
            + self._bytes.output
        )
        kept = sum(map(self._bytes.kept, place.cpu_experts))
        return whole - kept if place.spans else 0.0

    def weights_in_ram(self, place: Placed) -> float:
        """Bytes that stay in RAM and are read for tokens."""
        inside = place.in_ram
        kept = sum(map(self._bytes.kept, place.cpu_experts))
        output = 0.0 if place.output_on_card else self._bytes.output
        return self._bytes.dense[inside] + self._bytes.experts[inside] + kept + output

    def _spilled_share(self, layout: Layout, place: Placed) -> float:
        """The part of the weights in RAM that does not fit there beside the cache, which stays, and
        so comes from disk again and again."""
        held = self.weights_in_ram(place)
        free = max(0.0, self._rig.board.free_bytes - self._cache_in_ram(layout, place))
        return 0.0 if held <= free else 1.0 - free / held

    def _cache_in_ram(self, layout: Layout, place: Placed) -> float:
        if not place.in_ram:
            return 0.0
        return float(self._sizes.caches(cache_of(layout), on_card=False)[place.in_ram])

    def _expert_share(self, tokens: int) -> float:
        experts = self._parts.shape.experts
        return used_share(experts.count, experts.used, tokens) if experts else 1.0

    def _card(self, layout: Layout, place: Placed, number: int, load: _Load) -> float:
        card = self._by_number[layout.cards[number]]
        ledger = self._cards[card.number]
        start, end = place.spans[number]
        dense = ledger.dense[end] - ledger.dense[start]
        experts = ledger.experts[end] - ledger.experts[start]
        kept = sum(
            ledger.kept(one) for one in place.cpu_experts if one.place == number or place.tensor
        )
        output = 0.0
        if place.output_on_card and (place.tensor or number == len(place.spans) - 1):
            output = ledger.output
        cache_rate = card.bytes_per_second * card.cache_share
        filled = load.busy * (load.cache[end] - load.cache[start]) / cache_rate
        read = dense + output + load.share * (experts - kept) + filled
        if place.tensor:
            part = layout.shares[number]
            whole = (self._unsplit.dense[end] - self._unsplit.dense[start]) / card.bytes_per_second
            read = whole + (read - whole) * part
        with_experts = self._with_experts[end] - self._with_experts[start]
        plain = (end - start) - with_experts
        latent = LATENT_LAYER_SECONDS * (end - start) if self._parts.shape.latent else 0.0
        usual = plain * card.layer_seconds + with_experts * card.expert_layer_seconds
        if self._parts.biased_experts:
            usual += with_experts * BIASED_EXPERTS_LAYER_SECONDS
        return read + usual + latent

    def _processor(self, place: Placed, load: _Load) -> tuple[float, float]:
        """Seconds, and the bytes of weights read in them."""
        board, inside, share = self._rig.board, place.in_ram, load.share
        seconds = self._board.dense[inside] + share * self._board.experts[inside]
        seconds += share * sum(map(self._board.kept, place.cpu_experts))
        touched = self._bytes.dense[inside] + share * self._bytes.experts[inside]
        touched += share * sum(map(self._bytes.kept, place.cpu_experts))
        if not place.output_on_card:
            seconds += self._board.output
            touched += self._bytes.output
        seconds += load.busy * load.cache[inside] / board.bytes_per_second
        if place.spans:
            seconds /= board.turns_share
        computed = inside + sum(one.end - one.start for one in place.cpu_experts)
        return seconds + computed * board.layer_seconds, touched
