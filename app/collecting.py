"""Garbage is collected on Qt's thread alone.

Python collects what holds itself alive in whichever thread happens to allocate next. A timer or a
widget that ends in the engine's thread is stopped from there, which Qt forbids: it warns, or dies.
"""

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 250
SETTLED_MS = 10_000


def collect_due() -> None:
    """Collect as much as Python by itself would have done by now, on the calling thread."""
    young, middle, old = gc.get_count()
    most_young, most_middle, most_old = gc.get_threshold()
    if young <= most_young:
        return
    if middle <= most_middle:
        gc.collect(0)
    else:
        gc.collect(1 if old <= most_old else 2)


class Collecting(QObject):
    """From its making to `close` this thread collects, a few times a second, and no other does."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_on = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(collect_due)
        self._timer.start()
        # What stands since the start is here to stay: not looked through each time, which takes
        # 50 ms of a window that scrolls.
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.timeout.connect(gc.freeze)
        self._settling.start(SETTLED_MS)

    def close(self) -> None:
        """Leave it to Python again. Idempotent."""
        self._timer.stop()
        self._settling.stop()
        gc.unfreeze()
        if self._was_on:
            gc.enable()
