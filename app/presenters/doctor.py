"""The examination of this machine, as it goes, and what it found."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

from app.bridge import EngineBridge, EngineSurface
from app.surface import Findings
from app.text import failures
from engine.errors import EngineError
from engine.monitor.values import Check


class DoctorPresenter(QObject):
    """Examines when asked; what was found stays until the next time."""

    changed = Signal()  # any of the properties
    failed = Signal(str)  # a sentence with its remedy

    _progressed = Signal(int, float)

    def __init__(self, bridge: EngineBridge, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._give_up: Callable[[], None] | None = None
        self._round = 0
        self._fraction = 0.0
        self._found: Findings | None = None
        self._progressed.connect(self._progress, Qt.ConnectionType.QueuedConnection)

    @property
    def examining(self) -> bool:
        """Whether it goes on now."""
        return self._give_up is not None

    @property
    def fraction(self) -> float:
        """How much of it is done, 0 to 1."""
        return self._fraction

    @property
    def checks(self) -> tuple[Check, ...]:
        """What was found last: what failed first, then what could be better."""
        if self._found is None:
            return ()
        order = ("fail", "warn", "pass")
        return tuple(sorted(self._found.checks, key=lambda check: order.index(check.state)))

    @property
    def report(self) -> str:
        """The same as an English text with nothing private in it; empty before."""
        return "" if self._found is None else self._found.report

    def examine(self) -> None:
        """Begin, unless it goes on already."""
        if self.examining:
            return
        self._round += 1
        self._fraction = 0.0
        turn = self._round

        async def examined(engine: EngineSurface) -> Findings:
            return await engine.doctor.examine(lambda part: self._progressed.emit(turn, part))

        self._give_up = self._bridge.ask(examined, self._settle, self._fail)
        self.changed.emit()

    def cancel(self) -> None:
        """Stop; what was found before stays."""
        if self._give_up is not None:
            self._give_up()
            self._give_up = None
            self.changed.emit()

    def _progress(self, turn: int, fraction: float) -> None:
        if turn == self._round and self.examining:
            self._fraction = fraction
            self.changed.emit()

    def _settle(self, found: Findings) -> None:
        self._give_up, self._found = None, found
        self.changed.emit()

    def _fail(self, error: EngineError) -> None:
        self._give_up = None
        self.changed.emit()
        self.failed.emit(failures.told(error))
