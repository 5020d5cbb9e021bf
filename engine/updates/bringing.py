"""A release's file, brought into a folder of the person's and held to its hash."""

import asyncio
import errno
import hashlib
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from engine.errors import DiskFull, EngineError, UpdateFailed
from engine.updates.fetching import opened
from engine.updates.values import Release

_PIECE = 1 << 20
_ODD = re.compile(r"[^A-Za-z0-9._+-]+")


async def bring(
    release: Release, folder: Path, progress: Callable[[int], None] | None = None
) -> Path:
    """Where the file lies, whole and with the right hash; `progress` hears the bytes so far.

    A file of that name and hash that is there already is taken; another of that name stays. What
    came of one that fails or is cancelled is deleted. Raises UpdateFailed or DiskFull.
    """
    wanted = folder / _name(release)
    if await asyncio.to_thread(_is_it, wanted, release):
        return wanted
    part = folder / f"{wanted.name}.part"
    try:
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        with part.open("wb") as file:
            found = await _pour(release, file, progress)
        if found != release.sha256:
            raise UpdateFailed(
                f"{wanted.name} is not what the list of releases says: its hash is another.",
                remedy="It was deleted. Try again later, or use the download page.",
            )
        place = _free(wanted)
        part.replace(place)
    except OSError as error:
        raise _unwritable(folder, error) from error
    finally:
        with suppress(OSError):  # what could not be written is not there either
            part.unlink()
    return place


async def _pour(release: Release, file: BinaryIO, progress: Callable[[int], None] | None) -> str:
    digest, arrived = hashlib.sha256(), 0

    def keep(piece: bytes) -> None:
        digest.update(piece)
        file.write(piece)

    async with opened(release.asset) as answer:
        async for piece in answer.aiter_raw(_PIECE):
            arrived += len(piece)
            if arrived > release.size_bytes:
                raise UpdateFailed("More came than the list of releases says.")
            await asyncio.to_thread(keep, piece)
            if progress is not None:
                progress(arrived)
    if arrived != release.size_bytes:
        raise UpdateFailed("Less came than the list of releases says.")
    return digest.hexdigest()


def _name(release: Release) -> str:
    if not release.asset:
        raise UpdateFailed(
            f"Fullbore {release.version} brings no file for this system.",
            remedy="Look at the download page.",
        )
    last = unquote(urlsplit(release.asset).path).rpartition("/")[2]
    return _ODD.sub("-", last).strip(".-") or f"fullbore-{_ODD.sub('-', release.version)}"


def _is_it(place: Path, release: Release) -> bool:
    try:
        if place.stat().st_size != release.size_bytes:
            return False
        with place.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == release.sha256
    except OSError:
        return False


def _free(wanted: Path) -> Path:
    place, count = wanted, 1
    while place.exists():
        count += 1
        place = wanted.with_name(f"{wanted.stem}-{count}{wanted.suffix}")
    return place


def _unwritable(folder: Path, error: OSError) -> EngineError:
    if error.errno == errno.ENOSPC:
        return DiskFull(f"{folder.name} has no room for the new Fullbore.")
    return UpdateFailed(
        f"{folder.name} could not be written: {error.strerror or error}.",
        remedy="Use the download page instead.",
    )
