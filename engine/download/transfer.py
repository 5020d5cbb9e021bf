"""Files from the Hub to this disk: resumed where they stopped, verified, then moved into place.

huggingface_hub finds, authorises and connects; the bytes are read here, because its own download
starts anew in each process (since 2.0 its partial files have unique names) and tells its
progress only every ten megabytes.
"""

import hashlib
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import httpx2
from huggingface_hub import (
    get_hf_file_metadata,  # pyright: ignore[reportUnknownVariableType]  # a bare `dict` in it
    get_session,
    hf_hub_url,
    hf_raise_for_status,
)
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import (
    build_hf_headers,  # pyright: ignore[reportUnknownVariableType]  # the same
)

from engine.download.pace import Pace
from engine.download.wire import Fetch, Received
from engine.errors import DiskFull, DownloadError, HubUnreachable

_SHA256 = re.compile(r"[0-9a-f]{64}")
# Without a byte in between; together more than a minute, for a network that goes and comes.
_ATTEMPTS = 12
_LONGEST_PAUSE_SECONDS = 10.0
_TIMEOUT = httpx2.Timeout(30.0, connect=10.0)
_RESERVE_BYTES = 64 << 20  # a disk filled to the last byte harms everyone


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """One file to bring. `sha256` is None where the Hub gives no such hash."""

    url: str
    target: Path
    part: Path
    size_bytes: int
    sha256: str | None

    @property
    def held_bytes(self) -> int:
        """What is here already, whole or in part."""
        if self.is_here:
            return self.size_bytes
        return self.part.stat().st_size if self.part.exists() else 0

    @property
    def is_here(self) -> bool:
        """Does a file of that name and size lie in its place?"""
        return self.target.is_file() and self.target.stat().st_size == self.size_bytes


def fetch(wish: Fetch, tell: Callable[[Received], None]) -> None:
    """Bring all files of the wish, telling how far it is.

    Raises DiskFull before the first byte if they cannot fit, DownloadError for bytes that are
    not the Hub's, and whatever huggingface_hub, httpx2 and the disk raise.
    """
    files = [
        _located(wish, file, Path(target))
        for file, target in zip(wish.files, wish.targets, strict=True)
    ]
    _check_space(files)
    progress = _Progress(files, tell)
    for file in files:
        # A file that lies here is wanted again when it turned out to be broken: look closely.
        if not file.is_here or not _is_sound(file, file.target):
            _bring(file, progress)
        progress.file_done(file)


def _located(wish: Fetch, file: str, target: Path) -> _File:
    url = hf_hub_url(wish.repository, file, endpoint=wish.endpoint)
    known = get_hf_file_metadata(url, endpoint=wish.endpoint)
    if known.size is None or known.etag is None or known.commit_hash is None:
        raise HubUnreachable("What answers in the Hub's place does not answer as it does.")
    target.parent.mkdir(parents=True, exist_ok=True)
    return _File(
        # The very version just described, though the repository may change meanwhile.
        url=hf_hub_url(wish.repository, file, revision=known.commit_hash, endpoint=wish.endpoint),
        target=target,
        part=target.with_name(f"{target.name}.{_token(known.etag)}.incomplete"),
        size_bytes=known.size,
        sha256=known.etag if _SHA256.fullmatch(known.etag) else None,
    )


def _token(etag: str) -> str:
    """Names the version in the partial file's name: another version never continues it."""
    return hashlib.sha256(etag.encode()).hexdigest()[:12]


def _check_space(files: Sequence[_File]) -> None:
    missing = sum(file.size_bytes - file.held_bytes for file in files)
    free = shutil.disk_usage(files[0].target.parent).free
    if missing > 0 and missing + _RESERVE_BYTES > free:
        raise DiskFull(f"The download needs {_size(missing)} more; {_size(free)} are free.")


def _size(size_bytes: int) -> str:
    # No fraction: a hundred megabytes that lack room must not read "0.1 GB; 0.0 GB are free".
    return f"{size_bytes / 1e9:,.1f} GB" if size_bytes >= 1e10 else f"{size_bytes / 1e6:,.0f} MB"


def _bring(file: _File, progress: "_Progress") -> None:
    for stale in file.target.parent.glob(f"{_glob_literal(file.target.name)}.*.incomplete"):
        if stale != file.part:
            stale.unlink()
    if file.held_bytes > file.size_bytes:
        file.part.unlink()
    # Unbuffered: a killed process leaves on disk what it has received.
    with file.part.open("a+b", buffering=0) as part:
        _fill(file, part, progress)
        os.fsync(part.fileno())
    if not _is_sound(file, file.part):
        file.part.unlink()
        raise DownloadError(
            f"{file.target.name} arrived with wrong bytes: its checksum is not the Hub's.",
            remedy="Try again: the file will be transferred anew.",
        )
    file.part.replace(file.target)


def _fill(file: _File, part: BinaryIO, progress: "_Progress") -> None:
    """Append until the file is whole; a broken connection is taken up again where it broke."""
    failures = 0
    while (start := part.seek(0, os.SEEK_END)) < file.size_bytes:
        try:
            for piece in _pieces(file, part, start):
                part.write(piece)
                progress.file_has(part.tell())
        except (httpx2.TransportError, HfHubHTTPError) as error:
            if not _passing(error):
                raise
            failures = 0 if part.tell() > start else failures + 1
            if failures >= _ATTEMPTS:
                raise
            time.sleep(min(0.1 * 2**failures, _LONGEST_PAUSE_SECONDS))
    if part.tell() != file.size_bytes:
        part.truncate(0)
        raise DownloadError(f"{file.target.name} arrived longer than the Hub said.")


def _pieces(file: _File, part: BinaryIO, start: int) -> Iterator[bytes]:
    headers = build_hf_headers(headers={"Accept-Encoding": "identity", "Range": f"bytes={start}-"})
    with get_session().stream("GET", file.url, headers=headers, timeout=_TIMEOUT) as response:
        hf_raise_for_status(response)
        if start and response.status_code != 206:
            part.truncate(0)  # this server knows no ranges: it sends everything again
            part.seek(0)
        yield from response.iter_bytes()


def _passing(error: Exception) -> bool:
    if isinstance(error, HfHubHTTPError):
        status = error.response.status_code
        return status in {408, 429} or status >= 500
    return True


def _is_sound(file: _File, path: Path) -> bool:
    if file.sha256 is None:
        return True
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == file.sha256


def _glob_literal(name: str) -> str:
    return re.sub(r"([\[*?])", r"[\1]", name)


class _Progress:
    """Adds the files up and tells at most ten times a second, and at the end of each."""

    def __init__(self, files: Sequence[_File], tell: Callable[[Received], None]) -> None:
        self._total = sum(file.size_bytes for file in files)
        self._done = 0
        self._tell = tell
        # What earlier attempts left of files not yet begun counts as received.
        self._held = [min(file.held_bytes, file.size_bytes) for file in files]
        self._pace = Pace(time.monotonic(), sum(self._held))
        self._say(sum(self._held))

    def file_has(self, count: int) -> None:
        """The file in progress has so many bytes."""
        if self._pace.due(time.monotonic()):
            self._say(self._sum(count))

    def file_done(self, file: _File) -> None:
        """The file in progress is whole; the next one begins."""
        self._held.pop(0)
        self._done += file.size_bytes
        self._say(self._done + sum(self._held))

    def _sum(self, count: int) -> int:
        return self._done + count + sum(self._held[1:])

    def _say(self, received: int) -> None:
        speed = self._pace.mark(time.monotonic(), received)
        self._tell(
            Received(received_bytes=received, total_bytes=self._total, bytes_per_second=speed)
        )
