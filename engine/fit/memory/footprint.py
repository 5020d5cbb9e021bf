"""Footprint: the bytes that a layout takes on each card and in RAM.

Source: load_tensors in llama-model.cpp (which layer lies where), llama-model-loader.cpp (what
becomes of weights in RAM), llama_meta_device_get_split_state in llama-model.cpp (tensor split).
"""

from collections.abc import Sequence
from dataclasses import replace

from engine.fit.layout import Layout
from engine.fit.memory.compute import Computing
from engine.fit.memory.kv import Cache, cache_bytes, cache_of
from engine.fit.memory.parts import Layer, Parts, Weights
from engine.fit.plan import CardBytes, Footprint, HostBytes
from engine.fit.rig import Card, Rig
from engine.protocol.load import ExpertGroup, SplitMode

_NOTHING: frozenset[ExpertGroup] = frozenset()


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
        self._cache: Cache = cache_of(layout)
        self._computing = Computing(parts, layout)
        self._in_ram = {one.layer: frozenset(one.groups) for one in layout.cpu_experts}
        self._count = len(parts.layers)
        # As llama.cpp counts: blocks for further tokens have places too, though they stay empty.
        self._exit = parts.shape.layers
        self._first = max(0, self._exit + 1 - layout.gpu_layers)

    def card(self, position: int, card: Card) -> CardBytes:
        if self._layout.split_mode is SplitMode.TENSOR:
            return self._split_card(position, card)
        starts = sum(self._layout.layer_counts[:position]) + self._first
        held = range(starts, starts + self._layout.layer_counts[position])
        layers = [layer for layer in held if layer < self._count]
        last = self._exit in held
        weights = sum(self._on_card(layer) for layer in layers)
        weights += self._parts.output.on_card if last else 0
        return _card_bytes(
            card,
            weights=weights,
            kv=self._kv(layers, on_card=True, beyond=last or self._count - 1 in layers),
            compute=self._computing.card_bytes(layers, first=position == 0, last=last),
        )

    def _split_card(self, position: int, card: Card) -> CardBytes:
        share = self._layout.shares[position]
        layers = range(self._first, self._count)
        weights = kv = 0
        if self._layout.gpu_layers > 0:
            output = self._parts.output
            weights = output.on_card - output.split + round(output.split * share)
        for layer in layers:
            one = self._parts.layers[layer]
            for group in (one.dense, *self._card_groups(layer)):
                weights += group.on_card - group.split + round(group.split * share)
        kv = round(self._kv(layers, on_card=True, beyond=True) * share)
        compute = self._computing.split_card_bytes()
        return _card_bytes(card, weights=weights, kv=kv, compute=compute)

    def host(self, rig: Rig) -> HostBytes:
        parts, layout = self._parts, self._layout
        weights = parts.input.size_bytes
        for layer, one in enumerate(parts.layers):
            if layer < self._first or not layout.cards:
                weights += one.dense.size_bytes + _experts(one, frozenset(ExpertGroup))
            else:
                weights += _experts(one, self._in_ram.get(layer, _NOTHING))
        if (layout.gpu_layers == 0 or not layout.cards) and not parts.tied:
            weights += parts.output.size_bytes
        beyond = not layout.cards
        held = range(self._first if layout.cards else self._count)
        return HostBytes(
            weights=weights,
            kv=self._kv(held, on_card=False, beyond=beyond),
            compute=self._computing.host_bytes(),
            mapped=weights if layout.memory_map else 0,
            capacity=rig.board.memory_bytes,
            free=rig.board.free_bytes,
        )

    def _on_card(self, layer: int) -> int:
        one = self._parts.layers[layer]
        return one.dense.on_card + sum(group.on_card for group in self._card_groups(layer))

    def _card_groups(self, layer: int) -> list[Weights]:
        staying = self._in_ram.get(layer, _NOTHING)
        experts = self._parts.layers[layer].experts
        return [weights for group, weights in experts.items() if group not in staying]

    def _kv(self, layers: Sequence[int], *, on_card: bool, beyond: bool) -> int:
        """The caches of these layers; with the NextN blocks' that lie `beyond` the last."""
        shape = self._parts.shape
        more = range(self._count, shape.layers) if beyond else range(0)
        return sum(
            cache_bytes(shape, layer, self._cache, on_card=on_card) for layer in (*layers, *more)
        )


def _experts(layer: Layer, groups: frozenset[ExpertGroup]) -> int:
    return sum(one.size_bytes for group, one in layer.experts.items() if group in groups)


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
