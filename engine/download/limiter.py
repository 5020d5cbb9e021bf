"""The speed limit: a bucket of bytes that fills with time. Belongs to all threads."""

import threading
import time

_BURST_SECONDS = 0.25


class Limiter:
    """None is no limit."""

    def __init__(self, bytes_per_second: int | None = None) -> None:
        self._changed = threading.Condition()
        self._rate = bytes_per_second
        self._told = 0
        self._free_at = 0.0  # by the clock, when all that was taken will be paid for

    @property
    def bytes_per_second(self) -> int | None:
        """What may be taken."""
        return self._rate

    def set(self, bytes_per_second: int | None) -> None:
        """From now on."""
        with self._changed:
            self._rate = bytes_per_second
            self._free_at = 0.0
            self._told += 1
            self._changed.notify_all()

    def take(self, count: int) -> float:
        """Wait until so many bytes may be read on; returns the seconds it took."""
        began = time.monotonic()
        with self._changed:
            if self._rate is None:
                return 0.0
            self._free_at = max(self._free_at, began - _BURST_SECONDS) + count / self._rate
            until, told = self._free_at, self._told
            # A limit that changes lets all that wait go on: they come back with their next bytes.
            self._changed.wait_for(lambda: self._told != told, max(until - began, 0.0))
        return time.monotonic() - began
