"""Other plans worth knowing: what else this rig could do, each different in a way that matters."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from engine.fit.placement.search import Trial
from engine.fit.placement.solving import Solved
from engine.fit.saying import Saying, say
from engine.protocol.load import CacheType, SplitMode

MOST = 5
FASTER = 1.05
NOTABLE = 0.4  # of the chosen speed: below, fewer cards are no choice


def alternatives_of(solved: Solved) -> list[tuple[Trial, Saying]]:
    """Trials that fit, and a sentence on what sets each apart; the chosen one is not among them."""
    best = solved.found.best
    found: list[tuple[Trial, Saying]] = []
    for trial, what in _ideas(solved):
        known = [best.layout, *(other.layout for other, _ in found)]
        if trial.safe and trial.layout not in known:
            found.append((trial, _beside(trial, what, best)))
    return found[:MOST]


def _ideas(solved: Solved) -> Iterator[tuple[Trial, Saying]]:
    best, space, search = solved.found.best, solved.space, solved.search
    context = best.recipe.context_tokens
    peers = [
        trial
        for trial in search.tried
        if trial.fits
        and trial.recipe.context_tokens == context
        and trial.recipe.cache_type == best.recipe.cache_type
        and (trial.recipe.cards, trial.recipe.split_mode)
        != (best.recipe.cards, best.recipe.split_mode)
    ]
    for mode in (SplitMode.TENSOR, SplitMode.LAYER):
        if mode is not best.recipe.split_mode:
            for trial in _best_of(trial for trial in peers if trial.recipe.split_mode is mode):
                yield (
                    trial,
                    say(
                        "Split by tensor over {cards:names}"
                        if mode is SplitMode.TENSOR
                        else "Split by layer over {cards:names}",
                        cards=_names(trial),
                    ),
                )
    for trial in _best_of(trial for trial in peers if len(trial.recipe.cards) == 1):
        if trial.decode >= NOTABLE * best.decode and len(best.recipe.cards) > 1:
            yield trial, say("On {cards:names} alone", cards=_names(trial))
    fastest = solved.found.fastest
    if fastest.decode >= FASTER * best.decode:
        yield fastest, say("Context {context:tokens}", context=fastest.recipe.context_tokens)
    if len(space.contexts) < 2:
        return
    trained = solved.parts.shape.trained_context_tokens
    for cache, context_tokens in zip(space.caches, (2 * context, 4 * context), strict=False):
        if context_tokens <= trained:
            longer = replace(best.recipe, context_tokens=context_tokens, cache_type=cache)
            what = say(
                "Context {context:tokens}"
                if cache is CacheType.F16
                else "Context {context:tokens} with a {cache} cache",
                context=context_tokens,
                cache=cache.value,
            )
            yield search.trial(longer), what


def _best_of(trials: Iterable[Trial]) -> Iterator[Trial]:
    best = max(trials, key=lambda trial: trial.decode, default=None)
    if best is not None:
        yield best


def _names(trial: Trial) -> tuple[str, ...]:
    return tuple(card.name for card in trial.recipe.cards)


def _beside(trial: Trial, what: Saying, best: Trial) -> Saying:
    return say(
        "{what}: decodes {its:rate} tok/s, where the chosen plan does {mine:rate}.",
        what=what,
        its=trial.decode,
        mine=best.decode,
    )
