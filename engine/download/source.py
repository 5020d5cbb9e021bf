"""One file at its sources: what it is, and streams of its bytes.

huggingface_hub connects, authorises and redirects. The login is for the endpoint it belongs to
alone: not for the host that keeps its content, nor for a second source.
"""

import email.utils
import re
import threading
import time
from collections.abc import Generator
from dataclasses import dataclass, replace
from itertools import count

import httpx2
from huggingface_hub import (
    constants,
    get_hf_file_metadata,  # pyright: ignore[reportUnknownVariableType]  # a bare `dict` in it
    get_session,
    hf_hub_url,
    hf_raise_for_status,
)
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import (
    build_hf_headers,  # pyright: ignore[reportUnknownVariableType]  # the same
)

from engine.download import mirrors, token
from engine.download.wire import Fetch
from engine.errors import DownloadError, HubUnreachable

_SHA256 = re.compile(r"[0-9a-f]{64}")
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
_TIMEOUT = httpx2.Timeout(30.0, connect=10.0)
_QUESTIONS = 2  # more, where the first was not answered
_LONGEST_WAIT_SECONDS = 300.0


class NoRanges(Exception):
    """The server sends whole files only."""


class Changed(Exception):
    """What the server has there now is not what it was."""


class Misfit(Exception):
    """The server sends something else than it was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What a source says of a file. `version` names it in the part's name."""

    size_bytes: int
    version: str
    sha256: str | None
    url: str
    login: str | bool


def describe(wish: Fetch, number: int) -> Described:
    """What the first source says of that file of the wish; the second one, where it is silent.

    The second is believed where a hash of the first is known. Raises what huggingface_hub does.
    """
    file = wish.files[number]
    told = wish.hashes[number] if number < len(wish.hashes) else None
    told = told if told and _SHA256.fullmatch(told) else None
    endpoint = wish.endpoint or constants.ENDPOINT
    login = token.login(endpoint)
    for attempt in count():
        try:
            found = _described(endpoint, wish.repository, file, login=login)
            return found if found.sha256 else replace(found, sha256=told)
        except (httpx2.TransportError, HfHubHTTPError) as error:
            if not passing(error):
                raise
            if attempt < _QUESTIONS:
                time.sleep(min(retry_after(error) or 0.3 * 3**attempt, _LONGEST_WAIT_SECONDS))
            elif wish.second_source is None or told is None:
                raise
            else:
                return _second(wish.second_source, wish.repository, file, told)
    raise AssertionError


def _described(endpoint: str, repository: str, file: str, *, login: str | bool) -> Described:
    url = hf_hub_url(repository, file, endpoint=endpoint)
    known = get_hf_file_metadata(url, token=login, endpoint=endpoint)
    if known.size is None or known.etag is None or known.commit_hash is None:
        raise HubUnreachable("What answers in the Hub's place does not answer as it does.")
    return Described(
        size_bytes=known.size,
        version=known.etag,
        sha256=known.etag if _SHA256.fullmatch(known.etag) else None,
        # The very version just described, though the repository may change meanwhile.
        url=hf_hub_url(repository, file, revision=known.commit_hash, endpoint=endpoint),
        login=login,
    )


def _second(endpoint: str, repository: str, file: str, sha256: str) -> Described:
    if mirrors.is_modelscope(endpoint):
        found = mirrors.offered(endpoint, repository).get(file)
        size = found.size_bytes if found else 0
        mirrors.check_same(found, size, sha256)
    else:
        size = _described(endpoint, repository, file, login=False).size_bytes
    url = mirrors.file_url(endpoint, repository, file)
    return Described(size_bytes=size, version=sha256, sha256=sha256, url=url, login=False)


class Source:
    """Where the bytes of one file come from. Belongs to all threads."""

    def __init__(self, url: str, size_bytes: int, *, login: str | bool) -> None:
        self._home = url
        self._size = size_bytes
        self._login = login
        self._found: str | None = None  # where it was redirected to
        self._etags: dict[str, str] = {}
        self._counting = threading.Lock()
        self._free_at = 0.0

    def pieces(self, start: int, count: int) -> Generator[bytes]:
        """These bytes, or fewer if the connection ends early.

        Raises NoRanges, Changed, Misfit, and what huggingface_hub and httpx2 raise.
        """
        with self._answer(f"bytes={start}-{start + count - 1}") as response:
            self._check(response, start, count)
            yield from _cut(response, count)

    def whole(self) -> Generator[bytes]:
        """All bytes from the beginning, of a server that knows no ranges."""
        with self._answer(None) as response:
            said = str(response.headers.get("Content-Length", ""))
            if said.isdecimal() and int(said) != self._size:
                raise Changed
            yield from _cut(response, self._size)

    def hold(self, seconds: float) -> None:
        """The server asked to be left alone for so long."""
        with self._counting:
            until = time.monotonic() + min(seconds, _LONGEST_WAIT_SECONDS)
            self._free_at = max(self._free_at, until)

    @property
    def wait_seconds(self) -> float:
        """How long it still wants to be left alone."""
        return max(self._free_at - time.monotonic(), 0.0)

    def forget_redirect(self) -> bool:
        """Ask at home again; whether it was redirected at all."""
        had, self._found = self._found is not None, None
        return had

    def _answer(self, range_: str | None) -> "_Answer":
        url = self._found or self._home
        headers = {"Accept-Encoding": "identity"} | ({"Range": range_} if range_ else {})
        login = self._login if url == self._home else False
        return _Answer(url, build_hf_headers(token=login, headers=headers))

    def _check(self, response: httpx2.Response, start: int, count: int) -> None:
        """Is this the answer to what was asked? Looked at before any content is read."""
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise Misfit("packs what it was asked to send as it is")
        if response.status_code != 206:
            if count == self._size:
                return  # all of it was asked for
            raise NoRanges
        said = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if said is None or int(said[1]) != start:
            raise Misfit("sends another part of the file than it was asked for")
        if said[3] not in {"*", str(self._size)}:
            raise Changed
        etag, host = response.headers.get("ETag"), response.url.host
        if etag and self._etags.setdefault(host, etag) != etag:
            raise Changed
        if response.url.host != httpx2.URL(self._home).host:
            self._found = str(response.url)


class _Answer:
    """A response that is being read; one that refuses is an error."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self._stream = get_session().stream("GET", url, headers=headers, timeout=_TIMEOUT)

    def __enter__(self) -> httpx2.Response:
        response = self._stream.__enter__()
        try:
            _check_status(response)
        except BaseException:
            self._stream.__exit__(None, None, None)
            raise
        return response

    def __exit__(self, *error: object) -> None:
        self._stream.__exit__(None, None, None)


def _check_status(response: httpx2.Response) -> None:
    if response.status_code == 416:
        raise Changed
    hf_raise_for_status(response)


def _cut(response: httpx2.Response, count: int) -> Generator[bytes]:
    """The content, and not a byte more than was asked for."""
    for piece in response.iter_raw():
        yield piece[:count]
        count -= len(piece)
        if count <= 0:
            return


def passing(error: Exception) -> bool:
    """May the same request succeed later?"""
    if isinstance(error, HfHubHTTPError):
        status = error.response.status_code
        return status in {408, 429} or status >= 500
    return True


def is_refused(error: Exception) -> bool:
    """Is it an address that is good no longer, or a login that is missing?"""
    return isinstance(error, HfHubHTTPError) and error.response.status_code in {401, 403}


def retry_after(error: Exception) -> float | None:
    """How long the server asks to be left alone: seconds or a date. None if it does not."""
    if not isinstance(error, HfHubHTTPError):
        return None
    told = str(error.response.headers.get("Retry-After", "")).strip()
    if told.isdecimal() and len(told) < 7:
        return float(told)
    try:
        return max(email.utils.parsedate_to_datetime(told).timestamp() - time.time(), 0.0)
    except (ValueError, OverflowError):
        return None


def refusal_of(misfit: Misfit) -> DownloadError:
    """The sentence for a server that goes on sending something else."""
    return DownloadError(
        f"The server {misfit}.", remedy="Set another mirror, then try again: nothing is lost."
    )
