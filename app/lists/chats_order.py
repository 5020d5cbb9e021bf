"""Which chats stand where: pinned ones, folders, then the rest by their age. Pure functions."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Literal, TypeAlias

from app.store.values import Chat, Folder


class Section(Enum):
    """What a heading says."""

    PINNED = "pinned"
    FOLDERS = "folders"
    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"
    MONTH = "month"
    OLDER = "older"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A line above those that belong together."""

    section: Section


Node: TypeAlias = Heading | Folder | Chat
# Where chats can be put: among the pinned, in no folder, or in the folder of that number.
Spot: TypeAlias = Literal["pinned", "loose"] | int


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The lines from top to bottom, and the chats inside each folder."""

    lines: tuple[Node, ...] = ()
    inside: Mapping[int, tuple[Chat, ...]] = field(default_factory=dict[int, tuple[Chat, ...]])


def in_order(chats: Sequence[Chat], folders: Sequence[Folder], now: datetime) -> Order:
    """All of it. `now` has the person's own time zone; the chats come newest first."""
    known = {folder.id for folder in folders}
    pinned = [chat for chat in chats if chat.pinned]
    inside: dict[int, list[Chat]] = {folder.id: [] for folder in folders}
    loose: list[Chat] = []
    for chat in chats:
        if chat.pinned:
            continue
        if chat.folder_id in known:
            assert chat.folder_id is not None
            inside[chat.folder_id].append(chat)
        else:
            loose.append(chat)
    lines: list[Node] = []
    if pinned:
        lines += [Heading(section=Section.PINNED), *pinned]
    if folders:
        ordered = sorted(folders, key=lambda folder: (folder.position, folder.id))
        lines += [Heading(section=Section.FOLDERS), *ordered]
    lines += by_age(loose, now)
    return Order(lines=tuple(lines), inside={key: tuple(one) for key, one in inside.items()})


def by_age(chats: Sequence[Chat], now: datetime) -> tuple[Node, ...]:
    """Under headings of the calendar of `now`'s time zone. Weeks begin on Monday."""
    newest_first = sorted(chats, key=lambda chat: chat.updated_at, reverse=True)
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    begins = (
        (Section.TODAY, today),
        (Section.YESTERDAY, today - timedelta(days=1)),
        (Section.WEEK, today - timedelta(days=now.weekday())),
        (Section.MONTH, today.replace(day=1)),
    )
    lines: list[Node] = []
    at = 0
    for section, begin in begins:
        # The first that is older; ages grow downwards.
        end = bisect_left(newest_first, True, lo=at, key=lambda chat: chat.updated_at < begin)  # noqa: FBT003
        if end > at:
            lines += [Heading(section=section), *newest_first[at:end]]
        at = max(at, end)
    if at < len(newest_first):
        lines += [Heading(section=Section.OLDER), *newest_first[at:]]
    return tuple(lines)


def key(node: Node) -> tuple[str, object]:
    """What stays the same while its words change."""
    match node:
        case Heading():
            return ("heading", node.section)
        case Folder():
            return ("folder", node.id)
        case Chat():
            return ("chat", node.id)
