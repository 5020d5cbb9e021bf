"""POST /v1/embeddings: OpenAI's words for vectors of texts."""

import base64
from typing import Annotated, Literal, TypedDict

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import JSONResponse, Response

from engine.embedding import Embeddings
from engine.server.body import read_body
from engine.server.named import model_id
from engine.server.openai.knobs import Incoming
from engine.server.openai.texts import Texts
from engine.server.replying import wanted
from engine.server.situation import Situation

_MOST_TEXTS = 2048
_MOST_DIMENSIONS = 1 << 16


class EmbeddingsBody(Incoming):
    """What may be asked. `truncate` is ours: texts that are too long are cut, not refused."""

    input: Annotated[Texts, Field(max_length=_MOST_TEXTS)]
    model: str | None = None
    encoding_format: Literal["float", "base64"] | None = None
    dimensions: Annotated[int, Field(ge=1, le=_MOST_DIMENSIONS)] | None = None
    truncate: bool | None = None


class EmbeddingUsage(TypedDict):
    """The tokens that were read."""

    prompt_tokens: int
    total_tokens: int


class EmbeddingRow(TypedDict):
    """One text's vector: numbers, or base64 of float32, little endian."""

    object: str
    index: int
    embedding: list[float] | str


class EmbeddingList(TypedDict):
    """The whole reply."""

    object: str
    data: list[EmbeddingRow]
    model: str
    usage: EmbeddingUsage


def embedding_routes(situation: Situation) -> APIRouter:
    """The route, with and without the version before it."""
    router = APIRouter()

    async def embeddings(request: Request) -> Response:
        body = await read_body(request, EmbeddingsBody)
        found = await wanted(
            request,
            situation.answers.embed(
                model_id(body.model),
                body.input,
                dimensions=body.dimensions,
                truncate=bool(body.truncate),
            ),
        )
        model = body.model or situation.answers.loaded or ""
        return JSONResponse(_told(found, model, packed=body.encoding_format == "base64"))

    router.add_api_route("/v1/embeddings", embeddings, methods=["POST"])
    router.add_api_route("/embeddings", embeddings, methods=["POST"])
    return router


def _told(found: Embeddings, model: str, *, packed: bool) -> EmbeddingList:
    rows: list[EmbeddingRow] = [
        {
            "object": "embedding",
            "index": index,
            "embedding": base64.b64encode(found.row(index)).decode("ascii")
            if packed
            else list(found.vector(index)),
        }
        for index in range(len(found))
    ]
    read = sum(found.tokens)
    return {
        "object": "list",
        "data": rows,
        "model": model,
        "usage": {"prompt_tokens": read, "total_tokens": read},
    }
