"""POST /tokenize, /detokenize and /apply-template."""

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse

from engine.server.body import read_body
from engine.server.named import model_id
from engine.server.openai.schema import ChatBody
from engine.server.openai.wishes import chat_requests
from engine.server.replying import wanted
from engine.server.situation import Situation
from engine.server.texts.schema import (
    Content,
    DetokenizeBody,
    Rendered,
    SpelledToken,
    TokenizeBody,
    Tokens,
)


def text_routes(situation: Situation) -> APIRouter:
    """The routes. A model that is not loaded is loaded for them."""
    router = APIRouter()
    answers = situation.answers

    async def tokenize(request: Request) -> JSONResponse:
        body = await read_body(request, TokenizeBody)
        return JSONResponse(await wanted(request, _tokens(situation, body)))

    async def detokenize(request: Request) -> JSONResponse:
        body = await read_body(request, DetokenizeBody)
        text = await wanted(request, answers.text(model_id(body.model), body.tokens))
        return JSONResponse(Content(content=text))

    async def apply_template(request: Request) -> JSONResponse:
        body = await read_body(request, ChatBody)
        prompt = await wanted(request, answers.render(chat_requests(body)[0]))
        return JSONResponse(Rendered(prompt=prompt))

    router.add_api_route("/tokenize", tokenize, methods=["POST"])
    router.add_api_route("/detokenize", detokenize, methods=["POST"])
    router.add_api_route("/apply-template", apply_template, methods=["POST"])
    return router


async def _tokens(situation: Situation, body: TokenizeBody) -> Tokens:
    answers, model = situation.answers, model_id(body.model)
    tokens = await answers.tokens(
        model,
        body.content,
        special=bool(body.add_special),
        parses=body.parse_special is not False,
    )
    if not body.with_pieces:
        return {"tokens": list(tokens)}
    pieces = await answers.pieces(model, tokens)
    return {"tokens": [_spelled(token, piece) for token, piece in zip(tokens, pieces, strict=True)]}


def _spelled(token: int, piece: bytes) -> SpelledToken:
    try:
        return {"id": token, "piece": piece.decode("utf-8")}
    except UnicodeDecodeError:
        return {"id": token, "piece": list(piece)}
