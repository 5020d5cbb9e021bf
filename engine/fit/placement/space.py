"""What a wish leaves open: the cards, contexts, cache types and micro-batches worth trying."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from engine.config import LoadWish
from engine.fit.placement.laying import Pins, Recipe
from engine.fit.placement.splits import splits_by_tensor
from engine.fit.rig import Card, Rig
from engine.fit.saying import Saying, say
from engine.gguf.shape import Shape
from engine.protocol.load import CacheType, SplitMode

USUAL_MICRO_BATCH = 512
SMALL_MICRO_BATCH = 256
LARGE_MICRO_BATCHES = (1024, 2048, 4096)
USUAL_CONTEXT_TOKENS = 8192
UNIFIED_UP_TO = 4  # streams; above, a cache of its own for each is faster (design, section 3)
LEAST_STREAM_TOKENS = 2048  # a stream with less of its own is of no use
MANY_CARDS = 5  # above, not every choice of cards is tried


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """What a wish is worth: contexts grow from `least` to `most` tokens while a plan keeps `keep`
    of the speed at the least; `caches` are allowed in this order."""

    least: int
    most: int
    keep: float
    caches: tuple[CacheType, ...]


PREFERENCES = {
    None: Preference(least=8192, most=32768, keep=0.90, caches=(CacheType.F16, CacheType.Q8_0)),
    "speed": Preference(least=8192, most=16384, keep=0.95, caches=(CacheType.F16, CacheType.Q8_0)),
    "context": Preference(least=8192, most=1 << 24, keep=0.70, caches=tuple(CacheType)),
    "quality": Preference(least=8192, most=32768, keep=0.90, caches=(CacheType.F16,)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """Everything open, resolved for one model and rig. Contexts ascend; `smaller` are a last
    resort. `tensor_refusal` says why tensor split is out of the question."""

    subsets: tuple[tuple[Card, ...], ...]
    split_mode: SplitMode | None
    contexts: tuple[int, ...]
    smaller: tuple[int, ...]
    caches: tuple[CacheType, ...]
    micro_batches: tuple[int, ...]
    streams: int
    streams_planned: bool
    keep: float
    longest: bool
    pins: Pins
    tensor_refusal: Saying | None

    def recipes(self, context: int, cache: CacheType) -> list[Recipe]:
        """One for each choice of cards and split mode."""
        return [
            self._recipe(cards, mode, context, cache)
            for cards in self.subsets
            for mode in self._modes(cards)
        ]

    def _recipe(
        self, cards: tuple[Card, ...], mode: SplitMode, context: int, cache: CacheType
    ) -> Recipe:
        # One pool of cells for all streams, unless more were asked for than share it well: a lone
        # chat may then use the whole context. Apart, each stream has context ÷ streams.
        apart = (
            self.streams_planned
            and self.streams > UNIFIED_UP_TO
            and context >= self.streams * LEAST_STREAM_TOKENS
        )
        return Recipe(
            cards=cards,
            split_mode=mode,
            context_tokens=context,
            cache_type=cache,
            micro_batch_tokens=self.micro_batches[0],
            streams=self.streams,
            unified_kv=not apart,
        )

    def _modes(self, cards: tuple[Card, ...]) -> tuple[SplitMode, ...]:
        if self.split_mode is not None:
            return (self.split_mode,) if cards else (SplitMode.NONE,)
        if len(cards) < 2:
            return (SplitMode.NONE,)
        told = self.pins.layer_counts or self.pins.cpu_experts
        partial = self.pins.gpu_layers is not None
        if self.tensor_refusal or told or partial:
            return (SplitMode.LAYER,)
        return (SplitMode.LAYER, SplitMode.TENSOR)


def reserved(rig: Rig, wish: LoadWish) -> Rig:
    """The rig with the wish's reserve on its cards."""
    cards = tuple(
        replace(card, reserve_bytes=wish.reserve_bytes.get(card.number, card.reserve_bytes))
        for card in rig.cards
    )
    return replace(rig, cards=cards)


def space_of(shape: Shape, rig: Rig, wish: LoadWish, streams: int) -> Space:
    """All that is open for this model on this rig (its reserves applied) under this wish."""
    taste = PREFERENCES[wish.prefer]
    trained = shape.trained_context_tokens or USUAL_CONTEXT_TOKENS
    many = wish.streams if wish.streams and wish.streams > UNIFIED_UP_TO else 1
    if many > 1:  # the context is shared out: each stream is to have some of its own
        least = max(taste.least, many * LEAST_STREAM_TOKENS)
        taste = replace(taste, least=least, most=max(taste.most, 2 * least))
    contexts = (wish.context_tokens,) if wish.context_tokens else _ladder(many * trained, taste)
    cache = CacheType(wish.cache_type) if wish.cache_type else None
    micro = wish.micro_batch_tokens
    return Space(
        subsets=_subsets(rig, wish),
        split_mode=SplitMode(wish.split_mode) if wish.split_mode else None,
        contexts=contexts,
        smaller=() if wish.context_tokens else _halves(contexts[0]),
        caches=(cache,) if cache else _caches(shape, taste),
        micro_batches=(micro,) if micro else (USUAL_MICRO_BATCH, *LARGE_MICRO_BATCHES),
        streams=wish.streams or streams,
        streams_planned=wish.streams is not None,
        keep=taste.keep,
        longest=wish.prefer == "context",
        pins=Pins(
            gpu_layers=wish.gpu_layers,
            cpu_experts=wish.cpu_experts,
            layer_counts=wish.layer_counts,
            tensor_split=wish.tensor_split,
            speculation=wish.speculates,
        ),
        tensor_refusal=tensor_refusal(shape, rig),
    )


def tensor_refusal(shape: Shape, rig: Rig) -> Saying | None:
    """Why no tensor split, in a sentence; None where it is possible."""
    if not splits_by_tensor(shape):
        return say(
            "Tensor split is not possible: llama.cpp does not split {name} by tensor.",
            name=shape.architecture,
        )
    if len(rig.cards) < 2:
        return say("Tensor split needs more than one card.")
    return None


def _ladder(trained: int, taste: Preference) -> tuple[int, ...]:
    most = min(trained, taste.most)
    steps = [min(taste.least, most)]
    while steps[-1] * 2 <= most:
        steps.append(steps[-1] * 2)
    if steps[-1] < most:
        steps.append(most)
    return tuple(steps)


def _halves(context: int) -> tuple[int, ...]:
    halves: list[int] = []
    while context > LEAST_STREAM_TOKENS:
        context //= 2
        halves.append(max(context, LEAST_STREAM_TOKENS))
    return tuple(halves)


def _caches(shape: Shape, taste: Preference) -> tuple[CacheType, ...]:
    """Quantized caches hold rows of whole blocks of 32, and need flash attention: Grok has none."""
    rows = {shape.key_length, shape.value_length}
    if shape.window is not None:
        rows |= {shape.window.key_length, shape.window.value_length}
    if shape.latent is not None:
        rows = {shape.latent.kv_rank}
    if any(row % 32 for row in rows) or shape.architecture == "grok":
        return (CacheType.F16,)
    return taste.caches


def _subsets(rig: Rig, wish: LoadWish) -> tuple[tuple[Card, ...], ...]:
    """Choices of cards, the empty one last unless a pin rules it out."""
    if wish.devices is not None:
        return (tuple(card for card in rig.cards if card.number in wish.devices),)
    if wish.gpu_layers == 0 or not rig.cards:
        return ((),)
    chosen = [cards for cards in _choices(rig.cards) if _suits(cards, wish, len(rig.cards))]
    bound = wish.gpu_layers or wish.split_mode or wish.layer_counts or wish.tensor_split
    return (*chosen,) if bound and chosen else (*chosen, ())


def _suits(cards: Sequence[Card], wish: LoadWish, present: int) -> bool:
    told = len(wish.layer_counts or wish.tensor_split)
    if told:
        return len(cards) == min(told, present)
    if wish.split_mode == "none":
        return len(cards) == 1
    several = wish.split_mode in {"layer", "tensor"} and present > 1
    return len(cards) > 1 or not several


def _choices(cards: tuple[Card, ...]) -> list[tuple[Card, ...]]:
    """All choices of few cards; of many, the fastest k and the roomiest k. None twice."""
    if len(cards) <= MANY_CARDS:
        found = [
            chosen for count in range(1, len(cards) + 1) for chosen in combinations(cards, count)
        ]
    else:
        fastest = sorted(cards, key=lambda card: (-card.bytes_per_second, -card.free_bytes))
        roomiest = sorted(cards, key=lambda card: (-card.free_bytes, -card.bytes_per_second))
        found = [
            tuple(sorted(order[:count], key=lambda card: card.number))
            for order in (fastest, roomiest)
            for count in range(1, len(cards) + 1)
        ]
    kinds: dict[tuple[object, ...], tuple[Card, ...]] = {}
    for chosen in found:
        kinds.setdefault(tuple(_kind(card) for card in chosen), chosen)
    return list(kinds.values())


def _kind(card: Card) -> tuple[object, ...]:
    """Cards that are alike in this are alike to the plan: the first one found is taken."""
    room = round(card.free_bytes / 64_000_000)
    return card.name, room, card.bytes_per_second, card.link_bytes_per_second
