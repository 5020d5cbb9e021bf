"""Kept: the stretches of remote files that were fetched once, on disk."""

import hashlib
import os
import shutil
import threading
import zlib
from contextlib import suppress
from pathlib import Path

_MOST_REPOSITORIES = 64
_CHECK_BYTES = 4


class Kept:
    """Stretches of the files of one commit of one repository.

    A commit never changes, so they are good for ever; those of the repository's other commits are
    thrown away, as are the repositories longest unused. A disk that cannot be written costs only
    the second fetch.
    """

    def __init__(self, root: Path, repository: str, commit: str) -> None:
        self.folder = root / repository / commit[:16]
        with suppress(OSError):
            self._make()

    def get(self, file: str, start: int, count: int) -> bytes | None:
        """These bytes, if they are here and unharmed."""
        try:
            kept = self._place(file, start, count).read_bytes()
        except OSError:
            return None
        check, body = kept[:_CHECK_BYTES], kept[_CHECK_BYTES:]
        return body if len(body) == count and check == _check(body) else None

    def put(self, file: str, start: int, body: bytes) -> None:
        """Keep these bytes."""
        place = self._place(file, start, len(body))
        part = place.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        with suppress(OSError):
            part.write_bytes(_check(body) + body)
            part.replace(place)

    def folder_for(self, files: tuple[str, ...]) -> Path:
        """A folder of its own for what is made of these files."""
        return self.folder / _token("\n".join(files))

    def _place(self, file: str, start: int, count: int) -> Path:
        return self.folder / f"{_token(file)}-{start}-{count}.piece"

    def _make(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        os.utime(self.folder.parent)
        for other in self.folder.parent.iterdir():
            if other != self.folder:
                shutil.rmtree(other, ignore_errors=True)
        root = self.folder.parent.parent
        by_use = sorted(root.iterdir(), key=lambda one: one.stat().st_mtime, reverse=True)
        for old in by_use[_MOST_REPOSITORIES:]:
            shutil.rmtree(old, ignore_errors=True)


def _token(text: str) -> str:
    # Names of files may be too long for a disk, or alike but for their case.
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _check(body: bytes) -> bytes:
    return zlib.crc32(body).to_bytes(_CHECK_BYTES, "little")
