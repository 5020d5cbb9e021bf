"""The second one's side: speak to the Engine that owns a home."""

import asyncio
from asyncio import StreamReader
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass

from pydantic import ValidationError

from engine.chat import ChatRequest, Delta
from engine.config import Home
from engine.errors import EngineError, HomeBusy
from engine.handover.lock import is_owned, read_card
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
from engine.protocol.failures import failure_of

_ANSWER_SECONDS = 10.0
_OPENING_SECONDS = 5.0
_RETRY_SECONDS = 0.1


class Visitor:
    """Speaks to the owner of this home. Every verb raises HomeBusy if the owner does not answer."""

    def __init__(self, home: Home) -> None:
        self._home = home

    async def hand_files(self, paths: Sequence[str], *, activation: str = "") -> None:
        """Let the owner open these, and raise its window, which `activation` may allow it."""
        await self._one(Files(paths=tuple(paths), activation=activation))

    async def dismiss(self) -> None:
        """Ask the owner to end as a signal would; a second time, at once. It ends after this."""
        await self._one(Leave())

    async def attach(self) -> Owner:
        """What the owner says of itself."""
        word = await self._one(Attach())
        if not isinstance(word, Owner):
            raise _silent()
        return word

    async def refresh(self) -> None:
        """Let the owner look at the shelf again."""
        await self._one(Refresh())

    async def generate(self, request: ChatRequest) -> AsyncGenerator[Delta]:
        """Let the owner's model answer; closing cancels."""
        async with aclosing(self._speak(Ask(request=request))) as answer:
            async for word in answer:
                match word:
                    case Said():
                        yield word.delta
                    case Done():
                        return
                    case _:
                        raise _silent()
        raise EngineError(
            "The running Fullbore was closed in mid-answer.", remedy="Start it again, then ask."
        )

    async def _one(self, verb: Verb) -> Word:
        async with aclosing(self._speak(verb)) as answer, asyncio.timeout(_ANSWER_SECONDS):
            async for word in answer:
                return word
        raise _silent()

    async def _speak(self, verb: Verb) -> AsyncGenerator[Word]:
        reader, writer, token = await self._knock()
        try:
            writer.write(knocks.dump_json(Knock(token=token, verb=verb)) + b"\n")
            while line := await _line(reader):
                word = words.validate_json(line)
                if isinstance(word, Failed):
                    raise failure_of(word.code, word.sentence, remedy=word.remedy)
                yield word
        except ValidationError:
            raise _silent() from None
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _knock(self) -> tuple[StreamReader, asyncio.StreamWriter, str]:
        """The owner may be just starting: its card appears a moment after its lock."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_OPENING_SECONDS):
                while True:
                    card = read_card(self._home)
                    if card is not None:
                        with suppress(OSError):
                            reader, writer = await asyncio.open_connection(
                                "127.0.0.1", card.port, limit=MAX_LINE_BYTES
                            )
                            return reader, writer, card.token
                    await asyncio.sleep(_RETRY_SECONDS)
        raise _silent()


async def _line(reader: StreamReader) -> bytes:
    try:
        return await reader.readline()
    except (ConnectionError, ValueError):
        return b""


def _silent() -> HomeBusy:
    return HomeBusy("Another Fullbore owns this home, but does not answer.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """Who was there when something was handed over; without an owner: one that does not answer."""

    took: bool = False
    owner: Owner | None = None


def hand_over(home: Home, paths: Sequence[str], *, activation: str = "") -> Met | None:
    """Give these to the window that owns this home. None: nobody owns it."""
    if not is_owned(home):
        return None
    try:
        return asyncio.run(_hand(Visitor(home), paths, activation))
    except (EngineError, TimeoutError):
        return Met() if is_owned(home) else None


async def _hand(visitor: Visitor, paths: Sequence[str], activation: str) -> Met:
    owner = await visitor.attach()
    if owner.holder == "window":
        await visitor.hand_files(paths, activation=activation)
    return Met(took=owner.holder == "window", owner=owner)
