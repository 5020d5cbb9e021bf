"""GET /v1/models and /v1/models/{id}: the shelf, as OpenAI lists models."""

import asyncio
from collections.abc import Collection, Sequence

from fastapi import APIRouter
from starlette.responses import JSONResponse

from engine.errors import ModelNotFound
from engine.host.choose import meant
from engine.library.shelf_model import ShelfModel
from engine.server.openai.said import ListedModel, ModelList
from engine.server.situation import Situation


def model_routes(situation: Situation) -> APIRouter:
    """The routes. Models whose files cannot be read are left out: nobody could use them."""
    router = APIRouter()

    async def listed() -> list[ListedModel]:
        usable = [model for model in situation.answers.models() if model.broken is None]
        # Asking a sleeping disk for a date may take seconds.
        loaded = frozenset(one.model for one in situation.answers.residents())
        return await asyncio.to_thread(_listed, usable, loaded)

    async def all_models() -> JSONResponse:
        answer: ModelList = {"object": "list", "data": await listed()}
        return JSONResponse(answer)

    async def one_model(model: str) -> JSONResponse:
        own = meant(model, situation.answers.models(), situation.config().aliases)
        for each in await listed():
            if each["id"] == own:
                return JSONResponse(each)
        raise ModelNotFound(f"No model is called {model!r}.")

    router.add_api_route("/v1/models", all_models, methods=["GET"])
    router.add_api_route("/v1/models/{model:path}", one_model, methods=["GET"])
    return router


def _listed(models: Sequence[ShelfModel], loaded: Collection[str]) -> list[ListedModel]:
    return [
        {
            "id": model.id,
            "object": "model",
            "created": _created(model),
            "owned_by": model.id.split("/")[0] if "/" in model.id else "fullbore",
            "loaded": model.id in loaded,
        }
        for model in models
    ]


def _created(model: ShelfModel) -> int:
    try:
        return int(model.files[0].stat().st_mtime)
    except (OSError, IndexError):
        return 0
