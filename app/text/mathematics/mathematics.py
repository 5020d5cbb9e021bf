"""Formulas wanted by Qt's thread, set by a thread that owns MathJax, kept as pictures."""

import logging
import threading
from collections import OrderedDict, deque
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.text.mathematics.formulas import Formula
from app.text.mathematics.picture import Picture
from app.text.mathematics.setter import THREAD_STACK_BYTES, Cause, NotSet, Setter

# A thousand are some 20 MB; what is in view is far less.
KEPT: Final = 1000
# Arrivals of one moment are told at once: each telling lays text out again.
BATCH_MS: Final = 25
CLOSE_SECONDS: Final = 2.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Why a formula has no picture; MathJax's words may be empty."""

    cause: Cause
    words: str = ""


class Mathematics(QObject):
    """Gives pictures of formulas. The first one wanted starts the thread.

    Only Qt's thread calls it. `arrived` carries a frozenset of `Formula`s that have a picture, or
    are known to have none, since the last time.
    """

    arrived = Signal(object)
    _came = Signal()

    def __init__(self, bundle: Path, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bundle = bundle
        self._found: OrderedDict[Formula, Picture | Trouble] = OrderedDict()
        self._wanted: OrderedDict[Formula, None] = OrderedDict()
        self._turn = threading.Condition()
        self._fresh: deque[tuple[Formula, Picture | Trouble]] = deque()
        self._thread: threading.Thread | None = None  # noqa: TID251 (the one that owns MathJax)
        self._closing = False
        self._batch = QTimer(self, singleShot=True, interval=BATCH_MS)
        self._batch.timeout.connect(self._take)
        self._came.connect(self._gather, Qt.ConnectionType.QueuedConnection)

    def picture(self, source: str, display: bool) -> Picture | None:  # noqa: FBT001 (two kinds)
        """The picture if there is one; if not it is wanted from now on, before all others."""
        found = self._find(Formula(source, display))
        return found if isinstance(found, Picture) else None

    def trouble(self, source: str, display: bool) -> str | None:  # noqa: FBT001 (two kinds)
        """Why there will be no picture; None while there may be one."""
        found = self._find(Formula(source, display))
        if not isinstance(found, Trouble):
            return None
        if found.cause == "too much":
            return self.tr("This formula takes too long to set; here is its source.")
        return self.tr("This formula cannot be set: %1").replace("%1", found.words)

    @property
    def waiting(self) -> int:
        """How many formulas are wanted and not yet set."""
        with self._turn:
            return len(self._wanted)

    def close(self) -> None:
        """End the thread; what is wanted will not come. Idempotent."""
        with self._turn:
            self._closing = True
            self._turn.notify()
        self._batch.stop()
        if self._thread is not None:
            self._thread.join(CLOSE_SECONDS)

    def _find(self, formula: Formula) -> Picture | Trouble | None:
        found = self._found.get(formula)
        if found is not None:
            self._found.move_to_end(formula)
            return found
        with self._turn:
            if self._closing:
                return None
            self._wanted[formula] = None
            # The newest is what the reader looks at.
            self._wanted.move_to_end(formula)
            self._turn.notify()
        if self._thread is None:
            self._start()
        return None

    def _start(self) -> None:
        before = threading.stack_size(THREAD_STACK_BYTES)
        try:
            self._thread = threading.Thread(  # noqa: TID251
                target=self._work, name="mathematics", daemon=True
            )
            self._thread.start()
        finally:
            threading.stack_size(before)

    def _gather(self) -> None:
        if not self._batch.isActive():
            self._batch.start()

    def _take(self) -> None:
        came: set[Formula] = set()
        while self._fresh:
            formula, found = self._fresh.popleft()
            self._found[formula] = found
            came.add(formula)
        while len(self._found) > KEPT:
            self._found.popitem(last=False)
        with self._turn:
            # Wanted again while they were on their way.
            for formula in came:
                self._wanted.pop(formula, None)
        if came:
            self.arrived.emit(frozenset(came))

    # The thread's side

    def _work(self) -> None:
        setter: Setter | None = None
        while (formula := self._next()) is not None:
            try:
                setter = setter or Setter(self._bundle)
                found = _set(setter, formula)
            except Exception:
                log.exception("A bug while setting a formula")
                setter = None
                found = Trouble(cause="too much")
            self._fresh.append((formula, found))
            with self._turn:
                if self._closing:
                    return
            self._came.emit()

    def _next(self) -> Formula | None:
        with self._turn:
            while not self._wanted and not self._closing:
                self._turn.wait()
            if self._closing:
                return None
            return self._wanted.popitem(last=True)[0]


def _set(setter: Setter, formula: Formula) -> Picture | Trouble:
    # With the first formula, on this thread: the window's first paint does not wait for it.
    from app.text.mathematics.reading import read_picture  # noqa: PLC0415

    try:
        return read_picture(setter.set(formula.source, display=formula.display))
    except NotSet as error:
        return Trouble(cause=error.cause, words=error.words)
    except ValueError as error:
        return Trouble(cause="wrong", words=str(error))
