"""What the Hub offers. Runs in the child process: huggingface_hub is slow to import and blocks.

Asks the Hub's documented API through huggingface_hub's session (proxies, certificates, login) but
not through HfApi, which waits without limit and tries for half a minute where nobody answers.
"""

import re
from typing import Literal

import httpx2
from huggingface_hub import constants, get_session, hf_raise_for_status
from huggingface_hub.utils import (
    build_hf_headers,  # pyright: ignore[reportUnknownVariableType]  # a bare `dict` in it
)
from pydantic import BaseModel, Field, TypeAdapter

from engine.download.quantizations import HubFile, group
from engine.download.values import Quantization, RepositoryHit
from engine.errors import HubUnreachable

_COMMIT = re.compile(r"[0-9a-f]{40,64}")
_HITS = 40
_TIMEOUT = httpx2.Timeout(20.0, connect=10.0)


class _Line(BaseModel):
    id: str
    downloads: int | None = None
    likes: int | None = None
    gated: Literal[False, "auto", "manual"] = False


class _Sibling(BaseModel):
    path: str = Field(alias="rfilename")
    size: int | None = None


class _Repository(BaseModel):
    sha: str | None = None
    siblings: list[_Sibling] = []


_lines = TypeAdapter(list[_Line])


def search(query: str, endpoint: str | None) -> tuple[RepositoryHit, ...]:
    """The repositories with GGUF files that match, the most downloaded first."""
    wish: dict[str, str | int | list[str]] = {
        "search": query.strip(),
        "filter": "gguf",
        "sort": "downloads",
        "limit": _HITS,
        "expand": ["downloads", "likes", "gated"],
    }
    return tuple(
        RepositoryHit(
            id=line.id, downloads=line.downloads, likes=line.likes, gated=bool(line.gated)
        )
        for line in _lines.validate_json(_asked("/api/models", wish, endpoint))
    )


def quantizations(repository: str, endpoint: str | None) -> tuple[Quantization, ...]:
    """What quantizations the repository has, smallest first."""
    siblings = _described(repository, endpoint).siblings
    return group([HubFile(path=one.path, size_bytes=one.size) for one in siblings])


def listing(repository: str, endpoint: str | None) -> tuple[str, dict[str, int]]:
    """The repository's commit, and the sizes of its files. Raises HubUnreachable without them."""
    described = _described(repository, endpoint)
    if described.sha is None or not _COMMIT.fullmatch(described.sha):
        raise HubUnreachable("What answers in the Hub's place does not answer as it does.")
    sizes = {one.path: one.size for one in described.siblings if one.size is not None}
    return described.sha, sizes


def _described(repository: str, endpoint: str | None) -> _Repository:
    answer = _asked(f"/api/models/{repository}", {"blobs": "true"}, endpoint)
    return _Repository.model_validate_json(answer)


def _asked(path: str, wish: dict[str, str | int | list[str]], endpoint: str | None) -> bytes:
    response = get_session().get(
        (endpoint or constants.ENDPOINT) + path,
        params=wish,
        headers=build_hf_headers(),
        timeout=_TIMEOUT,
    )
    hf_raise_for_status(response)
    return response.content
