"""The context meter: weighs what is being written, a moment after each key."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from app.presenters.chat.meter import Counted, Meter, judged
from app.presenters.chat.weighing import Load, Weigher
from app.store.values import Attachment, Overflow

DEBOUNCE_MS = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What would be sent now. `asks`: its last turn is a question."""

    load: Load
    overflow: Overflow
    asks: bool


class Metering(QObject):
    """When the person pauses, it is `due`: who knows what would be sent calls `count`."""

    due = Signal(str, object)  # a text and its attachments
    weighed = Signal(object)  # a Meter

    def __init__(self, weigher: Weigher, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._weigher = weigher
        self._text = ""
        self._attachments: tuple[Attachment, ...] = ()
        self._current = False  # the meter is of this very text
        self.meter = Meter()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._want)

    def weigh(self, text: str, attachments: Sequence[Attachment]) -> None:
        """`weighed` follows once nothing else is written for a moment."""
        self._text, self._attachments = text, tuple(attachments)
        self.again()

    def refuse(self, why: str) -> None:
        """It is too much to be counted at all."""
        self._timer.stop()
        self._current = False
        self.meter = Meter(fits=False, refusal=why)
        self.weighed.emit(self.meter)

    def again(self) -> None:
        """The conversation, the model or the policy changed."""
        self._current = False
        self._timer.start()

    def close(self) -> None:
        """Count no more: the chats are about to be closed."""
        self._timer.stop()

    def of(self, text: str, attachments: Sequence[Attachment]) -> Meter | None:
        """The meter, if it is of that very question."""
        same = self._text == text and self._attachments == tuple(attachments)
        return self.meter if self._current and same else None

    def count(self, case: Case) -> None:
        """That would be sent; `weighed` follows."""
        self._weigher.weigh(case.load, lambda counted: self._show(case, counted))

    def _want(self) -> None:
        self.due.emit(self._text, self._attachments)

    def _show(self, case: Case, counted: Counted) -> None:
        self.meter = judged(case.load.told, counted, case.overflow, asks=case.asks)
        self._current = not self._timer.isActive()
        self.weighed.emit(self.meter)
