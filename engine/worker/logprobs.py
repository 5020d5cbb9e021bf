"""How likely the model held a token to be, and which others: before any sampler. Pure."""

import math
from collections.abc import Callable

import numpy as np

from engine.chat import Candidate, Chosen
from engine.worker.candidates import Logits, likeliest

MOST_ALTERNATIVES = 20
_NEVER = -9999.0  # as OpenAI says of what cannot be said; JSON has no infinity


def chosen(row: Logits, token: int, count: int, piece: Callable[[int], bytes]) -> Chosen:
    """The token with its log probability, and the `count` likeliest in its place."""
    greatest = float(row.max())
    total = greatest + math.log(float(np.exp(row - greatest).sum(dtype=np.float64)))

    def candidate(one: int) -> Candidate:
        return Candidate(token=one, text=piece(one), logprob=max(float(row[one]) - total, _NEVER))

    top = tuple(candidate(int(one)) for one in likeliest(row, count)) if count else ()
    return Chosen(candidate=candidate(token), top=top)
