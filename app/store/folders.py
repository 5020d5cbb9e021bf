"""Folders of chats."""

import sqlite3

from app.store.database import foreseen, transaction
from app.store.rows import storable
from app.store.values import Folder


class Folders:
    """The desk of folders. Every verb may raise DiskFull or another StoreError."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def all(self) -> tuple[Folder, ...]:
        """As the person ordered them."""
        with foreseen():
            rows: list[tuple[int, str, int, int]] = self._connection.execute(
                "SELECT id, name, position, is_open FROM folders ORDER BY position, id"
            ).fetchall()
        return tuple(
            Folder(id=number, name=name, position=position, is_open=bool(is_open))
            for number, name, position, is_open in rows
        )

    def new(self, name: str) -> Folder:
        """Make one, below all others."""
        position, name = len(self.all()), storable(name)
        with foreseen():
            cursor = self._connection.execute(
                "INSERT INTO folders (name, position) VALUES (?, ?)", (name, position)
            )
        assert cursor.lastrowid is not None
        return Folder(id=cursor.lastrowid, name=name, position=position)

    def rename(self, folder_id: int, name: str) -> None:
        """Give it another name."""
        self._write("UPDATE folders SET name = ? WHERE id = ?", storable(name), folder_id)

    def open(self, folder_id: int, is_open: bool) -> None:  # noqa: FBT001 - open(5, False) reads well
        """Remember whether it is unfolded."""
        self._write("UPDATE folders SET is_open = ? WHERE id = ?", int(is_open), folder_id)

    def move(self, folder_id: int, position: int) -> None:
        """Put it at that place, from 0; the others make room."""
        order = [folder.id for folder in self.all()]
        if folder_id not in order:
            return
        order.remove(folder_id)
        order.insert(position, folder_id)
        self._number(order)

    def delete(self, folder_id: int) -> None:
        """Remove it; its chats stay, without a folder."""
        self._write("DELETE FROM folders WHERE id = ?", folder_id)
        self._number([folder.id for folder in self.all()])

    def _number(self, order: list[int]) -> None:
        with foreseen(), transaction(self._connection):
            self._connection.executemany(
                "UPDATE folders SET position = ? WHERE id = ?", list(enumerate(order))
            )

    def _write(self, statement: str, *values: object) -> None:
        with foreseen():
            self._connection.execute(statement, values)
