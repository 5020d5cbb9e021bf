"""POST /v1/chat/completions: OpenAI's words to ChatRequests, deltas back to OpenAI's words."""

import secrets
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from engine.chat import (
    CallPiece,
    ChatRequest,
    Delta,
    Finished,
    Piece,
    PromptRead,
    StopReason,
)
from engine.server.body import read_body
from engine.server.gather import Told, together
from engine.server.openai.bill import FINISH, Bill, envelope, times, tokens_told
from engine.server.openai.failures import OPENAI
from engine.server.openai.said import (
    Choice,
    Chunk,
    ChunkChoice,
    Completion,
    Envelope,
    Logprobs,
    Said,
    SaidCall,
    SaidToken,
)
from engine.server.openai.schema import ChatBody
from engine.server.openai.scribe import Scribe
from engine.server.openai.wishes import chat_requests
from engine.server.replying import streamed, wanted
from engine.server.situation import Situation
from engine.server.sse import DONE, event


def chat_routes(situation: Situation) -> APIRouter:
    """The route."""
    router = APIRouter()

    async def complete(request: Request) -> Response:
        body = await read_body(request, ChatBody)
        requests = chat_requests(body)
        if body.stream:
            return streamed(request, _events(situation, body, requests), OPENAI)
        completion = await wanted(request, _completion(situation, body, requests))
        return JSONResponse(completion)

    router.add_api_route("/v1/chat/completions", complete, methods=["POST"])
    return router


@dataclass(slots=True, kw_only=True)
class _Draft:
    """One answer of a reply that is sent whole."""

    wants_logprobs: bool
    content: list[str] = field(default_factory=list[str])
    reasoning: list[str] = field(default_factory=list[str])
    calls: dict[int, SaidCall] = field(default_factory=dict[int, SaidCall])
    logprobs: list[SaidToken] = field(default_factory=list[SaidToken])
    reason: StopReason | None = None

    def note(self, delta: Delta) -> None:
        match delta:
            case Piece():
                (self.reasoning if delta.reasoning else self.content).append(delta.text)
                if not delta.reasoning:
                    self.logprobs.extend(tokens_told(delta.logprobs))
            case CallPiece():
                self._note_call(delta)
            case Finished(reason=reason):
                self.reason = reason
            case PromptRead():
                pass

    def _note_call(self, piece: CallPiece) -> None:
        call = self.calls.get(piece.index)
        if call is None:
            self.calls[piece.index] = {
                "id": piece.id or _call_id(),
                "type": "function",
                "function": {"name": piece.name, "arguments": piece.arguments},
            }
        else:
            call["function"]["arguments"] += piece.arguments

    def choice(self, index: int) -> Choice:
        assert self.reason is not None, "the answer ended without saying why"
        content = "".join(self.content)
        said: Said = {"role": "assistant", "content": content}
        if self.calls:
            said["content"] = content or None
            said["tool_calls"] = [self.calls[at] for at in sorted(self.calls)]
        if self.reasoning:
            said["reasoning_content"] = "".join(self.reasoning)
        return {
            "index": index,
            "message": said,
            "logprobs": _told_logprobs(self.logprobs) if self.wants_logprobs else None,
            "finish_reason": FINISH[self.reason],
        }


async def _completion(
    situation: Situation, body: ChatBody, requests: tuple[ChatRequest, ...]
) -> Completion:
    drafts = [_Draft(wants_logprobs=bool(body.logprobs)) for _ in requests]
    bill = Bill(answers=len(requests))
    async with aclosing(_told(situation, requests)) as items:
        async for item in items:
            drafts[item.index].note(item.delta)
            bill.note(item.index, item.delta)
    choices = [draft.choice(index) for index, draft in enumerate(drafts)]
    completion: Completion = {
        **envelope(situation, "chatcmpl", "chat.completion", body.model),
        "choices": choices,
        "usage": bill.usage(),
    }
    if len(choices) == 1:
        completion["timings"] = times(bill.timings[0])
    else:
        for index, choice in enumerate(choices):
            choice["timings"] = times(bill.timings[index])
    return completion


async def _events(
    situation: Situation, body: ChatBody, requests: tuple[ChatRequest, ...]
) -> AsyncGenerator[bytes, None]:
    wants_usage = bool(body.stream_options and body.stream_options.include_usage)
    bill = Bill(answers=len(requests))
    head: Envelope | None = None
    scribe: Scribe | None = None
    named: set[tuple[int, int]] = set()
    async with aclosing(_told(situation, requests)) as items:
        async for item in items:
            # Not before the first word: until then the model may still be loading.
            if head is None or scribe is None:
                head = envelope(situation, "chatcmpl", "chat.completion.chunk", body.model)
                scribe = Scribe(head, wants_usage=wants_usage)
            index, delta = item.index, item.delta
            bill.note(index, delta)
            if isinstance(delta, Piece) and delta.text and not body.logprobs:
                writes = scribe.reasoning if delta.reasoning else scribe.content
                yield writes(index, delta.text)
                continue
            choice = _stretch(item, named, wants_logprobs=bool(body.logprobs))
            if choice is None:
                continue
            chunk: Chunk = {**head, "choices": [choice]}
            if wants_usage:
                chunk["usage"] = None
            if isinstance(delta, Finished):
                chunk["timings"] = times(delta.timings)
            yield event(chunk)
    if wants_usage and head is not None:
        yield event({**head, "choices": [], "usage": bill.usage()})
    yield DONE


def _stretch(
    told: Told, named: set[tuple[int, int]], *, wants_logprobs: bool
) -> ChunkChoice | None:
    """What one delta tells; None where that is nothing. `named` are the calls begun so far."""
    said: Said = {}
    finish_reason: str | None = None
    logprobs: Logprobs | None = None
    match told.delta:
        case PromptRead():
            said = {"role": "assistant", "content": ""}
        case Piece(text=text, reasoning=True):
            said = {"reasoning_content": text}
        case Piece(text=text, logprobs=chosen):
            said = {"content": text}
            logprobs = _told_logprobs(tokens_told(chosen)) if wants_logprobs else None
        case CallPiece() as piece:
            said = {"tool_calls": [_call_stretch(told.index, piece, named)]}
        case Finished(reason=reason):
            finish_reason = FINISH[reason]
    if isinstance(told.delta, Piece) and not told.delta.text and not told.delta.logprobs:
        return None
    return {
        "index": told.index,
        "delta": said,
        "logprobs": logprobs,
        "finish_reason": finish_reason,
    }


def _call_stretch(answer: int, piece: CallPiece, named: set[tuple[int, int]]) -> SaidCall:
    if (answer, piece.index) in named:
        return {"index": piece.index, "function": {"arguments": piece.arguments}}
    named.add((answer, piece.index))
    return {
        "index": piece.index,
        "id": piece.id or _call_id(),
        "type": "function",
        "function": {"name": piece.name, "arguments": piece.arguments},
    }


def _call_id() -> str:
    return f"call_{secrets.token_hex(12)}"


def _told_logprobs(tokens: list[SaidToken]) -> Logprobs:
    return {"content": tokens, "refusal": None}


def _told(situation: Situation, requests: tuple[ChatRequest, ...]) -> AsyncGenerator[Told, None]:
    return together([situation.answers.generate(request) for request in requests])
