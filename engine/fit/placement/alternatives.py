"""Other plans worth knowing: what else this rig could do, each different in a way that matters."""

from collections.abc import Iterator
from dataclasses import replace

from engine.fit.placement.search import Trial
from engine.fit.placement.solving import Solved
from engine.fit.placement.words import listed, rate, tokens
from engine.protocol.load import CacheType, SplitMode

MOST = 5
FASTER = 1.05
NOTABLE = 0.4  # of the chosen speed: below, fewer cards are no choice


def alternatives_of(solved: Solved) -> list[tuple[Trial, str]]:
    """Trials that fit, and a sentence on what sets each apart; the chosen one is not among them."""
    best = solved.found.best
    found: list[tuple[Trial, str]] = []
    for trial, what in _ideas(solved):
        known = [best.layout, *(other.layout for other, _ in found)]
        if trial.safe and trial.layout not in known:
            found.append((trial, f"{what}: {_speeds(trial, best)}."))
    return found[:MOST]


def _ideas(solved: Solved) -> Iterator[tuple[Trial, str]]:
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
    for mode, name in ((SplitMode.TENSOR, "Split by tensor"), (SplitMode.LAYER, "Split by layer")):
        of_mode = [trial for trial in peers if trial.recipe.split_mode is mode]
        if mode is not best.recipe.split_mode:
            for trial, what in _best_of(of_mode, name):
                yield trial, f"{what} over {_names(trial)}"
    for trial, what in _best_of([t for t in peers if len(t.recipe.cards) == 1], "On"):
        if trial.decode >= NOTABLE * best.decode and len(best.recipe.cards) > 1:
            yield trial, f"{what} {_names(trial)} alone"
    fastest = solved.found.fastest
    if fastest.decode >= FASTER * best.decode:
        yield fastest, f"Context {tokens(fastest.recipe.context_tokens)}"
    if len(space.contexts) < 2:
        return
    trained = solved.parts.shape.trained_context_tokens
    for cache, context_tokens in zip(space.caches, (2 * context, 4 * context), strict=False):
        if context_tokens <= trained:
            longer = replace(best.recipe, context_tokens=context_tokens, cache_type=cache)
            named = "" if cache is CacheType.F16 else f" with a {cache.value} cache"
            yield search.trial(longer), f"Context {tokens(context_tokens)}{named}"


def _best_of(trials: list[Trial], what: str) -> Iterator[tuple[Trial, str]]:
    best = max(trials, key=lambda trial: trial.decode, default=None)
    if best is not None:
        yield best, what


def _names(trial: Trial) -> str:
    return listed([card.name for card in trial.recipe.cards])


def _speeds(trial: Trial, best: Trial) -> str:
    return f"decodes {rate(trial.decode)} tok/s, where the chosen plan does {rate(best.decode)}"
