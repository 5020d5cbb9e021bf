"""What Ollama does to its models and Fullbore does not let programs do: told, and how instead."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

_WAYS = {
    "/api/copy": (["POST"], "Models are not copied.", "Use the model's own name."),
    "/api/create": (
        ["POST"],
        "Models are not made from a Modelfile.",
        "Send `system` and `options` with each request.",
    ),
    "/api/push": (["POST"], "Models are not uploaded.", "Use the Hub's own tools."),
    "/api/delete": (
        ["DELETE"],
        "Models are not deleted by programs.",
        "Delete the model in Fullbore's library, or by `fullbore rm MODEL`.",
    ),
    "/api/blobs/{digest}": (
        ["HEAD", "POST"],
        "Files are not uploaded.",
        "Put the model into a folder that Fullbore shows.",
    ),
}


def refused_routes() -> APIRouter:
    """The routes."""
    router = APIRouter()
    for path, (methods, sentence, remedy) in _WAYS.items():
        router.add_api_route(path, _refusing(f"{sentence} {remedy}"), methods=methods)
    return router


def _refusing(sentence: str) -> Callable[[], Awaitable[Response]]:
    async def refuse() -> Response:
        return JSONResponse({"error": sentence}, 501)

    return refuse
