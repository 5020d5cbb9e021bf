"""The time that measurements are kept by.

Seconds that never go back. They follow the monotonic clock; where the wall clock went further
meanwhile (the computer slept, or somebody set the clock), so do they, and nothing was measured
there.
"""

_SLEPT = 2.0  # clocks that differ less only drift


class Axis:
    """Turns two clocks into one that never goes back and knows about sleep."""

    def __init__(self) -> None:
        self._now = 0.0
        self._last: tuple[float, float] | None = None

    @property
    def now(self) -> float:
        """Where the newest reading is."""
        return self._now

    def advance(self, monotonic: float, wall: float) -> float:
        """Where a reading of that moment belongs."""
        if self._last is not None:
            passed = max(0.0, monotonic - self._last[0])
            told = wall - self._last[1]
            self._now += told if told > passed + _SLEPT else passed
        self._last = (monotonic, wall)
        return self._now
