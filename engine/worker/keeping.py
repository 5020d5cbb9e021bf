"""Idle conversations' memory on disk: found by their beginning, also after a restart.

A file holds the tokens and llama.cpp's state of one sequence. It is of use only to a context of
the same shape over the same file, which its folder is named after; any other is removed.
"""

import hashlib
import json
import os
import struct
import zlib
from array import array
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.protocol.library import LLAMA_VERSION
from engine.protocol.load import LoadSpec
from engine.worker.prefix import shared_length

WORTH_KEEPING_TOKENS = 512
_MAGIC = b"FBSTATE1"
_HEAD = struct.Struct("<8s16sQQI")  # magic, identity, tokens, bytes of state, checksum
_MOST_PENDING_BYTES = 2 << 30  # states that wait in RAM to be written

State = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A state on disk, and the tokens it is of."""

    path: Path
    tokens: "array[int]"


def identity_of(spec: LoadSpec, cells_per_sequence: int) -> bytes:
    """What must be the same, so that a state can be taken up again."""
    path = Path(spec.path)
    stat = path.stat()
    facts = [
        str(path.resolve()),
        stat.st_size,
        stat.st_mtime_ns,
        str(spec.cache_type),
        cells_per_sequence,
        LLAMA_VERSION,
    ]
    return hashlib.sha256(json.dumps(facts).encode()).digest()[:16]


class Keeping:
    """The folder of one identity. Files are written and read on a thread of its own."""

    def __init__(self, root: Path, most_bytes: int, identity: bytes, *, cuts: bool) -> None:
        """All identities under `root` together take `most_bytes`. `cuts` says whether a state can
        be cut: if not, only a whole one is of use."""
        self._root = root
        self._most_bytes = most_bytes
        self._identity = identity
        self._cuts = cuts
        self._folder = root / identity.hex()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="keeping")
        self._pending_bytes = 0
        self._kept: dict[Path, Kept] = {}
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            for path in self._folder.iterdir():
                self._look(path)

    def find(self, prompt: Sequence[int]) -> tuple[Kept, int] | None:
        """What begins most as this prompt does, and for how many tokens."""
        best: tuple[Kept, int] | None = None
        sought = array("i", prompt[:-1])  # the last token is read again: its logits are wanted
        for kept in self._kept.values():
            shared = shared_length(sought, kept.tokens)
            if not self._cuts and shared < len(kept.tokens):
                continue
            if shared >= WORTH_KEEPING_TOKENS and (best is None or shared > best[1]):
                best = (kept, shared)
        return best

    def fetch(self, kept: Kept) -> Future[State | None]:
        """Read it; None if it is not what it was."""
        return self._thread.submit(self._read, kept)

    def put(self, tokens: Sequence[int], state: State) -> None:
        """Keep that, soon; what it goes on from is no longer needed."""
        if state.nbytes > self._most_bytes or self._pending_bytes > _MOST_PENDING_BYTES:
            return
        self._pending_bytes += state.nbytes
        name = hashlib.sha256(array("i", tokens).tobytes()).hexdigest()[:32]
        kept = Kept(path=self._folder / f"{name}.kv", tokens=array("i", tokens))
        if self._cuts:
            for other in [*self._kept.values()]:
                if shared_length(other.tokens, kept.tokens) == len(other.tokens):
                    del self._kept[other.path]
                    if other.path != kept.path:
                        self._thread.submit(_remove, other.path)
        self._kept[kept.path] = kept
        self._thread.submit(self._write, kept, state)

    def holds(self, tokens: Sequence[int]) -> int:
        """How many of these tokens a kept state has already."""
        sought = array("i", tokens)
        return max((shared_length(sought, kept.tokens) for kept in self._kept.values()), default=0)

    def drop(self, kept: Kept) -> None:
        """It was of no use: remove it."""
        self._kept.pop(kept.path, None)
        self._thread.submit(_remove, kept.path)

    def finish(self, seconds: float) -> None:
        """Wait so long for what is still being written."""
        with suppress(TimeoutError):
            self._thread.submit(lambda: None).result(seconds)

    # --- on the thread ---------------------------------------------------------------------

    def _look(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                magic, identity, count, size, _ = _HEAD.unpack(file.read(_HEAD.size))
                whole = path.stat().st_size == _HEAD.size + 4 * count + size
                if magic == _MAGIC and identity == self._identity and whole:
                    tokens = array("i")
                    tokens.fromfile(file, count)
                    self._kept[path] = Kept(path=path, tokens=tokens)
                    return
        except (OSError, struct.error, EOFError):
            pass
        _remove(path)

    def _write(self, kept: Kept, state: State) -> None:
        draft = kept.path.with_suffix(".new")
        try:
            tokens = kept.tokens.tobytes()
            check = zlib.crc32(state.data, zlib.crc32(tokens))
            with draft.open("wb") as file:
                file.write(
                    _HEAD.pack(_MAGIC, self._identity, len(kept.tokens), state.nbytes, check)
                )
                file.write(tokens)
                file.write(state.data)
            draft.replace(kept.path)
            self._trim()
        except OSError:  # a full disk, a folder that is gone: then it is read again
            self._kept.pop(kept.path, None)
            _remove(draft)
        finally:
            self._pending_bytes -= state.nbytes

    def _read(self, kept: Kept) -> State | None:
        try:
            with kept.path.open("rb") as file:
                magic, identity, count, size, check = _HEAD.unpack(file.read(_HEAD.size))
                if magic != _MAGIC or identity != self._identity or count != len(kept.tokens):
                    return None
                tokens = file.read(4 * count)
                state = np.empty(size, np.uint8)
                got = file.readinto(state.data)
            if got != size or zlib.crc32(state.data, zlib.crc32(tokens)) != check:
                return None
            os.utime(kept.path)  # used: the last to go
        except (OSError, struct.error, MemoryError):
            return None
        return state

    def _trim(self) -> None:
        """The least lately used go first, of whatever model."""
        found: list[tuple[float, int, Path]] = []
        for path in self._root.glob("*/*.kv"):
            with suppress(OSError):
                stat = path.stat()
                found.append((stat.st_mtime, stat.st_size, path))
        room = self._most_bytes
        for _, size, path in sorted(found, reverse=True):
            room -= size
            if room < 0:
                self._kept.pop(path, None)
                _remove(path)


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)
