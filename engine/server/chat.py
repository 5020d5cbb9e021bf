"""POST /v1/chat/completions: OpenAI's words to a ChatRequest, deltas back to OpenAI's words."""

import secrets
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from engine.chat import (
    CallPiece,
    ChatRequest,
    Finished,
    Message,
    Piece,
    PromptRead,
    Role,
    Sampling,
    StopReason,
    Timings,
)
from engine.errors import ModelNotFound
from engine.server.body import read_body
from engine.server.gather import Quiet, Told, gathered
from engine.server.schema import (
    ChatBody,
    ChatMessage,
    Choice,
    Chunk,
    ChunkChoice,
    Completion,
    Envelope,
    Said,
    Usage,
)
from engine.server.situation import Situation
from engine.server.sse import DONE, WAITING, EventStream, event, unless_closing, while_wanted

_FINISH = {
    StopReason.END: "stop",
    StopReason.STOP: "stop",
    StopReason.LENGTH: "length",
    StopReason.TOOLS: "tool_calls",
}
_ROLES = {
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
}
_MOST_SEED = 0xFFFF_FFFF  # llama.cpp takes this one for "draw one", so it is never reached


def chat_routes(situation: Situation) -> APIRouter:
    """The route."""
    router = APIRouter()

    async def complete(request: Request) -> Response:
        body = await unless_closing(read_body(request, ChatBody), situation.closing)
        if body.stream:
            return EventStream(_events(situation, body), situation.closing)
        completion = await while_wanted(
            _completion(situation, body), receive=request.receive, closing=situation.closing
        )
        return JSONResponse(completion)

    router.add_api_route("/v1/chat/completions", complete, methods=["POST"])
    return router


def chat_requests(body: ChatBody) -> tuple[ChatRequest, ...]:
    """One request for each of the `n` answers. With a seed, each has its own, from that seed on."""
    request = ChatRequest(
        messages=tuple(_message(message) for message in body.messages),
        model=_id(body.model),
        sampling=_sampling(body),
        max_tokens=body.max_completion_tokens or body.max_tokens,
        stop=tuple(text for text in body.stop if text),
    )
    return tuple(_with_seed(request, body.seed, index) for index in range(body.n or 1))


def _id(name: str | None) -> str | None:
    """The engine also takes paths, from the person's own terminal; a client may name ids alone."""
    if name and name.lower().endswith(".gguf"):
        raise ModelNotFound(f"No model is called {name!r}.")
    return name or None


def _with_seed(request: ChatRequest, seed: int | None, index: int) -> ChatRequest:
    if seed is None:
        return request
    own = replace(request.sampling, seed=(seed + index) % _MOST_SEED)
    return replace(request, sampling=own)


def _message(message: ChatMessage) -> Message:
    return Message(
        role=_ROLES[message.role], content=message.content, reasoning=message.reasoning_content
    )


def _sampling(body: ChatBody) -> Sampling:
    """What the request sets; the rest keeps our defaults."""
    unset = Sampling()
    return Sampling(
        temperature=_chosen(body.temperature, unset.temperature),
        top_k=unset.top_k if body.top_k is None else body.top_k,
        top_p=_chosen(body.top_p, unset.top_p),
        min_p=_chosen(body.min_p, unset.min_p),
        repeat_penalty=_chosen(body.repeat_penalty, unset.repeat_penalty),
        presence_penalty=_chosen(body.presence_penalty, unset.presence_penalty),
        frequency_penalty=_chosen(body.frequency_penalty, unset.frequency_penalty),
        logit_bias=body.logit_bias or {},
    )


def _chosen(wish: float | None, default: float) -> float:
    return default if wish is None else wish


@dataclass(slots=True, kw_only=True)
class _Bill:
    """The answers' timings, as they come in."""

    timings: list[Timings] = field(default_factory=list[Timings])
    reasoning_tokens: int = 0

    def note(self, told: Told) -> None:
        match told.delta:
            case Finished(timings=timings):
                self.timings.append(timings)
            case Piece(reasoning=True, tokens=tokens):
                self.reasoning_tokens += tokens
            case _:
                pass

    def usage(self) -> Usage:
        prompt = max((each.prompt_tokens for each in self.timings), default=0)
        written = sum(each.answer_tokens for each in self.timings)
        reused = max((each.reused_tokens for each in self.timings), default=0)
        return {
            "prompt_tokens": prompt,
            "completion_tokens": written,
            "total_tokens": prompt + written,
            "prompt_tokens_details": {"cached_tokens": reused},
            "completion_tokens_details": {"reasoning_tokens": self.reasoning_tokens},
        }


@dataclass(slots=True, kw_only=True)
class _Draft:
    """One answer of a reply that is sent whole."""

    content: list[str] = field(default_factory=list[str])
    reasoning: list[str] = field(default_factory=list[str])
    reason: StopReason | None = None

    def note(self, told: Told) -> None:
        match told.delta:
            case Piece(text=text, reasoning=reasoning):
                (self.reasoning if reasoning else self.content).append(text)
            case Finished(reason=reason):
                self.reason = reason
            case PromptRead() | CallPiece():
                pass

    def choice(self, index: int) -> Choice:
        assert self.reason is not None, "the answer ended without saying why"
        said: Said = {"role": "assistant", "content": "".join(self.content)}
        if self.reasoning:
            said["reasoning_content"] = "".join(self.reasoning)
        return {
            "index": index,
            "message": said,
            "logprobs": None,
            "finish_reason": _FINISH[self.reason],
        }


async def _completion(situation: Situation, body: ChatBody) -> Completion:
    requests = chat_requests(body)
    drafts = [_Draft() for _ in requests]
    bill = _Bill()
    async with aclosing(_told(situation, requests)) as items:
        async for item in items:
            if isinstance(item, Told):
                drafts[item.index].note(item)
                bill.note(item)
    return {
        **_envelope(situation, body, "chat.completion"),
        "choices": [draft.choice(index) for index, draft in enumerate(drafts)],
        "usage": bill.usage(),
    }


async def _events(situation: Situation, body: ChatBody) -> AsyncGenerator[bytes, None]:
    wants_usage = bool(body.stream_options and body.stream_options.include_usage)
    bill = _Bill()
    envelope: Envelope | None = None
    async with aclosing(_told(situation, chat_requests(body))) as items:
        async for item in items:
            if isinstance(item, Quiet):
                yield WAITING
                continue
            # Not before the first word: until then the model may still be loading.
            envelope = envelope or _envelope(situation, body, "chat.completion.chunk")
            bill.note(item)
            chunk: Chunk = {**envelope, "choices": [_stretch(item)]}
            if wants_usage:
                chunk["usage"] = None
            yield event(chunk)
    if wants_usage and envelope is not None:
        yield event({**envelope, "choices": [], "usage": bill.usage()})
    yield DONE


def _stretch(told: Told) -> ChunkChoice:
    said: Said = {}
    finish_reason: str | None = None
    match told.delta:
        case PromptRead():
            said = {"role": "assistant", "content": ""}
        case Piece(text=text, reasoning=True):
            said = {"reasoning_content": text}
        case Piece(text=text):
            said = {"content": text}
        case CallPiece():
            pass
        case Finished(reason=reason):
            finish_reason = _FINISH[reason]
    return {"index": told.index, "delta": said, "logprobs": None, "finish_reason": finish_reason}


def _told(
    situation: Situation, requests: tuple[ChatRequest, ...]
) -> AsyncGenerator[Told | Quiet, None]:
    return gathered(
        [situation.answers.generate(request) for request in requests],
        quiet_seconds=situation.quiet_seconds,
    )


def _envelope(situation: Situation, body: ChatBody, kind: str) -> Envelope:
    return {
        "id": f"chatcmpl-{secrets.token_hex(12)}",
        "object": kind,
        "created": int(time.time()),
        "model": body.model or situation.answers.loaded or "",
        "system_fingerprint": situation.fingerprint,
    }
