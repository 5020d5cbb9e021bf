"""What is selected, across messages."""

from dataclasses import dataclass

from app.widgets.transcript.column import Column
from app.widgets.transcript.look import Look

_END = 1 << 60


@dataclass(frozen=True, order=True)
class Place:
    """A position in a part of an entry, in reading order."""

    entry: int
    part: int
    position: int


@dataclass(frozen=True)
class Selection:
    """From where the selecting began to where it is now, in either direction."""

    anchor: Place
    head: Place

    @property
    def start(self) -> Place:
        return min(self.anchor, self.head)

    @property
    def end(self) -> Place:
        return max(self.anchor, self.head)

    def within(self, entry: int, part: int) -> tuple[int, int] | None:
        """The positions selected in one part, if any are."""
        here = (entry, part)
        start, end = self.start, self.end
        if here < (start.entry, start.part) or here > (end.entry, end.part):
            return None
        first = start.position if here == (start.entry, start.part) else 0
        last = end.position if here == (end.entry, end.part) else _END
        return (first, last) if last > first else None


def everything(column: Column) -> Selection | None:
    """All there is."""
    if not column.entries:
        return None
    last = len(column.entries) - 1
    return Selection(Place(0, 0, 0), Place(last, _END, _END))


def text_of(selection: Selection, column: Column, look: Look) -> str:
    """What is selected, as text.

    Messages that lie wholly inside give their source: it is what was said, and laying out a
    thousand messages to copy them would take a second.
    """
    start, end = selection.start, selection.end
    pieces: list[str] = []
    for index in range(start.entry, min(end.entry, len(column.entries) - 1) + 1):
        entry = column.entries[index]
        from_top = index > start.entry or (start.part, start.position) == (0, 0)
        to_end = index < end.entry or end.part == _END
        if from_top and to_end:
            pieces.append(entry.text.strip("\n"))
            continue
        column.lay_out_entry(look, index)
        lines: list[str] = []
        for at, part in enumerate(entry.parts):
            span = selection.within(index, at)
            if span is not None:
                lines.append(part.text(span[0], min(span[1], part.length)))
        pieces.append("\n".join(line for line in lines if line))
    return "\n\n".join(piece for piece in pieces if piece)
