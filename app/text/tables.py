"""Tables as lines of source: split into cells only where they are shown or copied."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

Side = Literal["left", "center", "right"]

# A head longer than this is a paragraph: text that long is shown in pieces.
LONGEST_HEAD: Final = 2_000
WIDEST_GRID: Final = 128

_RULED: Final = re.compile(r"[-:|][-:|\s]*\Z")
_DASHES: Final = re.compile(r":?-+:?\Z")
_BAR: Final = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table: the head's line, the sides its columns keep to, and the rows' lines."""

    head: str
    sides: tuple[Side, ...]
    rows: tuple[str, ...] = ()

    @property
    def columns(self) -> int:
        return len(self.sides)

    def cells(self, row: int) -> tuple[str, ...]:
        """The source of each cell of a row; -1 is the head."""
        cells = split(self.head if row < 0 else self.rows[row])[: self.columns]
        return (*cells, *("" for _ in range(self.columns - len(cells))))

    def as_markdown(self, first: int = 0, end: int | None = None) -> str:
        """The head and those rows as a table of Markdown."""
        marks = {"left": "---", "center": ":-:", "right": "--:"}
        rows = range(len(self.rows))[first:end]
        lines = [self.cells(-1), tuple(marks[side] for side in self.sides)]
        lines.extend(self.cells(row) for row in rows)
        return "\n".join(f"| {' | '.join(_barred(cells))} |" for cells in lines)

    def as_tsv(self) -> str:
        """All of it for a spreadsheet: a tab between cells."""
        rows = (self.cells(row) for row in range(-1, len(self.rows)))
        return "\n".join("\t".join(plain(cell) for cell in cells) for cells in rows)


def split(line: str) -> tuple[str, ...]:
    """The cells of a line; a bar behind a backslash belongs to its cell."""
    cells = [cell.strip().replace("\\|", "|") for cell in _BAR.split(line.strip())]
    if cells and not cells[0]:
        cells.pop(0)
    if cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def begun(head: str, rule: str) -> Grid | None:
    """The table that a head and the ruled line below it begin, if they do."""
    rule = rule.strip()
    if "|" not in head or len(head) > LONGEST_HEAD or _RULED.match(rule) is None:
        return None
    if rule[0] == "-" and rule[1:2].isspace():
        return None
    marks = [mark.strip() for mark in rule.split("|")]
    inner = marks[1 if not marks[0] else 0 : -1 if not marks[-1] else None]
    if len(rule) < 2 or not inner or not all(_DASHES.match(mark) for mark in inner):
        return None
    if len(inner) != len(split(head)) or len(inner) > WIDEST_GRID:
        return None
    return Grid(head=head.strip(), sides=tuple(_side(mark) for mark in inner))


def _barred(cells: Iterable[str]) -> Iterator[str]:
    return (cell.replace("|", "\\|") for cell in cells)


def plain(cell: str) -> str:
    """A cell without the marks of code and emphasis."""
    return re.sub(r"\*\*|__|~~|`", "", cell).replace("\t", " ")


def _side(mark: str) -> Side:
    if mark.endswith(":"):
        return "center" if mark.startswith(":") else "right"
    return "left"
