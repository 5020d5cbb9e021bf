"""All messages, one below the other, of which only those near the viewport are laid out."""

from collections.abc import Sequence

from app.widgets.transcript.entry import Entry
from app.widgets.transcript.heights import Heights
from app.widgets.transcript.look import Look

BOTTOM_MARGIN = 24.0
# How many entries on either side of the viewport keep their parts.
KEPT_NEARBY = 4


class Column:
    """Knows where every entry lies; heights not yet measured are guesses."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.width = 0.0
        self.scale = 1.0
        self._heights = Heights()
        self._built: set[int] = set()

    @property
    def height(self) -> float:
        if not self.entries:
            return 0.0
        return self._heights.top(len(self.entries)) + BOTTOM_MARGIN * self.scale

    def top(self, index: int) -> float:
        """Where an entry begins."""
        return self._heights.top(index)

    def show(self, entries: Sequence[Entry]) -> None:
        """Replace everything; an entry that stays keeps what it has."""
        self.entries = list(entries)
        for at, entry in enumerate(self.entries):
            entry.is_last = at == len(self.entries) - 1
        self._built = {at for at, entry in enumerate(self.entries) if entry.is_built}
        self.place()

    def prepend(self, entries: Sequence[Entry]) -> float:
        """More before the first; how tall they are."""
        guessed = [entry.height(self.width, self.scale) for entry in entries]
        self.entries[:0] = entries
        self._built = {at + len(entries) for at in self._built}
        self._heights = self._heights.after(guessed)
        return self._heights.top(len(entries))

    def append(self, entry: Entry) -> None:
        """One more at the end."""
        if self.entries:
            self.entries[-1].is_last = False
            self.measure(len(self.entries) - 1)
        entry.is_last = True
        self.entries.append(entry)
        self._heights.append(entry.height(self.width, self.scale))

    def unread(self) -> list[Entry]:
        """What is near the viewport and shown as plain text so far."""
        return [self.entries[at] for at in sorted(self._built) if self.entries[at].wants_reading]

    def place(self) -> None:
        """Count all tops again."""
        width, scale = self.width, self.scale
        self._heights = Heights([entry.height(width, scale) for entry in self.entries])

    def index_at(self, y: float) -> int:
        """The entry at that height; there must be one at all."""
        return self._heights.index_at(y)

    def index_of(self, message_id: int) -> int | None:
        """The entry of that message."""
        return next(
            (at for at, entry in enumerate(self.entries) if entry.shown.id == message_id), None
        )

    def is_laid(self, look: Look, top: float, height: float) -> bool:
        """Whether nothing between `top` and `top + height` is a guess."""
        for at in range(self.index_at(top), self.index_at(top + height) + 1):
            begins = self._heights.top(at) - top
            if not self.entries[at].is_laid(look, self.width, -begins, height - begins):
                return False
        return True

    def lay_out(self, look: Look, top: float, height: float) -> float:
        """Lay out what lies between `top` and `top + height`.

        Returns how far what is seen has moved because something that begins above `top` turned out
        taller or lower than guessed: scroll by that and nothing jumps.
        """
        if not self.entries:
            return 0.0
        moved = 0.0
        first = self.index_at(top)
        at = first
        while at < len(self.entries):
            below = top + moved - self._heights.top(at)
            if below + height <= 0:
                break
            entry = self.entries[at]
            if not entry.is_laid(look, self.width, below, below + height):
                moved += entry.layout(look, self.width, below, below + height)
                self.measure(at)
            at += 1
        self._forget(first - KEPT_NEARBY, at + KEPT_NEARBY)
        return moved

    def prepare(self, look: Look, top: float, height: float) -> float | None:
        """Lay out one more part near the viewport, ahead of the reader; None: all is ready.

        What is told otherwise is how far what is seen has moved.
        """
        if not self.entries:
            return None
        first, last = self.index_at(top), self.index_at(top + height)
        nearby = [*range(last, last + KEPT_NEARBY - 1), *range(first, first - KEPT_NEARBY + 1, -1)]
        for at in nearby:
            if not 0 <= at < len(self.entries):
                continue
            entry = self.entries[at]
            begins = self._heights.top(at) - top
            if abs(begins) > 3 * height and at not in (first, last):
                continue
            moved = entry.prepare(look, self.width, -begins, height)
            if moved is not None:
                self.measure(at)
                return moved
        return None

    def lay_out_entry(self, look: Look, index: int) -> None:
        """Lay out one entry wherever it is."""
        self.entries[index].layout(look, self.width)
        self.measure(index)

    def measure(self, index: int) -> None:
        """An entry has been laid out, or has changed."""
        entry = self.entries[index]
        height = entry.height(self.width, self.scale)
        if entry.is_built:
            self._built.add(index)
        if abs(height - self._heights[index]) > 0.01:
            self._heights.change(index, height)

    def _forget(self, first: int, end: int) -> None:
        for index in [index for index in self._built if not first <= index < end]:
            self.entries[index].forget()
            if not self.entries[index].is_built:
                self._built.discard(index)
