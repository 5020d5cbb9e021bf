"""What is selected, across messages."""

from dataclasses import dataclass

from app.text.blocks import Located, locate, markdown
from app.widgets.transcript.column import Column
from app.widgets.transcript.entry import Entry
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


def markdown_of(selection: Selection, column: Column, look: Look) -> str:
    """What is selected, as Markdown."""
    return _copied(selection, column, look, plain=False)


def plain_of(selection: Selection, column: Column, look: Look) -> str:
    """What is selected, without any marks."""
    return _copied(selection, column, look, plain=True)


def _copied(selection: Selection, column: Column, look: Look, *, plain: bool) -> str:
    """Messages that lie wholly inside give their source.

    It is what was said, and laying out a thousand messages to copy them would take a second.
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
        entry.build()
        for place in (start, end):
            if place.entry == index and place.part < len(entry.parts):
                entry.parts[place.part].layout(look, column.width)
        pieces.append(
            _plain(selection, index, entry) if plain else _marked(selection, index, entry)
        )
    return "\n\n".join(piece for piece in pieces if piece)


def _plain(selection: Selection, index: int, entry: Entry) -> str:
    lines: list[str] = []
    for at, part in enumerate(entry.parts):
        span = selection.within(index, at)
        if span is not None:
            lines.append(part.text(span[0], min(span[1], part.length)))
    return "\n".join(line for line in lines if line)


def _marked(selection: Selection, index: int, entry: Entry) -> str:
    """Whole blocks are cut from the source, line by line; of others the selected piece is told."""
    body = entry.body
    located = locate(markdown(), entry.shown.content, {}) if body else []
    lines = entry.shown.content.replace("\r\n", "\n").split("\n")
    sourced = len(located) == len(body)
    out: list[str] = []
    run: tuple[int, int] | None = None
    for at, part in enumerate(entry.parts):
        span = selection.within(index, at)
        if span is None:
            continue
        block = located[at - body.start] if sourced and at in body else None
        if block is not None and _is_whole(selection, index, entry, located, at):
            run = (run[0] if run else block.first, block.end)
            continue
        if run is not None:
            out.append(_cut(lines, run))
            run = None
        text = part.markdown(span[0], min(span[1], part.length))
        if text and block is not None and block.block.kind == "code":
            text = f"```{block.block.language}\n{text}\n```"
        out.append(text)
    if run is not None:
        out.append(_cut(lines, run))
    return "\n\n".join(piece for piece in out if piece)


def _is_whole(
    selection: Selection, index: int, entry: Entry, located: list[Located], at: int
) -> bool:
    """Whether a block is selected with every piece of it: a long paragraph has several parts."""
    first = entry.body.start
    lines = (located[at - first].first, located[at - first].end)
    for piece in entry.body:
        one = located[piece - first]
        if (one.first, one.end) != lines:
            continue
        span = selection.within(index, piece)
        if span is None or span[0] > 0 or span[1] < entry.parts[piece].length:
            return False
    return True


def _cut(lines: list[str], run: tuple[int, int]) -> str:
    return "\n".join(lines[run[0] : run[1]]).strip("\n")
