"""The journal of a part: which blocks have arrived, each with its hash.

A head and records of one length, appended after the bytes they speak of, and no fsync: what a
power cut tears or reorders is found out by the hashes when the file is read again.
"""

import hashlib
import struct
import zlib
from pathlib import Path

_RECORD = struct.Struct("<II16sI")  # number, length (0: forgotten), digest, CRC-32 of these
_HEAD = struct.Struct("<8sQI4xI")  # magic, size of the file, size of a block, CRC-32 of these
_MAGIC = b"fullbor1"
_LEAST_BLOCK_BYTES = 128 << 10  # what a kill costs each connection, at the most
_MOST_BLOCKS = 1 << 16


def digest_of(block: bytes | bytearray | memoryview) -> bytes:
    """What tells a block from a damaged one."""
    return hashlib.blake2b(block, digest_size=16).digest()


def block_bytes_for(size_bytes: int) -> int:
    """How large the blocks of a file of that size are."""
    block = _LEAST_BLOCK_BYTES
    while block * _MOST_BLOCKS < size_bytes:
        block *= 2
    return block


def read_journal(path: Path, size_bytes: int) -> dict[int, bytes]:
    """The digests of the blocks that arrived; none if it is of another file, or torn at its head.

    A torn or damaged record costs its block alone.
    """
    try:
        kept = path.read_bytes()
    except FileNotFoundError:
        return {}
    block = block_bytes_for(size_bytes)
    if kept[: _HEAD.size] != _head(size_bytes):
        return {}
    count = -(-size_bytes // block)
    digests: dict[int, bytes] = {}
    whole = (len(kept) - _HEAD.size) // _RECORD.size * _RECORD.size
    for number, length, digest, check in _RECORD.iter_unpack(kept[_HEAD.size :][:whole]):
        if check != _check(number, length, digest) or number >= count:
            continue
        if length == min(block, size_bytes - number * block):
            digests[number] = digest
        else:
            digests.pop(number, None)
    return digests


class Journal:
    """The open journal, appended to. Belongs to one thread at a time."""

    def __init__(self, path: Path, size_bytes: int) -> None:
        self.digests = read_journal(path, size_bytes)
        fresh = not self.digests
        # Unbuffered: a killed process leaves what it wrote.
        self._file = path.open("w+b" if fresh else "r+b", buffering=0)
        if fresh:
            self._file.write(_head(size_bytes))
        else:
            length = path.stat().st_size
            self._file.truncate(length - (length - _HEAD.size) % _RECORD.size)  # a torn last one
            self._file.seek(0, 2)

    def add(self, number: int, length: int, digest: bytes) -> None:
        """That block lies in the part now."""
        self.digests[number] = digest
        self._append(number, length, digest)

    def forget(self, number: int) -> None:
        """That block is not what it was."""
        if self.digests.pop(number, None) is not None:
            self._append(number, 0, bytes(16))

    def close(self) -> None:
        """No more of it."""
        self._file.close()

    def _append(self, number: int, length: int, digest: bytes) -> None:
        self._file.write(_RECORD.pack(number, length, digest, _check(number, length, digest)))


def _head(size_bytes: int) -> bytes:
    check = zlib.crc32(f"{size_bytes} {block_bytes_for(size_bytes)}".encode())
    return _HEAD.pack(_MAGIC, size_bytes, block_bytes_for(size_bytes), check)


def _check(number: int, length: int, digest: bytes) -> int:
    return zlib.crc32(digest + number.to_bytes(4, "little") + length.to_bytes(4, "little"))
