"""The owner's side: a loopback socket for those who come second."""

import asyncio
import hmac
import os
import secrets
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import assert_never

from pydantic import ValidationError

from engine.chat import ChatRequest, Delta
from engine.errors import EngineError
from engine.handover.callers import Callers
from engine.handover.lock import DoorCard
from engine.handover.words import (
    MAX_LINE_BYTES,
    Ask,
    Attach,
    Done,
    Failed,
    Files,
    Knock,
    Leave,
    Owner,
    Refresh,
    Said,
    Verb,
    Word,
    knocks,
    words,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """What the owner does for those who knock."""

    callers: Callers
    owner: Callable[[], Owner]
    refresh: Callable[[], Awaitable[object]]
    generate: Callable[[ChatRequest], AsyncGenerator[Delta]]


class Door:
    """Open as long as the Engine runs, also while the HTTP port is closed."""

    def __init__(self, household: Household) -> None:
        self._household = household
        self._token = secrets.token_urlsafe(32)
        self._server: asyncio.Server | None = None
        self._visits: set[asyncio.Task[None]] = set()

    async def open(self) -> DoorCard:
        """Listen on a free loopback port; the card says which."""
        self._server = await asyncio.start_server(
            self._visited, "127.0.0.1", 0, limit=MAX_LINE_BYTES
        )
        port: int = self._server.sockets[0].getsockname()[1]
        return DoorCard(pid=os.getpid(), port=port, token=self._token)

    async def close(self) -> None:
        """Hang up on everybody."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
        visits = tuple(self._visits)
        for visit in visits:
            visit.cancel()
        await asyncio.gather(*visits, return_exceptions=True)

    def _visited(self, reader: StreamReader, writer: StreamWriter) -> None:
        visit = asyncio.create_task(self._visit(reader, writer), name="visit")
        self._visits.add(visit)
        visit.add_done_callback(self._visits.discard)

    async def _visit(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            knock = await self._admit(reader)
            if knock is not None:
                await self._until_hung_up(reader, self._serve(knock.verb, writer))
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _admit(self, reader: StreamReader) -> Knock | None:
        try:
            knock = knocks.validate_json(await reader.readline())
        except (ValidationError, ValueError, ConnectionError):
            return None
        return knock if hmac.compare_digest(knock.token, self._token) else None

    async def _until_hung_up(self, reader: StreamReader, work: Awaitable[None]) -> None:
        serving = asyncio.ensure_future(work)
        hung_up = asyncio.ensure_future(reader.read())
        try:
            await asyncio.wait({serving, hung_up}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (serving, hung_up):
                task.cancel()
            ends = await asyncio.gather(serving, hung_up, return_exceptions=True)
        if isinstance(ends[0], Exception) and not isinstance(ends[0], ConnectionError):
            raise ends[0]

    async def _serve(self, verb: Verb, writer: StreamWriter) -> None:
        try:
            match verb:
                case Files():
                    self._household.callers.take(verb)
                    await _say(writer, Done())
                case Leave():
                    self._household.callers.leave()
                    await _say(writer, Done())
                case Attach():
                    await _say(writer, self._household.owner())
                case Refresh():
                    await self._household.refresh()
                    await _say(writer, Done())
                case Ask():
                    async with aclosing(self._household.generate(verb.request)) as answer:
                        async for delta in answer:
                            await _say(writer, Said(delta=delta))
                    await _say(writer, Done())
                case _:
                    assert_never(verb)
        except EngineError as error:
            failed = Failed(code=error.code, sentence=str(error), remedy=error.remedy)
            await _say(writer, failed)


async def _say(writer: StreamWriter, word: Word) -> None:
    writer.write(words.dump_json(word) + b"\n")
    await writer.drain()
