"""Layout: one way to lay a model over a rig, decided to the last knob."""

from dataclasses import dataclass

from engine.protocol.load import CacheType, CpuExperts, SplitMode

_DRAFT_TOKENS = 8
_DRAFTING_STREAMS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """`cards` are the numbers of the rig's cards in use, in llama.cpp's order; empty: no card.

    The layers on cards are the model's last ones; of these, in order, each card takes as many as
    `layer_counts` says. The output layer counts as one. In tensor split every card has its part of
    each of them: then `layer_counts` holds that same total for every card, and `shares`, which sum
    to 1, the parts. The layers before stay in RAM and are computed there.
    """

    cards: tuple[int, ...]
    split_mode: SplitMode
    layer_counts: tuple[int, ...]
    shares: tuple[float, ...]
    cpu_experts: tuple[CpuExperts, ...]
    context_tokens: int
    cache_type: CacheType
    micro_batch_tokens: int
    batch_tokens: int
    streams: int
    unified_kv: bool
    memory_map: bool
    speculation: bool | None = None  # whether tokens are guessed; None: for few streams

    @property
    def gpu_layers(self) -> int:
        """llama.cpp's n_gpu_layers: layers on cards, the output layer included."""
        if self.split_mode is SplitMode.TENSOR:
            return max(self.layer_counts, default=0)
        return sum(self.layer_counts)

    @property
    def draft_tokens(self) -> int:
        """Guessed tokens that a step may check for each stream: of many streams' steps, guesses
        would be the greater part."""
        few = self.streams <= _DRAFTING_STREAMS
        return _DRAFT_TOKENS if (few if self.speculation is None else self.speculation) else 0

    @property
    def shortlists(self) -> bool:
        """Whether a card cuts logits down to the likeliest tokens: the one that has the output
        layer. A processor would compute what it saves; tensor split has no such thing."""
        on_cards = self.gpu_layers > 0 and bool(self.cards)
        return on_cards and self.split_mode is not SplitMode.TENSOR

    @property
    def outputs(self) -> int:
        """The tokens of a step whose logits are wanted, at most."""
        return self.streams * (1 + self.draft_tokens)
