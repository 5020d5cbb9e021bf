"""POST /api/pull: a repository of the Hub, brought by our own downloads."""

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from engine.download.pulling import Pulled
from engine.download.values import DownloadPhase
from engine.server.body import read_body
from engine.server.errors import BadField
from engine.server.ollama.failures import OLLAMA, line
from engine.server.ollama.loading import shelf_ids
from engine.server.ollama.names import without_hub
from engine.server.ollama.schema import PullBody
from engine.server.replying import streamed, wanted
from engine.server.situation import Situation

_FORM = re.compile(r"(?P<repository>[^/:\s]+/[^/:\s]+)(?::(?P<label>[^\s:]+))?")
_OFFICIAL = "library/"
_SHORT_DIGEST = 12
_SUCCESS = {"status": "success"}
# A small model is verified in no time, and its end is all that is told of that.
_VERIFYING = {DownloadPhase.VERIFYING, DownloadPhase.DONE}


def pull_routes(situation: Situation) -> APIRouter:
    """The route. Whoever leaves while it goes on pauses the download; asked again, it goes on."""
    router = APIRouter()

    async def pull(request: Request) -> Response:
        body = await read_body(request, PullBody)
        lines = _lines(situation, body.model)
        if body.stream is not False:
            return streamed(request, _written(lines), OLLAMA)
        done = await wanted(request, _ended(lines))
        return JSONResponse(done)

    router.add_api_route("/api/pull", pull, methods=["POST"])
    return router


def repository_of(name: str) -> tuple[str, str | None]:
    """`hf.co/owner/repository:QUANT` → the repository and the label. Raises BadField."""
    bare = without_hub(name)
    form = _FORM.fullmatch(bare)
    if form is None or (bare.startswith(_OFFICIAL) and bare == name):
        raise BadField(
            f"`model` is wrong: {name[:200]!r} is no repository of Hugging Face, and Ollama's own"
            " library is not downloaded from.",
            remedy="Pull hf.co/OWNER/REPOSITORY:QUANT, a repository with GGUF files.",
            field="model",
        )
    label = form["label"]
    return form["repository"], None if label in {None, "latest"} else label


async def _lines(situation: Situation, name: str) -> AsyncGenerator[dict[str, object], None]:
    if name in shelf_ids(situation) and "/" not in name:
        yield {"status": "pulling manifest"}  # it is here, and its name tells no repository
        yield {**_SUCCESS}
        return
    repository, label = repository_of(name)
    yield {"status": "pulling manifest"}
    is_verified = False
    async with aclosing(situation.answers.pull(repository, label)) as steps:
        async for step in steps:
            if is_verified and step.download.phase in _VERIFYING:
                continue
            yield _progress(step)
            is_verified = step.download.phase in _VERIFYING
            if is_verified:
                yield {"status": "verifying sha256 digest"}
    yield {"status": "writing manifest"}
    await situation.answers.refresh_models()
    yield {**_SUCCESS}


def _progress(step: Pulled) -> dict[str, object]:
    download = step.download
    told: dict[str, object] = {
        "status": f"pulling {(step.digest or download.id)[:_SHORT_DIGEST]}",
        "digest": f"sha256:{step.digest}" if step.digest else download.id,
        "total": download.total_bytes,
    }
    if download.received_bytes:
        told["completed"] = download.received_bytes
    return told


async def _written(lines: AsyncGenerator[dict[str, object], None]) -> AsyncGenerator[bytes, None]:
    async with aclosing(lines) as source:
        async for each in source:
            yield line(each)


async def _ended(lines: AsyncGenerator[dict[str, object], None]) -> dict[str, object]:
    last: dict[str, object] = {}
    async with aclosing(lines) as source:
        async for each in source:
            last = each
    return last
