"""Between memory and disk: what is idle is kept, what is asked for again is brought back."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from threading import Event

from engine.worker.inbox import Work
from engine.worker.keeping import WORTH_KEEPING_TOKENS, Keeping, Kept, State
from engine.worker.sequence import Sequence
from engine.worker.slots import Restored, Slots

_IDLE_SECONDS = 30.0
_LOOK_SECONDS = 5.0
_FAREWELL_SECONDS = 2.0
_COPYING_PAUSE = 20.0  # after a copy at an eviction, so many times what it took: steps go first
_WORTH_ANOTHER_TOKENS = 256  # more than are kept already


class Recall:
    """Called by the loop alone, but for `farewell`."""

    def __init__(self, keeping: Keeping, slots: Slots, hand: Callable[[Work], None]) -> None:
        """`hand` brings work of another thread to the loop's."""
        self._keeping = keeping
        self._slots = slots
        self._hand = hand
        self._asked: set[int] = set()
        self._fetching: set[int] = set()
        self._found: dict[int, tuple[Kept, Restored]] = {}
        self._look_at = time.monotonic() + _LOOK_SECONDS
        self._saved = Event()
        self._copy_at = 0.0
        slots.going = self._goes

    def fetches(self, sequence: Sequence) -> bool:
        """Whether its beginning is on its way from the disk; it is looked for the first time."""
        identity = sequence.id
        if identity in self._asked:
            return identity in self._fetching
        self._asked.add(identity)
        if any(sequence.group):
            return False  # what is kept was read without adapters
        found = self._keeping.find(sequence.prompt)
        if found is None:
            return False
        kept, shared = found
        if shared < self._slots.shared(sequence.prompt) + WORTH_KEEPING_TOKENS:
            return False
        self._fetching.add(identity)
        future = self._keeping.fetch(kept)
        future.add_done_callback(lambda done: self._hand(lambda: self._came(identity, kept, done)))
        return True

    def _came(self, identity: int, kept: Kept, done: Future[State | None]) -> None:
        if identity not in self._fetching:  # cancelled
            return
        self._fetching.discard(identity)
        state = done.result()
        if state is None:
            self._keeping.drop(kept)
        else:
            self._found[identity] = (kept, Restored(tokens=kept.tokens.tolist(), state=state))

    def put_back(self, sequence: Sequence) -> None:
        """What was brought for it goes into a free slot, if it fits."""
        found = self._found.pop(sequence.id, None)
        if found is not None and self._slots.restore(found[1], sequence.group) is False:
            self._keeping.drop(found[0])

    def forget(self, identity: int) -> None:
        """That request is over, or set aside: it may look again."""
        self._asked.discard(identity)
        self._fetching.discard(identity)
        self._found.pop(identity, None)

    def tick(self) -> None:
        """From time to time, keep one that has been idle for long."""
        now = time.monotonic()
        if now < self._look_at:
            return
        self._look_at = now + _LOOK_SECONDS
        for slot in self._slots.idle(now - _IDLE_SECONDS):
            if self._keep(slot):
                return

    @property
    def wait_seconds(self) -> float | None:
        """How long an idle loop may sleep; None: nothing is left to be kept."""
        idle = self._slots.idle(float("inf"))
        return _LOOK_SECONDS if any(self._worth(slot) for slot in idle) else None

    def farewell(self) -> None:
        """The reader thread says that the process is to end: keep what is idle, but be quick."""
        if self.wait_seconds is None:
            self._keeping.finish(_FAREWELL_SECONDS)
            return
        self._hand(self._keep_all)
        self._saved.wait(_FAREWELL_SECONDS)

    def _keep_all(self) -> None:
        for slot in self._slots.idle(float("inf")):
            self._keep(slot)
        self._keeping.finish(_FAREWELL_SECONDS)
        self._saved.set()

    def _goes(self, slot: int) -> None:
        """It is about to be evicted, and somebody waits for its cells."""
        if time.monotonic() >= self._copy_at:
            self._keep(slot)

    def _worth(self, slot: int) -> bool:
        if any(self._slots.group(slot)):
            return False
        tokens = self._slots.tokens(slot)
        more = len(tokens) - self._slots.kept(slot)
        return len(tokens) >= WORTH_KEEPING_TOKENS and more >= _WORTH_ANOTHER_TOKENS

    def _keep(self, slot: int) -> bool:
        if not self._worth(slot):
            return False
        tokens = self._slots.tokens(slot)
        self._slots.note_kept(slot)
        if min(tokens) < 0 or len(tokens) - self._keeping.holds(tokens) < _WORTH_ANOTHER_TOKENS:
            return False  # pictures have other numbers in every process
        began = time.monotonic()
        state = self._slots.state(slot)
        ended = time.monotonic()
        self._copy_at = ended + _COPYING_PAUSE * (ended - began)
        self._keeping.put(tokens, state)
        return True
