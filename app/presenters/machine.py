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
        self._streams = dict[str, StreamsMoved]()  # of each model that answers or could
        self._latest: str | None = None  # the one that told last
        self._followed: str | None = None
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
        """The answers in progress: tokens a second and context use; None without a model.

        Of the model that is followed; where there is none, of the one that told last.
        """
        return self._streams.get(self._followed or self._latest or "")

    def follow(self, model: str | None) -> None:
        """Clients may have others loaded: `streams` is to be of that one from now on."""
        if model != self._followed:
            self._followed = model
            self.changed.emit()

    def _hear(self, event: Event) -> None:
        match event:
            case MachineRead():
                self._history.append(event.reading)
            case StreamsMoved():
                self._tell(event)
            case ModelMoved(phase=Phase.READY, context_tokens=int(context)):
                self._tell(
                    StreamsMoved(
                        model=event.model,
                        streams=0,
                        decode_tps=0.0,
                        context_used_tokens=0,
                        context_tokens=context,
                    )
                )
            case WorkerEnded() | ModelMoved(phase=Phase.STOPPED):
                if self._streams.pop(event.model, None) is None:
                    return
                if event.model == self._latest:
                    self._latest = next(reversed(self._streams), None)
            case _:
                return
        self.changed.emit()

    def _tell(self, told: StreamsMoved) -> None:
        self._streams[told.model] = told
        self._latest = told.model
