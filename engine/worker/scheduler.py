"""Who gets how many tokens in one step. Pure."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

_STEPS_OF_A_TURN = 8
_CROWD = 4  # writers
_MOST_TIMES = 4  # what prompts may get in place of the usual


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


class Adapted(Protocol):
    """What taking turns needs to know of a sequence."""

    @property
    def group(self) -> tuple[float, ...]:
        """How the model's adapters weigh for it: all of one step share that."""
        ...


C = TypeVar("C", bound=Claimant)
A = TypeVar("A", bound=Adapted)


class Turns:
    """Groups take turns of some steps each: a change of adapters costs about as much as a step."""

    def __init__(self) -> None:
        self.group: tuple[float, ...] = ()
        self._steps = 0

    def next(self, sequences: Sequence[A]) -> Sequence[A]:
        """Those that the next step is for; all, where all are of one group."""
        groups = sorted({sequence.group for sequence in sequences})
        if not groups:
            return sequences
        self._steps += 1
        if self.group not in groups or self._steps > _STEPS_OF_A_TURN:
            self.group = next((group for group in groups if group > self.group), groups[0])
            self._steps = 1
        return [sequence for sequence in sequences if sequence.group == self.group]


def share_out(sequences: Iterable[C], budget: int, prompt_budget: int) -> list[tuple[C, int]]:
    """Give every writer its one token, then spend what is left on prompts, oldest first.

    `budget` is what one batch holds. While anybody writes, prompts get at most `prompt_budget`
    tokens together, so that a long prompt does not hold up the others' answers. Where several
    write and more read, they get some times that: writers are computed apart from prompts, at the
    price of a whole step, and the fewer such steps there are, the sooner all are read.
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
        waiting = len(readers) // len(shares) if len(shares) >= _CROWD else 0
        budget = min(budget, prompt_budget * min(1 + waiting, _MOST_TIMES))
    for sequence in sorted(readers, key=lambda reader: reader.id):
        if not budget:
            break
        tokens = min(sequence.readable, budget)
        if not tokens:
            continue
        shares.append((sequence, tokens))
        budget -= tokens
    return shares
