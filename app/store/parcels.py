"""Reading a large JSON list an element at a time, from a file or out of a zip archive.

The text in memory is never more than a few elements; what is no JSON, too long or damaged is told
in a sentence.
"""

import codecs
import json
import re
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from engine.errors import StoreError

MOST_BYTES = 512 * 1024 * 1024  # of a file, unpacked
MOST_ELEMENT_CHARACTERS = 64 * 1024 * 1024
CHUNK_BYTES = 1024 * 1024
MOST_ELEMENTS = 200_000
_PARCEL = re.compile(r"(?:.*/)?conversations(?:-\d+)?\.json")
_ENCRYPTED = 0x1
_GAP = frozenset(" \t\r\n,")


def chunks_of(file: Path) -> Iterator[Iterator[str]]:
    """The text of a .json file, or of each list of conversations in a .zip, in chunks.

    Raises StoreError; what else reading may raise, `sentences` tells.
    """
    if not zipfile.is_zipfile(file):
        if file.stat().st_size > MOST_BYTES:
            raise too_large(file.name)
        with file.open("rb") as opened:
            yield _text(opened, file.name, MOST_BYTES)
        return
    room = MOST_BYTES
    with zipfile.ZipFile(file) as archive:
        for parcel in _parcels(archive, file.name):
            room -= parcel.file_size
            if room < 0:
                raise too_large(file.name)
            with archive.open(parcel) as opened:
                yield _text(opened, file.name, parcel.file_size)


def elements(chunks: Iterator[str], name: str) -> Iterator[Any]:
    """What the list holds, one after the other; a text that is no list is its only element.

    Raises StoreError where the text stops being JSON.
    """
    strip = _Strip(chunks, name)
    if strip.peek() != "[":
        yield strip.element()
        return
    strip.at += 1
    count = 0
    while strip.peek() != "]":
        count += 1
        if count > MOST_ELEMENTS:
            raise too_large(name)
        yield strip.element()


class _Strip:
    """The text that is at hand, and the place in it; more is read when it ends."""

    def __init__(self, chunks: Iterator[str], name: str) -> None:
        self._chunks, self._name = chunks, name
        self._decoder = json.JSONDecoder()
        self._text = ""
        self.at = 0

    def peek(self) -> str:
        """What follows spaces and commas. Raises StoreError if nothing does."""
        while True:
            while self.at < len(self._text) and self._text[self.at] in _GAP:
                self.at += 1
            if self.at < len(self._text):
                return self._text[self.at]
            self._text, self.at = next(self._chunks, ""), 0
            if not self._text:
                raise _damaged(self._name)

    def element(self) -> Any:
        """The value that stands here. Raises StoreError if it is none, or too long."""
        while True:
            try:
                value, self.at = self._decoder.raw_decode(self._text, self.at)
            except RecursionError as error:
                raise _damaged(self._name) from error
            except ValueError as error:
                # Cut short? As much again, so that a long element is tried few times.
                if not self._read_on():
                    raise _damaged(self._name) from error
            else:
                return value

    def _read_on(self) -> bool:
        pieces = [self._text[self.at :]]
        room = max(len(pieces[0]), CHUNK_BYTES)
        while room > 0 and (chunk := next(self._chunks, "")):
            pieces.append(chunk)
            room -= len(chunk)
        self._text, self.at = "".join(pieces), 0
        if len(self._text) > MOST_ELEMENT_CHARACTERS:
            raise too_large(self._name)
        return len(pieces) > 1


def _parcels(archive: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    parcels = [one for one in archive.infolist() if _PARCEL.fullmatch(one.filename)]
    if not parcels:
        raise StoreError(
            f"{name} has no conversations.json.",
            remedy="Choose the archive as ChatGPT sent it, or the file itself.",
        )
    if any(one.flag_bits & _ENCRYPTED for one in parcels):
        raise StoreError(f"{name} is locked with a password.", remedy="Unpack it first.")
    return sorted(parcels, key=lambda one: one.filename)


def _text(opened: IO[bytes], name: str, most: int) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    read = 0
    while piece := opened.read(CHUNK_BYTES):
        read += len(piece)
        if read > most:
            raise too_large(name)
        text = decoder.decode(piece)
        if text:
            yield text
    rest = decoder.decode(b"", final=True)
    if rest:
        yield rest


def too_large(name: str) -> StoreError:
    """About a file nobody's chats fill."""
    return StoreError(
        f"{name} is too large to be taken in; {MOST_BYTES // (1024 * 1024)} MB, unpacked, can be.",
        remedy="Choose a smaller export.",
    )


def no_chats(name: str) -> StoreError:
    """About a file that is something else."""
    return StoreError(
        f"{name} has no chats that could be taken in.",
        remedy="Choose a chat exported as JSON by Fullbore, or an export of ChatGPT.",
    )


def _damaged(name: str) -> StoreError:
    return StoreError(
        f"{name} is no JSON, or is cut short.", remedy="Export it again, or download it again."
    )


@contextmanager
def sentences(name: str) -> Generator[None]:
    """Turn what reading that file may raise into an EngineError."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise _damaged(name) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise StoreError(
            f"{name} could not be unpacked: {error}.", remedy="Download it again."
        ) from error
    except OSError as error:
        raise StoreError(
            f"{name} could not be read: {error}.", remedy="Check that it may be read."
        ) from error
