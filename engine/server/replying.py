"""An answer on its way to its client, as a stream or whole: it ends when nobody waits for it."""

from collections.abc import AsyncGenerator, Coroutine
from typing import Any, TypeVar

from starlette.requests import Request

from engine.server.dialect import Dialect
from engine.server.situation import Situation
from engine.server.sse import EventStream, while_wanted

T = TypeVar("T")


async def wanted(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """The work's result. Cancels it when the client leaves or the port closes, and raises that."""
    situation: Situation = request.app.state.situation
    return await while_wanted(work, receive=request.receive, closing=situation.closing)


def streamed(
    request: Request, events: AsyncGenerator[bytes, None], dialect: Dialect
) -> EventStream:
    """The events as that dialect sends them."""
    situation: Situation = request.app.state.situation
    return EventStream(events, situation.closing, dialect, situation.quiet_seconds)
