"""Hashes that are known: measured here, or told by the Hub when the file came."""

import logging
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from engine.library.hashing import told_by_name
from engine.replacing import put_in_place

_log = logging.getLogger(__name__)


class _Line(BaseModel):
    """One file. `measured` holds for its size and time alone, `told` for what should be there."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    size_bytes: int = 0
    modified_ns: int = 0
    measured: str | None = None
    told: str | None = None


_kept: TypeAdapter[dict[str, _Line]] = TypeAdapter(dict[str, _Line])


class Hashes:
    """sha256 by file; kept in a file, and no loss if it is lost. All methods may read the disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = dict[str, _Line]()
        self._seen: int | None = None  # when the file was last written, as it was last read

    def told(self, file: Path) -> str | None:
        """What the file's bytes should be: by its own name, or as it was told. Raises OSError."""
        return told_by_name(file) or self._line(file).told

    def measured(self, file: Path) -> str | None:
        """What they were found to be, if the file was not touched since. Raises OSError."""
        line, found = self._line(file), file.stat()
        same = (line.size_bytes, line.modified_ns) == (found.st_size, found.st_mtime_ns)
        return line.measured if same else None

    def tell(self, file: Path, hash_: str) -> None:
        """Remember what its bytes should be."""
        self._write(file, self._line(file).model_copy(update={"told": hash_}))

    def measure(self, file: Path, hash_: str) -> None:
        """Remember what they are. Raises OSError."""
        found = file.stat()
        seen = {
            "size_bytes": found.st_size,
            "modified_ns": found.st_mtime_ns,
            "measured": hash_,
        }
        self._write(file, self._line(file).model_copy(update=seen))

    def forget(self, file: Path) -> None:
        """It is gone."""
        if self._read().pop(str(file), None) is not None:
            self._save()

    def _line(self, file: Path) -> _Line:
        return self._read().get(str(file), _Line())

    def _write(self, file: Path, line: _Line) -> None:
        self._read()[str(file)] = line
        self._save()

    def _read(self) -> dict[str, _Line]:
        """What is known; read again if a verb in a terminal wrote it meanwhile."""
        written = _written(self._path)
        if written != self._seen:
            self._seen = written
            try:
                self._known = _kept.validate_json(self._path.read_bytes())
            except (OSError, ValidationError):
                self._known = {}
        return self._known

    def _save(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            draft = self._path.with_suffix(".new")
            draft.write_bytes(_kept.dump_json(self._known))
            put_in_place(draft, self._path)
            self._seen = _written(self._path)
        except OSError as problem:
            _log.warning("Hashes could not be kept: %s", problem)


def _written(path: Path) -> int | None:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return None
