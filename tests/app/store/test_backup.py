import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.store.backup import back_up, daily, restore
from app.store.chats import ChatStore
from app.store.schema import MIGRATIONS, VERSION, migrate
from app.store.values import StoredMessage
from engine.chat import Role
from engine.errors import StoreCorrupt, StoreError, StoreTooNew

MORNING = datetime(2026, 3, 1, 9, tzinfo=UTC)


def chats_in(path: Path) -> list[str]:
    with closing(ChatStore(path)) as store:
        assert store.trouble is None
        return sorted(chat.title for chat in store.chats())


def fill(path: Path, *titles: str) -> None:
    with closing(ChatStore(path)) as store:
        for title in titles:
            chat = store.new(title=title)
            store.append(chat.id, StoredMessage(role=Role.USER, content="word " * 5000))


def test_that_a_backup_is_one_whole_file_made_while_chats_are_open(tmp_path: Path) -> None:
    chats, backup = tmp_path / "chats.sqlite", tmp_path / "out" / "backup.sqlite"
    backup.parent.mkdir()
    with closing(ChatStore(chats)) as store:
        store.new(title="in the journal alone")
        back_up(chats, backup)
        store.new(title="later")
    assert [file.name for file in backup.parent.iterdir()] == ["backup.sqlite"]
    assert chats_in(backup) == ["in the journal alone"]


def test_that_an_open_store_sees_what_was_restored_and_the_rest_is_kept_aside(
    tmp_path: Path,
) -> None:
    chats, backup = tmp_path / "chats.sqlite", tmp_path / "backup.sqlite"
    fill(chats, "old")
    back_up(chats, backup)
    with closing(ChatStore(chats)) as store:
        replaced = store.new(title="since then")
        aside = restore(backup, chats)
        assert [chat.title for chat in store.chats()] == ["old"]
        assert store.chat(replaced.id) is None
        assert len(store.messages(1)) == 1
        store.new(title="goes on")
    assert aside is not None
    assert aside.name.startswith("chats.replaced-")
    assert chats_in(aside) == ["old", "since then"]
    assert chats_in(chats) == ["goes on", "old"]
    assert chats_in(backup) == ["old"]
    assert not list(tmp_path.glob("*.part*"))


def test_that_a_backup_can_be_restored_where_there_are_no_chats(tmp_path: Path) -> None:
    chats, backup = tmp_path / "chats.sqlite", tmp_path / "backup.sqlite"
    fill(chats, "one")
    back_up(chats, backup)
    fresh = tmp_path / "fresh.sqlite"
    assert restore(backup, fresh) is None
    assert chats_in(fresh) == ["one"]


def test_that_a_backup_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    backup, chats = tmp_path / "old.sqlite", tmp_path / "chats.sqlite"
    with closing(sqlite3.connect(backup, isolation_level=None)) as connection:
        migrate(connection, MIGRATIONS[:1])
        connection.execute("INSERT INTO chats VALUES (1, 'old', 1, 2, NULL)")
    before = backup.read_bytes()
    with closing(ChatStore(chats)) as store:
        restore(backup, chats)
        assert [chat.title for chat in store.chats()] == ["old"]
    assert backup.read_bytes() == before


@pytest.mark.parametrize("lie", ["text", "cut", "torn", "empty", "other", "newer", "missing"])
def test_that_what_is_no_backup_is_refused_and_the_chats_stay(tmp_path: Path, lie: str) -> None:
    chats, backup = tmp_path / "chats.sqlite", tmp_path / "backup.sqlite"
    fill(chats, *(f"chat {number}" for number in range(30)))
    back_up(chats, backup)
    whole = backup.read_bytes()
    expected: type[StoreError] = StoreCorrupt
    match lie:
        case "text":
            backup.write_text("no database " * 1000, encoding="utf-8")
        case "cut":
            backup.write_bytes(whole[: len(whole) // 2])
        case "torn":
            backup.write_bytes(whole[:8192] + b"\xa5" * 40960 + whole[49152:])
        case "empty":
            backup.write_bytes(b"")
        case "other":
            backup.unlink()
            with closing(sqlite3.connect(backup)) as connection:
                connection.execute("CREATE TABLE songs (x)")
        case "newer":
            expected = StoreTooNew
            with closing(sqlite3.connect(backup)) as connection:
                connection.execute(f"PRAGMA user_version = {VERSION + 1}")
        case _:
            backup.unlink()
            expected = StoreError
    with pytest.raises(expected) as refused:
        restore(backup, chats)
    assert "backup.sqlite" in str(refused.value)
    assert len(chats_in(chats)) == 30
    assert not list(tmp_path.glob("*.part*"))
    assert not list(tmp_path.glob("*replaced*"))


def test_that_a_backup_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    chats = tmp_path / "chats.sqlite"
    fill(chats, "one")
    with pytest.raises(StoreError, match="could not be read or written"):
        back_up(chats, tmp_path / "missing" / "backup.sqlite")
    with pytest.raises(StoreError, match="not there"):
        back_up(tmp_path / "none.sqlite", tmp_path / "backup.sqlite")


def test_that_a_damaged_file_is_not_backed_up_over_a_good_one(tmp_path: Path) -> None:
    chats, backup = tmp_path / "chats.sqlite", tmp_path / "backup.sqlite"
    fill(chats, "one", "two", "three")
    back_up(chats, backup)
    good, whole = backup.read_bytes(), chats.read_bytes()
    chats.write_bytes(whole[:8192] + b"\xa5" * 40960 + whole[49152:])
    harmed = chats.read_bytes()
    with pytest.raises(StoreCorrupt, match=r"chats\.sqlite is damaged; no backup"):
        back_up(chats, backup)
    assert backup.read_bytes() == good
    aside = restore(backup, chats)
    assert aside is not None
    assert aside.read_bytes() == harmed
    assert chats_in(chats) == ["one", "three", "two"]


def test_that_a_day_has_one_backup_and_two_weeks_are_kept(tmp_path: Path) -> None:
    chats, folder = tmp_path / "chats.sqlite", tmp_path / "backups"
    assert daily(chats, folder, now=MORNING) is None
    fill(chats, "one")
    made = [daily(chats, folder, now=MORNING + timedelta(hours=8 * n)) for n in range(60)]
    assert [one is not None for one in made] == [True, False, *[True, False, False] * 19, True]
    other = folder / "chats-of-mine.sqlite"
    other.write_bytes(b"")
    daily(chats, folder, now=MORNING + timedelta(days=30))
    kept = sorted(file.name for file in folder.iterdir())
    assert kept == [
        *(f"chats-2026-03-{day}.sqlite" for day in (18, 19, 20, 21)),
        "chats-2026-03-31.sqlite",
        "chats-of-mine.sqlite",
    ]
