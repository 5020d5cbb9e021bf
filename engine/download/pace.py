"""How fast bytes arrive, over the last seconds, and when it is time to tell."""

from collections import deque

_SPAN_SECONDS = 3.0
_PAUSE_SECONDS = 0.1


class Pace:
    """Fed with a clock and a count of bytes; keeps the marks of the last seconds."""

    def __init__(self, now: float, count: int) -> None:
        self._marks = deque([(now, count)])

    def due(self, now: float) -> bool:
        """Is it a tenth of a second since the last mark?"""
        return now - self._marks[-1][0] >= _PAUSE_SECONDS

    def mark(self, now: float, count: int) -> float:
        """Note the count; returns bytes per second since the oldest mark that is young enough."""
        self._marks.append((now, count))
        while len(self._marks) > 2 and now - self._marks[0][0] > _SPAN_SECONDS:
            self._marks.popleft()
        then, before = self._marks[0]
        return (count - before) / (now - then) if now > then else 0.0
