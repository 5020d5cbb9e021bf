"""What the Hub offers. Runs in the child process: huggingface_hub is slow to import and blocks.

Asks the Hub's documented API through huggingface_hub's session (proxies, certificates, redirects)
but not through HfApi, which waits without limit and tries for half a minute where nobody answers.
"""

import re
from typing import Annotated, Literal

import httpx2
from huggingface_hub import constants, get_session, hf_hub_url, hf_raise_for_status
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import (
    build_hf_headers,  # pyright: ignore[reportUnknownVariableType]  # a bare `dict` in it
)
from pydantic import (
    BaseModel,
    Field,
    TypeAdapter,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from engine.download import token
from engine.download.quantizations import HubFile, group, sort_out
from engine.download.values import (
    Quantization,
    RepositoryHit,
    RepositoryPage,
    SearchWish,
    SortBy,
)
from engine.download.wire import Login
from engine.errors import HubUnreachable

_COMMIT = re.compile(r"[0-9a-f]{40,64}")
_TIMEOUT = httpx2.Timeout(20.0, connect=8.0)
_SORTS = {
    SortBy.TRENDING: "trendingScore",
    SortBy.DOWNLOADS: "downloads",
    SortBy.LIKES: "likes",
    SortBy.UPDATED: "lastModified",
}
_TOLD = ("downloads", "likes", "gated", "lastModified", "tags", "gguf")
_MOST_HITS = 300
# The Hub sorts out no architectures: so many times what is wanted is looked through.
_ARCHITECTURE_SHARE = 5
_CARD_BYTES = 1 << 20
_CARD_NAME = "README.md"
_FRONT_MATTER = re.compile(r"\A\ufeff?---\r?\n.*?\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_MOST_TAGS = 200
_MOST_BASES = 8


def _or_none(value: object, known: ValidatorFunctionWrapHandler) -> object:
    try:
        return known(value)
    except ValidationError:
        return None


# What the Hub read of strangers' files: one odd value must not cost the whole list.
_Odd = WrapValidator(_or_none)


class _Gguf(BaseModel):
    total: Annotated[int | None, _Odd] = None
    architecture: Annotated[str | None, _Odd] = None
    context_length: Annotated[int | None, _Odd] = None


class _Line(BaseModel):
    id: str
    downloads: int | None = None
    likes: int | None = None
    gated: Literal[False, "auto", "manual"] = False
    updated: str | None = Field(alias="lastModified", default=None)
    tags: list[str] = []
    gguf: Annotated[_Gguf | None, _Odd] = None


class _Lfs(BaseModel):
    sha256: str | None = None


class _Sibling(BaseModel):
    path: str = Field(alias="rfilename")
    size: int | None = None
    lfs: _Lfs | None = None

    @property
    def file(self) -> HubFile:
        sha256 = self.lfs.sha256 if self.lfs else None
        return HubFile(path=self.path, size_bytes=self.size, sha256=sha256)


class _Repository(_Line):
    sha: str | None = None
    siblings: list[_Sibling] = []


_lines = TypeAdapter(list[_Line])


def search(wish: SearchWish, endpoint: str | None) -> tuple[RepositoryHit, ...]:
    """The repositories with GGUF files that are as wished, in the order wished."""
    most = max(1, min(wish.most, _MOST_HITS))
    asked = most if wish.architecture is None else min(most * _ARCHITECTURE_SHARE, _MOST_HITS)
    query: dict[str, str | int | list[str]] = {
        "filter": "gguf",
        "sort": _SORTS[wish.sort],
        "limit": asked,
        "expand": list(_TOLD),
    }
    if words := wish.words.strip():
        query["search"] = words
    if bounds := _bounds(wish):
        query["num_parameters"] = bounds
    answer = _asked("/api/models", query, endpoint)
    hits = [_hit(line) for line in _lines.validate_json(answer)]
    return tuple(hit for hit in hits if _is_as_wished(hit, wish))[:most]


def page(repository: str, endpoint: str | None) -> RepositoryPage:
    """All of one repository."""
    described = _described(repository, endpoint)
    commit = _commit(described)
    kinds = sort_out([one.file for one in described.siblings])
    has_card = any(one.path == _CARD_NAME for one in described.siblings)
    return RepositoryPage(
        hit=_hit(described),
        commit=commit,
        card=_card(repository, commit, endpoint) if has_card else "",
        tags=tuple(described.tags[:_MOST_TAGS]),
        quantizations=kinds.models,
        projectors=kinds.projectors,
        drafts=kinds.drafts,
    )


def quantizations(repository: str, endpoint: str | None) -> tuple[Quantization, ...]:
    """What quantizations the repository has, smallest first."""
    return group([one.file for one in _described(repository, endpoint).siblings])


def listing(repository: str, endpoint: str | None) -> tuple[str, dict[str, int]]:
    """The repository's commit, and the sizes of its files. Raises HubUnreachable without them."""
    described = _described(repository, endpoint)
    sizes = {one.path: one.size for one in described.siblings if one.size is not None}
    return _commit(described), sizes


def login(endpoint: str | None) -> str | bool:
    """What `build_hf_headers` is to be told for that endpoint: its token, or False for none."""
    return token.login(endpoint or constants.ENDPOINT)


def log_in(wish: Login) -> bool:
    """Keep or forget a token, if that is asked; is there one then?"""
    endpoint = wish.endpoint or constants.ENDPOINT
    if wish.change:
        token.keep(wish.token, endpoint)
    return token.read(endpoint) is not None


def _bounds(wish: SearchWish) -> str:
    """The Hub's own writing for a range of parameters: `min:6B,max:128B`."""
    told = (("min", wish.least_parameters), ("max", wish.most_parameters))
    return ",".join(f"{name}:{count / 1e9:.9g}B" for name, count in told if count is not None)


def _is_as_wished(hit: RepositoryHit, wish: SearchWish) -> bool:
    """Mirrors may know less of filters than the Hub; what nobody tells speaks against no one."""
    if wish.architecture is not None and hit.architecture != wish.architecture:
        return False
    if hit.parameters is None:
        return True
    least, most = wish.least_parameters or 0, wish.most_parameters
    return least <= hit.parameters and (most is None or hit.parameters <= most)


def _hit(line: _Line) -> RepositoryHit:
    gguf = line.gguf or _Gguf()
    license_ = next((tag[8:] for tag in line.tags if tag.startswith("license:")), None)
    # `base_model:owner/name`, and once more with what was done to it: `base_model:quantized:…`.
    bases = (tag.rpartition(":")[2] for tag in line.tags if tag.startswith("base_model:"))
    return RepositoryHit(
        id=line.id,
        downloads=line.downloads,
        likes=line.likes,
        gated=bool(line.gated),
        updated=line.updated,
        architecture=gguf.architecture,
        parameters=gguf.total,
        trained_context_tokens=gguf.context_length,
        license=license_,
        base_models=tuple(dict.fromkeys(bases))[:_MOST_BASES],
    )


def _card(repository: str, commit: str, endpoint: str | None) -> str:
    """The card's text without its metadata. It is told as empty where the Hub refuses it."""
    url = hf_hub_url(repository, _CARD_NAME, revision=commit, endpoint=endpoint)
    headers = build_hf_headers(token=login(endpoint))
    body = bytearray()
    try:
        with get_session().stream("GET", url, headers=headers, timeout=_TIMEOUT) as response:
            hf_raise_for_status(response)
            for piece in response.iter_bytes():
                body += piece
                if len(body) >= _CARD_BYTES:
                    break
    except (HfHubHTTPError, httpx2.HTTPError):
        return ""
    text = bytes(body[:_CARD_BYTES]).decode("utf-8", "replace")
    return _FRONT_MATTER.sub("", text, count=1).strip()


def _described(repository: str, endpoint: str | None) -> _Repository:
    answer = _asked(f"/api/models/{repository}", {"blobs": "true"}, endpoint)
    return _Repository.model_validate_json(answer)


def _commit(described: _Repository) -> str:
    if described.sha is None or not _COMMIT.fullmatch(described.sha):
        raise HubUnreachable("What answers in the Hub's place does not answer as it does.")
    return described.sha


def _asked(path: str, wish: dict[str, str | int | list[str]], endpoint: str | None) -> bytes:
    response = get_session().get(
        (endpoint or constants.ENDPOINT) + path,
        params=wish,
        headers=build_hf_headers(token=login(endpoint)),
        timeout=_TIMEOUT,
    )
    hf_raise_for_status(response)
    return response.content
