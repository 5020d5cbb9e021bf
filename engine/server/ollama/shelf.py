"""GET /api/tags, POST /api/show, GET /api/ps, GET /api/version and GET /: what there is."""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from engine.background.dialect_names import dialect_of, knows_tools, thinks
from engine.host.choose import choose
from engine.host.facts import Phase, Residence
from engine.library.files import Details, Fact
from engine.library.shelf_model import ShelfModel
from engine.protocol.load import Purpose
from engine.server.body import read_body
from engine.server.ollama.loading import shelf_ids
from engine.server.ollama.names import meant, naming
from engine.server.ollama.said import ListedModel, ModelDetails, RunningModel, written
from engine.server.ollama.schema import ShowBody
from engine.server.situation import Situation

# Clients turn features on by this number. It is the first Ollama that had all of what is served
# here: levels of thinking, log probabilities, and OpenAI's and Anthropic's newer dialects beside.
OLLAMA_VERSION = "0.14.0"
# What clients look for, letter by letter, before they ask anything else.
_RUNNING = "Ollama is running"
_FOR_EVER = datetime(9999, 12, 31, tzinfo=UTC)
_FILL_KEYS = ("tokenizer.ggml.fim_pre_token_id", "tokenizer.ggml.prefix_token_id")


def shelf_routes(situation: Situation) -> APIRouter:
    """The routes. Models whose files cannot be read are left out: nobody could use them."""
    router = APIRouter()

    async def tags() -> Response:
        usable = [model for model in situation.answers.models() if model.broken is None]
        # Asking a sleeping disk for a date may take seconds.
        return JSONResponse({"models": await asyncio.to_thread(_listed, usable)})

    async def running() -> Response:
        shelf = {model.id: model for model in situation.answers.models()}
        residents = [
            one
            for one in situation.answers.residents()
            if one.phase is Phase.READY and one.model in shelf
        ]
        told = await asyncio.to_thread(_running, residents, shelf)
        return JSONResponse({"models": told})

    async def show(request: Request) -> Response:
        body = await read_body(request, ShowBody)
        name = meant(body.model, shelf_ids(situation))
        with naming(body.model):
            details = await situation.answers.describe(name)
            model = choose(details.model, situation.answers.models())
        contexts = {one.model: one.context_tokens for one in situation.answers.residents()}
        modified = await asyncio.to_thread(_modified, model)
        shown = _shown(model, details, contexts.get(model.id), verbose=bool(body.verbose))
        return JSONResponse({**shown, "modified_at": written(modified)})

    async def numbers() -> Response:
        return JSONResponse({"version": OLLAMA_VERSION, "fullbore": _own_version()})

    async def root() -> Response:
        return PlainTextResponse(_RUNNING)

    router.add_api_route("/api/tags", tags, methods=["GET", "HEAD"])
    router.add_api_route("/api/ps", running, methods=["GET"])
    router.add_api_route("/api/show", show, methods=["POST"])
    router.add_api_route("/api/version", numbers, methods=["GET", "HEAD"])
    router.add_api_route("/", root, methods=["GET", "HEAD"])
    return router


def _listed(models: Sequence[ShelfModel]) -> list[ListedModel]:
    dated = [(_modified(model), model) for model in models]
    dated.sort(key=lambda one: one[0], reverse=True)
    return [
        {
            "name": model.id,
            "model": model.id,
            "modified_at": written(modified),
            "size": model.size_bytes,
            "digest": _digest(model, modified),
            "details": _details(model),
        }
        for modified, model in dated
    ]


def _running(residents: Sequence[Residence], shelf: dict[str, ShelfModel]) -> list[RunningModel]:
    return [
        {
            "name": one.model,
            "model": one.model,
            "size": one.size_bytes,
            "digest": _digest(shelf[one.model], _modified(shelf[one.model])),
            "details": _details(shelf[one.model]),
            "expires_at": written(one.leaves_at or _FOR_EVER),
            "size_vram": one.card_bytes,
            "context_length": one.context_tokens,
        }
        for one in residents
    ]


def _details(model: ShelfModel) -> ModelDetails:
    family = model.architecture or ""
    return {
        "parent_model": "",
        "format": "gguf",
        "family": family,
        "families": [family] if family else [],
        "parameter_size": _counted(model.parameters),
        "quantization_level": model.quantization or "",
    }


def _shown(
    model: ShelfModel, details: Details, context_tokens: int | None, *, verbose: bool
) -> dict[str, object]:
    """All that is known of a model, but for where it lies."""
    facts = dict(details.facts)
    shown: dict[str, object] = {
        "modelfile": f"# {model.id} is kept by Fullbore.\nFROM {model.id}\n",
        "parameters": "" if context_tokens is None else f"num_ctx {context_tokens}",
        "template": details.template or "",
        "details": _details(model),
        "model_info": {**_counts(model), **facts},
        "capabilities": capabilities(model.purpose, details),
    }
    if isinstance(licence := facts.get("general.license"), str):
        shown["license"] = licence
    if verbose:
        shown["tensors"] = [
            {"name": tensor.name, "type": tensor.type, "shape": list(tensor.dimensions)}
            for tensor in details.tensors
        ]
    return shown


def _counts(model: ShelfModel) -> dict[str, Fact]:
    """What few headers tell, and what clients look for."""
    return {} if model.parameters is None else {"general.parameter_count": model.parameters}


def capabilities(purpose: Purpose, details: Details) -> list[str]:
    """What the model can be asked for, in Ollama's words."""
    match purpose:
        case Purpose.EMBED:
            return ["embedding"]
        case Purpose.RANK:
            return []
        case Purpose.TEXT:
            template = details.template or ""
            facts = dict(details.facts)
            told = {
                "completion": True,
                "tools": knows_tools(template),
                "insert": any(key in facts for key in _FILL_KEYS),
                "vision": details.sees,
                "thinking": thinks(template, dialect_of(template)),
            }
            return [name for name, has in told.items() if has]


def _counted(parameters: int | None) -> str:
    """7.6B, 134.52M: as Ollama rounds."""
    if parameters is None:
        return ""
    if parameters >= 10**9:
        return f"{parameters / 1e9:.1f}B"
    if parameters >= 10**6:
        return f"{parameters / 1e6:.2f}M"
    return f"{parameters / 1e3:.2f}K"


def _digest(model: ShelfModel, modified: datetime) -> str:
    """Another one for every version of every model. Not its bytes' hash: nobody waits for that."""
    said = f"{model.id}\n{model.size_bytes}\n{modified.timestamp()}"
    return hashlib.sha256(said.encode()).hexdigest()


def _modified(model: ShelfModel) -> datetime:
    try:
        return datetime.fromtimestamp(model.files[0].stat().st_mtime, UTC)
    except (OSError, IndexError, ValueError, OverflowError):
        return datetime.fromtimestamp(0, UTC)


def _own_version() -> str:
    try:
        return version("fullbore")
    except PackageNotFoundError:
        return "unknown"
