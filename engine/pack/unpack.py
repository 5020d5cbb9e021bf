"""Only the wanted members of each archive, into a new folder that is whole or not there."""

import os
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from typing import IO

from engine.pack.failures import PackFailed, unwritten

_PIECE_BYTES = 1 << 20
_DAMAGED = (zipfile.BadZipFile, tarfile.TarError, zlib.error, LZMAError, EOFError, KeyError)
_PLAIN = frozenset("-_.+")


class Stopped(Exception):
    """The person stopped it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A wheel or a .tar.xz, and the members wanted of it, with their sizes."""

    file: Path
    members: Mapping[str, int]


def unpack(archives: Sequence[Archive], into: Path, going_on: Callable[[int], bool]) -> None:
    """Fill the folder `into`, which is made anew; `going_on` is told the bytes that are written,
    and answers False to stop.

    Raises PackFailed for an archive that is damaged or leads astray, DiskFull, or Stopped; then
    nothing is left of it.
    """
    shutil.rmtree(into, ignore_errors=True)
    try:
        _fill(archives, into, going_on)
    except BaseException:
        shutil.rmtree(into, ignore_errors=True)
        raise


def _fill(archives: Sequence[Archive], into: Path, going_on: Callable[[int], bool]) -> None:
    done = 0
    try:
        into.mkdir(parents=True)
        for archive in archives:
            with _opened(archive.file) as member:
                for name, size in archive.members.items():
                    place = into / place_of(name)
                    with member(name) as source:
                        done = _copy(source, place, (done, size), going_on)
    except _DAMAGED as error:
        raise PackFailed(
            "A part of the GPU pack is damaged; it will be downloaded again.",
            remedy="Install it again.",
        ) from error
    except OSError as error:
        raise unwritten(error, str(into.parent)) from error


def place_of(name: str) -> str:
    """Where a member lands: its last name alone. Raises PackFailed for a name that leads astray."""
    path = PurePosixPath(name)
    last = path.name
    odd = not all(sign.isascii() and (sign.isalnum() or sign in _PLAIN) for sign in last)
    if path.is_absolute() or ".." in path.parts or not last or last.startswith(".") or odd:
        raise PackFailed(f"The GPU pack has a member that leads astray: {name!r:.80}.")
    return last


@contextmanager
def _opened(file: Path) -> Generator[Callable[[str], AbstractContextManager[IO[bytes]]]]:
    if file.name.endswith(".tar.xz"):
        with tarfile.open(file, "r:xz") as tar:
            yield lambda name: _tarred(tar, name)
    else:
        with zipfile.ZipFile(file) as wheel:
            yield wheel.open


def _tarred(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    source = tar.extractfile(name) if tar.getmember(name).isreg() else None
    if source is None:  # a link, which may lead anywhere
        raise PackFailed(f"The GPU pack has a member that is no plain file: {name!r:.80}.")
    return source


def _copy(
    source: IO[bytes], place: Path, sizes: tuple[int, int], going_on: Callable[[int], bool]
) -> int:
    done, size = sizes
    left = size
    with place.open("xb") as target:
        while piece := source.read(_PIECE_BYTES):
            left -= len(piece)
            if left < 0:
                break
            target.write(piece)
            done += len(piece)
            if not going_on(done):
                raise Stopped
        target.flush()
        os.fsync(target.fileno())
    if left != 0:
        raise PackFailed(
            f"{place.name} of the GPU pack has another size than it should.",
            remedy="Install it again.",
        )
    return done
