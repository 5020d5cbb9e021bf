"""The GPU pack of this machine: what is offered, how far it is, and what can be done about it."""

from PySide6.QtCore import QObject, Signal

from app.bridge import EngineBridge, EngineSurface
from app.text import failures
from engine.errors import EngineError
from engine.events import Event, PackMoved
from engine.pack.values import Pack, PackState

_BUSY = (PackState.DOWNLOADING, PackState.UNPACKING, PackState.PROVING)
_INSTALLABLE = (PackState.OFFERED, PackState.BROKEN)


class PackPresenter(QObject):
    """Follows the engine's pack; `pack` is None until the engine told of it."""

    changed = Signal()  # any of the properties
    failed = Signal(str)  # a sentence with its remedy

    def __init__(self, bridge: EngineBridge, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._pack: Pack | None = None
        self._cancelling = False
        bridge.happened.connect(self._hear)
        bridge.ready.connect(self.look)

    @property
    def pack(self) -> Pack | None:
        """As it was last told of."""
        return self._pack

    @property
    def concerns(self) -> bool:
        """Whether there is anything to show: a card that a pack could serve, or is too old for."""
        return self._pack is not None and self._pack.state is not PackState.NEEDLESS

    @property
    def offered(self) -> bool:
        """Whether it waits for one click."""
        return self._pack is not None and self._pack.state is PackState.OFFERED

    @property
    def installable(self) -> bool:
        """Whether `install` would do something: it is offered, or broken."""
        return self._pack is not None and self._pack.state in _INSTALLABLE

    @property
    def busy(self) -> bool:
        """Whether it is being installed now."""
        return self._pack is not None and self._pack.state in _BUSY

    @property
    def removable(self) -> bool:
        """Whether something of it lies on the disk, and nothing is under way."""
        pack = self._pack
        if pack is None or self.busy:
            return False
        return pack.state in (PackState.READY, PackState.BROKEN) or pack.done_bytes > 0

    @property
    def fraction(self) -> float:
        """How much of the step under way is done, 0 to 1."""
        pack = self._pack
        if pack is None:
            return 0.0
        whole = pack.unpacked_bytes if pack.state is PackState.UNPACKING else pack.size_bytes
        return min(pack.done_bytes / whole, 1.0) if whole else 0.0

    @property
    def failure(self) -> str:
        """How the last install ended, with its remedy, in the window's language; or nothing."""
        return "" if self._pack is None else failures.told(self._pack.failure)

    def look(self) -> None:
        """Ask the engine anew."""
        self._bridge.ask(_look, self._settle, self._fail)

    def install(self) -> None:
        """Download, unpack and prove it; or go on where that was broken off."""
        if self.installable:
            self._cancelling = False
            self._bridge.ask(_install, self._settle, self._fail)

    def cancel(self) -> None:
        """Stop installing; what has arrived is kept."""
        if self.busy:
            self._cancelling = True
            self._bridge.tell(lambda engine: engine.pack.cancel())

    def remove(self) -> None:
        """Delete it, and what has arrived of it."""
        if self.removable:
            self._bridge.ask(_remove, self._settle, self._fail)

    def _hear(self, event: Event) -> None:
        if isinstance(event, PackMoved):
            self._settle(event.pack)

    def _settle(self, pack: Pack) -> None:
        if pack != self._pack:
            self._pack = pack
            self.changed.emit()

    def _fail(self, error: EngineError) -> None:
        if not self._cancelling:
            self.failed.emit(failures.told(error))
        self.look()


async def _look(engine: EngineSurface) -> Pack:
    return engine.pack.look()


async def _install(engine: EngineSurface) -> Pack:
    await engine.pack.install()
    return engine.pack.look()


async def _remove(engine: EngineSurface) -> Pack:
    await engine.pack.remove()
    return engine.pack.look()
