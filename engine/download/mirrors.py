"""Where else than at huggingface.co models can be had, and what is told of those places.

What asks a server runs in the child process; the rest costs nothing to import. Two dialects are
spoken: the Hub's own, which its mirrors answer as it does, and ModelScope's. No token is ever sent
from here.
"""

import re
import time
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, Field, ValidationError

from engine.download.wire import TriedOut
from engine.errors import DownloadError, HubUnreachable, RepositoryNotFound

HUB = "https://huggingface.co"
MIRROR = "https://hf-mirror.com"
MODELSCOPE = "https://www.modelscope.cn"

_ANSWER_SECONDS, _CONNECT_SECONDS = 15.0, 8.0
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MOST_ANSWER_BYTES = 32 << 20
_REMEDY_ENDS = "then try again: what has arrived is kept."


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A place that serves models, and whether it speaks the Hub's API."""

    title: str
    url: str
    speaks_hub: bool


WELL_KNOWN = (
    Endpoint(title="Hugging Face", url=HUB, speaks_hub=True),
    Endpoint(title="hf-mirror.com", url=MIRROR, speaks_hub=True),
    Endpoint(title="ModelScope", url=MODELSCOPE, speaks_hub=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A file as a source offers it. `sha256` is what the source claims, None where it is silent."""

    path: str
    size_bytes: int
    sha256: str | None


def is_hub(endpoint: str) -> bool:
    """Is that huggingface.co itself?"""
    return (urlsplit(endpoint).hostname or "").lower() == "huggingface.co"


def is_modelscope(endpoint: str) -> bool:
    """Does that address speak ModelScope's API?"""
    host = (urlsplit(endpoint).hostname or "").lower()
    return host in {"modelscope.cn", "modelscope.ai"} or host.endswith(
        (".modelscope.cn", ".modelscope.ai")
    )


def file_url(endpoint: str, repository: str, file: str, commit: str = "main") -> str:
    """Where a source has that file. ModelScope knows none of the Hub's commits: its newest."""
    root = endpoint.rstrip("/")
    if is_modelscope(endpoint):
        return f"{root}/models/{repository}/resolve/master/{quote(file)}"
    return f"{root}/{repository}/resolve/{commit}/{quote(file)}"


def offered(endpoint: str, repository: str) -> dict[str, Offered]:
    """The files of a repository at ModelScope, by path. Raises DownloadError."""
    url = f"{endpoint.rstrip('/')}/api/v1/models/{repository}/repo/files"
    answer = _get(url, {"Revision": "master", "Recursive": "true"})
    if answer.status_code == 404:
        raise RepositoryNotFound(f"ModelScope has no repository {repository}.")
    if answer.status_code != 200:
        raise HubUnreachable(f"ModelScope is out of order (its answer was {answer.status_code}).")
    try:
        listed = _Listing.model_validate_json(answer.content)
    except ValidationError:
        raise HubUnreachable("ModelScope's answer could not be read.") from None
    return {
        one.path: Offered(path=one.path, size_bytes=one.size, sha256=_checked(one.sha256))
        for one in listed.content.files
        if one.type == "blob"
    }


def check_same(found: Offered | None, size_bytes: int, sha256: str | None) -> None:
    """Is it the file that the Hub has? Raises DownloadError for another, or where nobody knows."""
    if found is None:
        raise RepositoryNotFound("The second source does not have that file.")
    if found.size_bytes != size_bytes or (found.sha256 and sha256 and found.sha256 != sha256):
        raise DownloadError("The second source has another file of that name.")


def test_endpoint(url: str) -> TriedOut:
    """How that address answers. Raises DownloadError if it is of no use."""
    parts = urlsplit(url if "://" in url else f"https://{url}")
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.username:
        raise DownloadError(
            f"{url[:100]!r} is not the address of a server.",
            remedy=f"Write one such as {MIRROR}.",
        )
    endpoint = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
    host = parts.hostname
    began = time.monotonic()
    modelscope = is_modelscope(endpoint)
    if modelscope:
        answer = _get(f"{endpoint}/api/v1/models/Qwen/Qwen3-0.6B-GGUF/repo/files", {})
        speaks = answer.status_code == 200 and b'"Files"' in answer.content
    else:
        answer = _get(f"{endpoint}/api/models", {"filter": "gguf", "limit": "1"})
        speaks = answer.status_code == 200 and _is_hub(answer.content)
    took = time.monotonic() - began
    if not speaks:
        raise DownloadError(
            f"{host} answers ({answer.status_code}), but not as the Hub does.",
            remedy=f"Set another address, such as {MIRROR}.",
        )
    return TriedOut(host=host, milliseconds=round(took * 1000), modelscope=modelscope)


def offer(endpoint: str | None) -> str:
    """What to do when that endpoint does not answer: another one is named."""
    if endpoint is None or is_hub(endpoint):
        return f"Check the network, or set the mirror {MIRROR} as the Hub's address, {_REMEDY_ENDS}"
    return f"Check the network, or set {HUB} as the Hub's address, {_REMEDY_ENDS}"


@dataclass(frozen=True, slots=True)
class _Response:
    status_code: int
    content: bytes


def _get(url: str, wish: dict[str, str]) -> _Response:
    """Proxies of the system are honoured; the login is not used."""
    import httpx2  # noqa: PLC0415  # slow to import, and the window reads this file too

    timeout = httpx2.Timeout(_ANSWER_SECONDS, connect=_CONNECT_SECONDS)
    try:
        with (
            httpx2.Client(timeout=timeout, follow_redirects=True) as client,
            client.stream("GET", url, params=wish) as answer,
        ):
            body = bytearray()
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > _MOST_ANSWER_BYTES:
                    raise HubUnreachable("The server's answer is larger than any known.")
            return _Response(answer.status_code, bytes(body))
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        host = urlsplit(url).hostname
        words = " ".join(str(error).split())[:160].rstrip(".") or type(error).__name__
        raise HubUnreachable(f"{host} does not answer ({words}).", remedy=offer(url)) from error


def _is_hub(body: bytes) -> bool:
    try:
        _Models.model_validate_json(b'{"models":' + body + b"}")
    except ValidationError:
        return False
    return True


def _checked(sha256: str | None) -> str | None:
    told = (sha256 or "").lower()
    return told if _SHA256.fullmatch(told) else None


class _File(BaseModel):
    path: str = Field(alias="Path")
    type: str = Field(alias="Type")
    size: int = Field(alias="Size", ge=0)
    sha256: str | None = Field(alias="Sha256", default=None)


class _Files(BaseModel):
    files: list[_File] = Field(alias="Files")


class _Listing(BaseModel):
    content: _Files = Field(alias="Data")


class _Model(BaseModel):
    id: str


class _Models(BaseModel):
    models: list[_Model]
