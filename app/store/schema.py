"""The chats' tables, as the steps that led to them.

A step is never edited once released: a change is a new step. `PRAGMA user_version` counts the
steps a file has taken.
"""

import sqlite3

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE chats (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            title TEXT NOT NULL DEFAULT '',
            created_at REAL NOT NULL,   -- seconds since 1970, UTC
            updated_at REAL NOT NULL,
            model TEXT
        ) STRICT
        """,
        "CREATE INDEX chats_by_age ON chats (updated_at DESC, id DESC)",
        """
        CREATE TABLE messages (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            chat_id INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
            role TEXT NOT NULL CHECK (role IN ('system', 'user', 'assistant')),
            content TEXT NOT NULL DEFAULT '',
            reasoning TEXT NOT NULL DEFAULT '',
            reasoning_seconds REAL,
            statistics TEXT,            -- JSON of values.Statistics
            failure TEXT
        ) STRICT
        """,
        "CREATE INDEX messages_of_chat ON messages (chat_id, id)",
    ),
)

VERSION = len(MIGRATIONS)


def version_of(connection: sqlite3.Connection) -> int:
    """How many steps this file has taken."""
    row: tuple[int] = connection.execute("PRAGMA user_version").fetchone()
    return row[0]


def migrate(
    connection: sqlite3.Connection, steps: tuple[tuple[str, ...], ...] = MIGRATIONS
) -> None:
    """Take the steps that are missing, each in one transaction: taken whole or not at all.

    The connection must be in autocommit mode (`isolation_level=None`).
    """
    for number, statements in enumerate(
        steps[version_of(connection) :], version_of(connection) + 1
    ):
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in statements:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
