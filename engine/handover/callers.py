"""What those who knock want of the owner, and whether this one grants it."""

from collections.abc import Callable

from engine.errors import HomeBusy
from engine.events import FilesHanded
from engine.handover.words import Files, Holder


class Callers:
    """Of one Engine, which knows whether it has a window."""

    def __init__(self, tell: Callable[[FilesHanded], None], *, window: bool) -> None:
        self._tell = tell
        self._window = window
        self._leave: Callable[[], None] | None = None

    @property
    def holder(self) -> Holder:
        """Who holds the home."""
        if self._window:
            return "window"
        return "verb" if self._leave is None else "port"

    def may_end(self, leave: Callable[[], None]) -> None:
        """From now on a caller can ask this Engine to end: once politely, twice at once."""
        self._leave = leave

    def take(self, files: Files) -> None:
        """Tell the window of them. Raises HomeBusy where there is none."""
        if not self._window:
            raise HomeBusy("The Fullbore that owns this home runs without a window.")
        self._tell(FilesHanded(paths=files.paths, activation=files.activation))

    def leave(self) -> None:
        """End, as if a signal had asked. Raises HomeBusy where somebody is at work."""
        if self._leave is None:
            raise HomeBusy("The Fullbore that owns this home does not end for another.")
        self._leave()
