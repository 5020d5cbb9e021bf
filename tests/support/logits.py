"""Rows of logits, and what a device leaves of them."""

import numpy as np

from engine.worker.candidates import Logits, Ranks
from engine.worker.shortlist import KEPT, Left, cut


def left_of(rows: Logits) -> Left:
    """The cut, as numpy does it."""
    how = cut(rows.shape[1])
    assert how is not None
    bundles, which = _likeliest(rows, how.bundle)
    parts, of_them = _likeliest(bundles, how.part)
    rest = rows[:, how.bundles * how.bundle :]
    return Left(how, np.concatenate((parts, rest), axis=1), which, of_them)


def _likeliest(rows: Logits, each: int) -> tuple[Logits, Ranks]:
    """The likeliest stretches of so many tokens, one behind the other, and which they were."""
    count = rows.shape[1] // each
    stretches = rows[:, : count * each].reshape(len(rows), count, each)
    order = np.argsort(-stretches.max(axis=2), axis=1, kind="stable")[:, :KEPT].astype(np.int32)
    kept = np.take_along_axis(stretches, order[:, :, np.newaxis], axis=1)
    return kept.reshape(len(rows), -1), order
