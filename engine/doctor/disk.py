"""How fast a disk is read, and how fast a model opens. For the child alone: it takes seconds."""

import mmap
import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

from engine.doctor.facts import OpeningFacts, ReadingFacts

_SECONDS = 2.0
_CHUNK = 4 << 20
_WRITTEN = 256 << 20
_LEAST = 32 << 20
_FIRST = 64 << 20
_ROOM = 1 << 30  # what must stay free beside a file that is written for this


def reading(file: Path | None, folder: Path) -> ReadingFacts | None:
    """Two seconds of reading that model, from its end; without one, a file made for it.

    None where there is no room to make one. The file is gone with the process, whatever happens.
    """
    if file is not None and file.stat().st_size >= _LEAST:
        with file.open("rb", buffering=0) as source:
            size = file.stat().st_size
            return _read(source, max(0, size - (4 << 30)), written=False)
    place = next((one for one in (folder, *folder.parents) if one.is_dir()), None)
    if place is None or _free(place) < _WRITTEN + _ROOM:
        return None
    with TemporaryFile(dir=place, buffering=0) as made:
        chunk = os.urandom(_CHUNK)  # nothing a file system could compress
        for _ in range(_WRITTEN // _CHUNK):
            made.write(chunk)
        os.fsync(made.fileno())
        return _read(made, 0, written=True)  # pyright: ignore[reportArgumentType]


def opening(file: Path) -> OpeningFacts:
    """Open and map the first 64 MB, as a load does, then read as much again plainly.

    Both from the disk where the system lets go of a file; what watches files as they are opened
    shows in the first of them alone.
    """
    began = time.perf_counter()
    with file.open("rb", buffering=0) as source:
        opened = time.perf_counter() - began
        size = min(_FIRST, file.stat().st_size // 2)
        _forget(source.fileno(), size * 2)
        began = time.perf_counter()
        with mmap.mmap(source.fileno(), size, access=mmap.ACCESS_READ) as mapped:
            total = sum(mapped[place] for place in range(0, size, mmap.PAGESIZE))
        mapped_seconds = time.perf_counter() - began
        source.seek(size)
        began, left, chunk = time.perf_counter(), size, bytearray(_CHUNK)
        while left > 0 and (count := source.readinto(chunk)):
            left -= count
            total += chunk[0]
        plain_seconds = time.perf_counter() - began
    return OpeningFacts(
        open_seconds=opened,
        mapped_seconds=mapped_seconds,
        plain_seconds=plain_seconds,
        size_bytes=size,
    )


def _read(source: BinaryIO, start: int, *, written: bool) -> ReadingFacts:
    cold = _forget(source.fileno(), 0)
    source.seek(start)
    read, chunk = 0, bytearray(_CHUNK)
    began = time.perf_counter()
    while time.perf_counter() - began < _SECONDS:
        count = source.readinto(chunk)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]
        if not count:
            break
        read += int(count)  # pyright: ignore[reportUnknownArgumentType]
    taken = max(1e-6, time.perf_counter() - began)
    return ReadingFacts(bytes_per_second=read / taken, cold=cold, written=written)


def _forget(descriptor: int, size: int) -> bool:
    """Have the system drop its copy; False where it cannot be asked to."""
    if sys.platform == "win32" or not hasattr(os, "posix_fadvise"):
        return False
    os.posix_fadvise(descriptor, 0, size, os.POSIX_FADV_DONTNEED)
    return True


def _free(place: Path) -> int:
    import psutil  # noqa: PLC0415

    return psutil.disk_usage(str(place)).free
