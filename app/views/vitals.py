"""How quick the window is: its first paint, and how long it was ever busy."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget
from typing_extensions import override

BEAT_MS = 16
_STARTTIME_FIELD = 22  # proc(5)


def process_age_ms() -> float:
    """How long ago this process was started."""
    if sys.platform == "linux":
        # The boot time that psutil adds is rounded to a second: count from boot instead.
        fields = Path("/proc/self/stat").read_text("ascii").rpartition(")")[2].split()
        ticks = int(fields[_STARTTIME_FIELD - 3])
        started = ticks / os.sysconf("SC_CLK_TCK")
        return (time.clock_gettime(time.CLOCK_BOOTTIME) - started) * 1000
    import psutil  # noqa: PLC0415 (30 ms of the first paint)

    return (time.time() - psutil.Process().create_time()) * 1000


class FirstPaint(QObject):
    """Calls back once, after the widget was painted for the first time."""

    def __init__(self, widget: QWidget, then: Callable[[], None]) -> None:
        super().__init__(widget)
        self._widget = widget
        self._then = then
        self._painted = False
        widget.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and not self._painted:
            self._painted = True
            # The paint comes after its filters: by the next turn it is on the screen.
            QTimer.singleShot(0, self, self._done)
        return False

    def _done(self) -> None:
        self._widget.removeEventFilter(self)
        self._then()


class Heartbeat(QObject):
    """Beats every 16 ms and remembers the longest it had to wait."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.worst_ms = 0.0
        self.beats = 0
        self._last = perf_counter()
        timer = QTimer(self)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(self._beat)
        timer.start(BEAT_MS)

    def _beat(self) -> None:
        now = perf_counter()
        self.worst_ms = max(self.worst_ms, (now - self._last) * 1000)
        self._last = now
        self.beats += 1
