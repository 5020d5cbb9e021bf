"""Who may enter, who waits, and who is set aside when the cells run out. Pure."""

from bisect import insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic, Protocol, TypeVar

from engine.worker.prefix import shared_length

WORTH_WAITING_TOKENS = 64
HEADROOM_TOKENS = 256  # of an answer, that admission keeps free for it
_BEFORE_END_TOKENS = 12
_WORTH_A_MARK_TOKENS = 32


class Aged(Protocol):
    """What a queue needs to know of a request."""

    @property
    def id(self) -> int:
        """Rises with age: the smallest is the oldest."""
        ...


A = TypeVar("A", bound=Aged)


class Waiting(Generic[A]):
    """Those that have no memory yet, or not any more: the oldest is first, whenever it came."""

    def __init__(self) -> None:
        self._them: list[A] = []

    def __len__(self) -> int:
        return len(self._them)

    def __iter__(self) -> Iterator[A]:
        return iter(tuple(self._them))

    def add(self, one: A) -> None:
        """It waits now; one that was set aside is before all that came after it."""
        insort(self._them, one, key=lambda other: other.id)

    def remove(self, one: A) -> None:
        """It waits no longer."""
        self._them.remove(one)


def claim(length: int, left: int | None, room: int) -> int:
    """The cells that one of `length` tokens, prompt and answer so far, is admitted for.

    Some of the answer that is still to come (`left` tokens, None: nobody knows) is counted, so
    that those inside do not grow into each other at once. `room` is what it may hold at most.
    """
    answer = HEADROOM_TOKENS if left is None else min(left, HEADROOM_TOKENS)
    return min(length + answer, room)


def may_enter(newcomer: int, inside: Iterable[int], cells: int) -> bool:
    """Whether a claim fits beside those of the ones inside; one that is alone always does."""
    claims = tuple(inside)
    return not claims or sum(claims) + newcomer <= cells


def worth_waiting(shared: int, held: int, read: int) -> bool:
    """Whether one waits for another that is reading the beginning of `shared` tokens of both.

    `held` tokens it could reuse at once, and the other one has read `read`. Whoever is older reads
    first, and the same tokens read side by side take a step about twice as long: so it waits where
    it saves something, unless far more than that is to be read meanwhile.
    """
    saved = shared - held
    return saved >= WORTH_WAITING_TOKENS and 2 * saved >= shared - read


class Reader(Protocol):
    """What is known of a prompt that is being read, or waits for it."""

    @property
    def prompt(self) -> Sequence[int]:
        """Its tokens."""
        ...

    @property
    def unread(self) -> int:
        """How many of them are still to be read."""
        ...

    @property
    def pause(self) -> int:
        """Where memory that cannot be cut will be marked; 0: nowhere."""
        ...

    @property
    def group(self) -> object:
        """Memory is shared only within it."""
        ...


def awaits(
    newcomer: Reader, inside: Iterable[Reader], held: Callable[[Sequence[int]], int], *, cuts: bool
) -> bool:
    """Whether somebody reads what it begins with, too, and it is better off afterwards.

    `held` tells how many tokens of a prompt it could reuse at once. Memory that cannot be cut
    (`cuts` is False) can be copied where it is marked on the way, and no more.
    """
    most = len(newcomer.prompt) - 1
    for other in inside:
        if not other.unread or other.group != newcomer.group:
            continue
        shared = min(most, shared_length(newcomer.prompt, other.prompt))
        if not cuts:
            shared = other.pause if other.pause <= shared else 0
        if worth_waiting(shared, held(newcomer.prompt), len(other.prompt) - other.unread):
            return True
    return False


def set_aside(inside: Iterable[A]) -> A | None:
    """Who gives way where the memory is full: the youngest; nobody if it is alone.

    So the oldest is never held up, and every other one gets there when it is the oldest.
    """
    them = tuple(inside)
    return max(them, key=lambda one: one.id) if len(them) > 1 else None


def head_of(prompt: int, room: int) -> int:
    """How many tokens an answer that rolls never forgets: its prompt's, a quarter at most."""
    return max(1, min(prompt, room // 4))


def pause_in(prompt: int, reused: int) -> int:
    """Where to mark a memory that cannot be cut: a little before the prompt's end.

    Templates end a prompt with words (an assistant's head, an empty thought) that the same turn,
    once it is history, may not have. 0 where that is not worth a step of its own.
    """
    at = prompt - _BEFORE_END_TOKENS
    return at if at >= reused + _WORTH_A_MARK_TOKENS else 0
