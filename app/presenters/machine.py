"""The monitor strip: the latest reading, a short history, and the answers in progress."""

from collections import deque

from PySide6.QtCore import QObject, Signal

from app.bridge import EngineBridge
from engine.hardware.machine import Reading
from engine.host.facts import StreamsMoved

HISTORY = 120  # one minute at two readings a second


class MachinePresenter(QObject):
    """What the hardware and the answers are doing."""

    changed = Signal()

    def __init__(self, bridge: EngineBridge, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history = deque[Reading](maxlen=HISTORY)
        self._streams: StreamsMoved | None = None

    @property
    def reading(self) -> Reading | None:
        """The latest one; None before the first."""
        return self._history[-1] if self._history else None

    @property
    def history(self) -> tuple[Reading, ...]:
        """The last minute, oldest first; up to 120 readings."""
        return tuple(self._history)

    @property
    def streams(self) -> StreamsMoved | None:
        """The answers in progress: tokens a second and context use; None without a model."""
        return self._streams
