"""POST /api/chat."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from engine.server.body import read_body
from engine.server.ollama.failures import OLLAMA, line
from engine.server.ollama.loading import moved, shelf_ids
from engine.server.ollama.names import meant
from engine.server.ollama.said import ChatLine, Said, now
from engine.server.ollama.schema import ChatBody
from engine.server.ollama.telling import Ended, Stretch, answered, whole
from engine.server.ollama.wishes import chat_request
from engine.server.replying import streamed, wanted
from engine.server.situation import Situation

_SILENCE: Said = {"role": "assistant", "content": ""}


def chat_routes(situation: Situation) -> APIRouter:
    """The route. A stream, unless the client says that it wants none."""
    router = APIRouter()

    async def chat(request: Request) -> Response:
        body = await read_body(request, ChatBody)
        model = meant(body.model, shelf_ids(situation))
        if not body.messages:
            work = _moved(situation, request, body, model)
        else:
            items = answered(
                situation,
                body,
                model,
                situation.answers.generate(chat_request(body, model)),
            )
            if body.stream is not False:
                return streamed(request, _lines(body, items), OLLAMA)
            work = _whole(body, items)
        reply = await wanted(request, work)
        return JSONResponse(reply)

    router.add_api_route("/api/chat", chat, methods=["POST"])
    return router


async def _moved(situation: Situation, request: Request, body: ChatBody, model: str) -> ChatLine:
    reason = await moved(situation, request.scope, body.model, model, body.keep_alive)
    return {
        "model": body.model,
        "created_at": now(),
        "message": _SILENCE,
        "done_reason": reason,
        "done": True,
    }


async def _lines(
    body: ChatBody, items: AsyncGenerator[Stretch | Ended, None]
) -> AsyncGenerator[bytes, None]:
    async with aclosing(items) as source:
        async for item in source:
            yield line(_line(body, item))


def _line(body: ChatBody, item: Stretch | Ended) -> ChatLine:
    if isinstance(item, Ended):
        return {
            "model": body.model,
            "created_at": now(),
            "message": _SILENCE,
            "done": True,
            "done_reason": item.reason,
            **item.metrics,
        }
    said: ChatLine = {
        "model": body.model,
        "created_at": now(),
        "message": _message(item.content, item.thinking),
        "done": False,
    }
    if item.calls:
        said["message"]["tool_calls"] = list(item.calls)
    if item.logprobs:
        said["logprobs"] = list(item.logprobs)
    return said


async def _whole(body: ChatBody, items: AsyncGenerator[Stretch | Ended, None]) -> ChatLine:
    draft, ended = await whole(items)
    said: ChatLine = {
        "model": body.model,
        "created_at": now(),
        "message": _message(draft.content, draft.thinking),
        "done": True,
        "done_reason": ended.reason,
        **ended.metrics,
    }
    if draft.calls:
        said["message"]["tool_calls"] = draft.calls
    if draft.logprobs:
        said["logprobs"] = draft.logprobs
    return said


def _message(content: str, thinking: str) -> Said:
    said: Said = {"role": "assistant", "content": content}
    if thinking:
        said["thinking"] = thinking
    return said
