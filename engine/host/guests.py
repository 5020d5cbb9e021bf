"""Guests: model files that were opened where they lie, in none of the shelf's folders."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter

from engine.host.notebook import Notebook
from engine.library.files import Folder, Origin

_MOST = 64
_notes: TypeAdapter[dict[str, str]] = TypeAdapter(dict[str, str])


class Guests:
    """Those of this run; those that were loaded are kept on disk, and come again."""

    def __init__(self, path: Path) -> None:
        self._notes = Notebook(path, _notes, most=_MOST)
        self._here: set[Path] = set()

    @property
    def folders(self) -> tuple[Folder, ...]:
        """Where the shelf finds them: each file is a folder of its own."""
        return tuple(Folder(path=file, origin=Origin.FOLDER) for file in sorted(self._files))

    def welcome(self, file: Path) -> None:
        """This one is asked for."""
        self._here.add(file)

    def keep(self, files: Sequence[Path]) -> None:
        """The model of these files was loaded; nothing is done if it is no guest."""
        if not self._files.isdisjoint(files):
            self._notes.put(str(files[0]), datetime.now(UTC).isoformat(timespec="seconds"))

    @property
    def _files(self) -> set[Path]:
        return self._here | {Path(file) for file in self._notes.noted()}
