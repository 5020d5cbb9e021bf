"""The search: try what is open, keep what is fastest under the wish."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import inf

from engine.fit.layout import Layout
from engine.fit.placement.laying import Laid, Layer, Recipe, is_safe, slack_of
from engine.fit.placement.space import SMALL_MICRO_BATCH, Space
from engine.fit.plan import Footprint, Pace
from engine.protocol.load import CacheType, SplitMode

ALIKE = 0.97  # of the best decode speed: what lies above is as good, other merits decide
CARD_WORTH = 1.6  # a further card must quicken prompts by so much, if not the answers
# Splitting by tensor must quicken answers by so much: it reads prompts more slowly, loads for six
# times as long, and its gain hangs on a link that is known least.
TENSOR_WORTH = 1.08
CACHE_WORTH = 1.1  # a quantized cache must quicken answers by so much
SPARED = 0.47  # of a cache by q8_0: 34 bytes in place of 64
MUCH_LONGER = 1.9  # times the context, before a cache of four bits is worth what it costs
HOPEFUL = 0.5  # of the best at the least context: what is slower will not lead at a longer one
MOST_ARRANGEMENTS = 5  # of cards and split modes that are tried beyond the least context


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One complete answer."""

    recipe: Recipe
    laid: Laid
    pace: Pace

    @property
    def decode(self) -> float:
        """Tokens a second that are to be expected."""
        return self.pace.decode_tps.expected

    @property
    def prompt(self) -> float:
        """Prompt tokens a second that are to be expected."""
        return self.pace.prompt_tps.expected

    @property
    def layout(self) -> Layout:
        """How it lies."""
        return self.laid.layout

    @property
    def footprint(self) -> Footprint:
        """What it takes."""
        return self.laid.footprint

    @property
    def fits(self) -> bool:
        """Everything has its place."""
        return self.laid.footprint.fits

    @property
    def safe(self) -> bool:
        """It fits, and would if the closed forms were a little wrong."""
        return is_safe(self.recipe, self.footprint)

    @property
    def over(self) -> int:
        """Bytes that have no place."""
        host = self.footprint.host
        pinned = max(0, host.total - host.mapped - host.free)
        return pinned + sum(card.over for card in self.footprint.cards)

    @property
    def in_ram(self) -> bool:
        """Whether the processor computes layers or experts."""
        return bool(self.laid.burden.cpu_layers or self.laid.burden.cpu_experts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The best trial, and the others it was weighed against. `fastest` has the least context."""

    best: Trial
    fastest: Trial
    tried: tuple[Trial, ...]


class Search:
    """One model, one rig, one wish."""

    def __init__(self, space: Space, layer: Layer, pace_of: Callable[[Layout], Pace]) -> None:
        self._space = space
        self._layer = layer
        self._pace_of = pace_of
        self._trials: dict[tuple[object, ...], Trial] = {}
        self._arrangements: set[tuple[tuple[int, ...], SplitMode]] | None = None

    def run(self) -> Found:
        """The best there is; what does not fit only where nothing does."""
        space = self._space
        self.best_at(space.contexts[0], space.caches[0])
        self._narrow()
        fastest = self._settled(space.contexts[0])
        if fastest is None:
            self._arrangements = None
            return self._last_resort()
        best = fastest
        if space.longest:
            best = self._longest(fastest)
        else:
            for context in space.contexts[1:]:
                longer = self._settled(context)
                if longer is None or longer.decode < space.keep * fastest.decode:
                    break
                best = longer
        best = self._best_micro_batch(best)
        return Found(best=best, fastest=fastest, tried=self.tried)

    @property
    def tried(self) -> tuple[Trial, ...]:
        """All that was tried so far."""
        return tuple(self._trials.values())

    def trial(self, recipe: Recipe) -> Trial:
        """What this recipe gives."""
        key = recipe.key
        if key not in self._trials:
            laid = self._layer.lay(recipe)
            pace = self._pace_of(laid.layout)
            self._trials[key] = Trial(recipe=recipe, laid=laid, pace=pace)
        return self._trials[key]

    def best_at(self, context: int, cache: CacheType) -> Trial | None:
        """The best arrangement over the cards at this context."""
        recipes = self._space.recipes(context, cache)
        if self._arrangements is not None:
            recipes = [recipe for recipe in recipes if _arrangement(recipe) in self._arrangements]
        trials = [trial for trial in map(self.trial, recipes) if trial.safe]
        return choice(trials)

    def _settled(self, context: int) -> Trial | None:
        """The best at this context with the least quantized cache that is worth its place."""
        best: Trial | None = None
        for cache in self._space.caches[:2]:
            trial = self.best_at(context, cache)
            if trial and (best is None or trial.decode >= CACHE_WORTH * best.decode):
                best = trial
            if best is not None and not (best.in_ram and self._may_gain(best)):
                break
        return best

    def _may_gain(self, best: Trial) -> bool:
        """Whether what a quantized cache spares could quicken answers enough."""
        least = CACHE_WORTH * best.decode
        return any(
            _relieved(trial) >= least
            for trial in self.tried
            if trial.recipe.context_tokens == best.recipe.context_tokens
        )

    def _narrow(self) -> None:
        """From here on only the best arrangements are tried, and the roomiest one."""
        tried = [trial for trial in self.tried if trial.recipe.cards or trial.fits]
        fitting = sorted((t for t in tried if t.safe), key=lambda trial: -trial.decode)
        names = [
            _arrangement(trial.recipe)
            for trial in fitting
            if trial.decode >= HOPEFUL * fitting[0].decode
        ]
        roomiest = max(
            tried,
            key=lambda trial: sum(card.free_bytes for card in trial.recipe.cards),
            default=None,
        )
        self._arrangements = set(names[:MOST_ARRANGEMENTS])
        if roomiest is not None:
            self._arrangements.add(_arrangement(roomiest.recipe))

    def _longest(self, fastest: Trial) -> Trial:
        """The longest context that keeps enough speed, its cache as little quantized as may be."""
        best = self._reached(fastest, CacheType.F16, fastest)
        for cache in self._space.caches:
            longer = self._reached(best, cache, fastest)
            worth = MUCH_LONGER if cache is CacheType.Q4_0 else 1.0
            if longer.recipe.context_tokens > worth * best.recipe.context_tokens:
                best = longer
        return best

    def _reached(self, start: Trial, cache: CacheType, fastest: Trial) -> Trial:
        """The longest context with this cache, at least as long as that of `start`."""
        if cache not in self._space.caches:
            return start
        contexts = self._space.contexts
        least = self._space.keep * fastest.decode
        best = start
        low = sum(1 for context in contexts if context <= start.recipe.context_tokens) - 1
        high = len(contexts) - 1
        while low < high:
            middle = (low + high + 1) // 2
            trial = self.best_at(contexts[middle], cache)
            if trial and trial.decode >= least:
                best, low = trial, middle
            else:
                high = middle - 1
        if low + 1 < len(contexts):
            best = self._stretched(best, cache, contexts[low + 1], least)
        return best

    def _stretched(self, best: Trial, cache: CacheType, below: int, least: float) -> Trial:
        """Some quarters more, with the cards and the split as they are."""
        step = best.recipe.context_tokens // 4
        for quarters in (3, 2, 1):
            context = (best.recipe.context_tokens + quarters * step) // 256 * 256
            if context < below:
                longer = replace(best.recipe, context_tokens=context, cache_type=cache)
                trial = self.trial(longer)
                if trial.safe and trial.decode >= least:
                    return trial
        return best

    def _best_micro_batch(self, best: Trial) -> Trial:
        """Larger ones stream weights from RAM less often, at the price of a larger buffer.

        The one that reads prompts fastest, of those whose answers come as fast as any placement's
        with this context and cache, each with its last layer polished: a whole layer may be the
        price of a buffer, and half of one what is lost in polishing.
        """
        if not (best.in_ram and best.recipe.cards):
            return self._polished(best)
        trials = [best]
        for size in self._space.micro_batches[1:]:
            if size <= best.recipe.context_tokens:
                trial = self.trial(replace(best.recipe, micro_batch_tokens=size))
                if trial.safe:
                    trials.append(trial)
        quickest = max(trials, key=lambda trial: trial.decode)
        able = [trial for trial in trials if trial.decode >= ALIKE * quickest.decode]
        able.sort(key=lambda trial: (trial.prompt, trial.decode), reverse=True)
        whole = self._polished(quickest)
        least = ALIKE * max(whole.decode, *map(_worth, self._rivals(best)))
        for trial in able:
            polished = whole if trial is quickest else self._polished(trial)
            if polished.decode >= least:
                return polished
        return whole

    def _rivals(self, best: Trial) -> list[Trial]:
        """What was tried with the same context and cache, itself among it."""
        same = best.recipe.context_tokens, best.recipe.cache_type
        return [
            trial
            for trial in self.tried
            if trial.safe and (trial.recipe.context_tokens, trial.recipe.cache_type) == same
        ]

    def _polished(self, best: Trial) -> Trial:
        laid = self._layer.polished(best.recipe, best.laid)
        if laid is best.laid:
            return best
        trial = Trial(recipe=best.recipe, laid=laid, pace=self._pace_of(laid.layout))
        return trial if trial.decode > best.decode else best

    def _last_resort(self) -> Found:
        """Less context, a smaller micro-batch; what only just fits; and if that is of no use, what
        lacks least."""
        space = self._space
        micro = SMALL_MICRO_BATCH if len(space.micro_batches) > 1 else min(space.micro_batches)
        for context in (space.contexts[0], *space.smaller):
            for cache in space.caches:
                for recipe in space.recipes(context, cache):
                    self.trial(replace(recipe, micro_batch_tokens=micro))
                now = [trial for trial in self.tried if trial.recipe.context_tokens == context]
                best = choice([trial for trial in now if trial.safe])
                if best:
                    return Found(best=best, fastest=best, tried=self.tried)
        best = choice([trial for trial in self.tried if trial.fits])
        if best:
            return Found(best=best, fastest=best, tried=self.tried)
        least = min(
            (trial for trial in self.tried if _wanted(trial, space)),
            key=lambda trial: (trial.over, -trial.decode),
        )
        return Found(best=least, fastest=least, tried=self.tried)


def choice(trials: Sequence[Trial]) -> Trial | None:
    """The fastest; of those as fast, what reads prompts faster without wasting cards on it."""
    if not trials:
        return None
    most = max(map(_worth, trials))
    return max(
        (trial for trial in trials if _worth(trial) >= ALIKE * most),
        key=lambda trial: (trial.prompt / CARD_WORTH ** len(trial.recipe.cards), trial.decode),
    )


def _worth(trial: Trial) -> float:
    split = trial.recipe.split_mode is SplitMode.TENSOR
    return trial.decode / TENSOR_WORTH if split else trial.decode


def _relieved(trial: Trial) -> float:
    """The most tokens a second there could be, were half of the cache's bytes taken by weights:
    time in RAM and on disk falls by their share at best, rounded up to a whole layer."""
    host, burden = trial.footprint.host, trial.laid.burden
    spared = SPARED * (host.kv + sum(card.kv for card in trial.footprint.cards))
    if not trial.safe:
        unsure = sum(map(slack_of, trial.recipe.cards))
        return inf if trial.over <= spared + unsure else 0.0
    pieces = burden.cpu_layers + burden.cpu_experts
    if not pieces:
        return trial.decode
    relief = spared + host.weights / pieces
    share = relief / min(host.weights, host.over or host.weights)
    return trial.decode / (1.0 - share) if share < 1.0 else inf


def _arrangement(recipe: Recipe) -> tuple[tuple[int, ...], SplitMode]:
    return tuple(card.number for card in recipe.cards), recipe.split_mode


def _wanted(trial: Trial, space: Space) -> bool:
    return trial.recipe.context_tokens == space.contexts[0]
