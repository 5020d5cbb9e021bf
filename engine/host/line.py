"""Those who wait for a model's first word: how many may, and when it is worth asking again."""

from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from time import monotonic

from engine.errors import Busy

_LONGEST_HINT_SECONDS = 60


class Line:
    """Counts them by model, and turns away those past the limit."""

    def __init__(self, limit: Callable[[], int]) -> None:
        self._limit = limit
        self._waiting: Counter[str] = Counter()
        self._wait_seconds: dict[str, float] = {}  # of late, by model
        self._standing: Counter[str] = Counter()

    @property
    def standing(self) -> int:
        """All that wait or are being answered."""
        return self._standing.total()

    def before(self, model: str) -> int:
        """Of these, the ones that want that model."""
        return self._standing[model]

    @contextmanager
    def stand(self, model: str) -> Generator[Callable[[], None]]:
        """Wait; what is given is to be called at each delta, the first of which ends the wait.

        Raises Busy, at once, where too many wait already.
        """
        if self._waiting[model] >= self._limit():
            sentence = f"{self._waiting[model]:,} requests wait for {model} already."
            raise Busy(sentence, retry_seconds=self._hint(model))
        since = monotonic()
        waits = [True]
        self._waiting[model] += 1
        self._standing[model] += 1

        def served() -> None:
            if waits:
                waits.clear()
                self._waiting[model] -= 1
                took = monotonic() - since
                self._wait_seconds[model] = 0.8 * self._wait_seconds.get(model, took) + 0.2 * took

        try:
            yield served
        finally:
            self._standing[model] -= 1
            if waits:
                self._waiting[model] -= 1

    def _hint(self, model: str) -> int:
        lately = self._wait_seconds.get(model, 1.0)
        return max(1, min(_LONGEST_HINT_SECONDS, round(lately)))
