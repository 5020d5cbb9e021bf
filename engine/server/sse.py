"""Server-sent events, and what ends a request from outside: its client left, or the port closes."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Coroutine, Mapping
from contextlib import aclosing
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from typing_extensions import override

from engine.server.dialect import Dialect
from engine.server.errors import PortClosing, foreseen
from engine.server.lines import json_line
from engine.server.observer import note_failure

T = TypeVar("T")

_log = logging.getLogger(__name__)

DONE = b"data: [DONE]\n\n"


def event(content: Mapping[str, Any], *, name: str = "") -> bytes:
    """One event, with a name where the dialect gives it one."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json_line(content)}\n\n".encode()


async def while_wanted(
    work: Coroutine[Any, Any, T], *, receive: Receive, closing: asyncio.Event
) -> T:
    """The work's result. Cancels it when the client leaves or the port closes.

    Raises ClientDisconnect or PortClosing then. The request's body must have been read.
    """
    task = asyncio.ensure_future(work)
    left = asyncio.ensure_future(_client_left(receive))
    closed = asyncio.ensure_future(closing.wait())
    everything = (task, left, closed)
    try:
        await asyncio.wait(everything, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        if left.done():
            raise ClientDisconnect
        raise PortClosing("The local port was closed in the middle of this answer.")
    finally:
        for each in everything:
            each.cancel()
        await asyncio.gather(*everything, return_exceptions=True)


async def unless_closing(work: Coroutine[Any, Any, T], closing: asyncio.Event) -> T:
    """The work's result, while the request's body is still coming. Raises PortClosing."""
    task = asyncio.ensure_future(work)
    closed = asyncio.ensure_future(closing.wait())
    try:
        await asyncio.wait((task, closed), return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise PortClosing("The local port was closed before this request was whole.")
    finally:
        task.cancel()
        closed.cancel()
        await asyncio.gather(task, closed, return_exceptions=True)


class EventStream(Response):
    """Sends events as they come and closes their source, whatever ends the answer.

    A failure before the first event is raised, so that it gets a status of its own; a later one
    becomes the stream's last event. After `quiet_seconds` without an event it says that it waits,
    in the dialect's word; None: never.
    """

    def __init__(
        self,
        events: AsyncGenerator[bytes, None],
        closing: asyncio.Event,
        dialect: Dialect,
        quiet_seconds: float | None = None,
    ) -> None:
        super().__init__(
            headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
            media_type=dialect.media_type,
        )
        del self.headers["content-length"]
        self._dialect = dialect
        self._events = events
        self._closing = closing
        self._quiet_seconds = quiet_seconds
        self._has_begun = False
        self._is_sending = False
        self._sent_at_seconds = 0.0

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        waiting = self._begin_waiting(send)
        try:
            await while_wanted(self._pass_on(send), receive=receive, closing=self._closing)
        except ClientDisconnect:
            return
        except Exception as error:
            if not self._has_begun:
                raise
            note_failure(scope, error)
            failure = foreseen(error)
            if failure is not error:
                _log.exception("An answer failed in the middle of its stream.")
            await self._put(self._dialect.last_words(failure), send)
        finally:
            if waiting is not None:
                waiting.cancel()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _pass_on(self, send: Send) -> None:
        clock = asyncio.get_running_loop().time
        async with aclosing(self._events) as events:
            async for each in events:
                self._is_sending = True
                await self._put(each, send)
                self._is_sending = False
                self._sent_at_seconds = clock()

    def _begin_waiting(self, send: Send) -> asyncio.Task[None] | None:
        if self._quiet_seconds is None or not self._dialect.waiting:
            return None
        self._sent_at_seconds = asyncio.get_running_loop().time()
        return asyncio.create_task(self._wait(send, self._quiet_seconds))

    async def _wait(self, send: Send, quiet_seconds: float) -> None:
        """Beside the stream, so that no word of it has to be raced against a clock."""
        clock = asyncio.get_running_loop().time
        while True:
            left = self._sent_at_seconds + quiet_seconds - clock()
            if left > 0 or self._is_sending:
                await asyncio.sleep(left if left > 0 else quiet_seconds)
            else:
                self._sent_at_seconds = clock()
                await self._put(self._dialect.waiting, send)

    async def _put(self, body: bytes, send: Send) -> None:
        if not self._has_begun:
            self._has_begun = True
            await send(
                {
                    "type": "http.response.start",
                    "status": self.status_code,
                    "headers": self.raw_headers,
                }
            )
        await send({"type": "http.response.body", "body": body, "more_body": True})


async def _client_left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
