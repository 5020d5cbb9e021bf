"""GET /openapi.json and GET /docs: the interface, described."""

import asyncio
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, JSONResponse

from engine.server.description.document import document_of
from engine.server.description.looks import POLICY, html_of
from engine.server.description.page import page_of
from engine.server.description.table import CHAPTERS


def description_routes() -> APIRouter:
    """The routes. What they tell is made when somebody asks."""
    router = APIRouter()

    async def openapi() -> JSONResponse:
        return JSONResponse(await asyncio.to_thread(document))

    async def page(request: Request) -> HTMLResponse:
        # The Host header was checked by the gate: it is one of this port's own names.
        address = f"{request.url.scheme}://{request.url.netloc}"
        text = await asyncio.to_thread(_page, address)
        headers = {"content-security-policy": POLICY, "x-content-type-options": "nosniff"}
        return HTMLResponse(text, headers=headers)

    router.add_api_route("/openapi.json", openapi, methods=["GET"])
    router.add_api_route("/docs", page, methods=["GET"])
    return router


@lru_cache(maxsize=4)
def _page(address: str) -> str:
    return html_of(page_of(document(), address))


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document of this version."""
    return document_of(CHAPTERS, _version())


def _version() -> str:
    try:
        return version("fullbore")
    except PackageNotFoundError:
        return "unknown"
