"""Prompt: how fast a prompt is read, micro-batch by micro-batch."""

from engine.fit.layout import Layout
from engine.fit.memory.parts import Parts
from engine.fit.rig import Card, Rig
from engine.fit.speed.decode import used_share
from engine.fit.speed.ledger import Ledgers, running
from engine.fit.speed.placed import Placed
from engine.fit.speed.rates import (
    EXPERT_FLOPS_SHARE,
    OFFLOAD_TOKENS,
    PROMPT_EXPERT_REDUCTION_SECONDS,
    PROMPT_REDUCTION_SECONDS,
    TOUCHED_SHARE,
)

_PROMPT_TOKENS = 2048  # the prompt that is told about, where the context holds it twice
_ACTIVATION_BYTES = 4


class Prompt:
    """Prompts for one model on one rig."""

    def __init__(self, parts: Parts, rig: Rig) -> None:
        self._parts = parts
        self._rig = rig
        self._by_number = {card.number: card for card in rig.cards}
        ledgers = parts.once(Ledgers)
        self._elements, self._bytes = ledgers.elements, ledgers.bytes
        self._board = ledgers.of_board(rig.board)
        self._with_experts = ledgers.with_experts
        self._cards = {card.number: ledgers.of_card(card) for card in rig.cards}
        self._reach = self._attended()

    def tokens_per_second(self, layout: Layout, place: Placed) -> float:
        """A prompt of 2,048 tokens or one micro-batch, or of half the context if that is less."""
        longest = max(_PROMPT_TOKENS, layout.micro_batch_tokens)
        prompt = max(1, min(longest, layout.context_tokens // 2))
        size = max(1, min(layout.micro_batch_tokens, layout.batch_tokens, prompt))
        rounds = -(-prompt // size)
        cards = [
            self._card(layout, place, number, size, prompt) for number in range(len(place.spans))
        ]
        rest = self._rest(layout, place, size, prompt)
        if not self._parts.layers:
            return 0.0
        if place.tensor:
            once = max(cards, default=0.0) + rest + self._reductions(layout, place, size)
            return prompt / (rounds * once)
        if place.kind == "gpu":
            # Micro-batches follow each other through the cards.
            batch_rounds = max(1, min(rounds, layout.batch_tokens // size))
            batches = rounds / batch_rounds
            return prompt / (batches * (sum(cards) + (batch_rounds - 1) * max(cards)))
        return prompt / (rounds * (sum(cards) + rest))

    def _card(self, layout: Layout, place: Placed, number: int, size: int, prompt: int) -> float:
        card = self._by_number[layout.cards[number]]
        ledger = self._cards[card.number]
        start, end = place.spans[number]
        kept_elements = kept_seconds = 0.0
        for kept in place.cpu_experts:
            if kept.place == number or place.tensor:
                kept_elements += self._elements.kept(kept)
                kept_seconds += ledger.kept(kept)
        computed = (
            kept_elements if place.tensor else 0.0
        )  # else they are computed here all the same
        dense = self._elements.dense[end] - self._elements.dense[start]
        experts = self._elements.experts[end] - self._elements.experts[start] - computed
        read = ledger.experts[end] - ledger.experts[start] - kept_seconds
        work = self._work(dense, experts, (start, end), size, prompt)
        part = layout.shares[number] if place.tensor else 1.0
        seconds = part * (
            max(work / card.flops, ledger.dense[end] - ledger.dense[start])
            + self._touched(size) * read
        )
        with_experts = self._with_experts[end] - self._with_experts[start]
        plain = end - start - with_experts
        seconds += size * (end - start) * card.token_layer_seconds
        return seconds + plain * card.layer_seconds + with_experts * card.expert_layer_seconds

    def _rest(self, layout: Layout, place: Placed, size: int, prompt: int) -> float:
        """What lies in RAM: brought over the link for each micro-batch, or computed there."""
        inside = place.in_ram
        dense, experts = self._elements.dense[inside], self._elements.experts[inside]
        if not place.spans or place.tensor or size < OFFLOAD_TOKENS:
            experts += sum(map(self._elements.kept, place.cpu_experts))
            work = self._work(dense, experts, (0, inside), size, prompt)
            read = self._board.dense[inside] + self._board.experts[inside] * self._touched(size)
            return max(work / self._rig.board.flops, read)
        main = self._by_number[layout.cards[0]]
        touched = self._touched(size)
        moved = self._bytes.dense[inside] + touched * self._bytes.experts[inside]
        seconds = moved / _link(main, layout)
        seconds += self._work(dense, experts, (0, inside), size, prompt) / main.flops
        seconds += size * inside * main.token_layer_seconds
        for kept in place.cpu_experts:
            card = self._by_number[layout.cards[kept.place]]
            seconds += touched * self._bytes.kept(kept) / _link(card, layout)
        return seconds

    def _work(
        self, dense: float, experts: float, span: tuple[int, int], size: int, prompt: int
    ) -> float:
        """Floating-point operations of a micro-batch; attention over half the prompt on average."""
        shape = self._parts.shape
        used = shape.experts.used / max(1, shape.experts.count) if shape.experts else 0.0
        attention = 2.0 * prompt / 2 * (self._reach[span[1]] - self._reach[span[0]])
        return size * (2.0 * (dense + used * experts / EXPERT_FLOPS_SHARE) + attention)

    def _touched(self, size: int) -> float:
        experts = self._parts.shape.experts
        if experts is None:
            return 1.0
        return max(
            TOUCHED_SHARE * used_share(experts.count, experts.used, size),
            used_share(experts.count, experts.used, 1),
        )

    def _reductions(self, layout: Layout, place: Placed, size: int) -> float:
        others = len(place.spans) - 1
        start, end = place.spans[0]
        with_experts = self._with_experts[end] - self._with_experts[start]
        fixed = (end - start - with_experts) * PROMPT_REDUCTION_SECONDS
        fixed += with_experts * PROMPT_EXPERT_REDUCTION_SECONDS
        link = min(self._by_number[number].link_bytes_per_second for number in layout.cards)
        moved = (end - start) * size * self._parts.shape.embedding * _ACTIVATION_BYTES
        return others * (fixed + moved / link)

    def _attended(self) -> tuple[float, ...]:
        """Numbers that a query meets for each token before it, summed over layers with a cache."""
        shape = self._parts.shape
        recurrent, window = shape.recurrent, shape.window

        def reach(layer: int) -> float:
            if recurrent and recurrent.layers[layer] and not recurrent.beside_attention:
                return 0.0
            shortened = 0.5 if window and window.layers[layer] else 1.0
            return shortened * shape.heads[layer] * (shape.key_length + shape.value_length)

        return running(reach(layer) for layer in range(len(self._parts.layers)))


def _link(card: Card, layout: Layout) -> float:
    """Weights in a mapped file are not pinned."""
    pageable = card.pageable_bytes_per_second if layout.memory_map else None
    return pageable or card.link_bytes_per_second
