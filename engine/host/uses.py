"""When each model was last loaded; kept on disk."""

from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter

from engine.host.notebook import Notebook

_MOST = 4096
_notes: TypeAdapter[dict[str, str]] = TypeAdapter(dict[str, str])


class Uses:
    """The last load of each model, by its id."""

    def __init__(self, path: Path) -> None:
        self._notes = Notebook(path, _notes, most=_MOST)

    def at(self, model: str) -> str | None:
        """When it was last loaded, ISO 8601 in UTC; None if that was never seen."""
        return self._notes.get(model)

    def now(self, model: str) -> None:
        """It is being used."""
        self._notes.put(model, datetime.now(UTC).isoformat(timespec="seconds"))
