"""Why a plan is as it is: each choice in a sentence, with the numbers that decided it."""

from collections.abc import Callable, Iterator

from engine.fit.memory.parts import Parts
from engine.fit.placement.search import Found, Trial, choice
from engine.fit.placement.space import USUAL_MICRO_BATCH, Space
from engine.fit.placement.words import rate
from engine.fit.rig import Card, Rig
from engine.fit.saying import Saying, say
from engine.protocol.load import CacheType, SplitMode


def reasons_of(found: Found, space: Space, parts: Parts, rig: Rig) -> tuple[Saying, ...]:
    """The sentences, the weightiest first."""
    teller = _Teller(found, space, parts, rig)
    return tuple(
        sentence
        for told in (
            teller.lacking(),
            teller.cards(),
            teller.place(),
            teller.split(),
            teller.context(),
            teller.cache(),
            teller.micro_batch(),
            teller.streams(),
            teller.memory(),
        )
        for sentence in told
    )


class _Teller:
    """Compares what was chosen with what was tried."""

    def __init__(self, found: Found, space: Space, parts: Parts, rig: Rig) -> None:
        self._best = found.best
        self._found = found
        self._space = space
        self._parts = parts
        self._rig = rig
        # The chosen one before its micro-batch was tuned: to be compared with the others.
        self._peers = [
            trial
            for trial in found.tried
            if trial.recipe.context_tokens == self._best.recipe.context_tokens
            and trial.recipe.cache_type == self._best.recipe.cache_type
        ]

    def lacking(self) -> Iterator[Saying]:
        for card in self._best.footprint.cards:
            if card.over:
                free = card.capacity - card.used - card.reserve
                yield say(
                    "It does not fit: {card} (card {number}) would need {needed:memory} and has "
                    "{free:memory}.",
                    card=card.name,
                    number=card.number,
                    needed=card.total,
                    free=free,
                )
        host = self._best.footprint.host
        needed = host.total - host.mapped
        if needed > host.free:
            yield say(
                "It does not fit: {needed:memory} must stay in RAM, and {free:memory} are free.",
                needed=needed,
                free=host.free,
            )
        if self._best.recipe.split_mode is SplitMode.TENSOR and self._space.tensor_refusal:
            yield self._space.tensor_refusal

    def cards(self) -> Iterator[Saying]:
        if not self._rig.cards:
            yield say("There is no card: the processor does all the work.")
            return
        guessed = tuple(card.name for card in self._rig.cards if not (card.listed or card.measured))
        if guessed:
            yield say(
                "Speeds are a guess: no data sheet of {cards:names} is at hand. Calibrate, to "
                "have them measured.",
                cards=guessed,
            )
        if len(self._space.subsets) < 2:
            return
        used = self._best.recipe.cards
        fewer = self._rival(lambda cards: 0 < len(cards) < len(used))
        more = self._rival(lambda cards: len(cards) > len(used))
        if fewer:
            yield say(
                "{cards:names} work together: {why}.",
                cards=_names(self._best),
                why=self._than_fewer(fewer),
            )
        if more and used:
            idle = [card for card in more.recipe.cards if card not in used]
            names = tuple(card.name for card in idle) if idle else say("A further card")
            if len(idle) > 1:
                how = self._instead(say("with them"), more)
                yield say("{cards:names} are left out: {why}", cards=names, why=how)
            else:
                how = self._instead(say("with it"), more)
                yield say("{cards:names} is left out: {why}", cards=names, why=how)
        if more and not used:
            yield say("No card is used: {why}", why=self._instead(say("with one"), more))

    def place(self) -> Iterator[Saying]:
        best, burden = self._best, self._best.laid.burden
        if not best.recipe.cards:
            return
        blocks = self._parts.shape.layers
        if not best.in_ram and best.fits:
            yield say(
                "All {layers} layers lie on the card, with their cache."
                if len(best.recipe.cards) == 1
                else "All {layers} layers lie on the cards, with their cache.",
                layers=blocks,
            )
        if burden.cpu_experts:
            yield self._experts_in_ram()
        if burden.cpu_layers:
            yield say(
                "The processor computes {count} of {layers} layers: the model has {size:memory}, "
                "the card has {free:memory} to give."
                if len(best.recipe.cards) == 1
                else "The processor computes {count} of {layers} layers: the model has "
                "{size:memory}, the cards have {free:memory} to give.",
                count=min(burden.cpu_layers, blocks),
                layers=blocks,
                size=self._parts.file_bytes,
                free=sum(card.free_bytes for card in best.recipe.cards),
            )

    def split(self) -> Iterator[Saying]:
        best = self._best
        if len(best.recipe.cards) < 2 or self._space.split_mode is not None:
            return
        others = [
            trial
            for trial in self._peers
            if len(trial.recipe.cards) > 1 and trial.recipe.split_mode != best.recipe.split_mode
        ]
        others = [trial for trial in others if trial.recipe.cards == best.recipe.cards] or others
        rival = max(others, key=lambda trial: (trial.fits, trial.decode), default=None)
        if best.recipe.split_mode is SplitMode.TENSOR:
            yield say("Split by tensor: {why}.", why=self._faster_than(rival))
        elif self._space.tensor_refusal:
            yield self._space.tensor_refusal
        elif best.in_ram:
            yield say(
                "Split by layer: by tensor, the cards could not fetch what lies in RAM "
                "to read prompts."
            )
        elif rival:
            yield say("Split by layer: {why}", why=self._instead(say("by tensor"), rival))

    def context(self) -> Iterator[Saying]:
        chosen = self._best.recipe.context_tokens
        trained = self._parts.shape.trained_context_tokens
        recipe = self._best.recipe
        own = chosen if recipe.unified_kv else chosen // recipe.streams
        if trained and own > trained:
            yield say(
                "The model was trained for {trained:tokens} of context, not {own:tokens}.",
                trained=trained,
                own=own,
            )
        wanted = [context for context in self._space.contexts if context > chosen]
        if not wanted:
            if trained > chosen and len(self._space.contexts) > 1:
                yield say(
                    "Context {chosen:tokens} of the {trained:tokens} it was trained for.",
                    chosen=chosen,
                    trained=trained,
                )
            return
        longer = [trial for trial in self._found.tried if trial.recipe.context_tokens in wanted]
        longer = [one for one in longer if one.recipe.cache_type is recipe.cache_type] or longer
        if not longer:
            return
        rival = choice([trial for trial in longer if trial.fits]) or longer[0]
        yield say(
            "Context {chosen:tokens} instead of {longer:tokens}: {why}",
            chosen=chosen,
            longer=rival.recipe.context_tokens,
            why=self._instead(say("with that"), rival),
        )

    def cache(self) -> Iterator[Saying]:
        best = self._best
        if best.recipe.cache_type is CacheType.F16 or len(self._space.caches) < 2:
            return
        plain = [
            trial
            for trial in self._found.tried
            if trial.recipe.cache_type is CacheType.F16
            and trial.recipe.context_tokens == best.recipe.context_tokens
        ]
        rival = max(plain, key=lambda trial: (trial.fits, trial.decode), default=None)
        name = best.recipe.cache_type.value
        if rival is None:
            yield say("The cache is {cache}: it leaves room for more context.", cache=name)
        else:
            why = self._instead(say("with f16"), rival)
            yield say("The cache is {cache}: {why}", cache=name, why=why)

    def micro_batch(self) -> Iterator[Saying]:
        best = self._best
        size = best.recipe.micro_batch_tokens
        if len(self._space.micro_batches) < 2 or size == USUAL_MICRO_BATCH or not best.fits:
            return
        usual = [
            trial
            for trial in self._peers
            if trial.recipe.micro_batch_tokens == USUAL_MICRO_BATCH
            and _same_cards(trial, best)
            and trial.fits
        ]
        if not usual:
            yield say("Micro-batch {size}: its buffers are smaller.", size=size)
        elif usual[0].prompt < best.prompt:
            yield say(
                "Micro-batch {size}: prompts are read at {mine:rate} tok/s instead of {its:rate}.",
                size=size,
                mine=best.prompt,
                its=usual[0].prompt,
            )

    def streams(self) -> Iterator[Saying]:
        recipe = self._best.recipe
        if not recipe.unified_kv:
            yield say(
                "{streams} streams have a cache each, of {own:,} tokens: faster together.",
                streams=recipe.streams,
                own=recipe.context_tokens // recipe.streams,
            )

    def memory(self) -> Iterator[Saying]:
        best, host = self._best, self._best.footprint.host
        if host.over and host.mapped:
            yield say(
                "RAM has {free:memory} free and lacks {over:memory}: that part is read from disk "
                "again and again.",
                free=host.free,
                over=host.over,
            )
        elif best.in_ram and best.recipe.cards:
            if best.layout.memory_map:
                yield say(
                    "The file is mapped: {size:memory} would fill the free RAM.", size=host.total
                )
            else:
                yield say(
                    "{size:memory} of weights are read whole into RAM, where the cards fetch them "
                    "faster.",
                    size=host.weights,
                )

    def _experts_in_ram(self) -> Saying:
        burden = self._best.laid.burden
        of = sum(1 for layer in self._parts.layers if layer.experts)
        which = say("all layers")
        if burden.cpu_experts != of:
            which = say("the last {count} of {of} layers", count=burden.cpu_experts, of=of)
        return say(
            "The experts of {which} stay in RAM (but for {kept:names} of the first), "
            "{size:memory}: what every token reads goes on the cards first."
            if burden.kept
            else "The experts of {which} stay in RAM, {size:memory}: what every token reads goes "
            "on the cards first.",
            which=which,
            kept=tuple(burden.kept),
            size=self._experts(),
        )

    def _experts(self) -> int:
        layers = self._parts.layers
        return sum(
            layers[wish.layer].experts[group].size_bytes
            for wish in self._best.layout.cpu_experts
            for group in wish.groups
            if group in layers[wish.layer].experts
        )

    def _than_fewer(self, fewer: Trial) -> Saying:
        best = self._best
        names = say("one card") if len(fewer.recipe.cards) == 1 else _names(fewer)
        if not fewer.fits:
            return say("{cards:names} alone would lack {over:memory}", cards=names, over=fewer.over)
        if fewer.decode < best.decode:
            return say(
                "{cards:names} alone would decode {its:rate} tok/s instead of {mine:rate}",
                cards=names,
                its=fewer.decode,
                mine=best.decode,
            )
        return say(
            "{cards:names} alone would read prompts at {its:rate} tok/s instead of {mine:rate}",
            cards=names,
            its=fewer.prompt,
            mine=best.prompt,
        )

    def _faster_than(self, rival: Trial | None) -> Saying:
        mine = self._best.decode
        if rival is None or not rival.fits:
            return say(
                "the cards work on each layer at once and decode {mine:rate} tok/s", mine=mine
            )
        return say(
            "{mine:rate} tok/s instead of {its:rate} by layer; it loads in {load:.0f} s instead of "
            "{its_load:.0f} s",
            mine=mine,
            its=rival.decode,
            load=self._best.pace.load_seconds,
            its_load=rival.pace.load_seconds,
        )

    def _rival(self, suits: Callable[[tuple[Card, ...]], bool]) -> Trial | None:
        rivals = [trial for trial in self._peers if suits(trial.recipe.cards)]
        return max(rivals, key=lambda trial: (trial.fits, trial.decode), default=None)

    def _instead(self, how: Saying, rival: Trial) -> Saying:
        if not rival.fits:
            return say("{how} the plan would lack {over:memory}.", how=how, over=rival.over)
        mine, its = self._best.decode, rival.decode
        worse = its < mine and rate(mine) != rate(its)
        return say(
            "{how} the plan would decode {its:rate} tok/s instead of {mine:rate}."
            if worse
            else "{how} the plan would decode {its:rate} tok/s against {mine:rate}, not worth it.",
            how=how,
            its=its,
            mine=mine,
        )


def _names(trial: Trial) -> tuple[str, ...]:
    return tuple(card.name for card in trial.recipe.cards)


def _same_cards(one: Trial, other: Trial) -> bool:
    alike = one.recipe.split_mode is other.recipe.split_mode
    return alike and one.recipe.cards == other.recipe.cards
