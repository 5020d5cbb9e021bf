"""A command as a value, a list of them, and how well one matches what was typed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QKeySequence
from typing_extensions import override

from app.lists.row_list import RowList

_START, _INSIDE, _SCATTERED = 3.0, 2.0, 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Command:
    """`key` stays the same in every language; `keys` are in Qt's portable words."""

    key: str
    group: str
    says: str
    act: Callable[[], object]
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalKeys:
    """Keys that do something in one place alone."""

    group: str
    says: str
    keys: tuple[str, ...]


class CommandsList(RowList[Command]):
    """What the palette shows."""

    @override
    def key(self, row: Command) -> object:
        return row.key

    @override
    def title(self, row: Command) -> str:
        return row.says

    @override
    def detail(self, row: Command) -> str:
        return row.group


def spelled(keys: str) -> str:
    """Such as "Ctrl+K", as this system writes it."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) or keys


def best(
    commands: Sequence[Command], typed: str, recent: Sequence[str], *, most: int
) -> tuple[Command, ...]:
    """Those that match, the best first; of equals, what was used last comes first."""
    words = typed.casefold().split()
    ages = {key: age for age, key in enumerate(recent)}
    found: list[tuple[float, int, int, int]] = []
    for place, command in enumerate(commands):
        text = command.says.casefold()
        score = match(words, text, command.group.casefold())
        if score is not None:
            age = ages.get(command.key, len(recent))
            # Without words, what was used last; else length decides before the table's order.
            found.append((-score, age, len(text) if words else 0, place))
    found.sort()
    return tuple(commands[place] for *_, place in found[:most])


def match(words: Sequence[str], text: str, group: str = "") -> float | None:
    """How well all words are found in a text, or in its group's name; None: one is not."""
    total = 0.0
    for word in words:
        if text.startswith(word) or f" {word}" in text:
            total += _START
        elif word in text:
            total += _INSIDE
        elif group.startswith(word) or scattered(word, text):
            total += _SCATTERED
        else:
            return None
    return total


def scattered(word: str, text: str) -> bool:
    """Whether the letters stand in the text in this order."""
    at = 0
    for letter in word:
        at = text.find(letter, at) + 1
        if at == 0:
            return False
    return True
