"""Ways of sampling with a name."""

import sqlite3

from app.store.database import foreseen
from app.store.rows import sampling_as_text, sampling_from, storable
from app.store.values import Preset
from engine.chat import Sampling


class Presets:
    """The desk of presets. Every verb may raise DiskFull or another StoreError."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def all(self) -> tuple[Preset, ...]:
        """By name."""
        with foreseen():
            rows: list[tuple[int, str, str]] = self._connection.execute(
                "SELECT id, name, sampling FROM presets ORDER BY name COLLATE NOCASE, id"
            ).fetchall()
        return tuple(
            Preset(id=number, name=name, sampling=sampling_from(sampling))
            for number, name, sampling in rows
        )

    def new(self, name: str, sampling: Sampling) -> Preset:
        """Keep that one."""
        name = storable(name)
        with foreseen():
            cursor = self._connection.execute(
                "INSERT INTO presets (name, sampling) VALUES (?, ?)",
                (name, sampling_as_text(sampling)),
            )
        assert cursor.lastrowid is not None
        return Preset(id=cursor.lastrowid, name=name, sampling=sampling)

    def amend(self, preset: Preset) -> None:
        """Write what it is now."""
        with foreseen():
            self._connection.execute(
                "UPDATE presets SET name = ?, sampling = ? WHERE id = ?",
                (storable(preset.name), sampling_as_text(preset.sampling), preset.id),
            )

    def delete(self, preset_id: int) -> None:
        """Remove it; chats that used it use the default sampling."""
        with foreseen():
            self._connection.execute("DELETE FROM presets WHERE id = ?", (preset_id,))
