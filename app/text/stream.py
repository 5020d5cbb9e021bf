"""Markdown that is still being written: every block but the last is frozen."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.text.blocks import (
    Block,
    Environment,
    Located,
    language_of,
    locate,
    parse,
    plain,
    references,
)
from app.text.dialect import LONGEST_DEFINITION, LONGEST_FORMULA, markdown
from app.text.long import GOES_ON, LONG, MARKED_UP, clean, cut, is_endless
from app.text.tables import Grid

_FENCE: Final = re.compile(r"(`{3,}(?=[^`\n]*\n)|~{3,})([^\n]*)\n")
_FORMULA: Final = re.compile(r"(?m)^ {0,3}(?:\$\$|\\\[)")
# Definitions further down change what stands above; in a text longer than this they do not.
READ_AGAIN: Final = 20_000
# A single item or quote so large is not read again for every word that is added to it.
LARGE: Final = 6_000
# So many letters of definitions are not read again; what ends them may still come in their last
# lines.
DEFINED: Final = 2_000


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What a look at the stream found: blocks that will not change again, and the open ones."""

    frozen: tuple[Block, ...] = ()
    open: tuple[Block, ...] = ()


class BlockStream:
    """Takes text as it arrives; a look costs no more than its unfinished end.

    A block is frozen once the line after it that begins another is complete; of a long paragraph
    its first piece, once it is cut. What only the whole text can tell (a link defined further
    down) is put right by `finish`.
    """

    def __init__(self) -> None:
        self._parser = markdown()
        self._source: list[str] = []
        self._letters = 0
        self._tail = ""
        self._held = ""
        self._beyond = ""
        self._frozen: list[Block] = []
        self._definitions: Environment = {}
        self._again = False
        self._resume: int | None = None
        self._searched = 0
        self._head = ""
        self._rows: list[str] = []
        self._seen = 0
        self._open: list[Block] = []

    @property
    def source(self) -> str:
        """Everything fed so far."""
        if len(self._source) > 1:
            self._source = ["".join(self._source)]
        return self._source[0] if self._source else ""

    @property
    def is_whole(self) -> bool:
        """Whether `finish` told everything: a link defined further down may be missing."""
        return not self._again or self._letters <= READ_AGAIN

    def feed(self, text: str) -> None:
        """Add what has arrived."""
        self._source.append(text)
        text = self._held + text
        # The second half of a Windows line end may be in the next piece.
        self._held = "\r" if text.endswith("\r") else ""
        text = text.removesuffix("\r") if self._held else text
        text = clean(text.replace("\r\n", "\n").replace("\r", "\n"))
        room = max(0, MARKED_UP - self._letters)
        self._letters += len(text)
        self._tail += text[:room]
        self._beyond += text[room:]

    def look(self) -> Progress:
        """What froze since the last look, and what is open now."""
        if self._is_early():
            return Progress(open=tuple(self._open))
        frozen, open_ = self._look()
        if not self._head and not _FENCE.match(self._tail) and is_endless(self._tail.split("\n")):
            frozen, open_ = [*frozen, *open_], []
            self._cut("")
        self._seen, self._open = len(self._tail), open_
        if self._letters > MARKED_UP:
            # A text beyond all measure is shown as it is, a piece after the other.
            beyond = list(plain(self._beyond))
            frozen, open_ = [*frozen, *open_, *beyond[:-1]], beyond[-1:]
            self._cut("")
            self._beyond = beyond[-1].text if beyond else ""
        self._frozen.extend(frozen)
        return Progress(frozen=tuple(frozen), open=tuple(open_))

    def finish(self) -> tuple[Block, ...]:
        """All blocks of the whole text, exactly as if it had been read at once."""
        if self._held:
            self.feed("\n")
            self._source[-1] = ""
        if self._again and self._letters <= READ_AGAIN:
            return parse(self.source)
        self._seen = 0
        progress = self.look()
        if self._again and self._letters <= READ_AGAIN:
            return parse(self.source)
        blocks = (*self._frozen, *progress.open)
        self._frozen = []
        return blocks

    def _is_early(self) -> bool:
        """Whether too little has come to one block that must be read from its beginning."""
        if self._head or self._seen < LARGE or self._letters > MARKED_UP or len(self._open) != 1:
            return False
        early = self._seen <= len(self._tail) < self._seen * 1.05
        return early and _FENCE.match(self._tail) is None

    def _look(self) -> tuple[list[Block], list[Block]]:
        frozen: list[Block] = []
        while True:
            if self._head:
                table = self._table()
                if table is not None:
                    return frozen, [table]
                frozen.append(self._grid(self._rows))
                self._head, self._rows = "", []
            fence = _FENCE.match(self._tail)
            if fence is None:
                found, open_, again = self._parsed()
                frozen.extend(found)
                if again:
                    continue
                return frozen, open_
            closing = self._closing(fence)
            if closing is None or not closing[0].endswith("\n"):
                return frozen, [self._open_code(fence, closing)]
            frozen.append(_code(fence, self._tail[fence.end() : closing.start()]))
            self._cut(self._tail[closing.end() :])

    def _closing(self, fence: re.Match[str]) -> re.Match[str] | None:
        mark = re.escape(fence[1][0])
        closing = re.compile(rf"(?m)^ {{0,3}}{mark}{{{len(fence[1])},}}[ \t]*(?:\n|\Z)")
        found = closing.search(self._tail, max(fence.end(), self._searched))
        if found is None:
            self._searched = self._tail.rfind("\n") + 1
        return found

    def _open_code(self, fence: re.Match[str], closing: re.Match[str] | None) -> Block:
        end = closing.start() if closing else len(self._tail)
        text = self._tail[fence.end() : end]
        last = text[text.rfind("\n") + 1 :]
        # The beginning of a closing fence is not code.
        if last and not last.strip(fence[1][0]):
            text = text[: -len(last)]
        return _code(fence, text)

    # A table is read row by row

    def _table(self) -> Block | None:
        """The open table with the rows that have come; None once something else has begun."""
        lines = self._tail.split("\n")
        whole = len(lines) - 1
        taken = self._are_rows(lines[:whole])
        self._rows.extend(line.strip() for line in lines[:taken])
        self._tail = "\n".join(lines[taken:])
        if taken < whole:
            return None
        growing = [lines[whole].strip()] if self._are_rows(lines[whole:]) else []
        return self._grid([*self._rows, *growing])

    def _are_rows(self, lines: Sequence[str]) -> int:
        """How many of the lines, from the first on, are rows of the open table."""
        for at, line in enumerate(lines):
            if not line.startswith("|"):
                # A row, or a formula that is closed further down: only the whole text can tell.
                self._again = self._again or line.lstrip().startswith(("\\[", "$$"))
                source = f"{self._head}\n{line}"
                located = locate(self._parser, source, {}) if line.strip() else []
                grid = located[0].block.grid if len(located) == 1 else None
                if grid is None or len(grid.rows) != 1:
                    return at
        return len(lines)

    def _grid(self, rows: Sequence[str]) -> Block:
        (one,) = locate(self._parser, self._head, {})
        assert one.block.grid is not None
        return replace(one.block, grid=replace(one.block.grid, rows=tuple(rows)))

    def _parsed(self) -> tuple[list[Block], list[Block], bool]:
        """What froze and what is open; whether the rest must be looked at again."""
        seen: Environment = {key: dict(value) for key, value in self._definitions.items()}
        located = locate(self._parser, self._tail, seen, self._resume)
        self._again = self._again or bool(seen.get("references"))
        keep = self._first_open(located)
        if not located and len(self._tail) > DEFINED:
            self._take_definitions(seen)
        if keep:
            lines = self._tail.split("\n")
            start = located[keep]
            self._definitions = references(seen, start.first)
            # A definition's lines count from the old tail; from the new one it lies before it.
            for definition in self._definitions.get("references", {}).values():
                definition["map"] = [0, 0]
            self._cut("\n".join(lines[start.first :]))
            self._resume = start.number if start.continues else None
        moved = located[keep].first if keep else 0
        frozen = _blocks(located[:keep])
        rest = [
            replace(one, first=one.first - moved, end=one.end - moved) for one in located[keep:]
        ]
        if rest and self._begin_table(rest[0]):
            return frozen, [], True
        piece = self._cut_paragraph(rest)
        return [*frozen, *piece], _blocks(rest), bool(piece)

    def _take_definitions(self, seen: Environment) -> None:
        """Nothing but definitions has come so far."""
        lines = self._tail.split("\n")
        open_ = max(0, len(lines) - 2 * LONGEST_DEFINITION)
        at = next((at for at in range(open_, 0, -1) if lines[at].startswith("[")), 0)
        if at and lines[at - 1].startswith("["):
            self._definitions = references(seen, at)
            for definition in self._definitions.get("references", {}).values():
                definition["map"] = [0, 0]
            self._cut("\n".join(lines[at:]))

    def _first_open(self, located: Sequence[Located]) -> int:
        """The index of the last block whose first line is complete: what is before is frozen."""
        complete = self._tail.count("\n")
        held = self._unclosed()
        for at in range(len(located) - 1, 0, -1):
            if located[at].first < complete and located[at].first <= held:
                # The pieces of one paragraph begin together.
                first = next(i for i, one in enumerate(located) if one.first == located[at].first)
                return first if located[first].first <= held else 0
        return 0

    def _unclosed(self) -> int:
        """The line of a formula that may still be closed further down, else the last."""
        for found in _FORMULA.finditer(self._tail):
            rest = self._tail[found.start() :]
            if "\n\n" not in rest and rest.count("\n") < LONGEST_FORMULA:
                return self._tail.count("\n", 0, found.start())
        return self._tail.count("\n")

    def _begin_table(self, first: Located) -> bool:
        grid: Grid | None = first.block.grid
        lines = self._tail.split("\n", 2 + first.first)
        if grid is None or len(lines) < first.first + 3:
            return False
        head = "\n".join(lines[first.first : first.first + 2])
        self._cut(lines[first.first + 2])
        self._head, self._rows = head, []
        return True

    def _cut_paragraph(self, rest: Sequence[Located]) -> list[Block]:
        """The first piece of an open paragraph that has become long."""
        if not rest or rest[0].block.kind not in {"prose", "math", "picture"}:
            return []
        if len(self._tail) <= LONG or any(one.first != rest[0].first for one in rest):
            return []
        paragraph = "\n".join(self._tail.split("\n")[rest[0].first : rest[0].end])
        marked = paragraph.startswith(GOES_ON)
        if rest[0].block.html.startswith("<h") or paragraph.lstrip().startswith("#"):
            return []
        end = cut(paragraph.removeprefix(GOES_ON))
        if end is None:
            return []
        end += marked
        located = locate(self._parser, paragraph[:end], dict(self._definitions))
        after = self._tail.split("\n", rest[0].first)[-1][end:]
        self._cut(GOES_ON + after)
        return _blocks(located)

    def _cut(self, tail: str) -> None:
        self._tail = tail
        self._searched = 0
        self._resume = None


def _blocks(located: Sequence[Located]) -> list[Block]:
    return [one.block for one in located]


def _code(fence: re.Match[str], text: str) -> Block:
    return Block(kind="code", text=text.removesuffix("\n"), language=language_of(fence[2]))
