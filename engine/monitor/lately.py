"""Lately: what signs need of the readings before this one. Bounded, whatever happens."""

from collections import deque

from engine.hardware.machine import Reading
from engine.host.outcome import Outcome

SWAP_SECONDS = 60.0
ANSWERS_SECONDS = 300.0
_PACES = 3
_MOST_ANSWERS = 10_000
_APART_SECONDS = 1.0


class _Window:
    """A count over the last seconds, a mark a second."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._marks = deque[tuple[float, int]]()

    def put(self, at: float, value: int) -> None:
        marks = self._marks
        # A clock that went back leaves marks of a time to come.
        while marks and not at - self._seconds <= marks[0][0] <= at:
            marks.popleft()
        while marks and marks[-1][0] > at:
            marks.pop()
        if len(marks) > 1 and at - marks[-2][0] < _APART_SECONDS:
            marks.pop()
        marks.append((at, value))

    @property
    def growth(self) -> int | None:
        """Since it was least."""
        return self._marks[-1][1] - min(value for _, value in self._marks) if self._marks else None


class Lately:
    """Is told every reading, in their order."""

    def __init__(self) -> None:
        self._swap = _Window(SWAP_SECONDS)
        self._ended = deque[tuple[float, bool]](maxlen=_MOST_ANSWERS)
        self._at = 0.0
        self._spilled: dict[int, tuple[int, int]] = {}  # the least, and now
        self._paces = deque[float](maxlen=_PACES)
        self._plan: object = None
        self._measured: float | None = None

    def take(self, reading: Reading, outcome: Outcome | None) -> None:
        """The next reading."""
        at = reading.at_seconds
        if reading.swap_used_bytes is not None:
            self._swap.put(at, reading.swap_used_bytes)
        self._at = at
        while self._ended and not at - ANSWERS_SECONDS <= self._ended[0][0] <= at:
            self._ended.popleft()
        for gpu in reading.gpus:
            if gpu.spilled_bytes is not None:
                least, _ = self._spilled.get(gpu.index, (gpu.spilled_bytes, 0))
                self._spilled[gpu.index] = min(least, gpu.spilled_bytes), gpu.spilled_bytes
        self._take_outcome(outcome)

    def answered(self, *, failed: bool) -> None:
        """An answer ended after the last reading."""
        self._ended.append((self._at, failed))

    def spilled_growth(self, card: int) -> int | None:
        """How much more lies in RAM than when it was least."""
        known = self._spilled.get(card)
        return None if known is None else known[1] - known[0]

    def swap_growth(self) -> int | None:
        """How much more was swapped out within the minute."""
        return self._swap.growth

    @property
    def paces(self) -> tuple[float, ...]:
        """Measured ÷ foretold speed of the loaded model's last answers, oldest first."""
        return tuple(self._paces)

    @property
    def answers(self) -> int:
        """How many ended within five minutes, well or not."""
        return len(self._ended)

    @property
    def failures(self) -> int:
        """How many failed within five minutes."""
        return sum(failed for _, failed in self._ended)

    def _take_outcome(self, outcome: Outcome | None) -> None:
        plan = None if outcome is None else outcome.plan
        if plan is not self._plan:
            self._plan, self._measured = plan, None
            self._paces.clear()
        if outcome is None or outcome.decode_tps is None:
            return
        # Two answers have never quite the same speed.
        if outcome.decode_tps != self._measured:
            self._measured = outcome.decode_tps
            expected = outcome.plan.pace.decode_tps.expected
            if expected > 0:
                self._paces.append(outcome.decode_tps / expected)
