"""POST /v1/messages: Anthropic's words to a ChatRequest, deltas back to Anthropic's words."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from engine.chat import ChatRequest
from engine.server.anthropic.draft import Draft
from engine.server.anthropic.events import Narrator
from engine.server.anthropic.failures import ANTHROPIC
from engine.server.anthropic.said import SaidMessage
from engine.server.anthropic.schema import MessagesBody
from engine.server.anthropic.wishes import chat_request
from engine.server.body import read_body
from engine.server.replying import streamed, wanted
from engine.server.situation import Situation


def message_routes(situation: Situation) -> APIRouter:
    """The route."""
    router = APIRouter()

    async def answer(request: Request) -> Response:
        body = await read_body(request, MessagesBody)
        asked = chat_request(body)
        if body.stream:
            return streamed(request, _events(situation, body, asked), ANTHROPIC)
        message = await wanted(request, _message(situation, body, asked))
        return JSONResponse(message)

    router.add_api_route("/v1/messages", answer, methods=["POST"])
    return router


async def _message(situation: Situation, body: MessagesBody, asked: ChatRequest) -> SaidMessage:
    draft = Draft()
    async with aclosing(situation.answers.generate(asked)) as deltas:
        async for delta in deltas:
            draft.note(delta)
    return draft.message(body, body.model or situation.answers.loaded or "")


async def _events(
    situation: Situation, body: MessagesBody, asked: ChatRequest
) -> AsyncGenerator[bytes, None]:
    narrator: Narrator | None = None
    async with aclosing(situation.answers.generate(asked)) as deltas:
        async for delta in deltas:
            # Not before the first word: until then the model may still be loading.
            narrator = narrator or Narrator(body, body.model or situation.answers.loaded or "")
            told = narrator.tell(delta)
            if told:
                yield told
