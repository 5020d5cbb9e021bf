"""The tally of a transfer: adds its files up and tells at most ten times a second."""

import time
from collections.abc import Callable, Sequence

from engine.download.pace import Pace
from engine.download.wire import Phase, Received


class Tally:
    """Belongs to one thread. What earlier attempts left of files not yet begun counts too."""

    def __init__(
        self, sizes: Sequence[int], held: Sequence[int], tell: Callable[[Received], None]
    ) -> None:
        self._sizes = list(sizes)
        self._held = list(held)
        self._file = 0
        self._tell = tell
        self._pace = Pace(time.monotonic(), sum(self._held))
        self._phase_told: Phase = "running"
        self._say(sum(self._held))

    def resize(self, size_bytes: int) -> None:
        """The file in progress turned out to be of another size, and begins anew."""
        self._sizes[self._file], self._held[self._file] = size_bytes, 0

    def has(self, count: int) -> None:
        """The file in progress has so many bytes."""
        self._held[self._file] = count
        if self._pace.due(time.monotonic()) or self._phase_told != "running":
            self._say(sum(self._held))

    def looked_at(self, count: int) -> None:
        """So many bytes of the file in progress were hashed."""
        self._aside(count, "verifying")

    def compared(self, count: int) -> None:
        """So many bytes of the file in progress were compared with a second fetch."""
        self._aside(count, "repairing")

    def file_done(self) -> None:
        """The file in progress is whole; the next one begins."""
        self._held[self._file] = self._sizes[self._file]
        self._file += 1
        self._say(sum(self._held))

    def _aside(self, count: int, phase: Phase) -> None:
        if phase != self._phase_told:
            self._pace = Pace(time.monotonic(), 0)
        elif not self._pace.due(time.monotonic()):
            return
        self._say(sum(self._held[: self._file]) + count, phase)

    def _say(self, received: int, phase: Phase = "running") -> None:
        now = time.monotonic()
        if phase == "running" and self._phase_told != "running":
            self._pace = Pace(now, received)
        self._phase_told = phase
        speed = self._pace.mark(now, received)
        total = sum(self._sizes)
        self._tell(
            Received(
                received_bytes=received, total_bytes=total, bytes_per_second=speed, phase=phase
            )
        )
