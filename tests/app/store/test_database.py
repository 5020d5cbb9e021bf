import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.store.chats import ChatStore
from app.store.database import open_database
from app.store.schema import VERSION, migrate, version_of
from app.store.values import StoredMessage
from engine.chat import Role
from engine.errors import EngineError, StoreCorrupt, StoreError, StoreTooNew

HELLO = StoredMessage(role=Role.USER, content="Hello")


def filled(path: Path, chats: int = 1) -> None:
    with closing(ChatStore(path)) as store:
        for number in range(chats):
            store.append(store.new(title=f"Chat {number}").id, HELLO)


def test_that_a_new_file_is_made_in_the_newest_shape(tmp_path: Path) -> None:
    opened = open_database(tmp_path / "chats.sqlite")
    with closing(opened.connection) as connection:
        assert opened.trouble is None
        assert version_of(connection) == VERSION
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_that_migrations_take_only_the_steps_that_are_missing() -> None:
    first, second = ("CREATE TABLE a (x)",), ("ALTER TABLE a ADD COLUMN y",)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, (first,))
        connection.execute("INSERT INTO a VALUES (1)")
        migrate(connection, (first, second))
        assert version_of(connection) == 2
        assert connection.execute("SELECT x, y FROM a").fetchall() == [(1, None)]


def test_that_a_step_that_fails_is_not_taken_at_all() -> None:
    first, broken = ("CREATE TABLE a (x)",), ("CREATE TABLE b (y)", "NONSENSE")
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        with pytest.raises(sqlite3.OperationalError):
            migrate(connection, (first, broken))
        assert version_of(connection) == 1
        tables = connection.execute("SELECT name FROM sqlite_schema").fetchall()
        assert tables == [("a",)]


def test_that_a_newer_file_is_left_untouched_and_the_program_works_on(tmp_path: Path) -> None:
    path = tmp_path / "chats.sqlite"
    filled(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
        connection.commit()
    before = path.read_bytes()
    with closing(ChatStore(path)) as store:
        assert isinstance(store.trouble, StoreTooNew)
        assert "Update Fullbore" in store.trouble.sentence
        chat = store.new(title="For now")
        assert store.append(chat.id, HELLO).id is not None
        assert [known.title for known in store.chats()] == ["For now"]
    assert path.read_bytes() == before
    assert not list(tmp_path.glob("*corrupt*"))


@pytest.mark.parametrize("harm", ["not a database", "torn page", "cut short"])
def test_that_a_corrupt_file_is_kept_aside_and_a_new_one_started(tmp_path: Path, harm: str) -> None:
    path = tmp_path / "chats.sqlite"
    filled(path, chats=200)
    whole = path.read_bytes()
    match harm:
        case "not a database":
            harmed = b"this is not SQLite" * 500
        case "torn page":
            harmed = whole[:4096] + b"\xa5" * 8192 + whole[12288:]
        case _:
            harmed = whole[: len(whole) // 2]
    path.write_bytes(harmed)
    with closing(ChatStore(path)) as store:
        assert isinstance(store.trouble, StoreCorrupt)
        (aside,) = tmp_path.glob("chats.corrupt-????-??-??.sqlite")
        assert aside.name in store.trouble.sentence
        assert aside.read_bytes() == harmed
        assert store.chats() == ()
        store.new(title="A fresh start")
    with closing(ChatStore(path)) as store:
        assert store.trouble is None
        assert [chat.title for chat in store.chats()] == ["A fresh start"]


def test_that_a_second_corrupt_file_of_the_day_does_not_replace_the_first(tmp_path: Path) -> None:
    path = tmp_path / "chats.sqlite"
    for content in (b"first" * 300, b"second" * 300):
        path.write_bytes(content)
        ChatStore(path).close()
    kept = {aside.read_bytes() for aside in tmp_path.glob("chats.corrupt-*.sqlite")}
    assert kept == {b"first" * 300, b"second" * 300}


def test_that_a_place_that_cannot_be_opened_is_told_and_the_program_works_on(
    tmp_path: Path,
) -> None:
    with closing(ChatStore(tmp_path / "missing" / "chats.sqlite")) as store:
        trouble: EngineError | None = store.trouble
        assert type(trouble) is StoreError
        store.new(title="For now")
        assert len(store.chats()) == 1
