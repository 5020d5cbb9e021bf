"""How long models stay that nobody asks: one timer for each that rests."""

import asyncio
from collections.abc import Callable
from time import monotonic


class Leases:
    """Calls `leave` for a model that has rested as long as `seconds` allows (None: for ever).

    A request costs no timer: one that fires too early is set anew.
    """

    def __init__(
        self, seconds: Callable[[str], float | None], leave: Callable[[str], None]
    ) -> None:
        self._seconds = seconds
        self._leave = leave
        self._resting: dict[str, float] = {}  # since when
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def stir(self, model: str) -> None:
        """It is in use."""
        self._resting.pop(model, None)

    def rest(self, model: str) -> None:
        """Nobody uses it from now on."""
        self._resting[model] = monotonic()
        if model not in self._timers:
            self._arm(model)

    def forget(self, model: str) -> None:
        """It has gone."""
        self._resting.pop(model, None)
        if (timer := self._timers.pop(model, None)) is not None:
            timer.cancel()

    def renew(self) -> None:
        """How long they may rest has changed."""
        for model in self._resting:
            if (timer := self._timers.pop(model, None)) is not None:
                timer.cancel()
            self._arm(model)

    def over(self, model: str) -> bool:
        """Whether it has rested too long."""
        left = self.left(model)
        return left is not None and left <= 0

    def left(self, model: str) -> float | None:
        """The seconds until it goes; None: it does not, or is in use."""
        since, seconds = self._resting.get(model), self._seconds(model)
        if since is None or seconds is None:
            return None
        return max(0.0, since + seconds - monotonic())

    def close(self) -> None:
        """Nobody is sent away any more."""
        for model in tuple(self._timers):
            self.forget(model)

    def _arm(self, model: str) -> None:
        left = self.left(model)
        if left is not None:
            loop = asyncio.get_running_loop()
            self._timers[model] = loop.call_later(left, self._due, model)

    def _due(self, model: str) -> None:
        del self._timers[model]
        if self.over(model):
            self._leave(model)
        elif model in self._resting:
            self._arm(model)
