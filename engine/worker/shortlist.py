"""The likeliest tokens of rows of logits, by what is left of these after a cut. Pure.

A row is cut into bundles. The greatest of each are put in order, and the likeliest bundles kept;
these are cut into parts, and the likeliest parts kept in the same way. Of a row's likeliest tokens
each makes its bundle and its part one of the likeliest, so that all of them are left.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.worker.candidates import Few, Logits, Ranks

KEPT = 64  # tokens of a row, its likeliest, are among what is left of it
_MOST_SORTED = 1024  # by one block of a card's threads
_FEWEST = KEPT * _MOST_SORTED // 4  # tokens of a vocabulary that is worth it


class Cut(NamedTuple):
    """How a row is cut: bundles of so many tokens, in parts of so many, and a rest."""

    bundles: int
    bundle: int
    part: int
    rest: int

    @property
    def width(self) -> int:
        """Logits that are left of a row: those of the likeliest parts, and the rest."""
        return KEPT * self.part + self.rest


def cut(vocabulary: int) -> Cut | None:
    """For rows of so many tokens; None if they are too few to be worth it."""
    if vocabulary < _FEWEST:
        return None
    least = -(-vocabulary // _MOST_SORTED)  # tokens of a bundle
    part = 1
    while KEPT * least // part > _MOST_SORTED:
        part *= 2
    # As many parts as leave no rest, if there is such a number.
    most = _MOST_SORTED // KEPT
    fewest = -(-least // part)
    parts = next((n for n in range(fewest, most) if not vocabulary % (n * part)), fewest)
    bundles, rest = divmod(vocabulary, parts * part)
    return Cut(bundles=bundles, bundle=parts * part, part=part, rest=rest)


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of some rows: logits [rows, width], and which they are.

    `bundles` [rows, KEPT] were the likeliest, `parts` [rows, KEPT] those of them, in their order.
    """

    cut: Cut
    logits: Logits
    bundles: Ranks
    parts: Ranks

    def of(self, rows: Sequence[int]) -> "Left":
        """The same of these rows alone."""
        return Left(self.cut, self.logits[rows], self.bundles[rows], self.parts[rows])

    def likeliest(self, keep: int) -> tuple[Ranks, Logits]:
        """The `keep` likeliest tokens of each row and their logits, [rows, keep], in no order."""
        last = self.cut.width - keep
        places = self.logits.argpartition(last, axis=1)[:, last:]
        row = np.arange(len(places))[:, np.newaxis]
        return self._tokens(row, places), self.logits[row, places]

    def places(self, row: int, keep: int) -> Few | None:
        """The `keep` likeliest of one row, by their places in it; None if some are no numbers."""
        logits = self.logits[row]
        places = logits.argpartition(-keep)[-keep:]
        kept = logits[places]
        # What is no number counts as greatest.
        return Few(places, kept) if isfinite(kept.max()) else None

    def token(self, row: int, place: int) -> int:
        """Which token stands there."""
        cut = self.cut
        rank, within = divmod(place, cut.part)
        if rank >= KEPT:
            return cut.bundles * cut.bundle + place - KEPT * cut.part
        bundle, at = divmod(self.parts.item(row, rank) * cut.part + within, cut.bundle)
        return self.bundles.item(row, bundle) * cut.bundle + at

    def may_hold(self, row: int, tokens: Iterable[int]) -> bool:
        """Whether any of these could be among what is left of the row: few whole bundles are."""
        rest, bundle = self.cut.bundles, self.cut.bundle
        held = {*self.bundles[row].tolist(), rest}
        return any(min(token // bundle, rest) in held for token in tokens)

    def _tokens(self, row: NDArray[np.intp], places: NDArray[np.intp]) -> Ranks:
        cut = self.cut
        rank, within = np.divmod(places, cut.part)
        if cut.rest:
            rank[rank >= KEPT] = 0
        bundle, at = np.divmod(self.parts[row, rank] * cut.part + within, cut.bundle)
        if cut.rest:
            bundle[bundle >= KEPT] = 0
        tokens = self.bundles[row, bundle] * cut.bundle + at
        if cut.rest:
            of_rest = places - KEPT * cut.part
            tokens = np.where(of_rest < 0, tokens, of_rest + cut.bundles * cut.bundle)
        return tokens.astype(np.int32)
