"""Files of the first version, made by its own statements, are brought up with everything kept."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from app.store.chats import ChatStore
from app.store.schema import MIGRATIONS, VERSION, migrate, version_of
from app.store.values import Statistics
from engine.chat import Role

OLD_STATISTICS = {
    "answer_tokens": 7,
    "tokens_per_second": 61.5,
    "first_token_seconds": 0.2,
    "prompt_tokens": 31,
}


def make_old(path: Path) -> None:
    """Three chats whose messages were written in turns, and one without any."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        migrate(connection, MIGRATIONS[:1])
        assert version_of(connection) == 1
        for number, title in enumerate(("", "Second", "Third", "Empty")):
            connection.execute(
                "INSERT INTO chats (title, created_at, updated_at, model) VALUES (?, ?, ?, ?)",
                (title, 1_700_000_000.0 + number, 1_700_000_100.0 + number, "tiny"),
            )
        for turn in range(4):
            for chat in (1, 2, 3):
                connection.execute(
                    "INSERT INTO messages (role, content, reasoning, reasoning_seconds,"
                    " statistics, failure, chat_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (
                        ("user", "assistant")[turn % 2],
                        f"turn {turn} of {chat} 你好",
                        "hm" if turn % 2 else "",
                        1.5 if turn % 2 else None,
                        json.dumps(OLD_STATISTICS) if turn % 2 else None,
                        "It died." if turn == 3 else None,
                        chat,
                    ),
                )


def test_that_an_old_file_is_kept_whole(tmp_path: Path) -> None:
    path = tmp_path / "chats.sqlite"
    make_old(path)
    with closing(ChatStore(path)) as store:
        assert store.trouble is None
        assert [chat.title for chat in store.chats()] == ["Empty", "Third", "Second", ""]
        assert [chat.title_is_own for chat in store.chats()] == [True, True, True, False]
        second = store.chat(2)
        assert second is not None
        assert second.created_at == datetime.fromtimestamp(1_700_000_001, UTC)
        assert second.model == "tiny"
        messages = store.messages(2)
        assert [one.content for one in messages] == [f"turn {turn} of 2 你好" for turn in range(4)]
        assert [one.role for one in messages] == [Role.USER, Role.ASSISTANT] * 2
        assert [one.parent_id for one in messages] == [None, 2, 5, 8]
        assert second.leaf_id == messages[-1].id
        assert messages[1].statistics == Statistics(
            answer_tokens=7, tokens_per_second=61.5, first_token_seconds=0.2, prompt_tokens=31
        )
        assert (messages[3].failure, messages[3].reasoning) == ("It died.", "hm")
        assert messages[3].reasoning_seconds == 1.5
        assert store.versions(2) == {}
        assert store.messages(4) == ()
        assert len(store.search("你好")) == 12
    with closing(sqlite3.connect(path)) as connection:
        assert version_of(connection) == VERSION
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_that_an_old_file_has_one_shape_with_a_new_one(tmp_path: Path) -> None:
    make_old(tmp_path / "old.sqlite")
    shapes = list[set[tuple[str, str]]]()
    for name in ("old.sqlite", "new.sqlite"):
        ChatStore(tmp_path / name).close()
        with closing(sqlite3.connect(tmp_path / name)) as connection:
            rows = connection.execute("SELECT name, sql FROM sqlite_schema").fetchall()
            shapes.append(set(rows))
    assert shapes[0] == shapes[1]


def test_that_an_old_file_is_copied_aside_before_it_is_changed(tmp_path: Path) -> None:
    path = tmp_path / "chats.sqlite"
    make_old(path)
    ChatStore(path).close()
    (aside,) = tmp_path.glob("chats.sqlite.before-*")
    assert aside.name == f"chats.sqlite.before-{VERSION}"
    with closing(sqlite3.connect(aside)) as connection:
        assert version_of(connection) == 1
        assert connection.execute("SELECT count(*) FROM messages").fetchone() == (12,)
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    before = aside.stat().st_mtime_ns
    ChatStore(path).close()  # what is up to date is not copied
    assert aside.stat().st_mtime_ns == before


def test_that_two_copies_are_kept_and_new_chats_need_none(tmp_path: Path) -> None:
    ChatStore(tmp_path / "new.sqlite").close()
    assert not list(tmp_path.glob("new.sqlite.before-*"))
    path = tmp_path / "chats.sqlite"
    make_old(path)
    for number in (0, 1):
        (tmp_path / f"chats.sqlite.before-{number}").write_bytes(b"older")
    ChatStore(path).close()
    kept = sorted(copy.name for copy in tmp_path.glob("chats.sqlite.before-*"))
    assert kept == ["chats.sqlite.before-1", f"chats.sqlite.before-{VERSION}"]


def test_that_chats_that_cannot_be_copied_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "chats.sqlite"
    make_old(path)
    (tmp_path / f"chats.sqlite.before-{VERSION}.part").mkdir()  # where the copy should come
    with closing(ChatStore(path)) as store:
        assert store.trouble is not None
        assert "could not be opened" in store.trouble.sentence
        assert "has room" in store.trouble.remedy
    with closing(sqlite3.connect(path)) as connection:
        assert version_of(connection) == 1
        assert connection.execute("SELECT count(*) FROM messages").fetchone() == (12,)
