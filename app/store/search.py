"""Finding chats by what was said in them.

The index (`words`, FTS5 without content) knows which terms stand in which message. A message is
written into it when somebody searches or `catch_up` has time, never while its answer grows; it is
taken out with exactly the terms it was put in with.
"""

import re
import sqlite3
from typing import Any

from app.store.database import foreseen, transaction
from app.store.rows import CHAT_COLUMNS, chat_from
from app.store.terms import MOST_INDEXED_CHARACTERS, fold, is_unspaced, match, terms, wanted
from app.store.values import Chat, Found

EXCERPT_CHARACTERS = 160
BEFORE_HIT = 40
SOME = 100  # messages a call of `catch_up` looks at
SOME_CHARACTERS = 50_000
_LOOKED_THROUGH = 20_000  # characters of a message, for a hit written otherwise than it was typed
_MOST_CANDIDATES = 5_000
_WORD = re.compile(r"[^\W_]+")
_SPACE = re.compile(r"[\s\x00-\x1f\x7f]")


class Search:
    """The desk of searching. Every verb may raise DiskFull or another StoreError."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def find(self, words: str, *, limit: int = 50) -> tuple[Found, ...]:
        """Titles that hold all the words, then messages, the newest first. Trash is not looked at.

        Words may go on beyond what was typed.
        """
        looked_for = wanted(words)
        if not looked_for or limit <= 0:
            return ()
        with foreseen():
            while self.catch_up():
                pass
            titles = self._titles(looked_for, limit)
            return (*titles, *self._messages(looked_for, limit - len(titles)))

    def catch_up(self) -> bool:
        """Write some milliseconds' worth of messages into the index; True: there are more."""
        with foreseen():
            rows: list[tuple[int, int]] = self._connection.execute(
                "SELECT id, length(content) FROM messages WHERE indexed = 0 ORDER BY id LIMIT ?",
                (SOME,),
            ).fetchall()
            if not rows:
                return False
            room = SOME_CHARACTERS
            with transaction(self._connection):
                for number, length in rows:
                    self._write(number)
                    room -= min(length, MOST_INDEXED_CHARACTERS)
                    if room <= 0:
                        return True
            return len(rows) == SOME

    def take_out(self, message_id: int) -> None:
        """Forget that message's words, if they are known. Part of the caller's transaction.

        Call it while the message still says what it said when it was put in.
        """
        row: tuple[str] | None = self._connection.execute(
            "SELECT content FROM messages WHERE id = ? AND indexed", (message_id,)
        ).fetchone()
        if row is None:
            return
        self._connection.execute(
            "INSERT INTO words (words, rowid, terms) VALUES ('delete', ?, ?)",
            (message_id, terms(row[0])),
        )
        self._connection.execute("UPDATE messages SET indexed = 0 WHERE id = ?", (message_id,))

    def _write(self, message_id: int) -> None:
        row: tuple[str] = self._connection.execute(
            "SELECT content FROM messages WHERE id = ?", (message_id,)
        ).fetchone()
        self._connection.execute(
            "INSERT INTO words (rowid, terms) VALUES (?, ?)", (message_id, terms(row[0]))
        )
        self._connection.execute("UPDATE messages SET indexed = 1 WHERE id = ?", (message_id,))

    def _titles(self, looked_for: list[str], limit: int) -> list[Found]:
        rows: list[tuple[int, str]] = self._connection.execute(
            "SELECT id, title FROM chats WHERE trashed_at IS NULL ORDER BY updated_at DESC, id DESC"
        ).fetchall()
        found = list[Found]()
        for number, title in rows:
            folded = fold(title)
            if all(part in folded for part in looked_for):
                found.append(
                    Found(
                        chat=self._chat(number),
                        message_id=None,
                        excerpt=title,
                        marks=marks(title, looked_for),
                    )
                )
                if len(found) == limit:
                    break
        return found

    def _messages(self, looked_for: list[str], limit: int) -> list[Found]:
        # Pairs of characters may stand apart in a text: longer runs are looked for in it.
        runs = [part for part in looked_for if is_unspaced(part) and len(part) > 2]
        rows = self._connection.execute(
            "SELECT messages.id, messages.chat_id, content FROM words"
            " JOIN messages ON messages.id = words.rowid JOIN chats ON chats.id = messages.chat_id"
            " WHERE words MATCH ? AND hidden_by IS NULL AND trashed_at IS NULL"
            " ORDER BY words.rowid DESC LIMIT ?",
            (match(looked_for), _MOST_CANDIDATES if runs else limit),
        )
        found, chats = list[Found](), dict[int, Chat]()
        for number, chat_id, content in rows:
            if len(found) >= limit:
                break
            if runs and not _holds(content[:MOST_INDEXED_CHARACTERS], runs):
                continue
            if chat_id not in chats:
                chats[chat_id] = self._chat(chat_id)
            excerpt = cut_out(content, looked_for)
            found.append(
                Found(
                    chat=chats[chat_id],
                    message_id=number,
                    excerpt=excerpt,
                    marks=marks(excerpt, looked_for),
                )
            )
        return found

    def _chat(self, chat_id: int) -> Chat:
        row: tuple[Any, ...] = self._connection.execute(
            f"SELECT {CHAT_COLUMNS} FROM chats WHERE id = ?",  # noqa: S608 - our own words
            (chat_id,),
        ).fetchone()
        return chat_from(row)


def cut_out(content: str, looked_for: list[str]) -> str:
    """A piece of the text around the first hit, on one line."""
    content = content[:MOST_INDEXED_CHARACTERS]
    hit = _typed(looked_for).search(content)
    first = hit.start() if hit else _first_otherwise(content, looked_for)
    start = max(0, first - BEFORE_HIT)
    if start > 0:
        gap = content.find(" ", start, first)
        start = gap + 1 if gap >= 0 else start
    end = start + EXCERPT_CHARACTERS
    piece = _SPACE.sub(" ", content[start:end])
    return ("…" if start > 0 else "") + piece + ("…" if end < len(content) else "")


def marks(text: str, looked_for: list[str]) -> tuple[tuple[int, int], ...]:
    """Where the words stand: start and end, in characters."""
    hits = [hit.span() for hit in _typed(looked_for).finditer(text)]
    known = {start for start, _ in hits}
    hits += [
        word.span()
        for word in _WORD.finditer(text)
        if word.start() not in known
        and not word.group().isascii()
        and any(fold(word.group()).startswith(part) for part in looked_for)
    ]
    return tuple(sorted(hits))


def _typed(looked_for: list[str]) -> re.Pattern[str]:
    longest_first = sorted(looked_for, key=len, reverse=True)
    either = (
        re.escape(part) if is_unspaced(part) else rf"(?<![^\W_]){re.escape(part)}"
        for part in longest_first
    )
    return re.compile("|".join(either), re.IGNORECASE)


def _first_otherwise(content: str, looked_for: list[str]) -> int:
    """Where a word stands that is one of them without its accents and case; else the beginning."""
    for word in _WORD.finditer(content, 0, _LOOKED_THROUGH):
        if word.group().isascii():  # would have been found as it was typed
            continue
        folded = fold(word.group())
        if any(folded.startswith(part) for part in looked_for):
            return word.start()
    return 0


def _holds(content: str, runs: list[str]) -> bool:
    """Whether all of them stand in the text, most often as they were typed."""
    if all(run in content for run in runs):
        return True
    folded = fold(content)
    return all(run in folded for run in runs)
