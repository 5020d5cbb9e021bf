"""Why a plan is as it is: each choice in a sentence, with the numbers that decided it."""

from collections.abc import Callable, Iterator

from engine.fit.memory.parts import Parts
from engine.fit.placement.search import Found, Trial, choice
from engine.fit.placement.space import USUAL_MICRO_BATCH, Space
from engine.fit.placement.words import gigabytes, listed, rate, tokens
from engine.fit.rig import Card, Rig
from engine.protocol.load import CacheType, SplitMode


def reasons_of(found: Found, space: Space, parts: Parts, rig: Rig) -> tuple[str, ...]:
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

    def lacking(self) -> Iterator[str]:
        for card in self._best.footprint.cards:
            if card.over:
                free = card.capacity - card.used - card.reserve
                yield (
                    f"It does not fit: {card.name} (card {card.number}) would need "
                    f"{gigabytes(card.total)} and has {gigabytes(free)}."
                )
        host = self._best.footprint.host
        needed = host.total - host.mapped
        if needed > host.free:
            yield (
                f"It does not fit: {gigabytes(needed)} must stay in RAM, "
                f"and {gigabytes(host.free)} are free."
            )
        if self._best.recipe.split_mode is SplitMode.TENSOR and self._space.tensor_refusal:
            yield self._space.tensor_refusal

    def cards(self) -> Iterator[str]:
        if not self._rig.cards:
            yield "There is no card: the processor does all the work."
            return
        if len(self._space.subsets) < 2:
            return
        used = self._best.recipe.cards
        fewer = self._rival(lambda cards: 0 < len(cards) < len(used))
        more = self._rival(lambda cards: len(cards) > len(used))
        if fewer:
            yield f"{listed(_names(self._best))} work together: {self._than_fewer(fewer)}."
        if more and used:
            idle = [card for card in more.recipe.cards if card not in used]
            names = listed([card.name for card in idle]) if idle else "A further card"
            verb, how = ("are", "with them") if len(idle) > 1 else ("is", "with it")
            yield f"{names} {verb} left out: {self._instead(how, more)}"
        if more and not used:
            yield f"No card is used: {self._instead('with one', more)}"

    def place(self) -> Iterator[str]:
        best, burden = self._best, self._best.laid.burden
        if not best.recipe.cards:
            return
        blocks = self._parts.shape.layers
        if not best.in_ram and best.fits:
            where = "the card" if len(best.recipe.cards) == 1 else "the cards"
            yield f"All {blocks} layers lie on {where}, with their cache."
        if burden.cpu_experts:
            of = sum(1 for layer in self._parts.layers if layer.experts)
            which = "all" if burden.cpu_experts == of else f"the last {burden.cpu_experts} of {of}"
            kept = (
                " (but for " + " and ".join(burden.kept) + " of the first)" if burden.kept else ""
            )
            yield (
                f"The experts of {which} layers stay in RAM{kept}, {gigabytes(self._experts())}: "
                "what every token reads goes on the cards first."
            )
        if burden.cpu_layers:
            count = min(burden.cpu_layers, blocks)
            free = sum(card.free_bytes for card in best.recipe.cards)
            have = "card has" if len(best.recipe.cards) == 1 else "cards have"
            verb = "is" if count == 1 else "are"
            yield (
                f"{count} of {blocks} layers {verb} computed by the processor: the model has "
                f"{gigabytes(self._parts.file_bytes)}, the {have} {gigabytes(free)} to give."
            )

    def split(self) -> Iterator[str]:
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
            yield f"Split by tensor: {self._faster_than(rival)}."
        elif self._space.tensor_refusal:
            yield self._space.tensor_refusal
        elif best.in_ram:
            yield (
                "Split by layer: by tensor, the cards could not fetch what lies in RAM "
                "to read prompts."
            )
        elif rival:
            yield f"Split by layer: {self._instead('by tensor', rival)}"

    def context(self) -> Iterator[str]:
        chosen = self._best.recipe.context_tokens
        trained = self._parts.shape.trained_context_tokens
        recipe = self._best.recipe
        own = chosen if recipe.unified_kv else chosen // recipe.streams
        if trained and own > trained:
            yield f"The model was trained for {tokens(trained)} of context, not {tokens(own)}."
        wanted = [context for context in self._space.contexts if context > chosen]
        if not wanted:
            if trained > chosen and len(self._space.contexts) > 1:
                yield f"Context {tokens(chosen)} of the {tokens(trained)} it was trained for."
            return
        longer = [trial for trial in self._found.tried if trial.recipe.context_tokens in wanted]
        longer = [one for one in longer if one.recipe.cache_type is recipe.cache_type] or longer
        if not longer:
            return
        rival = choice([trial for trial in longer if trial.fits]) or longer[0]
        much = tokens(rival.recipe.context_tokens)
        yield f"Context {tokens(chosen)} instead of {much}: {self._instead('with that', rival)}"

    def cache(self) -> Iterator[str]:
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
            yield f"The cache is {name}: it leaves room for more context."
        else:
            yield f"The cache is {name}: {self._instead('with f16', rival)}"

    def micro_batch(self) -> Iterator[str]:
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
            yield f"Micro-batch {size}: its buffers are smaller."
        elif usual[0].prompt < best.prompt:
            yield (
                f"Micro-batch {size}: prompts are read at {rate(best.prompt)} tok/s instead of "
                f"{rate(usual[0].prompt)}."
            )

    def streams(self) -> Iterator[str]:
        recipe = self._best.recipe
        if not recipe.unified_kv:
            own = recipe.context_tokens // recipe.streams
            yield f"{recipe.streams} streams have a cache each, of {own:,} tokens: faster together."

    def memory(self) -> Iterator[str]:
        best, host = self._best, self._best.footprint.host
        if host.over and host.mapped:
            yield (
                f"RAM has {gigabytes(host.free)} free and lacks {gigabytes(host.over)}: that part "
                "is read from disk again and again."
            )
        elif best.in_ram and best.recipe.cards:
            if best.layout.memory_map:
                yield f"The file is mapped: {gigabytes(host.total)} would fill the free RAM."
            else:
                yield (
                    f"{gigabytes(host.weights)} of weights are read whole into RAM, where the "
                    "cards fetch them faster."
                )

    def _experts(self) -> int:
        layers = self._parts.layers
        return sum(
            layers[wish.layer].experts[group].size_bytes
            for wish in self._best.layout.cpu_experts
            for group in wish.groups
            if group in layers[wish.layer].experts
        )

    def _than_fewer(self, fewer: Trial) -> str:
        best = self._best
        names = "one card" if len(fewer.recipe.cards) == 1 else listed(_names(fewer))
        if not fewer.fits:
            return f"{names} alone would lack {gigabytes(fewer.over)}"
        if fewer.decode < best.decode:
            gain = f"decode {rate(fewer.decode)} tok/s instead of {rate(best.decode)}"
        else:
            gain = f"read prompts at {rate(fewer.prompt)} tok/s instead of {rate(best.prompt)}"
        return f"{names} alone would {gain}"

    def _faster_than(self, rival: Trial | None) -> str:
        mine = rate(self._best.decode)
        if rival is None or not rival.fits:
            return f"the cards work on each layer at once and decode {mine} tok/s"
        loads = f"it loads in {_loading(self._best)} instead of {_loading(rival)}"
        return f"{mine} tok/s instead of {rate(rival.decode)} by layer; {loads}"

    def _rival(self, suits: Callable[[tuple[Card, ...]], bool]) -> Trial | None:
        rivals = [trial for trial in self._peers if suits(trial.recipe.cards)]
        return max(rivals, key=lambda trial: (trial.fits, trial.decode), default=None)

    def _instead(self, how: str, rival: Trial) -> str:
        if not rival.fits:
            return f"{how} the plan would lack {gigabytes(rival.over)}."
        mine, its = rate(self._best.decode), rate(rival.decode)
        if rival.decode < self._best.decode and mine != its:
            return f"{how} the plan would decode {its} tok/s instead of {mine}."
        return f"{how} the plan would decode {its} tok/s against {mine}, not worth it."


def _loading(trial: Trial) -> str:
    return f"{trial.pace.load_seconds:.0f} s"


def _names(trial: Trial) -> list[str]:
    return [card.name for card in trial.recipe.cards]


def _same_cards(one: Trial, other: Trial) -> bool:
    alike = one.recipe.split_mode is other.recipe.split_mode
    return alike and one.recipe.cards == other.recipe.cards
