"""A part: a file on its way, written in place block by block, and the journal beside it."""

import os
import threading
from pathlib import Path

from engine.download.journal import Journal, block_bytes_for, digest_of, read_journal
from engine.download.leftovers import JOURNAL, PART

_STRETCH_LEAST_BYTES = 4 << 20
_STRETCH_MOST_BYTES = 32 << 20
_MISSING, _CLAIMED, _HERE = 0, 1, 2


def journal_of(part: Path) -> Path:
    """Where the journal of that part lies."""
    return part.with_name(part.name.removesuffix(PART) + JOURNAL)


def held_bytes(part: Path, size_bytes: int) -> int:
    """How much of that part has arrived, by its journal."""
    if not part.exists():
        return 0
    block = block_bytes_for(size_bytes)
    numbers = read_journal(journal_of(part), size_bytes)
    return sum(min(block, size_bytes - number * block) for number in numbers)


class Claims:
    """Which blocks are missing, on their way, or here. Belongs to all threads."""

    def __init__(self, size_bytes: int) -> None:
        self.size_bytes = size_bytes
        self.block_bytes = block_bytes_for(size_bytes)
        self._states = bytearray(-(-size_bytes // self.block_bytes))
        self._changed = threading.Condition()
        self._held_bytes = 0

    @property
    def held_bytes(self) -> int:
        """The bytes of the blocks that are here."""
        return self._held_bytes

    @property
    def is_whole(self) -> bool:
        """Is every block here?"""
        return self._held_bytes == self.size_bytes

    def length_of(self, number: int) -> int:
        """The bytes of that block: the last may be shorter."""
        return min(self.block_bytes, self.size_bytes - number * self.block_bytes)

    def is_here(self, number: int) -> bool:
        """Has that block arrived?"""
        return self._states[number] == _HERE

    def claim(self, takers: int) -> range | None:
        """Neighbouring missing blocks for one of so many takers; None if there are none."""
        with self._changed:
            first = self._states.find(_MISSING)
            if first < 0:
                return None
            fair = self._states.count(_MISSING) * self.block_bytes // (2 * takers)
            most = max(min(fair, _STRETCH_MOST_BYTES), _STRETCH_LEAST_BYTES) // self.block_bytes
            end = first
            while end < len(self._states) and end - first < max(most, 1):
                if self._states[end] != _MISSING:
                    break
                self._states[end] = _CLAIMED
                end += 1
            return range(first, end)

    def release(self, stretch: range) -> None:
        """What was claimed and did not come is missing again."""
        with self._changed:
            for number in stretch:
                if self._states[number] == _CLAIMED:
                    self._states[number] = _MISSING

    def arrived(self, number: int) -> None:
        """That block is here."""
        with self._changed:
            if self._states[number] != _HERE:
                self._states[number] = _HERE
                self._held_bytes += self.length_of(number)
            self._changed.notify_all()

    def lose(self, number: int) -> None:
        """That block is missing after all."""
        with self._changed:
            if self._states[number] == _HERE:
                self._held_bytes -= self.length_of(number)
            self._states[number] = _MISSING

    def wait_for(self, number: int, seconds: float) -> bool:
        """Whether that block is here, waited for so long."""
        with self._changed:
            return self._changed.wait_for(lambda: self._states[number] == _HERE, seconds)


class Part:
    """The open part. Blocks may be written from all threads.

    One handle and a lock: Windows has no pwrite. Raises OSError.
    """

    def __init__(self, path: Path, size_bytes: int) -> None:
        self.path = path
        self.size_bytes = size_bytes
        self.claims = Claims(size_bytes)
        self._lock = threading.Lock()
        grown = path.stat().st_size if path.exists() else 0
        adoptable = grown if grown < size_bytes and not journal_of(path).exists() else 0
        self._journal = Journal(journal_of(path), size_bytes)
        if not grown:
            for number in tuple(self._journal.digests):
                self._journal.forget(number)
        self._file = path.open("r+b" if grown else "w+b", buffering=0)
        self._adopt(adoptable)
        self._file.truncate(size_bytes)  # a hole where nothing has arrived yet
        self.recalled = frozenset(self._journal.digests)  # believed only when read again
        for number in self.recalled:
            self.claims.arrived(number)

    def put(self, number: int, block: bytes | bytearray) -> None:
        """Write that block, then its record."""
        digest = digest_of(block)
        with self._lock:
            self._file.seek(number * self.claims.block_bytes)
            rest = memoryview(block)
            while rest:
                rest = rest[self._file.write(rest) :]
            self._journal.add(number, len(block), digest)
        self.claims.arrived(number)

    def lose(self, number: int) -> None:
        """That block is not what its record says: it is wanted again."""
        with self._lock:
            self._journal.forget(number)
        self.claims.lose(number)

    def digest(self, number: int) -> bytes | None:
        """The hash of that block when it arrived."""
        return self._journal.digests.get(number)

    def sync(self) -> None:
        """Have the disk hold it."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """No more of it."""
        self._file.close()
        self._journal.close()

    def _adopt(self, grown: int) -> None:
        """Take over what came in order, before there were journals."""
        for number in range(grown // self.claims.block_bytes):
            self._file.seek(number * self.claims.block_bytes)
            block = self._file.read(self.claims.block_bytes)
            self._journal.add(number, len(block), digest_of(block))
