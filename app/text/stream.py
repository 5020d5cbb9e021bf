"""Markdown that is still being written: every block but the last is frozen."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.text.blocks import (
    Block,
    Environment,
    Located,
    language_of,
    locate,
    markdown,
    parse,
    references,
)

_FENCE: Final = re.compile(r"(`{3,}(?=[^`\n]*\n)|~{3,})([^\n]*)\n")


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What a look at the stream found: blocks that will not change again, and the open ones."""

    frozen: tuple[Block, ...] = ()
    open: tuple[Block, ...] = ()


class BlockStream:
    """Takes text as it arrives; a look costs no more than its unfinished end.

    A block is frozen once the line after it that begins another is complete. What only the whole
    text can tell (a link defined further down) is put right by `finish`.
    """

    def __init__(self) -> None:
        self._parser = markdown()
        self._source: list[str] = []
        self._tail = ""
        self._held = ""
        self._definitions: Environment = {}
        self._resume: int | None = None
        self._searched = 0

    @property
    def source(self) -> str:
        """Everything fed so far."""
        return "".join(self._source)

    def feed(self, text: str) -> None:
        """Add what has arrived."""
        self._source.append(text)
        text = self._held + text
        # The second half of a Windows line end may be in the next piece.
        self._held = "\r" if text.endswith("\r") else ""
        text = text.removesuffix("\r") if self._held else text
        self._tail += text.replace("\r\n", "\n").replace("\r", "\n")

    def look(self) -> Progress:
        """What froze since the last look, and what is open now."""
        frozen: list[Block] = []
        while (fence := _FENCE.match(self._tail)) is not None:
            closing = self._closing(fence)
            if closing is None or not closing[0].endswith("\n"):
                return Progress(frozen=tuple(frozen), open=(self._open_code(fence, closing),))
            frozen.append(_code(fence, self._tail[fence.end() : closing.start()]))
            self._cut(self._tail[closing.end() :])
        progress = self._parsed()
        return Progress(frozen=(*frozen, *progress.frozen), open=progress.open)

    def finish(self) -> tuple[Block, ...]:
        """All blocks of the whole text, exactly as if it had been read at once."""
        return parse(self.source)

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

    def _parsed(self) -> Progress:
        seen: Environment = {key: dict(value) for key, value in self._definitions.items()}
        located = locate(self._parser, self._tail, seen, self._resume)
        keep = _first_open(located, self._tail.count("\n"))
        if keep == 0:
            return Progress(open=_blocks(located))
        start = located[keep]
        lines = self._tail.split("\n")
        self._definitions = references(seen, start.first)
        # A definition's lines count from the old tail; from the new one it lies before the start.
        for definition in self._definitions.get("references", {}).values():
            definition["map"] = [0, 0]
        self._cut("\n".join(lines[start.first :]))
        self._resume = start.number if start.continues else None
        return Progress(frozen=_blocks(located[:keep]), open=_blocks(located[keep:]))

    def _cut(self, tail: str) -> None:
        self._tail = tail
        self._searched = 0
        self._resume = None


def _first_open(located: Sequence[Located], complete_lines: int) -> int:
    """The index of the last block whose first line is complete: what is before it is frozen."""
    for at in range(len(located) - 1, 0, -1):
        if located[at].first < complete_lines:
            # The pieces of one long table begin together.
            return next(i for i, one in enumerate(located) if one.first == located[at].first)
    return 0


def _blocks(located: Sequence[Located]) -> tuple[Block, ...]:
    return tuple(one.block for one in located)


def _code(fence: re.Match[str], text: str) -> Block:
    return Block(kind="code", text=text.removesuffix("\n"), language=language_of(fence[2]))
