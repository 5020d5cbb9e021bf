"""The verbs of chats on disk. Each is one short transaction, well under 5 ms."""

import json
import sqlite3
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.store.database import foreseen, open_database
from app.store.values import Chat, Statistics, StoredMessage
from engine.chat import Role

TITLE_CHARACTERS = 48


def title_from(question: str) -> str:
    """A chat's title: the question's first line, cut between words."""
    words = " ".join((question.strip().splitlines() or [""])[0].split())
    if len(words) <= TITLE_CHARACTERS:
        return words
    cut = words[: TITLE_CHARACTERS - 1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > TITLE_CHARACTERS // 2 else cut) + "…"


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ChatStore:
    """All chats. Belongs to the thread that made it.

    `trouble` is what was wrong with the file, None if nothing was. Every verb may raise DiskFull
    or another StoreError; then nothing of it has happened.
    """

    def __init__(self, path: Path, *, now: Callable[[], datetime] = _utc_now) -> None:
        opened = open_database(path)
        self._connection, self.trouble, self._now = opened.connection, opened.trouble, now

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def chats(self) -> tuple[Chat, ...]:
        """All of them, the one used last first."""
        with foreseen():
            rows = self._connection.execute(
                "SELECT id, title, created_at, updated_at, model FROM chats"
                " ORDER BY updated_at DESC, id DESC"
            ).fetchall()
        return tuple(_chat(row) for row in rows)

    def chat(self, chat_id: int) -> Chat | None:
        """That one, if it is still there."""
        with foreseen():
            row = self._connection.execute(
                "SELECT id, title, created_at, updated_at, model FROM chats WHERE id = ?",
                (chat_id,),
            ).fetchone()
        return None if row is None else _chat(row)

    def new(self, *, title: str = "", model: str | None = None) -> Chat:
        """Start one."""
        now = self._now()
        with foreseen():
            cursor = self._connection.execute(
                "INSERT INTO chats (title, created_at, updated_at, model) VALUES (?, ?, ?, ?)",
                (title, now.timestamp(), now.timestamp(), model),
            )
        assert cursor.lastrowid is not None
        return Chat(id=cursor.lastrowid, title=title, created_at=now, updated_at=now, model=model)

    def rename(self, chat_id: int, title: str) -> None:
        """Give it another title; its age stays."""
        with foreseen():
            self._connection.execute("UPDATE chats SET title = ? WHERE id = ?", (title, chat_id))

    def delete(self, chat_id: int) -> None:
        """Remove it and its messages for good."""
        with foreseen():
            self._connection.execute("DELETE FROM chats WHERE id = ?", (chat_id,))

    def answered_by(self, chat_id: int, model: str) -> None:
        """Remember which model answered last."""
        with foreseen():
            self._connection.execute("UPDATE chats SET model = ? WHERE id = ?", (model, chat_id))

    def messages(self, chat_id: int) -> tuple[StoredMessage, ...]:
        """What was said in it, in order."""
        with foreseen():
            rows = self._connection.execute(
                "SELECT id, chat_id, role, content, reasoning, reasoning_seconds, statistics,"
                " failure FROM messages WHERE chat_id = ? ORDER BY id",
                (chat_id,),
            ).fetchall()
        return tuple(_message(row) for row in rows)

    def append(self, chat_id: int, message: StoredMessage) -> StoredMessage:
        """Add that turn; the answer has its id. The chat becomes the newest."""
        with foreseen(), _transaction(self._connection):
            cursor = self._connection.execute(
                "INSERT INTO messages (role, content, reasoning, reasoning_seconds, statistics,"
                " failure, chat_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*_columns(message), chat_id),
            )
            self._connection.execute(
                "UPDATE chats SET updated_at = ? WHERE id = ?", (self._now().timestamp(), chat_id)
            )
        return replace(message, id=cursor.lastrowid, chat_id=chat_id)

    def amend(self, message: StoredMessage) -> None:
        """Write what that message says now; it must have an id."""
        assert message.id is not None
        with foreseen():
            self._connection.execute(
                "UPDATE messages SET role = ?, content = ?, reasoning = ?, reasoning_seconds = ?,"
                " statistics = ?, failure = ? WHERE id = ?",
                (*_columns(message), message.id),
            )


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Generator[None]:
    """BEGIN … COMMIT, or ROLLBACK when something was raised, by COMMIT too."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk may have rolled back already
            connection.execute("ROLLBACK")
        raise


def _columns(message: StoredMessage) -> tuple[object, ...]:
    statistics = None if message.statistics is None else json.dumps(asdict(message.statistics))
    return (
        message.role.value,
        message.content,
        message.reasoning,
        message.reasoning_seconds,
        statistics,
        message.failure,
    )


def _chat(row: tuple[Any, ...]) -> Chat:
    number, title, created, updated, model = row
    return Chat(
        id=number,
        title=title,
        created_at=datetime.fromtimestamp(created, UTC),
        updated_at=datetime.fromtimestamp(updated, UTC),
        model=model,
    )


def _message(row: tuple[Any, ...]) -> StoredMessage:
    number, chat_id, role, content, reasoning, seconds, statistics, failure = row
    return StoredMessage(
        id=number,
        chat_id=chat_id,
        role=Role(role),
        content=content,
        reasoning=reasoning,
        reasoning_seconds=seconds,
        statistics=None if statistics is None else Statistics(**json.loads(statistics)),
        failure=failure,
    )
