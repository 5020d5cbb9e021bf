"""Which tokens a chain can choose among at all: few, where most are cut off by their rank. Pure.

llama.cpp's chains begin with a list of the whole vocabulary: 0.7 ms a token at 152,064. A chain
that keeps the k likeliest needs a list of little more than k, found here in a tenth of that, and
for several rows of logits at once, so that Python's own time does not grow with the streams.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Few:
    """Tokens in order, and their logits."""

    tokens: Tokens
    logits: Logits


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


def narrow(rows: Logits, reaches: Sequence[Reach]) -> list[Few | None]:
    """All tokens that could be among those reached, for each row of logits [rows, vocabulary].

    None for a row where these are too many, or where some logits are no numbers.

    The greatest of each of many columns are all different tokens, so that the `keep`th of those
    is a floor which at least `keep` tokens have or surpass, and few others; and only columns whose
    greatest reaches it need a second look. That reads the rows but once.
    """
    depths = {_depth(rows.shape[1], one.keep) for one in reaches}
    if len(depths) > 1:
        return [narrow(rows[at : at + 1], [one])[0] for at, one in enumerate(reaches)]
    depth = depths.pop()
    return [None] * len(reaches) if depth is None else _narrow(rows, reaches, depth)


def likeliest(row: Logits, count: int) -> Tokens:
    """The `count` likeliest tokens, the likeliest first."""
    few = narrow(row[np.newaxis], [Reach(keep=count)])[0] or Few(np.arange(len(row)), row)
    return few.tokens[np.argsort(-few.logits, kind="stable")[:count]]


def _depth(vocabulary: int, keep: int) -> int | None:
    return next((depth for depth in _DEPTHS if vocabulary // depth >= 4 * keep), None)


def _narrow(rows: Logits, reaches: Sequence[Reach], depth: int) -> list[Few | None]:
    width = rows.shape[1] // depth
    columns = rows[:, : depth * width].reshape(len(rows), depth, width)
    greatest = columns.max(axis=1)
    place = width - max(one.keep for one in reaches)
    ordered = greatest.copy()
    ordered.partition(place, axis=1)
    floors = ordered[:, place].tolist()
    # The greatest of a column with a NaN in it is NaN, and NaNs are ordered last.
    peaks = ordered[:, place:].max(axis=1).tolist()
    return [
        _few(rows[at], columns[at], greatest[at], np.float32(floor - one.below))
        if math.isfinite(floor) and math.isfinite(peak)
        else None
        for at, (one, floor, peak) in enumerate(zip(reaches, floors, peaks, strict=True))
    ]


def _few(row: Logits, columns: Logits, greatest: Logits, limit: np.float32) -> Few | None:
    """The tokens whose logits reach the limit, in order. `columns`: the row as [depth, width]."""
    depth, width = columns.shape
    (where,) = (greatest >= limit).nonzero()
    looked_at = columns.take(where, axis=1).ravel()
    (found,) = (looked_at >= limit).nonzero()
    deep, column = np.divmod(found, len(where))
    tokens, logits = deep * width + where.take(column), looked_at.take(found)
    if depth * width < len(row):
        (rest,) = (row[depth * width :] >= limit).nonzero()
        tokens = np.concatenate((tokens, rest + depth * width))
        logits = row.take(tokens)
    return Few(tokens, logits) if 0 < len(tokens) <= MOST else None
