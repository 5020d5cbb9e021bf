"""The folders models are found in: one's own, and those of other programs."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.bridge import EngineBridge
from app.surface import EngineSurface
from app.text import failures
from engine.errors import EngineError
from engine.events import Event, ShelfChanged
from engine.library.files import ForeignFolder, Origin

_Folders = tuple[Path, tuple[Path, ...]]  # where downloads go, and the person's own


class FoldersPresenter(QObject):
    """Nothing here deletes anything: folders are shown, or not."""

    changed = Signal()  # any of the properties
    failed = Signal(str)  # a sentence with its remedy

    def __init__(
        self, bridge: EngineBridge, models_folder: Path, *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._models_folder = models_folder
        self._own: tuple[Path, ...] = ()
        self._foreign: tuple[ForeignFolder, ...] | None = None
        self._looking = False
        bridge.happened.connect(self._hear)
        bridge.ready.connect(self._look)

    @property
    def models_folder(self) -> Path:
        """Fullbore's own: downloads go there."""
        return self._models_folder

    @property
    def own(self) -> tuple[Path, ...]:
        """The person's own folders."""
        return self._own

    @property
    def foreign(self) -> tuple[ForeignFolder, ...]:
        """Other programs' folders that are here, as far as was looked."""
        return self._foreign or ()

    @property
    def looking(self) -> bool:
        """Whether other programs' folders are being looked for."""
        return self._looking

    def bring_models_to(self, folder: Path) -> None:
        """Downloads go there from now on."""
        self._bridge.ask(lambda engine: _moved(engine, folder), self._take, self._fail)

    def add(self, place: Path) -> None:
        """Show the models of that folder too; of a file, its folder."""
        self._bridge.ask(lambda engine: _added(engine, place), self._take, self._fail)

    def remove(self, folder: Path) -> None:
        """Show that folder's models no longer."""
        self._bridge.ask(lambda engine: _removed(engine, folder), self._take, self._fail)

    def look_for_foreign(self) -> None:
        """See which other programs' folders are here, and count their models."""
        if not self._looking:
            self._looking = True
            self.changed.emit()
            self._bridge.ask(lambda engine: engine.keeper.foreign(), self._found, self._not_found)

    def use(self, origin: Origin, *, on: bool) -> None:
        """Show that program's models, or no longer."""
        wanted = {folder.origin for folder in self.foreign if folder.used} - {origin}
        if on:
            wanted.add(origin)
        in_order = [one for one in Origin if one in wanted]
        self._bridge.ask(lambda engine: _used(engine, in_order), self._found, self._not_found)

    def _look(self) -> None:
        self._bridge.ask(_folders, self._take, self._fail)

    def _hear(self, event: Event) -> None:
        if isinstance(event, ShelfChanged):
            self._look()

    def _take(self, folders: _Folders) -> None:
        if folders != (self._models_folder, self._own):
            self._models_folder, self._own = folders
            self.changed.emit()

    def _found(self, foreign: tuple[ForeignFolder, ...]) -> None:
        self._foreign, self._looking = foreign, False
        self.changed.emit()

    def _not_found(self, error: EngineError) -> None:
        self._looking = False
        self._fail(error)

    def _fail(self, error: EngineError) -> None:
        self.failed.emit(failures.told(error))
        self.changed.emit()  # a switch goes back to what holds


async def _folders(engine: EngineSurface) -> _Folders:
    return engine.models_folder.path, engine.keeper.folders


async def _moved(engine: EngineSurface, folder: Path) -> _Folders:
    await engine.models_folder.change(folder)
    return await _folders(engine)


async def _added(engine: EngineSurface, place: Path) -> _Folders:
    # A file's folder holds it, and the other shards of a split set.
    folder = place.parent if place.suffix.lower() == ".gguf" else place
    await engine.keeper.add_folder(folder)
    return await _folders(engine)


async def _removed(engine: EngineSurface, folder: Path) -> _Folders:
    await engine.keeper.remove_folder(folder)
    return await _folders(engine)


async def _used(engine: EngineSurface, origins: list[Origin]) -> tuple[ForeignFolder, ...]:
    await engine.keeper.use_foreign(origins)
    return await engine.keeper.foreign()
