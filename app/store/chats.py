"""The verbs of chats on disk. Each is one short transaction, well under 5 ms."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.store import tree
from app.store.attachments import attach, attachments_of, read_body
from app.store.database import foreseen, open_database, transaction
from app.store.folders import Folders
from app.store.presets import Presets
from app.store.rows import (
    CHAT_COLUMNS,
    MESSAGE_COLUMNS,
    chat_from,
    message_values,
    messages_from,
    storable,
    storable_message,
)
from app.store.search import Search
from app.store.snippets import Snippets
from app.store.values import Chat, Found, Imported, Place, StoredMessage
from engine.errors import StoreError

TITLE_CHARACTERS = 48

_IN_PLACE: dict[Place, str] = {
    "chats": "trashed_at IS NULL AND NOT archived",
    "archive": "trashed_at IS NULL AND archived",
    "trash": "trashed_at IS NOT NULL",
}


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
    """All chats, and with them their folders, presets of sampling and the prompt library.

    Belongs to the thread that made it. `trouble` is what was wrong with the file, None if nothing
    was. Every verb may raise DiskFull or another StoreError; then nothing of it has happened.
    """

    def __init__(self, path: Path, *, now: Callable[[], datetime] = _utc_now) -> None:
        opened = open_database(path)
        self._connection, self.trouble, self._now = opened.connection, opened.trouble, now
        self.folders = Folders(self._connection)
        self.presets = Presets(self._connection)
        self.snippets = Snippets(self._connection)
        self._search = Search(self._connection)
        try:
            self._purge_hidden()
        except StoreError as error:
            self.trouble = self.trouble or error

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def chats(self, place: Place = "chats") -> tuple[Chat, ...]:
        """All of that place: the pinned first, then the one used last."""
        return self._chats(
            f"WHERE {_IN_PLACE[place]} ORDER BY pinned DESC, updated_at DESC, id DESC"
        )

    def chat(self, chat_id: int) -> Chat | None:
        """That one, wherever it lies, if it is still there."""
        return next(iter(self._chats("WHERE id = ?", chat_id)), None)

    def new(
        self, *, title: str = "", model: str | None = None, folder_id: int | None = None
    ) -> Chat:
        """Start one."""
        now, title = self._now(), storable(title)
        with foreseen():
            cursor = self._connection.execute(
                "INSERT INTO chats (title, created_at, updated_at, model, folder_id)"
                " VALUES (?, ?, ?, ?, ?)",
                (title, now.timestamp(), now.timestamp(), model, folder_id),
            )
        assert cursor.lastrowid is not None
        return Chat(
            id=cursor.lastrowid,
            title=title,
            created_at=now,
            updated_at=now,
            model=model,
            folder_id=folder_id,
        )

    def amend_chat(self, chat: Chat) -> Chat:
        """Write what can be changed of it; its age and the trash it may lie in stay."""
        chat = replace(
            chat,
            title=storable(chat.title),
            system_prompt=storable(chat.system_prompt),
            draft=storable(chat.draft),
        )
        with foreseen():
            self._connection.execute(
                "UPDATE chats SET title = ?, model = ?, leaf_id = ?, folder_id = ?, pinned = ?,"
                " archived = ?, system_prompt = ?, preset_id = ?, overflow = ?, draft = ?,"
                " title_is_own = ? WHERE id = ?",
                (*_changeable(chat), chat.id),
            )
        return chat

    def rename(self, chat_id: int, title: str) -> None:
        """Give it another title; its age stays."""
        with foreseen():
            self._connection.execute(
                "UPDATE chats SET title = ? WHERE id = ?", (storable(title), chat_id)
            )

    def trash(self, chat_id: int) -> None:
        """Put it into the trash, to be found there until it is emptied."""
        with foreseen():
            self._connection.execute(
                "UPDATE chats SET trashed_at = ? WHERE id = ?", (self._now().timestamp(), chat_id)
            )

    def restore(self, chat_id: int) -> None:
        """Take it out of the trash, to where it was."""
        with foreseen():
            self._connection.execute("UPDATE chats SET trashed_at = NULL WHERE id = ?", (chat_id,))

    def delete(self, chat_id: int) -> None:
        """Remove it and its messages for good."""
        with foreseen(), transaction(self._connection):
            self._delete(chat_id)

    def empty_trash(self, *, older_than_days: int = 30) -> int:
        """Delete what was put there longer ago; how many those were. 0 days: all of it."""
        before = self._now() - timedelta(days=older_than_days)
        gone = [
            chat.id
            for chat in self.chats("trash")
            if chat.trashed_at is not None and chat.trashed_at <= before
        ]
        with foreseen(), transaction(self._connection):
            for chat_id in gone:
                self._delete(chat_id)
        return len(gone)

    def messages(self, chat_id: int) -> tuple[StoredMessage, ...]:
        """The branch that is shown, from the first turn to its end."""
        with foreseen():
            everything, leaf = self._all_messages(chat_id), self._leaf(chat_id)
            parents = {one.id: one.parent_id for one in everything if one.id is not None}
            if tree.is_path(parents):
                return everything
            wanted = frozenset(tree.shown(parents, leaf))
            return tuple(one for one in everything if one.id in wanted)

    def tree(self, chat_id: int) -> tuple[StoredMessage, ...]:
        """Every message of every branch, the oldest first."""
        with foreseen():
            return self._all_messages(chat_id)

    def versions(self, chat_id: int) -> dict[int, tuple[int, ...]]:
        """For each shown message with other versions: the ids of all, the oldest first."""
        with foreseen():
            parents = self._parents(chat_id)
            if tree.is_path(parents):
                return {}
            return tree.versions(parents, tree.shown(parents, self._leaf(chat_id)))

    def append(self, chat_id: int, message: StoredMessage) -> StoredMessage:
        """Add that turn below its parent; the answer has its id. The chat becomes the newest.

        It becomes the shown branch's end. Its attachments' bodies are written, and not in the
        answer.
        """
        message = replace(storable_message(message), chat_id=chat_id)
        with foreseen(), transaction(self._connection):
            message = self._insert(message)
            self._connection.execute(
                "UPDATE chats SET updated_at = ?, leaf_id = ? WHERE id = ?",
                (self._now().timestamp(), message.id, chat_id),
            )
        return message

    def amend(self, message: StoredMessage) -> None:
        """Write what that message says now; it must have an id. Its attachments stay."""
        number, message = message.id, storable_message(message)
        assert number is not None
        with foreseen(), transaction(self._connection):
            self._search.take_out(number)
            self._connection.execute(
                "UPDATE messages SET role = ?, reasoning_seconds = ?, tool_call_id = ?,"
                " statistics = ?, failure = ?, tool_calls = ?, reasoning = ?, content = ?"
                " WHERE id = ?",
                (*message_values(message), number),
            )

    def turn_to(self, chat_id: int, message_id: int) -> None:
        """Show that version, and of what follows from it the branch said last."""
        with foreseen():
            parents = self._parents(chat_id)
            if message_id in parents:
                self._set_leaf(chat_id, tree.newest_below(parents, message_id))

    def hide(self, message_id: int) -> None:
        """Delete that message and all below it, until `unhide` or the file's next opening.

        What is shown then: the version before it, else the one after, else the message above.
        """
        with foreseen(), transaction(self._connection):
            chat_id = self._chat_of(message_id)
            parents = {} if chat_id is None else self._parents(chat_id)
            if chat_id is None or message_id not in parents:
                return
            leaf = next(reversed(tree.shown(parents, self._leaf(chat_id))), None)
            self._connection.executemany(
                "UPDATE messages SET hidden_by = ? WHERE id = ?",
                [(message_id, number) for number in tree.below(parents, message_id)],
            )
            self._set_leaf(chat_id, tree.leaf_without(parents, message_id, leaf))

    def unhide(self, message_id: int) -> None:
        """Bring back what `hide` of that message took, and show it.

        Below a message that is hidden itself, it comes back with that one.
        """
        with foreseen(), transaction(self._connection):
            chat_id = self._chat_of(message_id)
            self._connection.execute(
                "UPDATE messages SET hidden_by = (SELECT above.hidden_by FROM messages AS above"
                " JOIN messages AS it ON it.parent_id = above.id WHERE it.id = ?)"
                " WHERE hidden_by = ?",
                (message_id, message_id),
            )
            parents = {} if chat_id is None else self._parents(chat_id)
            if chat_id is not None and message_id in parents:
                self._set_leaf(chat_id, tree.newest_below(parents, message_id))

    def fork(self, chat_id: int, message_id: int) -> Chat:
        """A new chat with the branch up to that message, and everything chosen for the old one.

        Raises StoreError if they are no longer there.
        """
        old = self.chat(chat_id)
        with foreseen():
            parents = self._parents(chat_id)
            if old is None or message_id not in parents:
                raise StoreError("This message is no longer there.", remedy="Open the chat again.")
            path = tree.branch(parents, message_id)
            wanted = frozenset(path)
            said = [one for one in self._all_messages(chat_id) if one.id in wanted]
        return self._take_in(replace(old, leaf_id=message_id, draft=""), said, self._now())

    def take_in(self, imported: Imported) -> Chat:
        """Make a chat of what was read from a file; it keeps its age."""
        stored = [storable_message(message) for message in imported.messages]
        old = Chat(
            id=0,
            title=storable(imported.title),
            created_at=imported.created_at,
            updated_at=imported.updated_at,
            model=imported.model,
            leaf_id=imported.leaf,
            system_prompt=storable(imported.system_prompt),
            title_is_own=bool(imported.title),
        )
        return self._take_in(old, stored, imported.updated_at)

    def attachment(self, attachment_id: int) -> bytes:
        """Its body. Raises StoreError if it is no longer there."""
        with foreseen():
            body = read_body(self._connection, attachment_id)
        if body is None:
            raise StoreError("This attachment is no longer there.", remedy="Open the chat again.")
        return body

    def search(self, words: str, *, limit: int = 50) -> tuple[Found, ...]:
        """Chats and messages that hold all these words, or words that begin so."""
        return self._search.find(words, limit=limit)

    def index_more(self) -> bool:
        """Prepare searching, some milliseconds' worth; True: there is more to do. For idle time."""
        return self._search.catch_up()

    def _take_in(self, chat: Chat, said: list[StoredMessage], used_at: datetime) -> Chat:
        """Write that chat as a new one; its messages name each other and its leaf by old ids."""
        new_ids = dict[int | None, int | None]()
        with foreseen(), transaction(self._connection):
            cursor = self._connection.execute(
                "INSERT INTO chats (created_at, updated_at) VALUES (?, ?)",
                (chat.created_at.timestamp(), used_at.timestamp()),
            )
            assert cursor.lastrowid is not None
            number = cursor.lastrowid
            for message in said:
                parent = new_ids.get(message.parent_id)
                written = self._insert(replace(message, chat_id=number, parent_id=parent))
                new_ids[message.id] = written.id
            leaf = new_ids.get(chat.leaf_id)
            chat = replace(chat, id=number, leaf_id=leaf, updated_at=used_at, pinned=False)
            return self.amend_chat(replace(chat, archived=False, trashed_at=None))

    def _insert(self, message: StoredMessage) -> StoredMessage:
        cursor = self._connection.execute(
            "INSERT INTO messages (role, reasoning_seconds, tool_call_id, statistics, failure,"
            " tool_calls, reasoning, content, chat_id, parent_id, hidden_by)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT hidden_by FROM messages WHERE id = ?))",
            (*message_values(message), message.chat_id, message.parent_id, message.parent_id),
        )
        assert cursor.lastrowid is not None
        attached = attach(self._connection, cursor.lastrowid, message.attachments)
        return replace(message, id=cursor.lastrowid, attachments=attached)

    def _delete(self, chat_id: int) -> None:
        rows: list[tuple[int]] = self._connection.execute(
            "SELECT id FROM messages WHERE chat_id = ?", (chat_id,)
        ).fetchall()
        for (number,) in rows:
            self._search.take_out(number)
        self._connection.execute("DELETE FROM chats WHERE id = ?", (chat_id,))

    def _purge_hidden(self) -> None:
        with foreseen():
            rows: list[tuple[int]] = self._connection.execute(
                "SELECT id FROM messages WHERE hidden_by IS NOT NULL"
            ).fetchall()
            if rows:
                with transaction(self._connection):
                    for (number,) in rows:
                        self._search.take_out(number)
                    self._connection.executemany("DELETE FROM messages WHERE id = ?", rows)

    def _chats(self, which: str, *values: object) -> tuple[Chat, ...]:
        with foreseen():
            rows = self._connection.execute(
                f"SELECT {CHAT_COLUMNS} FROM chats {which}",  # noqa: S608 - our own words
                values,
            ).fetchall()
        return tuple(chat_from(row) for row in rows)

    def _all_messages(self, chat_id: int) -> tuple[StoredMessage, ...]:
        attached = attachments_of(self._connection, chat_id)
        rows = self._connection.execute(
            f"SELECT {MESSAGE_COLUMNS} FROM messages"  # noqa: S608 - our own words
            " WHERE chat_id = ? AND hidden_by IS NULL ORDER BY id",
            (chat_id,),
        ).fetchall()
        return messages_from(rows, attached)

    def _parents(self, chat_id: int) -> dict[int, int | None]:
        rows: list[tuple[int, int | None]] = self._connection.execute(
            "SELECT id, parent_id FROM messages WHERE chat_id = ? AND hidden_by IS NULL"
            " ORDER BY id",
            (chat_id,),
        ).fetchall()
        return dict(rows)

    def _leaf(self, chat_id: int) -> int | None:
        return self._number("SELECT leaf_id FROM chats WHERE id = ?", chat_id)

    def _chat_of(self, message_id: int) -> int | None:
        return self._number("SELECT chat_id FROM messages WHERE id = ?", message_id)

    def _number(self, question: str, about: int) -> int | None:
        row: tuple[Any] | None = self._connection.execute(question, (about,)).fetchone()
        return None if row is None else row[0]

    def _set_leaf(self, chat_id: int, leaf: int | None) -> None:
        self._connection.execute("UPDATE chats SET leaf_id = ? WHERE id = ?", (leaf, chat_id))


def _changeable(chat: Chat) -> tuple[object, ...]:
    return (
        chat.title,
        chat.model,
        chat.leaf_id,
        chat.folder_id,
        int(chat.pinned),
        int(chat.archived),
        chat.system_prompt,
        chat.preset_id,
        chat.overflow,
        chat.draft,
        int(chat.title_is_own),
    )
