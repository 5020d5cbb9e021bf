"""Finding words in the conversation, whether their message is laid out or not."""

import html
import re
from collections.abc import Sequence
from typing import Final

from app.widgets.transcript.block_parts import CodePart, ProsePart
from app.widgets.transcript.entry import Entry
from app.widgets.transcript.look import Look
from app.widgets.transcript.part import Part

_TAG: Final = re.compile(r"<[^>]*>")


class Finder:
    """Counts hits in the messages' sources; those of a message that is visited are exact."""

    def __init__(self) -> None:
        self.words = ""
        self._counts: list[int] = []
        self._hits: dict[int, list[tuple[int, tuple[int, int]]]] = {}
        self._at: tuple[int, int] | None = None  # the entry, and which of its hits

    @property
    def total(self) -> int:
        return sum(self._counts)

    @property
    def number(self) -> int:
        """Which hit is looked at, from 1; 0 for none."""
        if self._at is None:
            return 0
        return sum(self._counts[: self._at[0]]) + self._at[1] + 1

    def search(self, words: str, sources: Sequence[str]) -> None:
        """Look for other words, or for the same ones in what has changed."""
        self.words = words
        wanted = words.casefold()
        self._counts = [source.casefold().count(wanted) if wanted else 0 for source in sources]
        self._hits = {}
        self._at = None

    def go(
        self, entries: Sequence[Entry], look: Look, width: float, *, step: int, near: int
    ) -> tuple[int, int, tuple[int, int]] | None:
        """The next hit (or, with a negative step, the one before): entry, part and positions.

        The first one is sought from the message `near`. A hit that only the source has (in an
        address, in a mark) is no hit: it is passed over, and no longer counted.
        """
        entry, which = self._at or (near, -1)
        which += step
        for _ in range(len(entries) + 1):
            hits = self._exact(entries, entry, look, width)
            if 0 <= which < len(hits):
                self._at = (entry, which)
                part, span = hits[which]
                return entry, part, span
            entry = (entry + step) % len(entries)
            which = 0 if step > 0 else len(self._exact(entries, entry, look, width)) - 1
        self._at = None
        return None

    def marks(self, part: Part) -> tuple[tuple[int, int], ...]:
        """The hits in a part that is painted."""
        return tuple(part.hits(self.words)) if self.words else ()

    def current_in(self, entry: int, part: int) -> tuple[int, int] | None:
        """The hit that is looked at, if it is in that part."""
        if self._at is None or self._at[0] != entry:
            return None
        hits = self._hits.get(entry, [])
        if self._at[1] >= len(hits):
            return None
        at, span = hits[self._at[1]]
        return span if at == part else None

    def _exact(
        self, entries: Sequence[Entry], index: int, look: Look, width: float
    ) -> list[tuple[int, tuple[int, int]]]:
        if not self._counts[index]:
            return []
        if index in self._hits:
            return self._hits[index]
        entry = entries[index]
        entry.build()
        hits: list[tuple[int, tuple[int, int]]] = []
        for at, part in enumerate(entry.parts):
            if _may_hold(part, self.words):
                part.layout(look, width)
                hits.extend((at, span) for span in part.hits(self.words))
        entry.changed()
        self._hits[index] = hits
        self._counts[index] = len(hits)
        return hits


def _may_hold(part: Part, words: str) -> bool:
    """Whether laying the part out could show a hit: a long answer has hundreds of parts."""
    if not isinstance(part, ProsePart | CodePart):
        return True
    said = part.block.text or html.unescape(_TAG.sub("", part.block.html))
    return words.casefold() in said.casefold()
