"""Which texts go into one step: oldest request first, then one of each in turn. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class Text:
    """A text to be read: its tokens, and how many of them have been."""

    tokens: list[int]
    read: int = 0

    @property
    def left(self) -> int:
        """The tokens still to be read."""
        return len(self.tokens) - self.read


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What one step holds: tokens, and texts. `cells` is the memory for tokens that are not held
    yet. With `divides`, a text may be read over several steps."""

    tokens: int
    texts: int
    cells: int
    divides: bool


def pack(requests: Sequence[Iterable[Text]], room: Room) -> list[tuple[Text, int]]:
    """Texts for one step, and how many tokens of each; only the first may come in part.

    A text that does not fit waits for the next step, in which its request may be the first: so
    none is passed over for ever. A text longer than all the room must not come here.
    """
    shares: list[tuple[Text, int]] = []
    tokens, cells = room.tokens, room.cells
    lines: list[Iterator[Text]] = [iter(texts) for texts in requests]
    while lines and len(shares) < room.texts:
        going_on: list[Iterator[Text]] = []
        for line in lines[: room.texts - len(shares)]:
            text = next(line, None)
            if text is None:
                continue
            count = text.left
            if count > tokens and room.divides and not shares:
                count = tokens
            if count > tokens or count > cells:
                continue
            shares.append((text, count))
            tokens, cells = tokens - count, cells - count
            going_on.append(line)
        lines = going_on
    return shares
