"""POST /api/embed, and /api/embeddings, which came before it."""

import time
from contextlib import suppress

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from engine.embedding import Embeddings
from engine.errors import EngineError
from engine.server.body import read_body
from engine.server.ollama.loading import moved, shelf_ids
from engine.server.ollama.names import meant, naming
from engine.server.ollama.schema import EmbedBody, OldEmbedBody
from engine.server.ollama.telling import nanoseconds
from engine.server.replying import wanted
from engine.server.situation import Situation


def embed_routes(situation: Situation) -> APIRouter:
    """The routes. A request without a text loads or unloads the model, as with a chat."""
    router = APIRouter()

    async def embed(request: Request) -> Response:
        body = await read_body(request, EmbedBody)
        begun = time.perf_counter()
        found = await _found(situation, request, body)
        return JSONResponse(
            {
                "model": body.model,
                "embeddings": _rows(found),
                "total_duration": nanoseconds(time.perf_counter() - begun),
                "load_duration": 0,  # what there was of it is in the total
                "prompt_eval_count": 0 if found is None else sum(found.tokens),
            }
        )

    async def old(request: Request) -> Response:
        asked = await read_body(request, OldEmbedBody)
        texts = (asked.prompt,) if asked.prompt else ()
        body = EmbedBody(model=asked.model, input=texts, keep_alive=asked.keep_alive)
        rows = _rows(await _found(situation, request, body))
        return JSONResponse({"embedding": rows[0] if rows else []})

    router.add_api_route("/api/embed", embed, methods=["POST"])
    router.add_api_route("/api/embeddings", old, methods=["POST"])
    return router


async def _found(situation: Situation, request: Request, body: EmbedBody) -> Embeddings | None:
    work = _vectors(situation, request, body)
    return await wanted(request, work)


async def _vectors(situation: Situation, request: Request, body: EmbedBody) -> Embeddings | None:
    model = meant(body.model, shelf_ids(situation))
    if not body.input:
        await moved(situation, request.scope, body.model, model, body.keep_alive)
        return None
    with naming(body.model):
        found = await situation.answers.embed(
            model,
            body.input,
            dimensions=body.dimensions or None,
            truncate=body.truncate is not False,
        )
    if body.keep_alive is not None:
        with suppress(EngineError):  # the vectors are there, whatever becomes of the model
            await situation.answers.keep(model, body.keep_alive)
    return found


def _rows(found: Embeddings | None) -> list[list[float]]:
    return [] if found is None else [list(found.vector(index)) for index in range(len(found))]
