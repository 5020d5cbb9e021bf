"""Which tokens a chain can choose among at all: few, where most are cut off by their rank. Pure.

llama.cpp's chains begin with a list of the whole vocabulary: 0.7 ms a token at 152,064. A chain
that keeps the k likeliest needs a list of little more than k, found here in a tenth of that.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.worker.sampling import Greedy, LogitBias, MinP, Penalties, Stage, TopK

Logits = NDArray[np.float32]
Tokens = NDArray[np.int64]

MOST = 4096  # candidates; above, the whole vocabulary is as fast
_DEPTHS = (64, 16)  # of columns
_SLACK = 1e-3  # llama.cpp computes the threshold in its own way


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far down the chain looks: the `keep` likeliest, and what is `below` the last of them."""

    keep: int
    below: float = 0.0


def reach(chain: Iterable[Stage]) -> Reach | None:
    """By the first stage that cuts off. None: the chain must see the whole vocabulary."""
    for stage in chain:
        match stage:
            case LogitBias() | Penalties():
                pass  # they change few tokens, which are known
            case TopK(k=k):
                return Reach(keep=k)
            case MinP(p=p):
                return Reach(keep=1, below=_SLACK - math.log(p))
            case Greedy():
                return Reach(keep=1)
            case _:
                return None
    return None


def narrow(row: Logits, reach: Reach, changed: NDArray[Any], banned: NDArray[Any]) -> Tokens | None:
    """All tokens that could be among those reached, in order; None if these are too many.

    The logits of the `changed` are going to be changed, in any way; the `banned` cannot be chosen.
    """
    keep = reach.keep + len(changed) + len(banned)
    floor = _floor(row, keep)
    if floor is None:
        return None
    inside = row >= floor - reach.below
    inside[changed] = True
    inside[banned] = False
    found = np.flatnonzero(inside)
    return found if 0 < len(found) <= MOST else None


def likeliest(row: Logits, count: int) -> Tokens:
    """The `count` likeliest tokens, the likeliest first."""
    floor = _floor(row, count)
    found = np.arange(len(row)) if floor is None else np.flatnonzero(row >= floor)
    return found[np.argsort(-row[found], kind="stable")[:count]]


def _floor(row: Logits, count: int) -> np.float32 | None:
    """A logit that at least `count` tokens have or surpass, and few others.

    The greatest of each of many columns are all different tokens, so the `count`th of those will
    do. That reads the row but once.
    """
    for depth in _DEPTHS:
        width = len(row) // depth
        if width >= 4 * count:
            greatest = row[: width * depth].reshape(depth, width).max(axis=0)
            floor = np.partition(greatest, width - count)[width - count]
            return floor if math.isfinite(floor) else None
    return None
