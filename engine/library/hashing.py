"""Hashes of whole files, and of their ends; what a file's own name says of its bytes."""

import hashlib
import re
import threading
from collections.abc import Callable
from pathlib import Path

_CHUNK_BYTES = 4 << 20
_END_BYTES = 1 << 20
# Blobs of Ollama and of the Hugging Face cache are called by their hash.
_BLOB = re.compile(r"(?:sha256-)?(?P<hash>[0-9a-f]{64})")


class Stopped(Exception):
    """Nobody waits for the hash any more."""


def sha256_of(path: Path, read: Callable[[int], None], stopped: threading.Event) -> str:
    """The file's sha256. `read` hears of every stretch of bytes. Raises OSError or Stopped."""
    state = hashlib.sha256()
    buffer = memoryview(bytearray(_CHUNK_BYTES))
    with path.open("rb", buffering=0) as source:
        while count := source.readinto(buffer):
            if stopped.is_set():
                raise Stopped
            state.update(buffer[:count])  # lets other threads run meanwhile
            read(count)
    return state.hexdigest()


def mark_of(path: Path) -> bytes:
    """Tells most files of one size apart by their first and last megabyte. Raises OSError."""
    with path.open("rb") as source:
        state = hashlib.sha256(source.read(_END_BYTES))
        source.seek(max(0, path.stat().st_size - _END_BYTES))
        state.update(source.read(_END_BYTES))
    return state.digest()


def told_by_name(path: Path) -> str | None:
    """The sha256 that the file's name promises. Raises OSError."""
    blob = _BLOB.fullmatch(path.resolve().name)
    return blob["hash"] if blob else None
