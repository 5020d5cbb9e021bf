"""RangeFile: a file far away, of which only the beginning is fetched, as far as it is read."""

from collections.abc import Callable

from engine.errors import DownloadError, NotAModel

_LARGEST_PIECE_BYTES = 2 << 20
_GROWTH = 4
_MOST_BYTES = 64 << 20  # the largest headers known have a quarter of it


class RangeFile:
    """Reads like a file; `fetch(start, count)` brings bytes of it, exactly as many as asked.

    Its beginning is fetched without gaps, in pieces that grow, and kept. A read gives what is
    there and fetches only where nothing is, so it may return less than it was asked for. Raises
    NotAModel where more than `most_bytes` would be needed, and whatever `fetch` raises.
    """

    def __init__(
        self,
        fetch: Callable[[int, int], bytes],
        size_bytes: int,
        *,
        first_bytes: int = 1 << 16,
        most_bytes: int = _MOST_BYTES,
    ) -> None:
        self.size_bytes = size_bytes
        self._fetch = fetch
        self._next_bytes = first_bytes
        self._most_bytes = most_bytes
        self._held = bytearray()
        self._at = 0

    @property
    def fetched_bytes(self) -> int:
        """How many bytes were fetched so far."""
        return len(self._held)

    def prefix(self, count: int) -> bytes:
        """The file's first `count` bytes; what is missing of them is fetched."""
        self._hold(min(count, self.size_bytes))
        return bytes(self._held[:count])

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to that place, as in files. Costs nothing."""
        origin = (0, self._at, self.size_bytes)[whence]
        self._at = max(0, origin + offset)
        return self._at

    def read(self, count: int, /) -> bytes:
        """At most `count` bytes, at least one; none only at the end."""
        if count <= 0 or self._at >= self.size_bytes:
            return b""
        self._hold(self._at + 1)
        piece = bytes(self._held[self._at : self._at + count])
        self._at += len(piece)
        return piece

    def _hold(self, count: int) -> None:
        """Fetch until so many bytes from the start are here."""
        if count > self._most_bytes:
            raise NotAModel(f"The header claims more than {self._most_bytes >> 20} MB.")
        while (start := len(self._held)) < count:
            wanted = min(self._next_bytes, self._most_bytes - start, self.size_bytes - start)
            piece = self._fetch(start, wanted)
            if len(piece) != wanted:
                raise DownloadError(f"Of {wanted:,} bytes asked for, {len(piece):,} came.")
            self._held += piece
            self._next_bytes = min(self._next_bytes * _GROWTH, _LARGEST_PIECE_BYTES)
