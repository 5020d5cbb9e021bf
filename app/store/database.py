"""Opening the file of chats, whatever state it is in.

A sound file is opened and brought up to date. A newer one is left untouched, a corrupt one is
kept aside; the program works on either way, and `Opened.trouble` says what is lost or where.
"""

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.store.schema import VERSION, migrate, version_of
from engine.errors import DiskFull, EngineError, StoreCorrupt, StoreError, StoreTooNew

BUSY_MS = 2000
COPIES_KEPT = 2  # of chats as they were before a migration
CHECKED_WHOLE_BYTES = 16 * 1024 * 1024
CORRUPT = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
FULL = sqlite3.SQLITE_FULL


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A connection that works; `trouble` if it is not the file that was asked for."""

    connection: sqlite3.Connection
    trouble: EngineError | None = None


def open_database(path: Path) -> Opened:
    """Open the chats in that file, or what stands in for it. Never raises an EngineError."""
    try:
        _refuse_newer(path)
        return Opened(connection=_open_sound(path))
    except StoreTooNew as error:
        return Opened(connection=_in_memory(), trouble=error)
    except OSError as error:
        return Opened(connection=_in_memory(), trouble=_unopenable(path, error))
    except sqlite3.DatabaseError as error:
        if _code(error) not in CORRUPT:
            return Opened(connection=_in_memory(), trouble=_unopenable(path, error))
    try:
        aside = _keep_aside(path)
        return Opened(connection=_open_sound(path), trouble=_kept(path, aside))
    except (OSError, sqlite3.DatabaseError) as error:
        return Opened(connection=_in_memory(), trouble=_unopenable(path, error))


@contextmanager
def foreseen() -> Generator[None]:
    """Turn what SQLite may say of the disk into an EngineError; bugs pass through."""
    try:
        yield
    except (sqlite3.OperationalError, sqlite3.DatabaseError) as error:
        if isinstance(error, sqlite3.ProgrammingError | sqlite3.IntegrityError):
            raise
        code = _code(error)
        if code == FULL:
            raise DiskFull("The chat could not be saved: the disk is full.") from error
        if code in CORRUPT:
            raise StoreCorrupt(
                "The chats on disk are damaged.",
                remedy="Start Fullbore again; if that does not help, restore a backup.",
            ) from error
        raise StoreError(
            f"The chats could not be read or saved: {error}.",
            remedy="Check that their folder may be written to, then try again.",
        ) from error


@contextmanager
def transaction(connection: sqlite3.Connection) -> Generator[None]:
    """BEGIN … COMMIT, or ROLLBACK when something was raised, by COMMIT too."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk may have rolled back already
            connection.execute("ROLLBACK")
        raise


def _refuse_newer(path: Path) -> None:
    """Raises StoreTooNew. Reads only, so that a file of a later version stays as it is."""
    if not path.exists():
        return
    uri = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        version = version_of(connection)
    if version > VERSION:
        raise StoreTooNew(
            f"{path.name} was written by a later version of Fullbore"
            f" ({version}; this one knows {VERSION}); new chats are not kept.",
            remedy="Update Fullbore to open it; the file is left untouched.",
        )


def _open_sound(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        _check(connection)
        keep_before(connection, path)
        migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def keep_before(connection: sqlite3.Connection, path: Path) -> None:
    """Copy chats of an earlier version aside, as `….before-N`, before they become version N's.

    The last two copies are kept. Without room for one the chats stay as they are. Raises OSError
    or a DatabaseError.
    """
    if not 0 < version_of(connection) < VERSION:
        return
    aside = path.with_name(f"{path.name}.before-{VERSION}")
    part = path.with_name(f"{aside.name}.part")
    part.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as copy:
            connection.backup(copy)
        part.replace(aside)
    finally:
        part.unlink(missing_ok=True)
    kept = sorted(path.parent.glob(f"{path.name}.before-*"), key=_number)
    for old in kept[:-COPIES_KEPT]:
        old.unlink(missing_ok=True)


def _number(copy: Path) -> int:
    tail = copy.name.rpartition("-")[2]
    return int(tail) if tail.isdecimal() else 0


def _check(connection: sqlite3.Connection) -> None:
    """Raises a DatabaseError that says corrupt.

    Reading all of a large file takes longer than a person waits for a window: of those the list of
    chats is checked, and every backup checks the rest.
    """
    pages: tuple[int] = connection.execute("PRAGMA page_count").fetchone()
    size: tuple[int] = connection.execute("PRAGMA page_size").fetchone()
    whole = pages[0] * size[0] <= CHECKED_WHOLE_BYTES
    row: tuple[str] = connection.execute(
        f"PRAGMA quick_check({1 if whole else 'chats'})"
    ).fetchone()
    if row[0] != "ok":
        error = sqlite3.DatabaseError(row[0])
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error


def _in_memory() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    migrate(connection)
    return connection


def _keep_aside(path: Path) -> Path:
    """Move the file, and the journal that belongs to it, to a name nothing has."""
    moment = datetime.now(UTC).strftime("%Y-%m-%d")
    aside = path.with_name(f"{path.stem}.corrupt-{moment}{path.suffix}")
    count = 1
    while aside.exists():
        count += 1
        aside = path.with_name(f"{path.stem}.corrupt-{moment}-{count}{path.suffix}")
    path.rename(aside)
    for tail in ("-wal", "-shm"):
        journal = path.with_name(path.name + tail)
        if journal.exists():
            journal.rename(aside.with_name(aside.name + tail))
    return aside


def _kept(path: Path, aside: Path) -> StoreCorrupt:
    return StoreCorrupt(
        f"{path.name} could not be read; it is kept aside as {aside.name}.",
        remedy="A new, empty file was started.",
    )


def _unopenable(path: Path, error: Exception) -> StoreError:
    return StoreError(
        f"{path.name} could not be opened: {error}; new chats are not kept.",
        remedy="Check that its folder may be written to and has room, then start again.",
    )


def _code(error: sqlite3.Error) -> int | None:
    """The primary code; None for errors that Python itself raised."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
