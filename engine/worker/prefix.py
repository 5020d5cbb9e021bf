"""Which slot already holds this prompt's beginning. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

_STRIDE_TOKENS = 256
_WORTH_COPYING_TOKENS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What one slot holds: the tokens in its memory, and when it was last used.

    Its memory can be cut to no fewer tokens than `floor`, but for the numbers in `marks`, of
    which there is a copy.
    """

    tokens: Sequence[int]
    busy: bool
    last_used: int
    floor: int = 0
    marks: Sequence[int] = ()

    def usable(self, shared: int) -> int:
        """How much of a shared beginning memory can really be cut to."""
        if shared == len(self.tokens) or shared >= self.floor:
            return shared
        return max((mark for mark in self.marks if mark <= shared), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a prompt goes: `slot` keeps its first `reused` tokens, or takes them from `source`."""

    slot: int
    reused: int = 0
    source: int | None = None


def shared_length(one: Sequence[int], other: Sequence[int]) -> int:
    """How many tokens both begin with. Compared in strides, which are as fast as memcmp."""
    end = min(len(one), len(other))
    at = 0
    while at < end and one[at : at + _STRIDE_TOKENS] == other[at : at + _STRIDE_TOKENS]:
        at += _STRIDE_TOKENS
    at = min(at, end)
    while at < end and one[at] == other[at]:
        at += 1
    return at


def choose(prompt: Sequence[int], slots: Sequence[Held]) -> Place | None:
    """The place that reads least of the prompt anew; None while every slot is busy.

    At least the last token is read again: its logits are wanted. A slot's own conversation is
    continued in place; a beginning shared with another conversation (a system prompt) is copied,
    so that both are kept, as long as there is a slot to copy it to.
    """
    free = [number for number, held in enumerate(slots) if not held.busy]
    if not free:
        return None
    shared = [
        held.usable(min(shared_length(prompt, held.tokens), len(prompt) - 1)) for held in slots
    ]
    stalest = min(free, key=lambda number: (len(slots[number].tokens) > 0, slots[number].last_used))
    best = max(range(len(slots)), key=lambda number: (shared[number], not slots[number].busy))
    length = shared[best]
    if slots[best].busy:
        own = max(free, key=lambda number: shared[number])
        if length - shared[own] < _WORTH_COPYING_TOKENS:
            best, length = own, shared[own]
    if length == 0:
        return Place(slot=stalest)
    if not slots[best].busy and (best == stalest or _continues(length, slots[best])):
        return Place(slot=best, reused=length)
    if length < _WORTH_COPYING_TOKENS:
        return Place(slot=stalest)
    return Place(slot=stalest, reused=length, source=best)


def _continues(shared: int, held: Held) -> bool:
    return 2 * shared >= len(held.tokens)
