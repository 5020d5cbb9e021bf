"""Long messages are read as Markdown beside the window's thread; until then they are plain."""

from collections import deque
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from app.text.blocks import Block, parse
from app.widgets.transcript.canvas import Canvas
from app.widgets.transcript.entry import Entry

LOOK_MS: Final = 12
NEVER: Final = float("inf")


class Reading(QObject):
    """Reads what a canvas has near its viewport, a message after the other."""

    changed = Signal(int)  # that entry has other parts now

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._wanted: deque[Entry] = deque()
        self._now: Entry | None = None
        # Asked now and then: a thread that outlives the window has nobody to call.
        self._read: SimpleQueue[tuple[Block, ...]] = SimpleQueue()
        self._looking = QTimer(self, interval=LOOK_MS)
        self._looking.timeout.connect(self._look)
        canvas.laid_out.connect(self._ask)

    @property
    def is_idle(self) -> bool:
        """Whether everything that was wanted is read."""
        return self._now is None and not self._wanted

    def _ask(self) -> None:
        for entry in self._canvas.column.unread():
            if entry is not self._now and entry not in self._wanted:
                self._wanted.append(entry)
        self._begin()

    def _begin(self) -> None:
        while self._now is None and self._wanted:
            entry = self._wanted.popleft()
            if entry.wants_reading and entry in self._canvas.column.entries:
                self._now = entry
                given = (entry.shown.content, self._read)
                Thread(target=_read, args=given, daemon=True).start()
                self._looking.start()

    def _look(self) -> None:
        try:
            blocks = self._read.get_nowait()
        except Empty:
            return
        entry, self._now = self._now, None
        self._looking.stop()
        if entry is not None and entry.wants_reading:
            entries = self._canvas.column.entries
            entry.read(blocks)
            if entry in entries:
                self._replace(entries.index(entry))
        self._begin()

    def _replace(self, index: int) -> None:
        """What is in view stays there, or at the same share of the message that is in view."""
        canvas = self._canvas
        column, seen = canvas.column, canvas.verticalScrollBar().value()
        top, was = column.top(index), column.top(index + 1) - column.top(index)
        # Only placed: what is not in view is laid out when it comes near.
        column.entries[index].layout(canvas.look, column.width, NEVER, NEVER)
        column.measure(index)
        taller = column.top(index + 1) - top - was
        share = min(1.0, max(0.0, (seen - top) / max(1.0, was)))
        canvas.shift(share * taller)
        self.changed.emit(index)
        canvas.settle()


def _read(source: str, read: SimpleQueue[tuple[Block, ...]]) -> None:
    read.put(parse(source))
