"""Keeping a copy of all chats in one file, and bringing one back.

A copy is a database like the chats' own. SQLite makes it page by page while others read and write;
it has its name only once it is whole and was checked.
"""

import errno
import re
import shutil
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from app.store.database import BUSY_MS, CORRUPT, FULL
from app.store.schema import VERSION, migrate, version_of
from engine.errors import DiskFull, StoreCorrupt, StoreError, StoreTooNew

_DAILY = re.compile(r"chats-(\d{4}-\d{2}-\d{2})\.sqlite")


def back_up(chats_file: Path, to: Path) -> None:
    """Copy all chats into that one file; it replaces what had the name.

    Raises StoreCorrupt if the chats are damaged, DiskFull or another StoreError; then the name's
    old file is untouched.
    """
    if not chats_file.exists():
        raise StoreError(f"{chats_file.name} is not there.", remedy="Start a chat first.")
    damaged = StoreCorrupt(
        f"{chats_file.name} is damaged; no backup was made of it.",
        remedy="Restore an earlier backup.",
    )
    with _sentences(to.name, damaged), _beside(to) as part:
        _copy(chats_file, part)
        _refuse_unsound(part)
        part.replace(to)


def restore(backup: Path, chats_file: Path) -> Path | None:
    """Make the chats what that backup has; where the replaced ones are kept, None if none were.

    An open ChatStore of this file sees the restored chats at its next verb. Raises StoreTooNew,
    StoreCorrupt, DiskFull or another StoreError; then the chats are untouched.
    """
    damaged = StoreCorrupt(
        f"{backup.name} is damaged, or no backup of chats.", remedy="Choose another backup."
    )
    with _sentences(backup.name, damaged), _beside(chats_file) as part:
        if not backup.is_file():
            raise StoreError(f"{backup.name} is not there.", remedy="Choose another backup.")
        _copy(backup, part)
        _refuse_unsound(part)
        _bring_up_to_date(part, backup.name)
        aside = _keep_aside(chats_file) if chats_file.exists() else None
        _copy(part, chats_file)
        return aside


def daily(chats_file: Path, folder: Path, *, now: datetime, keep_days: int = 14) -> Path | None:
    """Make the day's backup if it is not there yet, and delete those of more than `keep_days` ago.

    The answer is the one that was made. Raises DiskFull or another StoreError; then none is
    deleted.
    """
    today = now.date()
    backup = folder / f"chats-{today.isoformat()}.sqlite"
    if backup.exists() or not chats_file.exists():
        return None
    with _sentences(folder.name):
        folder.mkdir(parents=True, exist_ok=True)
    back_up(chats_file, backup)
    with _sentences(folder.name):
        for known in folder.iterdir():
            made = _day_of(known)
            if made is not None and made <= today - timedelta(days=keep_days):
                known.unlink(missing_ok=True)
    return backup


def _day_of(backup: Path) -> date | None:
    named = _DAILY.fullmatch(backup.name)
    try:
        return date.fromisoformat(named[1]) if named else None
    except ValueError:
        return None


def _keep_aside(chats_file: Path) -> Path:
    """Copy it to a name nothing has: as a sound file if it is one, else as it lies there."""
    aside = _free_name(chats_file)
    try:
        back_up(chats_file, aside)
    except StoreCorrupt:
        shutil.copyfile(chats_file, aside)
    return aside


def _copy(source: Path, to: Path) -> None:
    with closing(_open(source, "ro")) as whole, closing(_open(to, "rwc")) as copy:
        whole.backup(copy)


def _open(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None
    )
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    return connection


def _refuse_unsound(path: Path) -> None:
    """Raises a DatabaseError that says corrupt. Leaves one file without a journal beside it."""
    with closing(_open(path, "rw")) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        row: tuple[str] = connection.execute("PRAGMA integrity_check(1)").fetchone()
        tables = connection.execute(
            "SELECT 1 FROM sqlite_schema WHERE name IN ('chats', 'messages')"
        ).fetchall()
        if row[0] != "ok" or len(tables) != 2:
            error = sqlite3.DatabaseError(row[0])
            error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise error


def _bring_up_to_date(path: Path, name: str) -> None:
    with closing(_open(path, "rw")) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        version = version_of(connection)
        if version > VERSION:
            raise StoreTooNew(
                f"{name} was written by a later version of Fullbore"
                f" ({version}; this one knows {VERSION}).",
                remedy="Update Fullbore to restore it.",
            )
        migrate(connection)


@contextmanager
def _beside(path: Path) -> Generator[Path]:
    """A name for what will become that file; nothing of it is left in the end."""
    part = path.with_name(f"{path.name}.part")
    try:
        part.unlink(missing_ok=True)
        yield part
    finally:
        for tail in ("", "-journal", "-wal", "-shm"):
            part.with_name(part.name + tail).unlink(missing_ok=True)


def _free_name(chats_file: Path) -> Path:
    moment = datetime.now(UTC).strftime("%Y-%m-%d")
    count = 1
    aside = chats_file.with_name(f"{chats_file.stem}.replaced-{moment}{chats_file.suffix}")
    while aside.exists():
        count += 1
        name = f"{chats_file.stem}.replaced-{moment}-{count}{chats_file.suffix}"
        aside = chats_file.with_name(name)
    return aside


@contextmanager
def _sentences(name: str, damaged: StoreCorrupt | None = None) -> Generator[None]:
    """Turn what SQLite and the disk may say into an EngineError."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code: int | None = getattr(error, "sqlite_errorcode", None)
        primary = None if code is None else code & 0xFF
        if primary == FULL:
            raise DiskFull(f"{name} could not be written: the disk is full.") from error
        if primary in CORRUPT and damaged is not None:
            raise damaged from error
        raise _unwritable(name, error) from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull(f"{name} could not be written: the disk is full.") from error
        raise _unwritable(name, error) from error


def _unwritable(name: str, error: Exception) -> StoreError:
    return StoreError(
        f"{name} could not be read or written: {error}.",
        remedy="Check that its folder may be written to, then try again.",
    )
