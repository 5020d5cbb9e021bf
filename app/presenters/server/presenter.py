"""The local port: its address, and a switch."""

from PySide6.QtCore import QObject, Signal

from app.bridge import EngineBridge, EngineSurface
from app.text import failures
from engine.errors import EngineError
from engine.events import Event, ServerMoved


class ServerPresenter(QObject):
    """Whether other programs can reach the engine, and where."""

    changed = Signal()  # any of the properties
    failed = Signal(str)  # a sentence with its remedy

    def __init__(self, bridge: EngineBridge, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._address: str | None = None
        self._on = False
        self._failure: str | None = None
        bridge.happened.connect(self._hear)
        bridge.ready.connect(self._look)

    @property
    def address(self) -> str | None:
        """Such as "http://127.0.0.1:11711"; None: the port is closed."""
        return self._address

    @property
    def on(self) -> bool:
        """Whether the port is open, or about to be: the position of the switch."""
        return self._on

    @property
    def failure(self) -> str | None:
        """Why the port could not be opened."""
        return self._failure

    def turn_on(self) -> None:
        """Open the port."""
        if self._on:
            return
        self._on, self._failure = True, None
        self.changed.emit()
        self._bridge.ask(lambda engine: engine.open_port(), self._settle, self._fail)

    def turn_off(self) -> None:
        """Close the port."""
        if not self._on:
            return
        self._on = False
        self.changed.emit()
        self._bridge.ask(_close_port, self._settle, self._fail)

    def _look(self) -> None:
        self._bridge.ask(_address, self._settle, self._fail)

    def _hear(self, event: Event) -> None:
        if not isinstance(event, ServerMoved):
            return
        if event.failure is not None and failures.told(event.failure) != self._failure:
            self._failure = failures.told(event.failure)
            self.failed.emit(self._failure)
        self._settle(event.address)

    def _settle(self, address: str | None) -> None:
        self._address, self._on = address, address is not None
        if address is not None:
            self._failure = None
        self.changed.emit()

    def _fail(self, error: EngineError) -> None:
        told = self._failure == failures.told(error.sentence)  # the fact may have come first
        self._failure = failures.told(error.sentence)
        self._settle(None)
        if not told:
            self.failed.emit(failures.told(error.sentence))


async def _address(engine: EngineSurface) -> str | None:
    return engine.address


async def _close_port(engine: EngineSurface) -> str | None:
    await engine.close_port()
    return engine.address
