"""A forward reader over a seekable file that never holds more than it was asked for."""

import struct
from typing import Protocol

from engine.errors import NotAModel, TruncatedModel

_WINDOW_BYTES = 1 << 20
_LENGTH = struct.Struct("<Q")
_MAX_STRINGS = 1 << 23  # thirty times the largest vocabulary known; a second to step over


class Source(Protocol):
    """What can be read from: an open file, or a RangeFile, which may return less than asked."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to that place, as in files."""
        ...

    def read(self, count: int, /) -> bytes:
        """At most `count` bytes; none only at the end."""
        ...


class Window:
    """Reads a file from its start in large pieces; a seek costs nothing until bytes are needed.

    `size_bytes` is what the whole file has, which may be more than `source` holds: then reading
    past the source's end is TruncatedModel, as it is past the file's.
    """

    def __init__(self, source: Source, size_bytes: int | None = None) -> None:
        self._source = source
        held = source.seek(0, 2)
        self.size_bytes = held if size_bytes is None else size_bytes
        self._piece = b""
        self._piece_start = 0
        self._at = 0  # within the piece

    @property
    def position(self) -> int:
        """The offset in the file of the next byte."""
        return self._piece_start + self._at

    @property
    def left(self) -> int:
        """The bytes that the file still has."""
        return self.size_bytes - self.position

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        self._need(count)
        start = self._at
        self._at += count
        return self._piece[start : self._at]

    def number(self, letter: str) -> int:
        """The next integer, of struct's `letter`."""
        packed = struct.Struct("<" + letter)
        (value,) = packed.unpack(self.take(packed.size))
        return int(value)

    def skip(self, count: int) -> None:
        """Go on without reading."""
        if count > self.left:
            raise TruncatedModel("The file ends inside its header.")
        self._at += count
        if self._at > len(self._piece):
            self._piece_start, self._piece, self._at = self.position, b"", 0

    def skip_strings(self, count: int) -> None:
        """Go past `count` strings, each a length and its bytes, without making objects of them."""
        if sane(count, _MAX_STRINGS, "texts in a list") * _LENGTH.size > self.left:
            raise TruncatedModel("The file ends inside its header.")
        left, read_length, head = count, _LENGTH.unpack_from, _LENGTH.size
        while left:
            self._need(head)
            piece, at, last = self._piece, self._at, len(self._piece) - head
            while left and at <= last:
                at += head + read_length(piece, at)[0]
                left -= 1
            # The last string may reach past the piece, and a lying length past the file.
            self.skip(at - self._at)

    def _need(self, count: int) -> None:
        if self._at + count <= len(self._piece):
            return
        if count > self.left:
            raise TruncatedModel("The file ends inside its header.")
        start = self.position
        self._source.seek(start)
        piece = self._source.read(max(count, _WINDOW_BYTES))
        while len(piece) < count:
            more = self._source.read(count - len(piece))
            if not more:
                raise TruncatedModel("The file ends inside its header.")
            piece += more
        self._piece, self._piece_start, self._at = piece, start, 0


def sane(count: int, limit: int, what: str) -> int:
    """`count`, if a real model may have that many; else NotAModel."""
    if count > limit:
        raise NotAModel(f"The header claims {count:,} {what}, which no model has.")
    return count
