"""The port's requests, live and recent: who asks what, how far it is, and what it took.

Words are kept in memory where the settings allow it, and reach the disk only where the person
asked for that.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

from typing_extensions import override

from engine.chat import ChatRequest, Delta, PromptRead
from engine.config import EngineConfig
from engine.errors import EngineError
from engine.events import Event, RequestMoved
from engine.host.choose import choose
from engine.requests import RequestInside, RequestSeen
from engine.server.answers import Answers
from engine.server.body_log import BodyLog
from engine.server.observer import Call, Observer, Question
from engine.server.record import Record, line_of

MOST_REQUESTS = 200
MOST_CHARACTERS = 16 << 20  # of words, in all
_BETWEEN_SECONDS = 0.25  # two tellings of one request
_MOST_TOLD = 40  # a second, of all requests in progress: more, nobody could see

_log = logging.getLogger(__name__)


class Ledger(Observer):
    """Belongs to the loop that runs the port. Tells RequestMoved."""

    def __init__(
        self,
        config: Callable[[], EngineConfig],
        tell: Callable[[Event], None],
        *,
        answers: Answers,
        bodies: Path | None = None,
    ) -> None:
        """`bodies` is where words are written, if the settings say so."""
        self._config = config
        self._tell = tell
        self._answers = answers
        self._bodies = None if bodies is None else BodyLog(bodies)
        self._records: dict[int, Record] = {}  # in the order they came
        self._characters = self._live = 0
        self._work: dict[asyncio.Task[None], int] = {}  # of which request

    # --- what is asked of it -----------------------------------------------------------------

    def all(self) -> tuple[RequestSeen, ...]:
        """The newest first."""
        return tuple(record.seen() for record in reversed(self._records.values()))

    def one(self, request: int, /) -> RequestInside | None:
        """That request with its words; None if it is known no longer.

        A conversation's prompt is rendered when it is first looked at, which is told by another
        RequestMoved; not if its model was unloaded since.
        """
        record = self._records.get(request)
        if record is None:
            return None
        if not self._config().inspect:
            return RequestInside(seen=record.seen())
        chat = record.chat
        if chat is not None and request not in self._work.values() and self._is_here(record):
            self._begin(request, self._fill(record, chat))
        return record.inside()

    def forget(self) -> None:
        """Keep no words of those that have ended: the settings want none any more."""
        for record in self._records.values():
            if (
                record.call.ended_at_seconds is not None
                and record.call.id not in self._work.values()
            ):
                self._forget(record)

    async def close(self) -> None:
        """Wait for what is still being written."""
        await asyncio.gather(*self._work, return_exceptions=True)

    # --- what it observes --------------------------------------------------------------------

    @override
    def began(self, call: Call) -> None:
        if call.method != "POST":
            return  # somebody looks: at a list, at how we are. Shown only if it fails
        if self._characters and not self._config().inspect:
            self.forget()
        self._add(Record(call))

    @override
    def asked(self, call: Call, index: int, question: Question) -> None:
        record = self._records.get(call.id)
        if record is None:
            return
        self._live += not record.asked
        config = self._config()
        before = record.size
        record.ask(question, words=config.inspect or config.log_bodies)
        self._characters += record.size - before
        self._say(record)

    @override
    def delta(self, call: Call, index: int, delta: Delta) -> None:
        record = self._records.get(call.id)
        if record is None:
            return
        if isinstance(delta, PromptRead):  # now its model is loaded
            record.model = self._named(record.model)
        self._characters += record.add(index, delta)
        if self._characters > MOST_CHARACTERS:
            self._make_room(record)
        between = max(_BETWEEN_SECONDS, self._live / _MOST_TOLD)
        if time.perf_counter() - record.told_at_seconds >= between:
            self._say(record)

    @override
    def ended(self, call: Call) -> None:
        record = self._records.get(call.id)
        if record is None:
            if call.method == "POST" or (call.status or 500) < 400:
                return
            record = Record(call)
            record.end()
            self._add(record)
            return
        record.end()
        self._live -= record.asked
        config = self._config()
        if config.log_bodies and self._bodies is not None and record.asked:
            self._begin(call.id, self._write(record, self._bodies))
        elif not config.inspect:
            self._forget(record)
        self._say(record)

    # --- inside ------------------------------------------------------------------------------

    def _add(self, record: Record) -> None:
        while len(self._records) >= MOST_REQUESTS:
            gone = self._records.pop(self._least_missed())
            self._forget(gone)
        self._records[record.call.id] = record
        self._say(record)

    def _least_missed(self) -> int:
        """The oldest that never came to the engine; else the oldest that has ended; else the
        oldest. So that refused strangers do not push out what the person looks for."""
        ended = [one for one in self._records.values() if one.call.ended_at_seconds is not None]
        refused = next((one.call.id for one in ended if not one.asked), None)
        if refused is not None:
            return refused
        return ended[0].call.id if ended else next(iter(self._records))

    def _make_room(self, spared: Record) -> None:
        for record in self._records.values():
            if self._characters <= MOST_CHARACTERS:
                return
            if record is not spared:
                self._forget(record)
        if self._characters > MOST_CHARACTERS:
            self._forget(spared)

    def _forget(self, record: Record) -> None:
        self._characters -= record.size
        record.forget()

    def _say(self, record: Record) -> None:
        record.told_at_seconds = time.perf_counter()
        self._tell(RequestMoved(request=record.seen()))

    def _named(self, name: str | None) -> str | None:
        """The id of the model of that name, or of the one that answers if none is named."""
        if name is None:
            return self._answers.loaded
        try:
            return choose(name, self._answers.models()).id
        except EngineError:  # a file elsewhere, or another's word for it
            return name

    def _is_here(self, record: Record) -> bool:
        return record.model in {each.model for each in self._answers.residents()}

    def _begin(self, request: int, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name=f"ledger {request}")
        self._work[task] = request
        task.add_done_callback(self._work.pop)

    async def _fill(self, record: Record, chat: ChatRequest) -> None:
        try:
            prompt = await self._answers.render(replace(chat, model=record.model))
        except EngineError as error:
            _log.info("A prompt could not be rendered for the inspector: %s", error.sentence)
            prompt = ""
        if record.call.id in self._records:
            self._characters += record.rendered(prompt)
            self._say(record)

    async def _write(self, record: Record, bodies: BodyLog) -> None:
        if record.chat is not None and self._is_here(record):
            await self._fill(record, record.chat)
        await bodies.write(line_of(record.inside()))
        if not self._config().inspect:
            self._forget(record)
