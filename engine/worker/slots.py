"""Which sequence of llama.cpp's memory holds which tokens, and how many cells they take."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from engine.worker.context import Context
from engine.worker.pictures import is_cell, offset_of, piece_of, whole
from engine.worker.prefix import Held, Place, choose, shared_length

_MARKS = 2  # of a slot: the last prompt's end, and the one before
_MOST_MARK_BYTES = 1 << 30  # in RAM, of all slots


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """What cannot be cut of a memory, as it was at so many tokens."""

    count: int
    state: NDArray[np.uint8]


@dataclass(slots=True)
class _Slot:
    tokens: list[int] = field(default_factory=list[int])
    cells: list[int] = field(default_factory=list[int])
    busy: bool = False
    last_used: int = 0
    group: tuple[float, ...] = ()  # of adapters, by which its memory was computed
    lag: int = 0  # cells of pictures that take no position of their own
    marks: list["_Mark"] = field(default_factory=list["_Mark"])
    kept: int = 0  # tokens of it that are on disk, or not worth it
    idle_since: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A sequence's memory as it once was, and the tokens it is of."""

    tokens: list[int]
    state: NDArray[np.uint8]


class Slots:
    """Finished sequences keep their cells until those are needed: the next turn begins there.

    In unified memory a copied beginning shares its cells; `_sharers` counts the owners of those
    that have more than one.
    """

    def __init__(
        self,
        context: Context,
        window_tokens: int,
        lags: Mapping[int, int] | None = None,
        *,
        rewinds: bool = True,
    ) -> None:
        """`lags` tells of a picture's pieces how many cells take no position of their own.

        `rewinds` tells that memory can be cut anywhere.
        """
        self._rewinds = rewinds
        self._context = context
        self._window = max(1, window_tokens)
        self._slots = [_Slot() for _ in range(context.sequences)]
        self._lags: Mapping[int, int] = {} if lags is None else lags
        self._sharers: dict[int, int] = {}
        self._next_cell = 0
        self._clock = 0
        self.going: Callable[[int], object] | None = None  # told of a slot before it is evicted
        self.used = 0

    def take(self, prompt: Sequence[int], group: tuple[float, ...] = ()) -> tuple[int, int] | None:
        """A slot for this prompt, and how many of its tokens are there; None if all are busy.

        What another group's adapters left in memory is of no use to this one.
        """
        place = choose(
            prompt,
            [
                Held(
                    tokens=s.tokens if s.group == group else (),
                    busy=s.busy,
                    last_used=s.last_used,
                    floor=self._floor(number),
                    marks=[mark.count for mark in s.marks],
                )
                for number, s in enumerate(self._slots)
            ],
        )
        if place is None:
            return None
        place = replace(place, reused=whole(prompt, place.reused))
        if place.reused == 0:
            place = replace(place, source=None)
        if place.source is not None:
            self._copy(place.source, place.slot)
        reused = self._rewind(place)
        self._slots[place.slot].busy = True
        self._slots[place.slot].group = group
        return place.slot, reused

    def length(self, slot: int) -> int:
        """How many tokens this slot holds."""
        return len(self._slots[slot].tokens)

    def tokens(self, slot: int) -> list[int]:
        """The tokens this slot holds; not to be changed."""
        return self._slots[slot].tokens

    def position(self, slot: int) -> int:
        """The next token's position: in some models a picture takes fewer than it has cells."""
        held = self._slots[slot]
        return len(held.tokens) - held.lag

    def grow(self, slot: int, tokens: Sequence[int], *, lag: int = 0) -> None:
        """These tokens are now in memory; `lag` of them, a picture's, without a position."""
        held = self._slots[slot]
        held.lag += lag
        count = len(tokens)
        held.tokens.extend(tokens)
        held.cells.extend(range(self._next_cell, self._next_cell + count))
        self._next_cell += count
        self.used += count

    def shrink(self, slot: int, count: int) -> None:
        """The last tokens, so many, were not meant: only where memory can be cut anywhere."""
        cut = self._context.cut(slot, self.position(slot) - count)
        assert cut, "nobody guesses where memory cannot be cut"
        self._drop(slot, len(self._slots[slot].tokens) - count)

    def release(self, slot: int) -> None:
        """Nobody writes here any more; the tokens stay until room is needed."""
        self._clock += 1
        held = self._slots[slot]
        held.busy = False
        held.last_used = self._clock
        held.idle_since = monotonic()

    def settle(self, slot: int) -> bool:
        """Forget what an interrupted step left behind; False if all had to be forgotten."""
        if self._context.cut(slot, self.position(slot)):
            return True
        self.forget(slot)
        return False

    def forget(self, slot: int) -> None:
        """Give this slot's cells back."""
        self._context.clear(slot)
        self._drop(slot, 0)

    def evict(self) -> bool:
        """Forget the idle slot that was used longest ago; False if there is none."""
        idle = [n for n, slot in enumerate(self._slots) if slot.tokens and not slot.busy]
        if not idle:
            return False
        goes = min(idle, key=lambda n: self._slots[n].last_used)
        if self.going is not None:
            self.going(goes)
        self.forget(goes)
        return True

    def idle(self, before: float) -> list[int]:
        """Those with tokens that nobody has used since."""
        return [
            number
            for number, slot in enumerate(self._slots)
            if slot.tokens and not slot.busy and slot.idle_since < before
        ]

    def shared(self, prompt: Sequence[int]) -> int:
        """With how many tokens of this prompt some slot begins."""
        return max(shared_length(prompt, slot.tokens) for slot in self._slots)

    def group(self, slot: int) -> tuple[float, ...]:
        """The adapters under which it was read."""
        return self._slots[slot].group

    def kept(self, slot: int) -> int:
        """How many of its tokens need no keeping any more."""
        return self._slots[slot].kept

    def note_kept(self, slot: int) -> None:
        """What it holds now needs no keeping any more."""
        self._slots[slot].kept = len(self._slots[slot].tokens)

    def state(self, slot: int) -> NDArray[np.uint8]:
        """A copy of its memory."""
        return self._context.state(slot)

    def restore(self, restored: Restored, group: tuple[float, ...]) -> bool | None:
        """Put that into a free slot; None: there is no room for it, False: it is of no use."""
        free = [number for number, slot in enumerate(self._slots) if not slot.busy]
        if not free:
            return None
        count = len(restored.tokens)
        stalest = min(free, key=lambda n: (bool(self._slots[n].tokens), self._slots[n].last_used))
        if self._slots[stalest].tokens and self.going is not None:
            self.going(stalest)
        self.forget(stalest)
        while self._context.unified and self.used + count > self._context.cells:
            if not self.evict():
                return None
        if not self._context.set_state(stalest, restored.state):
            self.forget(stalest)
            return False
        self.grow(stalest, restored.tokens)
        self._slots[stalest].kept = count
        self._slots[stalest].group = group
        self.release(stalest)
        return True

    def mark(self, slot: int) -> None:
        """Remember it as it is, where memory could not be cut to here later."""
        held = self._slots[slot]
        mark = _Mark(count=len(held.tokens), state=self._context.state(slot, partial=True))
        marks = [other for other in held.marks if other.count < mark.count]
        held.marks = [*marks[1 - _MARKS :], mark]
        taken = {id(mark.state): mark.state.nbytes for s in self._slots for mark in s.marks}
        for other in sorted(self._slots, key=lambda s: (s.busy, s.last_used)):
            if sum(taken.values()) <= _MOST_MARK_BYTES:
                break
            for gone in other.marks:
                taken.pop(id(gone.state), None)
            other.marks = []

    def roll(self, slot: int, keep: int) -> bool:
        """Forget the older half of what comes after the first `keep` tokens.

        False, changing nothing, where others share it: the cells would move under them.
        """
        held = self._slots[slot]
        if any(cell in self._sharers for cell in held.cells[keep:]):
            return False
        gone = (len(held.tokens) - keep) // 2
        self._context.shift(slot, keep, keep + gone)
        del held.tokens[keep : keep + gone], held.cells[keep : keep + gone]
        self.used -= gone
        held.kept = min(held.kept, keep)
        held.marks = [mark for mark in held.marks if mark.count <= keep]
        return True

    def _floor(self, slot: int) -> int:
        """The fewest tokens this slot's memory can be cut to."""
        if self._rewinds:
            return 0
        oldest = self._context.oldest_position(slot)
        return 0 if oldest <= 0 else oldest + self._window + 1

    def _rewind(self, place: Place) -> int:
        """Keep only the reused beginning, and tell how long it is; memory may be empty now."""
        held = self._slots[place.slot]
        if place.reused == len(held.tokens):
            return place.reused
        position = place.reused - self._lag(held.tokens[: place.reused])
        reaches = place.reused and self._reaches(place.slot, position)
        if not reaches:
            reaches = self._go_back(place.slot, place.reused)
        if reaches and self._context.cut(place.slot, position):
            self._drop(place.slot, place.reused)
            return place.reused
        self.forget(place.slot)
        return 0

    def _go_back(self, slot: int, count: int) -> bool:
        """Put back what cannot be cut, as it was at so many tokens, if that was marked."""
        for mark in self._slots[slot].marks:
            if mark.count == count:
                return self._context.set_state(slot, mark.state, partial=True)
        return False

    def _reaches(self, slot: int, keep: int) -> bool:
        """Whether all that the token at position `keep` attends to is still in memory."""
        oldest = self._context.oldest_position(slot)
        return oldest == 0 or 0 < oldest < keep - self._window

    def _copy(self, source: int, target: int) -> None:
        self.forget(target)
        self._context.copy(source, target)
        held = self._slots[source]
        if not self._context.unified:
            self.grow(target, held.tokens, lag=held.lag)
            self._slots[target].marks = held.marks.copy()
            return
        self._slots[target].marks = held.marks.copy()
        self._slots[target].lag = held.lag
        self._slots[target].tokens = held.tokens.copy()
        self._slots[target].cells = held.cells.copy()
        for cell in held.cells:
            self._sharers[cell] = self._sharers.get(cell, 1) + 1

    def _drop(self, slot: int, keep: int) -> None:
        held = self._slots[slot]
        for cell in held.cells[keep:]:
            owners = self._sharers.get(cell, 1)
            if owners == 1:
                self.used -= 1
            elif owners == 2:
                del self._sharers[cell]
            else:
                self._sharers[cell] = owners - 1
        del held.cells[keep:], held.tokens[keep:]
        held.kept = min(held.kept, keep)
        held.marks = [mark for mark in held.marks if mark.count <= keep]
        held.lag = self._lag(held.tokens)

    def _lag(self, tokens: Sequence[int]) -> int:
        if not self._lags:
            return 0
        starts = (token for token in tokens if is_cell(token) and offset_of(token) == 0)
        return sum(self._lags[piece_of(token)] for token in starts)
