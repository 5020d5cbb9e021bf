"""Those who watch what the port does: they are told of each request, its words and its end.

A request is a `Call`. It is made where the request comes in and found again, by a context
variable, where the engine is asked. What an observer does is done between two tokens: little.
"""

import itertools
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, MutableMapping, Sequence
from contextlib import aclosing
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.chat import ChatRequest, CompletionRequest, Delta, PromptRead
from engine.embedding import Embeddings, Rank
from engine.errors import EngineError
from engine.server.answers import Answers
from engine.server.leaving import Leaving

KEY = "fullbore.key"  # in a request's scope: the name of the key it came with
_CALL = "fullbore.call"

Refuse = Callable[[EngineError, Scope, Receive, Send], Awaitable[None]]

_ids = itertools.count(1)
_current: ContextVar["Call | None"] = ContextVar("call", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextsAsked:
    """Texts of which vectors or ranks are wanted; tokens count as a text."""

    model: str | None
    texts: tuple[str | Sequence[int], ...]
    query: str | None = None


Question = ChatRequest | CompletionRequest | TextsAsked


@dataclass(slots=True, eq=False)
class Call:
    """One HTTP request, as far as it is. `left`: its client went away before the end.

    `failure` is why it got no whole answer, where that is known; `status` is None until an answer
    begins. A stream may fail with the status 200.
    """

    scope: MutableMapping[str, Any]
    dialect: str  # whose words it speaks
    id: int = field(default_factory=lambda: next(_ids))
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    began_at_seconds: float = field(default_factory=time.perf_counter)
    ended_at_seconds: float | None = None
    status: int | None = None
    failure: Exception | None = None
    left: bool = False
    whole: bool = False  # the answer was sent to its end
    questions: int = 0

    @property
    def path(self) -> str:
        """What was asked for."""
        return self.scope["path"]

    @property
    def method(self) -> str:
        """GET, POST …"""
        return self.scope["method"]

    @property
    def route(self) -> str:
        """The path's template, as `/v1/models/{name}`; empty where nothing is served."""
        return getattr(self.scope.get("route"), "path", "")

    @property
    def key(self) -> str:
        """The name of the key it came with."""
        return self.scope.get(KEY, "")

    @property
    def seconds(self) -> float:
        """How long it took, or has taken so far."""
        return (self.ended_at_seconds or time.perf_counter()) - self.began_at_seconds


class Observer(Protocol):
    """Is told of every request, on the loop that runs the port. Must not raise."""

    def began(self, call: Call) -> None:
        """A request came in."""
        ...

    def asked(self, call: Call, index: int, question: Question) -> None:
        """It asks the engine for its answer number `index`: one of several, with `n`."""
        ...

    def delta(self, call: Call, index: int, delta: Delta) -> None:
        """That answer goes on. Vectors and ranks have one, PromptRead, at their end."""
        ...

    def ended(self, call: Call) -> None:
        """It has its whole answer, or failed, or its client left."""
        ...


def note_failure(scope: Scope, failure: Exception) -> None:
    """Tell the watched request of that scope why it fails; the first reason counts."""
    call = scope.get(_CALL)
    if isinstance(call, Call) and call.failure is None:
        call.failure = failure


class Watch:
    """Stands before everything else of the port and tells observers of each request.

    Once the port is to end, it refuses those who come.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        observers: Sequence[Observer],
        dialect: Callable[[str], str],
        leaving: Leaving,
        refuse: Refuse,
    ) -> None:
        """`dialect` is whose words a path speaks."""
        self._app = app
        self._dialect = dialect
        self._leaving = leaving
        self._refuse = refuse
        self._observers = observers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        call = scope[_CALL] = Call(scope, self._dialect(scope["path"]))

        async def receiving() -> Message:
            message = await receive()
            if message["type"] == "http.disconnect" and not call.whole:
                call.left = True
            return message

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                call.status = message["status"]
            elif not message.get("more_body"):
                call.whole = True
            await send(message)

        mark = _current.set(call)
        for observer in self._observers:
            observer.began(call)
        try:
            await self._enter(scope, receiving, sending)
        except Exception as bug:
            call.failure, call.status = bug, call.status or 500
            raise
        finally:
            _current.reset(mark)
            call.ended_at_seconds = time.perf_counter()
            for observer in self._observers:
                observer.ended(call)

    async def _enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._leaving.inside() as refusal:
            if refusal is None:
                await self._app(scope, receive, send)
            else:
                await self._refuse(refusal, scope, receive, send)


class _Observed:
    """Answers whose words are told to observers; everything else goes straight through."""

    def __init__(self, answers: Answers, observers: Sequence[Observer]) -> None:
        self._answers = answers
        self._observers = observers

    def __getattr__(self, name: str) -> object:
        return getattr(self._answers, name)

    def generate(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        """As Answers."""
        call = _current.get()
        source = self._answers.generate(request)
        return source if call is None else self._told(call, request, source)

    def complete(self, request: CompletionRequest) -> AsyncGenerator[Delta, None]:
        """As Answers."""
        call = _current.get()
        source = self._answers.complete(request)
        return source if call is None else self._told(call, request, source)

    async def embed(
        self,
        model: str | None,
        texts: Sequence[str | Sequence[int]],
        *,
        dimensions: int | None = None,
        truncate: bool = False,
    ) -> Embeddings:
        """As Answers."""
        call, index = self._asked(TextsAsked(model=model, texts=tuple(texts)))
        try:
            found = await self._answers.embed(
                model, texts, dimensions=dimensions, truncate=truncate
            )
        except Exception as failure:
            _note(call, failure)
            raise
        self._read(call, index, sum(found.tokens))
        return found

    async def rerank(
        self, model: str | None, query: str, documents: Sequence[str], *, truncate: bool = False
    ) -> tuple[Rank, ...]:
        """As Answers."""
        asked = TextsAsked(model=model, texts=tuple(documents), query=query)
        call, index = self._asked(asked)
        try:
            ranks = await self._answers.rerank(model, query, documents, truncate=truncate)
        except Exception as failure:
            _note(call, failure)
            raise
        self._read(call, index, sum(rank.tokens for rank in ranks))
        return ranks

    async def _told(
        self, call: Call, question: Question, source: AsyncGenerator[Delta, None]
    ) -> AsyncGenerator[Delta, None]:
        index = self._put(call, question)
        observers = self._observers
        try:
            async with aclosing(source):
                async for delta in source:
                    for observer in observers:
                        observer.delta(call, index, delta)
                    yield delta
        except Exception as failure:
            _note(call, failure)
            raise

    def _asked(self, question: Question) -> tuple[Call | None, int]:
        call = _current.get()
        return call, -1 if call is None else self._put(call, question)

    def _put(self, call: Call, question: Question) -> int:
        index = call.questions
        call.questions += 1
        for observer in self._observers:
            observer.asked(call, index, question)
        return index

    def _read(self, call: Call | None, index: int, tokens: int) -> None:
        if call is not None:
            read = PromptRead(prompt_tokens=tokens, reused_tokens=0)
            for observer in self._observers:
                observer.delta(call, index, read)


def observed(answers: Answers, observers: Sequence[Observer]) -> Answers:
    """Those answers; what they say to the port's requests is told to the observers as well."""
    # A verb that nobody watches needs no line here, which no type checker can know.
    return cast("Answers", _Observed(answers, observers))


def _note(call: Call | None, failure: Exception) -> None:
    if call is not None and call.failure is None:
        call.failure = failure
