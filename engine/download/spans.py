"""Stretches of the Hub's files, by range requests; what came once is kept on disk.

huggingface_hub connects, authorises and redirects; of a server that does not honour ranges not a
byte of content is read.
"""

import hashlib
import re
import threading
import time
from pathlib import Path

import httpx2
from huggingface_hub import constants, get_session, hf_hub_url, hf_raise_for_status
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import (
    build_hf_headers,  # pyright: ignore[reportUnknownVariableType]  # a bare `dict` in it
)

from engine.download.hub import listing, login
from engine.download.kept import Kept
from engine.download.wire import Look, Outline
from engine.errors import DownloadError, HubUnreachable, NotAModel, RepositoryNotFound

_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
_TIMEOUT = httpx2.Timeout(15.0, connect=10.0)
_ATTEMPTS = 4
_LONGEST_PAUSE_SECONDS = 10.0
_PIECE_SECONDS = 60.0  # for two megabytes at the most
# Four times what a repository of thirty quantizations may need.
_MOST_BYTES = 160 << 20


class Spans:
    """Fetches stretches of the files of one version of one repository. Belongs to all threads."""

    def __init__(self, wish: Look | Outline) -> None:
        self._repository = wish.repository
        self._endpoint = wish.endpoint
        self.commit, self._sizes = listing(wish.repository, wish.endpoint)
        self._login = login(wish.endpoint)
        origin = hashlib.sha256((wish.endpoint or constants.ENDPOINT).encode()).hexdigest()[:8]
        name = wish.repository.replace("/", "--")
        self.kept = Kept(Path(wish.cache), f"{name}-{origin}", self.commit)
        self._asked_bytes = 0
        self._counting = threading.Lock()
        self._found: dict[str, str] = {}

    def size_of(self, file: str) -> int:
        """The file's size. Raises RepositoryNotFound."""
        if file not in self._sizes:
            raise RepositoryNotFound(
                f"{self._repository} no longer has the file {file}.",
                remedy="Look at its quantizations again.",
            )
        return self._sizes[file]

    def fetch(self, file: str, start: int, count: int) -> bytes:
        """These bytes of that file, from the disk or from the Hub.

        Raises DownloadError for a server that ignores ranges or lies, NotAModel where the headers
        of the repository together are larger than any, and what huggingface_hub and httpx2 raise.
        """
        with self._counting:
            self._asked_bytes += count
            if self._asked_bytes > _MOST_BYTES:
                raise NotAModel("The repository's headers are larger than any known.")
        body = self.kept.get(file, start, count)
        if body is None:
            body = self._persistently(file, start, count)
            self.kept.put(file, start, body)
        return body

    def _persistently(self, file: str, start: int, count: int) -> bytes:
        attempt = 0
        while True:
            attempt += 1
            try:
                return self._once(file, start, count)
            except (httpx2.TransportError, HfHubHTTPError) as error:
                pause = self._pause(error, attempt, was_found=self._found.pop(file, None))
                if pause is None:
                    raise
                time.sleep(pause)

    def _pause(self, error: Exception, attempt: int, *, was_found: str | None) -> float | None:
        """How long to wait before the next attempt; None if there is to be none."""
        patience = 2 if isinstance(error, httpx2.TimeoutException) else _ATTEMPTS
        if attempt >= patience:
            return None
        pause = 0.2 * 3**attempt
        if not isinstance(error, HfHubHTTPError):
            return pause
        status = error.response.status_code
        if status in {401, 403} and was_found:
            return 0.0  # the address it was redirected to was good for a while only
        if status not in {408, 429} and status < 500:
            return None
        told = str(error.response.headers.get("Retry-After", ""))
        wanted = float(told) if told.isdecimal() and len(told) < 6 else pause
        return min(max(wanted, pause), _LONGEST_PAUSE_SECONDS)

    def _once(self, file: str, start: int, count: int) -> bytes:
        home = hf_hub_url(self._repository, file, revision=self.commit, endpoint=self._endpoint)
        url = self._found.get(file, home)
        range_ = {"Accept-Encoding": "identity", "Range": f"bytes={start}-{start + count - 1}"}
        # The login is for the Hub alone, not for the host where it keeps the content.
        headers = build_hf_headers(token=self._login if url == home else False, headers=range_)
        until = time.monotonic() + _PIECE_SECONDS
        with get_session().stream("GET", url, headers=headers, timeout=_TIMEOUT) as response:
            hf_raise_for_status(response)
            _check_range(response, start, count, self.size_of(file))
            body = _body(response, count, until)
            if response.url.host != httpx2.URL(home).host:
                self._found[file] = str(response.url)
        return body


def _check_range(response: httpx2.Response, start: int, count: int, size: int) -> None:
    """Is this the answer to what was asked? Looked at before any content is read."""
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise DownloadError("The server packs what it was asked to send as it is.")
    if response.status_code == 200 and count == size:
        return  # a small file, asked for whole
    if response.status_code != 206:
        raise DownloadError(
            "The server sends whole files only, so the header cannot be read alone.",
            remedy="Set another mirror, or download the model to see what it needs.",
        )
    said = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
    if said is None or (int(said[1]), int(said[2])) != (start, start + count - 1):
        raise DownloadError("The server sends another part of the file than it was asked for.")
    if said[3] not in {"*", str(size)}:
        raise DownloadError("The server has a file of another size than the Hub says.")


def _body(response: httpx2.Response, count: int, until: float) -> bytes:
    body = bytearray()
    for piece in response.iter_raw(1 << 16):
        body += piece
        if len(body) > count:
            break
        if time.monotonic() > until:
            raise HubUnreachable("The Hub sends too slowly for a header to be read.")
    if len(body) != count:
        raise DownloadError("The server sends more or less than it was asked for.")
    return bytes(body)
