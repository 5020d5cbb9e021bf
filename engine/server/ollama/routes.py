"""All of Ollama's dialect."""

from fastapi import APIRouter

from engine.server.ollama.chat import chat_routes
from engine.server.ollama.embed import embed_routes
from engine.server.ollama.generate import generate_routes
from engine.server.ollama.pull import pull_routes
from engine.server.ollama.refused import refused_routes
from engine.server.ollama.shelf import shelf_routes
from engine.server.situation import Situation


def ollama_routes(situation: Situation) -> APIRouter:
    """The routes."""
    router = APIRouter()
    router.include_router(shelf_routes(situation))
    router.include_router(chat_routes(situation))
    router.include_router(generate_routes(situation))
    router.include_router(embed_routes(situation))
    router.include_router(pull_routes(situation))
    router.include_router(refused_routes())
    return router
