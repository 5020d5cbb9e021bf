"""GET /v1/models and /v1/models/{id} for those who send Anthropic's header; others are asked next.

What is told can be read by OpenAI's clients as well.
"""

import asyncio
from collections.abc import Collection, Mapping, MutableMapping, Sequence
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.routing import Match
from typing_extensions import override

from engine.errors import ModelNotFound
from engine.host.choose import meant
from engine.library.shelf_model import ShelfModel
from engine.server.anthropic.blocks import bad
from engine.server.anthropic.said import ListedModel, ModelPage
from engine.server.situation import Situation

_MOST = 1000


class _ForAnthropic(APIRoute):
    """Serves requests that name the version of Anthropic's interface."""

    @override
    def matches(self, scope: MutableMapping[str, Any]) -> tuple[Match, MutableMapping[str, Any]]:
        if scope["type"] == "http" and "anthropic-version" in Headers(scope=scope):
            return super().matches(scope)
        return Match.NONE, {}


def anthropic_model_routes(situation: Situation) -> APIRouter:
    """The routes. Models whose files cannot be read are left out: nobody could use them."""
    router = APIRouter(route_class=_ForAnthropic)

    async def listed() -> list[ListedModel]:
        usable = [model for model in situation.answers.models() if model.broken is None]
        # Asking a sleeping disk for a date may take seconds.
        loaded = frozenset(one.model for one in situation.answers.residents())
        return await asyncio.to_thread(_listed, usable, loaded)

    async def all_models(request: Request) -> JSONResponse:
        return JSONResponse(_page(await listed(), request.query_params))

    async def one_model(model: str) -> JSONResponse:
        own = meant(model, situation.answers.models(), situation.config().aliases)
        for each in await listed():
            if each["id"] == own:
                return JSONResponse(each)
        raise ModelNotFound(f"No model is called {model!r}.")

    # OpenAI's routes describe these paths.
    hidden: dict[str, Any] = {"methods": ["GET"], "include_in_schema": False}
    router.add_api_route("/v1/models", all_models, **hidden)
    router.add_api_route("/v1/models/{model:path}", one_model, **hidden)
    return router


def _page(models: list[ListedModel], wishes: Mapping[str, str]) -> ModelPage:
    limit = _limit(wishes.get("limit", str(_MOST)))
    ids = [model["id"] for model in models]
    if "after_id" in wishes:
        models = models[_place(ids, wishes["after_id"], "after_id") + 1 :]
        shown = models[:limit]
    elif "before_id" in wishes:
        models = models[: _place(ids, wishes["before_id"], "before_id")]
        shown = models[-limit:]
    else:
        shown = models[:limit]
    return {
        "object": "list",
        "data": shown,
        "has_more": len(shown) < len(models),
        "first_id": shown[0]["id"] if shown else None,
        "last_id": shown[-1]["id"] if shown else None,
    }


def _limit(wish: str) -> int:
    if not (wish.isascii() and wish.isdecimal() and 1 <= int(wish[:9]) <= _MOST and len(wish) < 9):
        raise bad("limit", f"it must be a number from 1 to {_MOST:,}")
    return int(wish)


def _place(ids: list[str], wanted: str, field: str) -> int:
    if wanted not in ids:
        raise bad(field, f"no model is called {wanted[:200]!r}")
    return ids.index(wanted)


def _listed(models: Sequence[ShelfModel], loaded: Collection[str]) -> list[ListedModel]:
    return [_model(model, is_loaded=model.id in loaded) for model in models]


def _model(model: ShelfModel, *, is_loaded: bool) -> ListedModel:
    created = _created(model)
    return {
        "id": model.id,
        "type": "model",
        "display_name": model.name or model.id,
        "created_at": datetime.fromtimestamp(created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "lifecycle": "active",
        "max_input_tokens": model.trained_context_tokens,
        "max_tokens": model.trained_context_tokens,
        "object": "model",
        "created": created,
        "owned_by": model.id.split("/")[0] if "/" in model.id else "fullbore",
        "loaded": is_loaded,
    }


def _created(model: ShelfModel) -> int:
    try:
        return max(0, int(model.files[0].stat().st_mtime))
    except (OSError, IndexError):
        return 0
