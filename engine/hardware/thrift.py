"""Costly questions, asked only so often that they take no more than their share of a core."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

_WEIGHT_OF_NEW = 0.3  # thread clocks may tick as coarsely as 16 ms: single costs mean little


class Thrift:
    """Says when a question is due: every so many seconds, and less often where it costs more.

    `share` is the part of one core it may take. A clock that jumps back makes it due at once.
    """

    def __init__(
        self, every_seconds: float, share: float, *, clock: Callable[[], float] = time.thread_time
    ) -> None:
        self._every_seconds = every_seconds
        self._share = share
        self._clock = clock
        self._cost_seconds: float | None = None
        self._wait_seconds = 0.0
        self._asked_at: float | None = None

    def is_due(self, now: float) -> bool:
        """Whether to ask now."""
        return self._asked_at is None or not 0 <= now - self._asked_at < self._wait_seconds

    def wait(self, now: float, seconds: float) -> None:
        """Ask again after so long."""
        self._asked_at, self._wait_seconds = now, seconds

    @contextmanager
    def asking(self, now: float) -> Generator[None]:
        """Ask in here; what it takes of this thread decides when to ask again."""
        began = self._clock()
        try:
            yield
        finally:
            spent = max(0.0, self._clock() - began)
            known = spent if self._cost_seconds is None else self._cost_seconds
            self._cost_seconds = known + (spent - known) * _WEIGHT_OF_NEW
            self.wait(now, max(self._every_seconds, self._cost_seconds / self._share))
