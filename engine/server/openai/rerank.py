"""POST /v1/rerank: documents by how well they answer a query, as Jina and Cohere ask for it."""

from typing import Annotated, NotRequired, TypedDict

from fastapi import APIRouter, Request
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError
from starlette.responses import JSONResponse, Response

from engine.embedding import Rank
from engine.server.body import read_body
from engine.server.named import model_id
from engine.server.openai.knobs import Incoming
from engine.server.openai.written import WrittenDocument
from engine.server.replying import wanted
from engine.server.situation import Situation

_MOST_DOCUMENTS = 2048


def _document(value: object) -> str:
    match value:
        case str():
            return value
        case {"text": str(text)}:
            return text
        case _:
            raise PydanticCustomError("document", "it must be a text, or {{text: …}}")


Document = Annotated[str, BeforeValidator(_document, json_schema_input_type=str | WrittenDocument)]


class RerankBody(Incoming):
    """What may be asked. `truncate` is ours: documents that are too long are cut, not refused."""

    query: Annotated[str, Field(min_length=1)]
    documents: Annotated[list[Document], Field(min_length=1, max_length=_MOST_DOCUMENTS)]
    model: str | None = None
    top_n: Annotated[int, Field(ge=1)] | None = None
    return_documents: bool | None = None
    truncate: bool | None = None


class RankedText(TypedDict):
    """A document as it was sent."""

    text: str


class RankedRow(TypedDict):
    """One document's place in the list that was sent, and its score from 0 to 1."""

    index: int
    relevance_score: float
    document: NotRequired[RankedText]


class RerankUsage(TypedDict):
    """The tokens that were read."""

    prompt_tokens: int
    total_tokens: int


class RankedList(TypedDict):
    """The whole reply, the best document first."""

    object: str
    model: str
    results: list[RankedRow]
    usage: RerankUsage


def rerank_routes(situation: Situation) -> APIRouter:
    """The route, under the names that clients know."""
    router = APIRouter()

    async def rerank(request: Request) -> Response:
        body = await read_body(request, RerankBody)
        ranks = await wanted(
            request,
            situation.answers.rerank(
                model_id(body.model), body.query, body.documents, truncate=bool(body.truncate)
            ),
        )
        return JSONResponse(_told(ranks, body, body.model or situation.answers.loaded or ""))

    for path in ("/v1/rerank", "/rerank", "/v2/rerank"):
        router.add_api_route(path, rerank, methods=["POST"])
    return router


def _told(ranks: tuple[Rank, ...], body: RerankBody, model: str) -> RankedList:
    read = sum(rank.tokens for rank in ranks)
    return {
        "object": "list",
        "model": model,
        "results": [_row(rank, body) for rank in ranks[: body.top_n]],
        "usage": {"prompt_tokens": read, "total_tokens": read},
    }


def _row(rank: Rank, body: RerankBody) -> RankedRow:
    row: RankedRow = {"index": rank.index, "relevance_score": rank.score}
    if body.return_documents:
        row["document"] = {"text": body.documents[rank.index]}
    return row
