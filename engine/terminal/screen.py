"""How things look in a terminal: sizes, tables, one line that moves, failures."""

import sys
from collections.abc import Sequence
from typing import TextIO

from engine.errors import EngineError


def print_failure(error: EngineError) -> None:
    """One sentence and its remedy, on stderr."""
    print(f"fullbore: {error.sentence}", file=sys.stderr)


def size_text(count_bytes: int) -> str:
    """A size as disks are sold: 98.1 MB, 4.7 GB."""
    size = float(count_bytes)
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} B" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest cell; the first is text, the others are numbers."""
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(_row(line, widths) for line in lines)


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    first = cells[0].ljust(widths[0])
    rest = (cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))
    return "  ".join((first, *rest)).rstrip()


class MovingLine:
    """One line on stderr that is written over; nothing at all where no terminal shows it."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stderr
        self._shown = False

    def show(self, text: str) -> None:
        """Put this in its place."""
        if self._out.isatty():
            self._out.write(f"\r\x1b[K{text}")
            self._out.flush()
            self._shown = True

    def clear(self) -> None:
        """Leave an empty line behind."""
        if self._shown:
            self._out.write("\r\x1b[K")
            self._out.flush()
            self._shown = False
