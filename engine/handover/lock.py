"""The lock on a home, and the card on its door."""

import errno
import json
import os
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError

from engine.config import Home
from engine.errors import DiskFull, HomeBusy, Unwritable
from engine.replacing import put_in_place


class DoorCard(BaseModel):
    """Where the owner of a home can be spoken to; readable by the person alone."""

    model_config = ConfigDict(frozen=True)

    pid: int
    port: int
    token: str


class HomeLock:
    """Held by the one Engine that owns a home. The system lets go of it when the process dies."""

    def __init__(self, home: Home) -> None:
        self._home = home
        # Who may read it may hold it, too, and keep the owner out.
        self._lock = FileLock(home.lock, thread_local=False, mode=0o600)

    def take(self) -> None:
        """Own the home from now on. Raises HomeBusy, or Unwritable or DiskFull."""
        try:
            self._home.make()
            self._lock.acquire(timeout=0)
        except Timeout:
            raise HomeBusy("Another Fullbore is running.") from None
        except OSError as error:
            raise unwritable(self._home, error) from error
        # What a killed owner left behind leads nowhere.
        _take_down(_card_path(self._home))

    def show(self, card: DoorCard) -> None:
        """Say where the owner can be spoken to. Raises Unwritable or DiskFull."""
        path = _card_path(self._home)
        draft = path.with_suffix(".new")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        try:
            draft.unlink(missing_ok=True)
            with os.fdopen(os.open(draft, flags, 0o600), "wb") as file:
                file.write(card.model_dump_json().encode())
            put_in_place(draft, path)
        except OSError as error:
            raise unwritable(self._home, error) from error

    def release(self) -> None:
        """Give the home back; may be called twice."""
        if self._lock.is_locked:
            _take_down(_card_path(self._home))
            self._lock.release()


def unwritable(home: Home, error: OSError) -> DiskFull | Unwritable:
    """Why that home cannot be used, with the remedy of the cause."""
    said = f"{error.filename or home.root} cannot be written: {error.strerror or error}."
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DiskFull(
            said, remedy="Free some space, or choose another folder with FULLBORE_HOME."
        )
    return Unwritable(
        said, remedy="Make that folder your own, or choose another folder with FULLBORE_HOME."
    )


def read_card(home: Home) -> DoorCard | None:
    """The card on that home's door, if there is a readable one; it may be stale."""
    try:
        return DoorCard.model_validate(json.loads(_card_path(home).read_text("utf-8")))
    except (OSError, ValueError, ValidationError):
        return None


def _card_path(home: Home) -> Path:
    return home.lock.with_name("engine.door.json")


def _take_down(card: Path) -> None:
    # Windows refuses while a visitor reads it. One that stays leads nowhere, and the next owner's
    # takes its place: no reason to keep the lock, or to go without.
    with suppress(OSError):
        card.unlink(missing_ok=True)


def is_owned(home: Home) -> bool:
    """Whether an Engine owns that home now."""
    if not home.lock.exists():
        return False
    lock = FileLock(home.lock)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    except OSError:  # somebody else's file: whoever wants the home is told why it cannot be theirs
        return False
    lock.release()
    return False
