"""The sidebar's chats, newest first, under headings of time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import assert_never

from PySide6.QtCore import QObject
from typing_extensions import override

from app.lists.row_list import RowList
from app.store.values import Chat


class Age(Enum):
    """How long ago a chat was last used."""

    TODAY = "today"
    WEEK = "week"
    EARLIER = "earlier"


def age_of(chat: Chat, now: datetime) -> Age:
    """By the calendar of `now`'s time zone, not by hours."""
    days = (now.date() - chat.updated_at.astimezone(now.tzinfo).date()) / timedelta(days=1)
    if days < 1:
        return Age.TODAY
    return Age.WEEK if days <= 7 else Age.EARLIER


def _local_now() -> datetime:
    return datetime.now(UTC).astimezone()


class ChatsList(RowList[Chat]):
    """Rows of chats; the GROUP role is Today, Previous 7 days or Earlier."""

    def __init__(
        self, *, now: Callable[[], datetime] = _local_now, parent: QObject | None = None
    ) -> None:
        super().__init__(parent=parent)
        self._now = now
        self._current: int | None = None

    def mark(self, chat_id: int | None) -> None:
        """That chat is the one shown."""
        self._current = chat_id
        self.redraw()

    @override
    def key(self, row: Chat) -> object:
        return row.id

    @override
    def title(self, row: Chat) -> str:
        return row.title or self.tr("New chat")

    @override
    def group(self, row: Chat) -> str:
        age = age_of(row, self._now())
        match age:
            case Age.TODAY:
                return self.tr("Today")
            case Age.WEEK:
                return self.tr("Previous 7 days")
            case Age.EARLIER:
                return self.tr("Earlier")
            case _:
                assert_never(age)

    @override
    def is_current(self, row: Chat) -> bool:
        return row.id == self._current
