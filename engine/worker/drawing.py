"""The tokens of many plain chains at once: those that llama.cpp's own chains would choose. Pure.

For one row a chain in C is faster; for thirty-two, a few calls of numpy over all of them are.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from math import inf, log
from typing import NamedTuple

import numpy as np
from numpy.random import RandomState

from engine.worker.candidates import Logits, Ranks, Tokens
from engine.worker.sampling import Draw, Greedy, MinP, Stage, Temperature, TopK, TopP

_MOST_KEPT = 256  # by a chain's first stage; above, rows are sorted for longer than chains take
_NUMBERS = 64  # drawn at once
_WORD = 1 << 32


class Plain(NamedTuple):
    """A chain that cuts off by rank, then by probability, divides, and draws.

    `top_p` is infinite where nothing is cut off by it, `min_logit` is relative to the likeliest.
    One that takes the likeliest keeps but that.
    """

    keep: float
    top_p: float = inf
    min_logit: float = -inf
    temperature: float = 1.0


def plain(stages: Iterable[Stage]) -> Plain | None:
    """What this chain, in the order of `sampling.stages`, comes to; None if it does more."""
    match tuple(stages):
        case (Greedy(),):
            return Plain(keep=1)
        case (TopK(k=keep), *rest, Draw()) if keep <= _MOST_KEPT:
            chain = Plain(keep=keep)
        case _:
            return None
    for stage in rest:
        match stage:
            case TopP(p=p):
                chain = chain._replace(top_p=p)
            case MinP(p=p):
                chain = chain._replace(min_logit=log(p))
            case Temperature(temperature=temperature, spread=0.0):
                chain = chain._replace(temperature=temperature)
            case _:
                return None
    return chain


class Dice:
    """The numbers in [0, 1) that llama.cpp's last stage draws by: std::mt19937, two words each."""

    def __init__(self, seed: int) -> None:
        self._words = RandomState(seed)
        self._numbers: deque[float] = deque()

    def number(self, ahead: int) -> float:
        """The one that is drawn after `ahead` others; none is used up."""
        while len(self._numbers) <= ahead:
            words = self._words.randint(0, _WORD, (_NUMBERS, 2), np.uint32).astype(np.float64)
            self._numbers.extend(((words[:, 0] + words[:, 1] * _WORD) / _WORD**2).tolist())
        return self._numbers[ahead]

    def throw(self) -> None:
        """Use the next one up."""
        self.number(0)
        self._numbers.popleft()


def draw(
    tokens: Ranks,
    logits: Logits,
    plains: Sequence[Plain],
    numbers: Sequence[float],
    banned: Sequence[frozenset[int]],
) -> Tokens:
    """What these chains choose among these tokens with these logits, [rows, likeliest] both.

    Gives the tokens, [rows]; -1 where nothing is left, or a logit is no number. `numbers` are what
    each draws by, `banned` the tokens that each must not say; the tokens are so many more.
    """
    logits = logits.copy()
    _ban(tokens, logits, banned)
    order = np.argsort(-logits, axis=1, kind="stable")
    row = np.arange(len(order))
    ordered = logits[row[:, np.newaxis], order]
    keep, top_p, min_logit, temperature = np.array(plains, np.float32).T[:, :, np.newaxis]
    ordered[np.arange(ordered.shape[1]) >= keep] = -np.inf
    greatest = ordered[:, :1].copy()
    greatest[~np.isfinite(greatest)] = 0.0
    # In single precision, one after the other, as llama.cpp adds them up.
    shares = np.exp(ordered - greatest)
    sums = shares.cumsum(axis=1)[:, -1:]
    left = ((sums > 0) & (sums < np.inf))[:, 0]
    sums[~left] = 1.0
    running = (shares / sums).cumsum(axis=1)
    ordered[:, 1:][running[:, :-1] >= top_p] = -np.inf
    ordered[ordered < greatest + min_logit] = -np.inf
    weights = np.exp(ordered / temperature - greatest / temperature)
    summed = weights.cumsum(axis=1, dtype=np.float64)
    chosen = (summed < summed[:, -1:] * np.array(numbers)[:, np.newaxis]).sum(axis=1)
    return np.where(left, tokens[row, order[row, chosen]], -1)


def _ban(tokens: Ranks, logits: Logits, banned: Sequence[frozenset[int]]) -> None:
    alike: dict[frozenset[int], list[int]] = {}
    for at, forbidden in enumerate(banned):
        if forbidden:
            alike.setdefault(forbidden, []).append(at)
    for forbidden, rows in alike.items():
        chosen = slice(None) if len(rows) == len(tokens) else rows
        left = logits[chosen]
        for token in forbidden:
            left[tokens[chosen] == token] = -np.inf
        logits[chosen] = left
