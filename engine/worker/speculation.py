"""Speculation: tokens are guessed, and the step that writes the next one checks them all.

The sampler chooses at each place in turn, as it would have without guesses; as long as it chooses
what was guessed, the next place's logits are already there. So an answer never differs but by what
the shape of a batch does to near-ties.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

from engine.worker.ngram import NgramIndex, continued
from engine.worker.speculation_pays import MOST_TOKENS, Luck, Payoff, class_of


@dataclass(frozen=True, slots=True)
class Text:
    """What one answer's guesses are made from: the tokens in its slot, and the one to follow.

    Its parts are by place: one is made for every answer in every step.
    """

    id: int
    slot: int
    tokens: Sequence[int]
    following: int


class Drafter(Protocol):
    """Guesses how texts go on: from the text itself, or with a smaller model.

    Heads for further tokens in the model's own file (MTP, NextN) would be a third one: they need
    what the last layer gave for each token, and llama.cpp hands that out only through functions
    that its library keeps to itself (llama-ext.h), so there is none yet.
    """

    def trust(self, text: Text) -> int | None:
        """The class of what would be guessed; None if nothing would be."""
        ...

    def draft(self, wanted: Sequence[tuple[Text, int]]) -> list[list[int]]:
        """Guesses for these texts, each at most so many."""
        ...

    def forget(self, ids: Iterable[int]) -> None:
        """These answers are over."""
        ...

    @property
    def read_seconds(self) -> float:
        """What of the last draft's time went by with reading, which is done but once."""
        ...


class NgramDrafter:
    """Guesses that what was said before is said again."""

    read_seconds = 0.0

    def __init__(self) -> None:
        self._indexes: dict[int, NgramIndex] = {}
        self._places: dict[int, int] = {}

    def trust(self, text: Text) -> int | None:
        """By how many tokens agree with an earlier place."""
        index = self._indexes.get(text.id)
        if index is None:
            index = self._indexes[text.id] = NgramIndex()
        if not index.follow(text.tokens):
            return None
        place, agreement = index.find(text.tokens, text.following)
        if not agreement:
            return None
        self._places[text.id] = place
        return class_of(agreement)

    def draft(self, wanted: Sequence[tuple[Text, int]]) -> list[list[int]]:
        """What followed there."""
        return [
            continued(text.tokens, text.following, self._places[text.id], most)
            for text, most in wanted
        ]

    def forget(self, ids: Iterable[int]) -> None:
        """Their places are needed no more."""
        for one in ids:
            self._indexes.pop(one, None)
            self._places.pop(one, None)


class Writing(Protocol):
    """What speculation needs to know of an answer, and where it puts its guesses."""

    id: int
    slot: int
    unread: int
    next_token: int
    draft: list[int]
    accepted_tokens: int

    @property
    def left(self) -> int | None:
        """Tokens it may still write."""
        ...


class Memory(Protocol):
    """What speculation needs to know of the slots."""

    used: int

    def tokens(self, slot: int) -> list[int]:
        """The tokens this slot holds."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What guesses have to fit into: outputs of a step, cells of all and of each answer."""

    outputs: int
    cells: int
    cells_per_sequence: int
    unified: bool


@dataclass(slots=True)
class _Guess:
    writing: Writing
    trust: int
    count: int
    accepted_before: int


class Speculation:
    """Guesses before each step, and learns from it."""

    def __init__(
        self, drafter: Drafter, room: Room, clock: Callable[[], float] = monotonic
    ) -> None:
        self._drafter = drafter
        self._room = room
        self._clock = clock
        self._payoff = Payoff()
        self._lucks: dict[int, Luck] = {}
        self._guesses: list[_Guess] = []
        self._writers = 0
        self._began: float | None = None

    def guess(self, active: Sequence[Writing], memory: Memory) -> None:
        """Give the answers that are being written their guesses, where those will pay.

        While prompts are read there are none: such a step is full without them.
        """
        self._guesses.clear()
        self._began = None
        reading = False
        for one in active:
            one.draft = []
            reading = reading or one.unread > 0
        if len(self._lucks) > 2 * len(active):
            self._forget({one.id for one in active})
        if reading or not active:
            return
        self._writers = len(active)
        self._began = self._clock()
        if self._payoff.may_guess(self._writers):
            self._guess(active, memory)

    def learn(self) -> None:
        """The step is over, and its tokens are chosen."""
        if self._began is None:
            return
        seconds = self._clock() - self._began
        if not self._guesses:
            self._payoff.saw_plain(self._writers, seconds)
            return
        offered = sum(guess.count for guess in self._guesses)
        rights = [one.writing.accepted_tokens - one.accepted_before for one in self._guesses]
        paid = self._payoff.saw_guesses(self._writers, offered, sum(rights), seconds)
        for guess, right in zip(self._guesses, rights, strict=True):
            luck = self._lucks[guess.writing.id]
            luck.saw(guess.trust, right, guess.count, paid=paid)

    def _guess(self, active: Sequence[Writing], memory: Memory) -> None:
        room = self._room.outputs - self._writers
        if self._room.unified:
            room = min(room, self._room.cells - memory.used - self._writers)
        wanted: list[tuple[Text, int]] = []
        already = 0
        for one in active:
            text = Text(one.id, one.slot, memory.tokens(one.slot), one.next_token)
            trust = self._drafter.trust(text)
            if trust is None:
                continue
            luck = self._lucks.get(one.id)
            if luck is None:
                luck = self._lucks[one.id] = Luck(self._payoff.everybody)
            most = min(MOST_TOKENS, room - already, self._fitting(one, text))
            count = self._payoff.length(luck, trust, self._writers, already, most)
            if count:
                already += count
                wanted.append((text, count))
                self._guesses.append(_Guess(one, trust, count, one.accepted_tokens))
        if wanted:
            self._draft(wanted)

    def _draft(self, wanted: list[tuple[Text, int]]) -> None:
        drafts = self._drafter.draft(wanted)
        assert self._began is not None, "guesses are made within a step"
        self._began += self._drafter.read_seconds
        for guess, draft in zip(self._guesses, drafts, strict=True):
            guess.writing.draft = draft
            guess.count = len(draft)
        self._guesses = [guess for guess in self._guesses if guess.count]
        if not self._guesses:
            now = self._clock()
            self._payoff.lost(self._writers, now - self._began)
            self._began = now

    def _fitting(self, one: Writing, text: Text) -> int:
        """Guesses that have room in its memory, and in what it may still write."""
        fitting = self._room.cells_per_sequence - len(text.tokens) - 2
        return fitting if one.left is None else min(fitting, one.left - 1)

    def _forget(self, staying: set[int]) -> None:
        gone = [one for one in self._lucks if one not in staying]
        for one in gone:
            del self._lucks[one]
        self._drafter.forget(gone)
