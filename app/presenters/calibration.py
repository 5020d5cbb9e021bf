"""The offer to measure this machine, and how the measuring goes."""

from PySide6.QtCore import QObject, Signal

from app.bridge import EngineBridge, EngineSurface
from app.settings import SettingsFile
from app.text import failures
from engine.errors import EngineError
from engine.events import CalibrationMoved, Event
from engine.hardware.calibration import Calibration
from engine.host.facts import ModelMoved, Phase, StreamsMoved

_Known = tuple[Calibration | None, bool]


class CalibrationPresenter(QObject):
    """Predictions fit a machine that was measured. Nothing is measured while an answer is written.

    An offer that was sent away stays away; the settings still have it.
    """

    changed = Signal()  # any of the properties
    failed = Signal(str)  # a sentence with its remedy

    def __init__(
        self, bridge: EngineBridge, settings: SettingsFile, *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge, self._settings = bridge, settings
        self._known: Calibration | None = None
        self._needed = False
        self._measuring = self._cancelling = self._answering = False
        self._fraction = 0.0
        bridge.happened.connect(self._hear)
        bridge.ready.connect(self._look)

    @property
    def offered(self) -> bool:
        """Whether the machine should be measured, and nobody said no."""
        declined = self._settings.settings.calibration_declined
        return self._needed and not declined and not self._measuring

    @property
    def possible(self) -> bool:
        """Whether it could begin now: nothing is being answered or measured."""
        return not self._answering and not self._measuring

    @property
    def measuring(self) -> bool:
        """Whether it goes on now."""
        return self._measuring

    @property
    def fraction(self) -> float:
        """How much of it is done, 0 to 1."""
        return self._fraction

    @property
    def measured_at(self) -> str | None:
        """The day this machine was last measured, as 2026-01-31; None: never."""
        return None if self._known is None else self._known.at[:10]

    def measure(self) -> None:
        """Measure this machine; the model leaves meanwhile and comes back."""
        if not self.possible:
            return
        self._measuring, self._cancelling, self._fraction = True, False, 0.0
        self.changed.emit()
        self._bridge.ask(_measure, self._settle, self._fail)

    def cancel(self) -> None:
        """Stop measuring; what was known before stays."""
        if self._measuring:
            self._cancelling = True
            self._bridge.tell(lambda engine: engine.cancel_calibration())

    def decline(self) -> None:
        """Offer it no more."""
        settings = self._settings.settings
        try:
            self._settings.change(settings.model_copy(update={"calibration_declined": True}))
        except EngineError as error:
            self.failed.emit(failures.told(error))
        self.changed.emit()

    def _look(self) -> None:
        self._bridge.ask(_known, self._settle, self._fail)

    def _hear(self, event: Event) -> None:
        match event:
            case CalibrationMoved() if self._measuring:
                self._fraction = event.fraction
            case StreamsMoved() if self._answering != (event.streams > 0):
                self._answering = event.streams > 0
            case ModelMoved(phase=Phase.STOPPED) if self._answering:
                self._answering = False
            case _:
                return
        self.changed.emit()

    def _settle(self, known: _Known) -> None:
        self._known, self._needed = known
        self._measuring = False
        self.changed.emit()

    def _fail(self, error: EngineError) -> None:
        self._measuring = False
        self.changed.emit()
        if not self._cancelling:
            self.failed.emit(failures.told(error))


async def _known(engine: EngineSurface) -> _Known:
    return engine.calibration, engine.needs_calibration


async def _measure(engine: EngineSurface) -> _Known:
    await engine.calibrate()
    return await _known(engine)
