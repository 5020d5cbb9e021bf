"""skeleton of ChatStore"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from engine.errors import StoreError


def _now() -> datetime:
    return datetime.now(UTC)


class ChatStore:
    """All chats on disk."""

    def __init__(self, path: Path, *, now: Callable[[], datetime] = _now) -> None:
        self.trouble: StoreError | None = None
