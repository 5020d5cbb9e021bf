"""The answer in progress: drained by a timer, folded into the transcript, told in pieces."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.bridge import Ending, EngineBridge
from app.presenters.chat.answer import Answer
from app.store.transcript import Transcript
from engine.chat import ChatRequest

FLUSH_MS = 33
SAVE_SECONDS = 1.0


class Running(QObject):
    """One answer at a time. The transcript's last message is amended before anything is told."""

    arrived = Signal(str, str)  # what was added to the answer and to its reasoning
    statistics_moved = Signal(object)
    save_due = Signal()  # a second has passed: a crash must not lose more
    ended = Signal(object, object)  # the Answer, and its Ending

    def __init__(
        self, bridge: EngineBridge, clock: Callable[[], float], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge, self._clock = bridge, clock
        self._answer: Answer | None = None
        self._transcript: Transcript | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FLUSH_MS)
        self._timer.timeout.connect(self._flush)

    @property
    def busy(self) -> bool:
        """Whether an answer is in progress."""
        return self._answer is not None

    def begin(self, request: ChatRequest, transcript: Transcript) -> None:
        """Ask; the transcript's last message is the answer, empty or to be continued."""
        before = transcript.last if request.continue_last else None
        self._answer = Answer(self._bridge.stream(request), self._clock(), before)
        self._transcript = transcript
        self._timer.start()

    def stop(self) -> None:
        """What arrived is kept; the ending comes with one of the next flushes."""
        if self._answer is not None:
            self._answer.stream.cancel()

    def halt(self) -> None:
        """End it here and now, without waiting for the worker."""
        if self._answer is not None:
            self._answer.stream.cancel()
            self._take()
            self._end(Ending(cancelled=True))

    def _flush(self) -> None:
        ending = self._take()
        answer = self._answer
        if answer is not None and self._clock() - answer.saved_at >= SAVE_SECONDS:
            answer.saved_at = self._clock()
            self.save_due.emit()
        if ending is not None:
            self._end(ending)

    def _take(self) -> Ending | None:
        """Show what has arrived."""
        answer, transcript = self._answer, self._transcript
        if answer is None or transcript is None or transcript.last is None:
            return None
        deltas, ending = answer.stream.take()
        if deltas:
            content, reasoning = answer.fold(deltas, self._clock())
            transcript.amend(answer.told(transcript.last))
            if content or reasoning:
                self.arrived.emit(content, reasoning)
            self.statistics_moved.emit(answer.statistics)
        return ending

    def _end(self, ending: Ending) -> None:
        answer, self._answer = self._answer, None
        self._timer.stop()
        if answer is not None:
            self.ended.emit(answer, ending)
