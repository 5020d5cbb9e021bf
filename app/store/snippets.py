"""The prompt library: texts that `/name` writes."""

import sqlite3

from app.store.database import foreseen
from app.store.rows import storable
from app.store.values import Snippet


class Snippets:
    """The desk of snippets. Every verb may raise DiskFull or another StoreError."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def all(self) -> tuple[Snippet, ...]:
        """By name."""
        with foreseen():
            rows: list[tuple[int, str, str]] = self._connection.execute(
                "SELECT id, name, text FROM snippets ORDER BY name COLLATE NOCASE, id"
            ).fetchall()
        return tuple(Snippet(id=number, name=name, text=text) for number, name, text in rows)

    def new(self, name: str, text: str) -> Snippet:
        """Keep that one."""
        name, text = storable(name), storable(text)
        with foreseen():
            cursor = self._connection.execute(
                "INSERT INTO snippets (name, text) VALUES (?, ?)", (name, text)
            )
        assert cursor.lastrowid is not None
        return Snippet(id=cursor.lastrowid, name=name, text=text)

    def amend(self, snippet: Snippet) -> None:
        """Write what it is now."""
        with foreseen():
            self._connection.execute(
                "UPDATE snippets SET name = ?, text = ? WHERE id = ?",
                (storable(snippet.name), storable(snippet.text), snippet.id),
            )

    def delete(self, snippet_id: int) -> None:
        """Remove it."""
        with foreseen():
            self._connection.execute("DELETE FROM snippets WHERE id = ?", (snippet_id,))
