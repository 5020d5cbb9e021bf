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
    (
        """
        CREATE TABLE folders (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            position INTEGER NOT NULL,
            is_open INTEGER NOT NULL DEFAULT 1
        ) STRICT
        """,
        """
        CREATE TABLE presets (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            sampling TEXT NOT NULL      -- JSON of engine.chat.Sampling
        ) STRICT
        """,
        """
        CREATE TABLE snippets (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            text TEXT NOT NULL
        ) STRICT
        """,
        "ALTER TABLE chats ADD COLUMN leaf_id INTEGER",
        "ALTER TABLE chats ADD COLUMN folder_id INTEGER REFERENCES folders (id) ON DELETE SET NULL",
        "ALTER TABLE chats ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE chats ADD COLUMN archived INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE chats ADD COLUMN trashed_at REAL",
        "ALTER TABLE chats ADD COLUMN system_prompt TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE chats ADD COLUMN preset_id INTEGER REFERENCES presets (id) ON DELETE SET NULL",
        "ALTER TABLE chats ADD COLUMN overflow TEXT CHECK (overflow IN ('refuse', 'drop_oldest'))",
        "ALTER TABLE chats ADD COLUMN draft TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE chats ADD COLUMN title_is_own INTEGER NOT NULL DEFAULT 0",
        # Who named a chat was not kept before: no model may rename what has a name.
        "UPDATE chats SET title_is_own = 1 WHERE title <> ''",
        # Small columns stand before long texts: what comes after a text lies on its last page.
        # `parent_id` is no foreign key: a cascade would be as deep as a chat is long.
        """
        CREATE TABLE messages_as_tree (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            chat_id INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
            parent_id INTEGER,          -- smaller than id; NULL: a first turn
            hidden_by INTEGER,          -- the message the person deleted: this one, or one above
            indexed INTEGER NOT NULL DEFAULT 0, -- whether its words stand in `words`
            role TEXT NOT NULL CHECK (role IN ('system', 'user', 'assistant', 'tool')),
            reasoning_seconds REAL,
            tool_call_id TEXT,
            statistics TEXT,            -- JSON of values.Statistics
            failure TEXT,
            tool_calls TEXT,            -- JSON list of engine.chat.ToolCall
            reasoning TEXT NOT NULL DEFAULT '',
            content TEXT NOT NULL DEFAULT ''
        ) STRICT
        """,
        """
        INSERT INTO messages_as_tree
            (id, chat_id, parent_id, role, reasoning_seconds, statistics, failure, reasoning,
            content)
        SELECT id, chat_id, lag(id) OVER (PARTITION BY chat_id ORDER BY id),
            role, reasoning_seconds, statistics, failure, reasoning, content FROM messages
        """,
        "DROP TABLE messages",
        "ALTER TABLE messages_as_tree RENAME TO messages",
        "UPDATE chats SET leaf_id = (SELECT max(id) FROM messages WHERE chat_id = chats.id)",
        "CREATE INDEX messages_of_chat ON messages (chat_id, id, parent_id, hidden_by)",
        "CREATE INDEX messages_to_index ON messages (id) WHERE indexed = 0",
        "CREATE INDEX messages_hidden ON messages (hidden_by) WHERE hidden_by IS NOT NULL",
        """
        CREATE TABLE attachments (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            media_type TEXT NOT NULL,
            size_bytes INTEGER NOT NULL,
            body BLOB NOT NULL
        ) STRICT
        """,
        "CREATE INDEX attachments_of_message ON attachments (message_id)",
        "CREATE INDEX chats_of_folder ON chats (folder_id) WHERE folder_id IS NOT NULL",
        "CREATE INDEX chats_of_preset ON chats (preset_id) WHERE preset_id IS NOT NULL",
        # What search.terms makes of a message, by its id. Where they stand in it is not kept.
        """
        CREATE VIRTUAL TABLE words USING fts5 (
            terms, content = '', columnsize = 0, detail = none, prefix = '1 2 3 4 5',
            tokenize = 'ascii'
        )
        """,
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
