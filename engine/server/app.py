"""The port's routes, its gate, and its one way to say that something failed."""

from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from engine.errors import BadRequest, Busy, EngineError
from engine.server.anthropic.counting import counting_routes
from engine.server.anthropic.identity import RequestIds
from engine.server.anthropic.messages import message_routes
from engine.server.anthropic.models import anthropic_model_routes
from engine.server.auth import Gate
from engine.server.description.routes import description_routes
from engine.server.dialects import dialect_of
from engine.server.errors import NoSuchRoute, RateLimited, WrongMethod, foreseen, treatment
from engine.server.health import health_routes
from engine.server.hosts import Hosts
from engine.server.limits import Throttle
from engine.server.metrics.routes import metrics_routes
from engine.server.observer import Observer, Watch, note_failure
from engine.server.ollama.routes import ollama_routes
from engine.server.openai.chat import chat_routes
from engine.server.openai.completions import completion_routes
from engine.server.openai.embeddings import embedding_routes
from engine.server.openai.models import model_routes
from engine.server.openai.rerank import rerank_routes
from engine.server.openai.responses import response_routes
from engine.server.situation import Situation
from engine.server.slow import BodyDeadline
from engine.server.texts.routes import text_routes


def app_for(
    situation: Situation,
    *,
    host: str,
    observers: Sequence[Observer] = (),
) -> FastAPI:
    """The app for a port bound to that host."""
    # FastAPI's own pages would load scripts from the internet; ours are in `description`.
    app = FastAPI(
        title="Fullbore", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False
    )
    app.state.situation = situation
    app.include_router(chat_routes(situation))
    app.include_router(completion_routes(situation))
    app.include_router(embedding_routes(situation))
    app.include_router(rerank_routes(situation))
    app.include_router(message_routes(situation))
    app.include_router(counting_routes(situation))
    app.include_router(anthropic_model_routes(situation))  # before OpenAI's: the same paths
    app.include_router(model_routes(situation))
    app.include_router(response_routes(situation))
    app.include_router(text_routes(situation))
    app.include_router(ollama_routes(situation))
    app.include_router(health_routes())
    app.include_router(metrics_routes(situation.metrics))
    app.include_router(description_routes())
    app.add_exception_handler(ClientDisconnect, _nobody)
    app.add_exception_handler(HTTPException, _route_failed)
    app.add_exception_handler(EngineError, _failed)
    # A bug: answered here, then raised on to the server, which logs it whole.
    app.add_exception_handler(Exception, _failed)
    # From the inside out: what comes in meets the last one first.
    app.add_middleware(BodyDeadline, patience=situation.patience)
    app.add_middleware(Throttle, refuse=refuse)
    app.add_middleware(
        Gate,
        hosts=Hosts(host),
        keys=situation.keys,
        listed=lambda: situation.config().cors_origins,
        refuse=refuse,
    )
    app.add_middleware(RequestIds)
    # The outermost: it sees those who are refused, too.
    app.add_middleware(
        Watch,
        observers=observers,
        dialect=lambda path: dialect_of(path).name,
        leaving=situation.leaving,
        refuse=refuse,
    )
    return app


def fingerprint() -> str:
    """What makes the answers what they are: this program and the library below it."""
    return f"fullbore-{_version('fullbore')}-llama-cpp-python-{_version('llama-cpp-python')}"


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "unknown"


async def _failed(request: Request, error: Exception) -> Response:
    note_failure(request.scope, error)
    return _answer(foreseen(error), request.url.path)


async def _route_failed(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    path = request.url.path
    failure = _unroutable(error, path[:200], request.method)
    note_failure(request.scope, failure)
    return _answer(failure, path, error.headers)


def _unroutable(error: HTTPException, path: str, method: str) -> EngineError:
    match error.status_code:
        case 404:
            return NoSuchRoute(f"Nothing is served at {path}.")
        case 405:
            return WrongMethod(f"{path} does not take {method}.")
        case _:
            return BadRequest(f"{error.detail.rstrip('.')}.")


async def _nobody(_: Request, __: Exception) -> Response:
    """The client has left; the server drops this answer. 499 is what nginx logs then."""
    return Response(status_code=499)


async def refuse(error: EngineError, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request with that failure."""
    note_failure(scope, error)
    await _answer(error, scope["path"])(scope, receive, send)


def _answer(error: EngineError, path: str, headers: Mapping[str, str] | None = None) -> Response:
    how = treatment(error)
    # OpenAI's clients ask again by themselves after a 5xx, unless told that it is of no use.
    said = {**(headers or {}), "x-should-retry": "true" if how.again else "false"}
    if isinstance(error, Busy | RateLimited):
        said["retry-after"] = str(error.retry_seconds)
    if how.status == 401:
        said["www-authenticate"] = "Bearer"
    if how.status == 408:  # the rest of it is not waited for
        said["connection"] = "close"
    return JSONResponse(dialect_of(path).body(error), how.status, said)
