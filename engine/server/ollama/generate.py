"""POST /api/generate: an answer to one prompt, or a text gone on with."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from engine.chat import Delta
from engine.server.body import read_body
from engine.server.ollama.failures import OLLAMA, line
from engine.server.ollama.loading import moved, shelf_ids
from engine.server.ollama.names import meant
from engine.server.ollama.said import TextLine, now
from engine.server.ollama.schema import GenerateBody
from engine.server.ollama.telling import Ended, Stretch, answered, whole
from engine.server.ollama.wishes import check_template, prompt_request, text_request
from engine.server.replying import streamed, wanted
from engine.server.situation import Situation


def generate_routes(situation: Situation) -> APIRouter:
    """The route. A stream, unless the client says that it wants none."""
    router = APIRouter()

    async def generate(request: Request) -> Response:
        body = await read_body(request, GenerateBody)
        check_template(body)
        model = meant(body.model, shelf_ids(situation))
        if not (body.prompt or body.images or body.suffix):
            work = _moved(situation, request, body, model)
        else:
            items = answered(situation, body, model, _deltas(situation, body, model))
            if body.stream is not False:
                return streamed(request, _lines(body, items), OLLAMA)
            work = _whole(body, items)
        reply = await wanted(request, work)
        return JSONResponse(reply)

    router.add_api_route("/api/generate", generate, methods=["POST"])
    return router


def _deltas(situation: Situation, body: GenerateBody, model: str) -> AsyncGenerator[Delta, None]:
    if body.raw or body.suffix:
        return situation.answers.complete(text_request(body, model))
    return situation.answers.generate(prompt_request(body, model))


async def _moved(
    situation: Situation, request: Request, body: GenerateBody, model: str
) -> TextLine:
    reason = await moved(situation, request.scope, body.model, model, body.keep_alive)
    return {
        "model": body.model,
        "created_at": now(),
        "response": "",
        "done": True,
        "done_reason": reason,
    }


async def _lines(
    body: GenerateBody, items: AsyncGenerator[Stretch | Ended, None]
) -> AsyncGenerator[bytes, None]:
    async with aclosing(items) as source:
        async for item in source:
            yield line(_line(body, item))


def _line(body: GenerateBody, item: Stretch | Ended) -> TextLine:
    if isinstance(item, Ended):
        return {
            "model": body.model,
            "created_at": now(),
            "response": "",
            "done": True,
            "done_reason": item.reason,
            **item.metrics,
        }
    said: TextLine = {
        "model": body.model,
        "created_at": now(),
        "response": item.content,
        "done": False,
    }
    if item.thinking:
        said["thinking"] = item.thinking
    if item.calls:
        said["tool_calls"] = list(item.calls)
    if item.logprobs:
        said["logprobs"] = list(item.logprobs)
    return said


async def _whole(body: GenerateBody, items: AsyncGenerator[Stretch | Ended, None]) -> TextLine:
    draft, ended = await whole(items)
    said: TextLine = {
        "model": body.model,
        "created_at": now(),
        "response": draft.content,
        "done": True,
        "done_reason": ended.reason,
        **ended.metrics,
    }
    if draft.thinking:
        said["thinking"] = draft.thinking
    if draft.calls:
        said["tool_calls"] = draft.calls
    if draft.logprobs:
        said["logprobs"] = draft.logprobs
    return said
