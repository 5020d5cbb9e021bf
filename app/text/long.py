"""Text without end or manners: cut into pieces that can be shown, and cleaned for Qt."""

import re
from collections.abc import Sequence
from typing import Final

# A paragraph longer than this goes on in another piece, at the end of a sentence if one is near.
LONG: Final = 2_400
LONGEST: Final = 2 * LONG
# A quote or an item is one document: without an end, or with such a line, it is plain text.
ENDLESS: Final = 30_000
ENDLESS_LINE: Final = 10_000
MOST_BRACKETS: Final = 160
MOST_MARKS: Final = 700
# Marks side by side are one run; each may nest emphasis a level deeper.
MOST_RUNS: Final = 350
# What comes after so many letters is shown as plain text.
MARKED_UP: Final = 400_000
# Stands before the rest of a paragraph of which the beginning is already frozen.
GOES_ON: Final = "\ue000"

_END: Final = re.compile(r"[.!?:;…][\"')\]]*\s+(?=\S)|[。！？；]\s*(?=\S)|(?<=[^|\n])\n(?=\S)")
_PICTURE: Final = re.compile(r"!\[[^\]\n]{0,200}\]\(data:image/[\w+.-]+;base64,[\w+/=\s]*(?:\)|\Z)")
_RUN: Final = re.compile(r"[*_~]+")
# Controls, halves of surrogate pairs, and what Qt keeps for the inside of its documents.
_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffc]")


def clean(text: str) -> str:
    """The text with a mark in the place of each letter that no font and no document has."""
    return _UNFIT.sub("\ufffd", text)


def units(text: str) -> int:
    """How many of Qt's positions the text takes: two for a letter beyond the first plane."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def cut(text: str) -> int | None:
    """Where the first piece of a paragraph ends; None while it is short enough.

    What comes after the cut has no say in it: a paragraph that grows is cut as a finished one is.
    """
    if len(text) <= LONG:
        return None
    picture = _PICTURE.match(text)
    if picture is not None and picture.end() > LONG:
        return picture.end() if picture.end() < len(text) else None
    for end in _END.finditer(text, LONG, LONGEST):
        # What looks beyond the limit would see the end of a growing text, too.
        if end.end() < LONGEST and _closed(text[: end.end()]):
            return end.end()
    if len(text) <= LONGEST:
        return None
    space = text.rfind(" ", LONG, LONGEST)
    return LONGEST if space < 0 else space + 1


def pieces(text: str) -> list[str]:
    """A paragraph in pieces."""
    out: list[str] = []
    while (end := cut(text)) is not None:
        out.append(text[:end])
        text = text[end:]
    out.append(text)
    return out


def is_endless(lines: Sequence[str]) -> bool:
    """Whether the lines of one quote or item take longer to lay out than a window may stand."""
    return sum(map(len, lines)) > ENDLESS or any(len(line) > ENDLESS_LINE for line in lines)


def broken(text: str, begun: int = 0) -> str:
    """The text with line ends in lines beyond measure; so many letters of the first came before.

    Text that arrives in pieces is broken as it is in whole.
    """
    lines: list[str] = []
    for line in text.split("\n"):
        first = ENDLESS_LINE - begun
        lines.append(line[:first])
        lines.extend(line[at : at + ENDLESS_LINE] for at in range(first, len(line), ENDLESS_LINE))
        begun = 0
    return "\n".join(lines)


def is_hostile(piece: str) -> bool:
    """Whether a piece has more marks than anybody writes: finding their ends takes their square."""
    return (
        piece.count("[") > MOST_BRACKETS
        or piece.count("<") + piece.count("\\(") + piece.count("\\[") > MOST_BRACKETS
        or piece.count("*") + piece.count("_") + piece.count("~") > MOST_MARKS
        or len(_RUN.findall(piece)) > MOST_RUNS
    )


def _closed(piece: str) -> bool:
    """Whether nothing is open at the end of the piece: no code, formula, link or emphasis."""
    return (
        piece.count("`") % 2 == 0
        and piece.count("$") % 2 == 0
        and piece.count("$$") % 2 == 0
        and piece.count("**") % 2 == 0
        and piece.count("[") <= piece.count("]")
        and piece.count("\\(") <= piece.count("\\)")
    )
