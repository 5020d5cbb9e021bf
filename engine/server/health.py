"""GET /health: the port answers. Open to everyone, so it says nothing else."""

from fastapi import APIRouter
from starlette.responses import JSONResponse


def health_routes() -> APIRouter:
    """The route."""
    router = APIRouter()

    async def health() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    router.add_api_route("/health", health, methods=["GET", "HEAD"])
    return router
