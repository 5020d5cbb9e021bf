"""Footprint: the bytes that a layout takes on each card and in RAM.

Source: load_tensors in llama-model.cpp (which layer lies where), llama-model-loader.cpp (what
becomes of weights in RAM), llama_meta_device_get_split_state in llama-model.cpp (tensor split).
"""

from collections.abc import Sequence
from dataclasses import replace

from engine.fit.layout import Layout
from engine.fit.memory.compute import Computing
from engine.fit.memory.kv import cache_of
from engine.fit.memory.parts import Parts
from engine.fit.memory.sizes import Sizes
from engine.fit.plan import CardBytes, Footprint, HostBytes
from engine.fit.rig import Card, Rig
from engine.protocol.load import SplitMode


def footprint(
    parts: Parts, layout: Layout, rig: Rig, *, companions: Sequence[Footprint] = ()
) -> Footprint:
    """What the load takes. `companions` are loaded beside it on the same cards (a draft model):
    their bytes are added where they lie."""
    laying = _Laying(parts, layout)
    known = {card.number: card for card in rig.cards}
    cards = tuple(
        laying.card(position, known[number]) for position, number in enumerate(layout.cards)
    )
    alone = Footprint(cards=cards, host=laying.host(rig))
    for companion in companions:
        alone = _together(alone, companion)
    return alone


def projector_bytes(weights_bytes: int, *, picture_tokens: int, embedding: int) -> int:
    """What a projector (its file's tensors) takes on the first card, with room for a picture.

    Its graph holds some dozen rows of the width for each of the picture's patches, of which four
    become one token.
    """
    return weights_bytes + 4 * picture_tokens * embedding * 4 * 12


class _Laying:
    """One layout being laid out."""

    def __init__(self, parts: Parts, layout: Layout) -> None:
        self._parts, self._layout = parts, layout
        self._sizes = parts.once(Sizes)
        self._cache = cache_of(layout)
        self._in_ram = self._sizes.in_ram(layout.cpu_experts)
        self._computing = Computing(parts, layout, self._in_ram)
        self._count = len(parts.layers)
        # As llama.cpp counts: blocks for further tokens have places too, though they stay empty.
        self._exit = parts.shape.layers
        self._first = max(0, self._exit + 1 - layout.gpu_layers)
        self._split_compute: int | None = None

    def card(self, position: int, card: Card) -> CardBytes:
        if self._layout.split_mode is SplitMode.TENSOR:
            return self._split_card(position, card)
        starts = sum(self._layout.layer_counts[:position]) + self._first
        ends = starts + self._layout.layer_counts[position]
        layers = range(min(starts, self._count), min(ends, self._count))
        last = starts <= self._exit < ends
        return _card_bytes(
            card,
            weights=self._on_card(layers) + (self._parts.output.on_card if last else 0),
            kv=self._kv(layers, on_card=True, beyond=last or self._count - 1 in layers),
            compute=self._computing.card_bytes(layers, first=position == 0, last=last),
        )

    def _split_card(self, position: int, card: Card) -> CardBytes:
        share, layout = self._layout.shares[position], self._layout
        first = min(self._first, self._count)
        weights = self._sizes.split_bytes(first, self._in_ram.groups, layout.cpu_experts, share)
        if layout.gpu_layers > 0:
            output = self._parts.output
            weights += output.on_card - output.split + round(output.split * share)
        kv = self._kv(range(first, self._count), on_card=True, beyond=True)
        if self._split_compute is None:
            self._split_compute = self._computing.split_card_bytes()
        alone = _card_bytes(
            card, weights=weights, kv=round(kv * share), compute=self._split_compute
        )
        if len(layout.cards) < 2:
            return alone
        return replace(
            alone,
            residual_loaded=alone.residual_loaded + card.tensor_residual_loaded_bytes,
            residual=alone.residual + card.tensor_residual_peak_bytes,
        )

    def host(self, rig: Rig) -> HostBytes:
        parts, layout, sizes = self._parts, self._layout, self._sizes
        inside = min(self._first, self._count) if layout.cards else self._count
        weights = parts.input.size_bytes + sizes.dense_stored[inside] + sizes.experts_stored[inside]
        weights += self._in_ram.stored[-1] - self._in_ram.stored[inside]
        if (layout.gpu_layers == 0 or not layout.cards) and not parts.tied:
            weights += parts.output.size_bytes
        beyond = not layout.cards
        return HostBytes(
            weights=weights,
            kv=self._kv(range(inside), on_card=False, beyond=beyond),
            compute=self._computing.host_bytes(),
            mapped=weights if layout.memory_map else 0,
            capacity=rig.board.memory_bytes,
            free=rig.board.free_bytes,
        )

    def _on_card(self, layers: range) -> int:
        sizes, start, end = self._sizes, layers.start, layers.stop
        whole = sizes.dense_on_card[end] - sizes.dense_on_card[start]
        whole += sizes.experts_on_card[end] - sizes.experts_on_card[start]
        return whole - (self._in_ram.on_card[end] - self._in_ram.on_card[start])

    def _kv(self, layers: range, *, on_card: bool, beyond: bool) -> int:
        """The caches of these layers; with the NextN blocks' that lie `beyond` the last."""
        sums = self._sizes.caches(self._cache, on_card=on_card)
        more = sums[self._parts.shape.layers] - sums[self._count] if beyond else 0
        return sums[layers.stop] - sums[layers.start] + more


def _card_bytes(card: Card, *, weights: int, kv: int, compute: int) -> CardBytes:
    return CardBytes(
        number=card.number,
        name=card.name,
        weights=weights,
        kv=kv,
        compute=compute,
        residual_loaded=card.residual_loaded_bytes,
        residual=card.residual_peak_bytes,
        capacity=card.memory_bytes,
        used=card.used_bytes,
        reserve=card.reserve_bytes,
    )


def _together(one: Footprint, other: Footprint) -> Footprint:
    """Both, in one process: the driver's share is there once."""
    more = {card.number: card for card in other.cards}
    cards = tuple(
        replace(
            card,
            weights=card.weights + more[card.number].weights,
            kv=card.kv + more[card.number].kv,
            compute=card.compute + more[card.number].compute,
        )
        if card.number in more
        else card
        for card in one.cards
    )
    here = {card.number for card in cards}
    cards += tuple(card for card in other.cards if card.number not in here)
    host = replace(
        one.host,
        weights=one.host.weights + other.host.weights,
        kv=one.host.kv + other.host.kv,
        compute=one.host.compute + other.host.compute,
        mapped=one.host.mapped + other.host.mapped,
    )
    return Footprint(cards=cards, host=host)
