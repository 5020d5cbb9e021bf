"""Small things known by a key, kept on disk. Disposable: a lost file is no loss."""

import logging
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from engine.replacing import put_in_place

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Notebook(Generic[T]):
    """At most so many notes; the newest push out the oldest."""

    def __init__(self, path: Path, notes: TypeAdapter[dict[str, T]], *, most: int) -> None:
        self._path = path
        self._adapter = notes
        self._most = most
        self._known: dict[str, T] | None = None

    def get(self, key: str) -> T | None:
        """What was noted under that key."""
        return self._read().get(key)

    def noted(self) -> list[str]:
        """All keys, the newest last."""
        return list(self._read())

    def put(self, key: str, value: T) -> None:
        """Note it; where the disk refuses, it is known until the end of the program."""
        known = self._read()
        known.pop(key, None)
        known[key] = value
        for oldest in list(known)[: -self._most]:
            del known[oldest]
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            draft = self._path.with_suffix(".new")
            draft.write_bytes(self._adapter.dump_json(known))
            put_in_place(draft, self._path)
        except OSError as problem:
            _log.warning("%s could not be written: %s", self._path.name, problem)

    def _read(self) -> dict[str, T]:
        if self._known is None:
            try:
                self._known = self._adapter.validate_json(self._path.read_bytes())
            except (OSError, ValidationError):
                self._known = {}
        return self._known
