"""Which tokens a chain can choose among at all: few, where most are cut off by their rank. Pure.

llama.cpp's chains begin with a list of the whole vocabulary: 0.7 ms a token at 152,064. A chain
that keeps the k likeliest needs a list of little more than k, found here in a tenth of that.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.worker.sampling import Greedy, LogitBias, MinP, Penalties, Stage, TopK

Logits = NDArray[np.float32]
Tokens = NDArray[np.int64]
Ranks = NDArray[np.int32]  # tokens, too, as ggml gives them

MOST = 4096  # candidates; above, the whole vocabulary is as fast
_DEPTH = 16  # of columns
_SPREAD = 4  # bundles of columns for each token that is kept
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


class Columns:
    """Rows of logits [rows, vocabulary], each cut into many columns, to find its likeliest by.

    The greatest of each column are all different tokens, and so are the greatest of bundles of
    columns: the k-th of those is a floor which at least k tokens have or surpass, and few others.
    Only columns whose greatest reaches it need a second look. That reads the logits but once.
    """

    def __init__(self, rows: Logits, keep: int) -> None:
        """`keep` is the most that any of the rows will be asked for."""
        count, vocabulary = rows.shape
        width = vocabulary // _DEPTH
        self._rows = rows
        self._cut = rows[:, : _DEPTH * width].reshape(count, _DEPTH, width)
        self._starts = np.arange(_DEPTH)[:, np.newaxis] * width  # where each column goes on
        self._greatest = np.empty((count, width), np.float32)
        self._bundle = width // (_SPREAD * keep)  # columns; 0 if too much is to be kept
        bundles = width // self._bundle if self._bundle else 0
        self._ordered = np.empty((count, bundles), np.float32)
        self._place = bundles - keep  # where the floor lies, in order

    def look(self, start: int, end: int) -> None:
        """Read these rows, before `few` is asked of them; threads can share this out.

        In few calls into C: each lets go of Python's lock, and has to wait for it again.
        """
        if not self._bundle:
            return
        ordered = self._ordered[start:end]
        greatest = self._cut[start:end].max(axis=1, out=self._greatest[start:end])
        bundles = ordered.shape[1]
        bundled = greatest[:, : self._bundle * bundles].reshape(-1, self._bundle, bundles)
        bundled.max(axis=1, out=ordered)
        ordered.partition(self._place, axis=1)

    def few(self, at: int, reach: Reach) -> Few | None:
        """All tokens of a row that could be among those reached; None if these are too many.

        Also where some logits are no numbers.
        """
        if not self._bundle:
            return None
        greatest = self._greatest[at]
        # The greatest of a column with a NaN in it is NaN.
        floor, peak = float(self._ordered[at, self._place]), float(greatest.max())
        if not (math.isfinite(floor) and math.isfinite(peak)):
            return None
        limit = np.float32(floor - reach.below)
        columns, row = self._cut[at], self._rows[at]
        depth, width = columns.shape
        (where,) = (greatest >= limit).nonzero()
        looked_at = columns.take(where, axis=1).ravel()
        (found,) = (looked_at >= limit).nonzero()
        tokens, logits = (self._starts + where).ravel().take(found), looked_at.take(found)
        if depth * width < len(row):
            (rest,) = (row[depth * width :] >= limit).nonzero()
            tokens = np.concatenate((tokens, rest + depth * width))
            logits = row.take(tokens)
        return Few(tokens, logits) if 0 < len(tokens) <= MOST else None


def narrow(row: Logits, reach: Reach) -> Few | None:
    """The same for one row [vocabulary]."""
    columns = Columns(row[np.newaxis], reach.keep)
    columns.look(0, 1)
    return columns.few(0, reach)


def likeliest(row: Logits, count: int) -> Tokens:
    """The `count` likeliest tokens, the likeliest first."""
    few = narrow(row, Reach(keep=count)) or Few(np.arange(len(row)), row)
    return few.tokens[np.argsort(-few.logits, kind="stable")[:count]]
