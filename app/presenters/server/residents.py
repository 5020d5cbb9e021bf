"""The models that are loaded: who waits for them, what they take, and when they go."""

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge import EngineBridge
from app.surface import EngineSurface
from app.text import failures
from engine.errors import EngineError
from engine.events import Event
from engine.host.facts import AnswerEnded, ModelMoved, Phase, Residence, StreamsMoved

_LOOK_MS = 1000


class ResidentsPresenter(QObject):
    """Asks again while somebody watches: waiting and leaving move without a word."""

    changed = Signal()
    failed = Signal(str)  # a sentence with its remedy

    def __init__(self, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._residents: tuple[Residence, ...] = ()
        self._ready = False
        self._asked = False
        self._clock = QTimer(self, interval=_LOOK_MS)
        self._clock.timeout.connect(self.look)
        bridge.happened.connect(self._hear)
        bridge.ready.connect(self._begin)

    @property
    def residents(self) -> tuple[Residence, ...]:
        """Loaded, or being loaded."""
        return self._residents

    @property
    def ready(self) -> tuple[str, ...]:
        """Those that answer now."""
        return tuple(one.model for one in self._residents if one.phase is Phase.READY)

    def watch(self, *, wanted: bool) -> None:
        """Whether somebody looks at them."""
        if wanted == self._clock.isActive():
            return
        if wanted:
            self._clock.start()
            self.look()
        else:
            self._clock.stop()

    def look(self) -> None:
        """Ask how things stand; one question at a time."""
        if self._ready and not self._asked:
            self._asked = True
            self._bridge.ask(_residents, self._take, self._fail)

    def unload(self, model: str) -> None:
        """Give its memory back."""
        self._bridge.ask(lambda engine: engine.unload(model), _nothing, self._fail)

    def pin(self, model: str, *, wanted: bool) -> None:
        """Keep it, whoever else wants its place; or no longer."""

        async def pinned(engine: EngineSurface) -> tuple[Residence, ...]:
            others = tuple(one for one in engine.config.pinned if one != model)
            await engine.configure(pinned=(*others, model) if wanted else others)
            return engine.residents()

        self._asked = True
        self._bridge.ask(pinned, self._take, self._fail)

    def _begin(self) -> None:
        self._ready = True
        self.look()

    def _hear(self, event: Event) -> None:
        match event:
            case ModelMoved(phase=Phase.LOADING) if 0 < event.fraction < 1:
                pass
            case ModelMoved():
                self.look()
            case StreamsMoved() | AnswerEnded() if self._clock.isActive():
                self.look()
            case _:
                pass

    def _take(self, residents: tuple[Residence, ...]) -> None:
        self._asked = False
        if residents != self._residents:
            self._residents = residents
            self.changed.emit()

    def _fail(self, error: EngineError) -> None:
        self._asked = False
        self.failed.emit(failures.told(error))


async def _residents(engine: EngineSurface) -> tuple[Residence, ...]:
    return engine.residents()


def _nothing(_: object) -> None:
    """The effect comes as a fact."""
