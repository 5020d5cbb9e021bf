"""Which models were loaded: when each last was, and which from elsewhere; kept on disk."""

from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter

from engine.host.guests import Guests
from engine.host.notebook import Notebook

_MOST = 4096
_notes: TypeAdapter[dict[str, str]] = TypeAdapter(dict[str, str])


class Uses:
    """The last load of each model, by its id, and the guests."""

    def __init__(self, folder: Path) -> None:
        """What is known lies in that folder."""
        self.guests = Guests(folder / "guests.json")
        self._notes = Notebook(folder / "used.json", _notes, most=_MOST)

    def at(self, model: str) -> str | None:
        """When it was last loaded, ISO 8601 in UTC; None if that was never seen."""
        return self._notes.get(model)

    def now(self, model: str) -> None:
        """It is being used."""
        self._notes.put(model, datetime.now(UTC).isoformat(timespec="seconds"))
