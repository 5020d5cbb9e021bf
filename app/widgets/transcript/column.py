"""All messages, one below the other, of which only those near the viewport are laid out."""

from bisect import bisect_right
from collections.abc import Sequence

from app.widgets.transcript.entry import Entry
from app.widgets.transcript.look import Look

BOTTOM_MARGIN = 24.0
# How many entries on either side of the viewport keep their parts.
KEPT_NEARBY = 4


class Column:
    """Knows where every entry lies; heights not yet measured are guesses."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.width = 0.0
        self._tops: list[float] = [0.0]
        self._built: set[int] = set()

    @property
    def height(self) -> float:
        return self._tops[-1] + BOTTOM_MARGIN if self.entries else 0.0

    def top(self, index: int) -> float:
        """Where an entry begins."""
        return self._tops[index]

    def show(self, entries: Sequence[Entry]) -> None:
        """Replace everything."""
        self.entries = list(entries)
        self._built.clear()
        self.place()

    def append(self, entry: Entry) -> None:
        """One more at the end."""
        self.entries.append(entry)
        self._tops.append(self._tops[-1] + entry.height(self.width))

    def place(self) -> None:
        """Count all tops again."""
        self._tops = [0.0]
        for entry in self.entries:
            self._tops.append(self._tops[-1] + entry.height(self.width))

    def index_at(self, y: float) -> int:
        """The entry at that height; there must be one at all."""
        return min(max(0, bisect_right(self._tops, y) - 1), len(self.entries) - 1)

    def lay_out(self, look: Look, top: float, height: float) -> float:
        """Lay out what lies between `top` and `top + height`.

        Returns how far what is seen has moved because an entry that begins above `top` turned out
        taller or lower than guessed: scroll by that and nothing jumps.
        """
        if not self.entries:
            return 0.0
        moved = 0.0
        first = self.index_at(top)
        at = first
        while at < len(self.entries) and self._tops[at] < top + moved + height:
            entry = self.entries[at]
            if not entry.is_laid(look, self.width):
                was = self._tops[at + 1] - self._tops[at]
                change = entry.layout(look, self.width) - was
                self._built.add(at)
                if self._tops[at] < top and at == first and not entry.growing:
                    moved += change
                self._shift(at + 1, change)
            at += 1
        self._forget(first - KEPT_NEARBY, at + KEPT_NEARBY)
        return moved

    def lay_out_entry(self, look: Look, index: int) -> None:
        """Lay out one entry wherever it is."""
        was = self._tops[index + 1] - self._tops[index]
        change = self.entries[index].layout(look, self.width) - was
        self._built.add(index)
        self._shift(index + 1, change)

    def _shift(self, start: int, change: float) -> None:
        if abs(change) > 0.01:
            self._tops[start:] = [top + change for top in self._tops[start:]]

    def _forget(self, first: int, end: int) -> None:
        for index in [index for index in self._built if not first <= index < end]:
            self.entries[index].forget()
            if not self.entries[index].growing:
                self._built.discard(index)
