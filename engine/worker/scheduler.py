"""Who gets how many tokens in one step. Pure."""

from collections.abc import Iterable
from typing import Protocol, TypeVar


class Claimant(Protocol):
    """What sharing out needs to know of a sequence."""

    @property
    def id(self) -> int:
        """Rises with age: the smallest is the oldest."""
        ...

    @property
    def unread(self) -> int:
        """Tokens of the prompt not yet processed; 0 once it writes."""
        ...

    @property
    def readable(self) -> int:
        """How many of them come before the next picture, which is not for the batch."""
        ...


C = TypeVar("C", bound=Claimant)


def share_out(sequences: Iterable[C], budget: int, prompt_budget: int) -> list[tuple[C, int]]:
    """Give every writer its one token, then spend what is left on prompts, oldest first.

    `budget` is what one batch holds. While anybody writes, prompts get at most `prompt_budget`
    tokens together, so that a long prompt does not hold up the others' answers.
    """
    shares: list[tuple[C, int]] = []
    readers: list[C] = []
    for sequence in sequences:
        if sequence.unread:
            readers.append(sequence)
        elif budget:
            shares.append((sequence, 1))
            budget -= 1
    if shares:
        budget = min(budget, prompt_budget)
    for sequence in sorted(readers, key=lambda reader: reader.id):
        if not budget:
            break
        tokens = min(sequence.readable, budget)
        if not tokens:
            continue
        shares.append((sequence, tokens))
        budget -= tokens
    return shares
