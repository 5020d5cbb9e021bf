"""The monitor strip: the latest reading, a short history, and the answers in progress."""

from collections import deque

from PySide6.QtCore import QObject, Signal

from app.bridge import EngineBridge
from engine.events import Event, MachineRead
from engine.hardware.machine import Reading
from engine.host.facts import ModelMoved, Phase, StreamsMoved, WorkerEnded

HISTORY = 120  # one minute at two readings a second


class MachinePresenter(QObject):
    """What the hardware and the answers are doing."""

    changed = Signal()

    def __init__(self, bridge: EngineBridge, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history = deque[Reading](maxlen=HISTORY)
        self._streams: StreamsMoved | None = None
        bridge.happened.connect(self._hear)

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

    def _hear(self, event: Event) -> None:
        match event:
            case MachineRead():
                self._history.append(event.reading)
            case StreamsMoved():
                self._streams = event
            case ModelMoved(phase=Phase.READY, context_tokens=int(context)):
                self._streams = StreamsMoved(
                    model=event.model,
                    streams=0,
                    decode_tps=0.0,
                    context_used_tokens=0,
                    context_tokens=context,
                )
            case WorkerEnded() | ModelMoved(phase=Phase.STOPPED):
                if self._streams is None or self._streams.model != event.model:
                    return
                self._streams = None
            case _:
                return
        self.changed.emit()
