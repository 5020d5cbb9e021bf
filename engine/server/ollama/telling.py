"""One answer as Ollama tells it: stretches of text, calls when they are whole, and its cost."""

import json
import time
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import cast

from engine.chat import (
    CallPiece,
    Candidate,
    Chosen,
    Delta,
    Finished,
    Piece,
    PromptRead,
    StopReason,
    Timings,
)
from engine.errors import EngineError
from engine.server.ollama.names import naming, owning_up
from engine.server.ollama.said import Metrics, SaidCall, SaidToken, TopToken
from engine.server.ollama.schema import Asked
from engine.server.situation import Situation

_REASONS = {
    StopReason.END: "stop",
    StopReason.STOP: "stop",
    StopReason.LENGTH: "length",
    StopReason.TOOLS: "stop",
}
_LEAST_LOGPROB = -9999.0  # JSON knows no infinities


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Something that was said."""

    content: str = ""
    thinking: str = ""
    calls: tuple[SaidCall, ...] = ()
    logprobs: tuple[SaidToken, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """Why the answer ended, and what it cost."""

    reason: str
    metrics: Metrics


@dataclass(slots=True, kw_only=True)
class Whole:
    """Everything that was said, for those who want it at once."""

    content: str = ""
    thinking: str = ""
    calls: list[SaidCall] = field(default_factory=list[SaidCall])
    logprobs: list[SaidToken] = field(default_factory=list[SaidToken])
    ended: Ended | None = None

    def note(self, item: Stretch | Ended) -> None:
        if isinstance(item, Ended):
            self.ended = item
            return
        self.content += item.content
        self.thinking += item.thinking
        self.calls += item.calls
        self.logprobs += item.logprobs


async def answered(
    situation: Situation, body: Asked, model: str, deltas: AsyncGenerator[Delta, None]
) -> AsyncGenerator[Stretch | Ended, None]:
    """The answer; its end comes when the model is kept as the request wishes."""
    last: Ended | None = None
    num_ctx = body.options.num_ctx if body.options else None
    with naming(body.model), owning_up(num_ctx):
        async with aclosing(told(deltas)) as items:
            async for item in items:
                if isinstance(item, Ended):
                    last = item
                else:
                    yield item
    if body.keep_alive is not None:
        # The answer is whole: how long its model stays is no reason to fail it.
        with suppress(EngineError):
            await situation.answers.keep(model, body.keep_alive)
    assert last is not None, "the answer ended without saying why"
    yield last


async def whole(items: AsyncGenerator[Stretch | Ended, None]) -> tuple[Whole, Ended]:
    """All of an answer."""
    draft = Whole()
    async with aclosing(items) as source:
        async for item in source:
            draft.note(item)
    assert draft.ended is not None, "the answer ended without saying why"
    return draft, draft.ended


async def told(deltas: AsyncGenerator[Delta, None]) -> AsyncGenerator[Stretch | Ended, None]:
    """Deltas in Ollama's terms."""
    begun = time.perf_counter()
    read: float | None = None
    calls = _Calls()
    async with aclosing(deltas) as source:
        async for delta in source:
            match delta:
                case PromptRead():
                    read = time.perf_counter()
                case Piece():
                    if (stretch := _stretch(delta)) is not None:
                        yield stretch
                case CallPiece():
                    if (call := calls.note(delta)) is not None:
                        yield Stretch(calls=(call,))
                case Finished(reason=reason, timings=timings):
                    if (call := calls.end()) is not None:
                        yield Stretch(calls=(call,))
                    now = time.perf_counter()
                    metrics = _metrics(timings, whole=now - begun, until_read=(read or now) - begun)
                    yield Ended(reason=_REASONS[reason], metrics=metrics)


def _stretch(piece: Piece) -> Stretch | None:
    if not piece.text and not piece.logprobs:
        return None
    if piece.reasoning:
        return Stretch(thinking=piece.text)
    return Stretch(content=piece.text, logprobs=tuple(map(_token, piece.logprobs)))


class _Calls:
    """Gathers the pieces of calls: in this dialect a call comes whole."""

    def __init__(self) -> None:
        self._first: CallPiece | None = None
        self._arguments = ""

    def note(self, piece: CallPiece) -> SaidCall | None:
        """The call before this one, if this is the first piece of another."""
        before = None
        if self._first is None or self._first.index != piece.index:
            before = self.end()
            self._first, self._arguments = piece, ""
        self._arguments += piece.arguments
        return before

    def end(self) -> SaidCall | None:
        """The last call; one that was cut off in its middle is none."""
        first, self._first = self._first, None
        if first is None:
            return None
        try:
            # Half a character may stand there, written as an escape: no client could be sent it.
            written = json.dumps(json.loads(self._arguments or "{}"), ensure_ascii=False)
            arguments: object = json.loads(written.encode("utf-8", "replace"))
        except ValueError:
            return None
        if not isinstance(arguments, dict):
            return None
        return {
            "id": first.id or f"call_{first.index}",
            "function": {
                "index": first.index,
                "name": first.name,
                "arguments": cast("dict[str, object]", arguments),
            },
        }


def _metrics(timings: Timings, *, whole: float, until_read: float) -> Metrics:
    """What came before the model knew of the request is its load, if there was one."""
    load = until_read - timings.queue_seconds - timings.prompt_seconds
    return {
        "total_duration": nanoseconds(whole),
        "load_duration": nanoseconds(max(load, 0.0)),
        "prompt_eval_count": timings.prompt_tokens,
        "prompt_eval_duration": nanoseconds(timings.prompt_seconds),
        "eval_count": timings.answer_tokens,
        "eval_duration": nanoseconds(timings.decode_seconds),
    }


def nanoseconds(seconds: float) -> int:
    """As Ollama counts."""
    return round(seconds * 1e9)


def _token(chosen: Chosen) -> SaidToken:
    itself = _candidate(chosen.candidate)
    if not chosen.top:
        return {**itself}
    return {**itself, "top_logprobs": _candidates(chosen.top)}


def _candidates(candidates: Iterable[Candidate]) -> list[TopToken]:
    return [_candidate(one) for one in candidates]


def _candidate(candidate: Candidate) -> TopToken:
    return {
        "token": candidate.text.decode("utf-8", "replace"),
        "logprob": max(candidate.logprob, _LEAST_LOGPROB),
        "bytes": list(candidate.text),
    }
