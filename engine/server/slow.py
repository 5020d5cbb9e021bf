"""Clients that take their time: how long a request may be on its way."""

import asyncio
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.server.errors import SlowRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """`headers_seconds` for all headers of a request, `body_seconds` for its body and a second more
    for each `body_rate` bytes that came; `linger_seconds` for one that was answered before it was
    whole; `idle_seconds` between two requests. `connections` is how many are served at once,
    `connections_each` how many of one address of a network."""

    headers_seconds: float = 10.0
    body_seconds: float = 30.0
    body_rate: int = 16 << 10
    linger_seconds: float = 5.0
    idle_seconds: int = 15
    connections: int = 512
    connections_each: int = 128


PATIENCE = Patience()


class BodyDeadline:
    """A body that trickles in is given up; who waits for an answer may wait as long as he likes."""

    def __init__(self, app: ASGIApp, *, patience: Patience) -> None:
        self._app = app
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        now = asyncio.get_running_loop().time
        ends, whole = now() + self._patience.body_seconds, False

        async def receiving() -> Message:
            nonlocal ends, whole
            if whole:
                return await receive()
            try:
                async with asyncio.timeout_at(ends):
                    message = await receive()
            except TimeoutError:
                raise SlowRequest("The request came too slowly.") from None
            if message["type"] == "http.request":
                ends += len(message.get("body", b"")) / self._patience.body_rate
                whole = not message.get("more_body", False)
            else:
                whole = True
            return message

        await self._app(scope, receiving, send)
