"""How much one key may ask: so many requests a minute, so many at once."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from engine.access import Key
from engine.server.auth import Refuse, key_of
from engine.server.errors import RateLimited


@dataclass(slots=True)
class _Spent:
    """What a key has left of this minute's requests, and how many of its answers are under way."""

    left: float
    at_seconds: float
    running: int = 0


class Throttle:
    """Stands behind the gate. A key's limits are those it has when the request comes in.

    The requests of a minute are a bucket: as many at once as it holds, then one each time that a
    share of the minute has passed.
    """

    def __init__(
        self, app: ASGIApp, *, refuse: Refuse, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._app = app
        self._refuse = refuse
        self._clock = clock
        self._spent: dict[str, _Spent] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = key_of(scope)
        if key is None:
            await self._app(scope, receive, send)
            return
        spent = self._spent.setdefault(key.id, _Spent(math.inf, self._clock()))
        refusal = self._refusal(key, spent)
        if refusal is not None:
            await self._refuse(refusal, scope, receive, send)
            return
        spent.running += 1
        try:
            await self._app(scope, receive, send)
        finally:
            spent.running -= 1

    def _refusal(self, key: Key, spent: _Spent) -> RateLimited | None:
        at_once, minutely = key.limits.at_once, key.limits.requests_per_minute
        if at_once is not None and spent.running >= at_once:
            many = "1 answer" if at_once == 1 else f"{at_once} answers"
            return RateLimited(f"The key “{key.name}” is for {many} at once.")
        if minutely is None:
            spent.left = math.inf
            return None
        now = self._clock()
        passed, spent.at_seconds = now - spent.at_seconds, now
        spent.left = min(spent.left + passed * minutely / 60, minutely)
        if spent.left < 1:
            wait = math.ceil((1 - spent.left) * 60 / minutely)
            return RateLimited(
                f"The key “{key.name}” is for {minutely} requests a minute.", retry_seconds=wait
            )
        spent.left -= 1
        return None
