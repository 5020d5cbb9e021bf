"""POST /v1/messages/count_tokens: what a conversation takes, before it is asked."""

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from engine.server.anthropic.said import TokensCounted
from engine.server.anthropic.schema import CountBody
from engine.server.anthropic.wishes import conversation
from engine.server.body import read_body
from engine.server.replying import wanted
from engine.server.situation import Situation


def counting_routes(situation: Situation) -> APIRouter:
    """The route. A model that is not loaded stays so: its vocabulary alone is read."""
    router = APIRouter()

    async def count(request: Request) -> Response:
        body = await read_body(request, CountBody)
        weight = await wanted(request, situation.answers.weigh(conversation(body)))
        counted: TokensCounted = {"input_tokens": weight.total}
        return JSONResponse(counted)

    router.add_api_route("/v1/messages/count_tokens", count, methods=["POST"])
    return router
