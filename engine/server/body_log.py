"""Requests with all their words, a line of JSON each: only where the person asked for it."""

import asyncio
import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path

MOST_BYTES = 10_000_000  # of each of the files
_OLDER = 2
_OWNER_ONLY = 0o600

_log = logging.getLogger(__name__)


class BodyLog:
    """One file and two older ones. What cannot be written is only missed by who reads them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn = asyncio.Lock()

    async def write(self, line: Mapping[str, object]) -> None:
        """Add it, after those before."""
        text = json.dumps(line, ensure_ascii=False, default=str) + "\n"
        async with self._turn:
            await asyncio.to_thread(self._append, text.encode("utf-8", "replace"))

    def _append(self, line: bytes) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if self._path.exists() and self._path.stat().st_size + len(line) > MOST_BYTES:
                self._rotate()
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
            with os.fdopen(os.open(self._path, flags, _OWNER_ONLY), "ab") as file:
                file.write(line)
        except OSError as error:
            _log.warning("A request was not logged: %s", error.strerror or error)

    def _rotate(self) -> None:
        for number in range(_OLDER, 0, -1):
            newer = self._numbered(number - 1) if number > 1 else self._path
            if newer.exists():
                newer.replace(self._numbered(number))

    def _numbered(self, number: int) -> Path:
        return self._path.with_suffix(f".{number}.jsonl")
