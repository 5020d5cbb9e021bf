"""The first chat: with what lies on the shelf, else with the starter model, which is brought."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.presenters.guide.advice import fetched, nearest
from app.text import failures
from engine.download.values import DownloadPhase
from engine.errors import EngineError, ModelNotFound
from engine.events import DownloadMoved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.bridge import EngineBridge
    from app.settings import SettingsFile
    from app.surface import EngineSurface
    from engine.download.values import Curated, Download
    from engine.events import Event
    from engine.library.shelf_model import ShelfModel

_OVER = frozenset({DownloadPhase.FAILED, DownloadPhase.PAUSED, DownloadPhase.CANCELLED})
_MORE_THAN_ANY = 1 << 62


class Start(Enum):
    """How far the first chat is."""

    NONE = auto()
    WAITING = auto()  # until the shelf is read
    ASKING = auto()  # the Hub, for the starter's files
    BRINGING = auto()
    LOADING = auto()


class Starting(QObject):
    """Chooses what to talk to, brings it where it must, and says when it is to be loaded."""

    changed = Signal()  # any of the properties
    chosen = Signal(str)  # load this model

    def __init__(
        self, bridge: EngineBridge, settings: SettingsFile, *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._settings = settings
        self._starter: Curated | None = None
        self._shelf: tuple[ShelfModel, ...] | None = None  # before it was read
        self._stage = Start.NONE
        self._download: Download | None = None
        self._failure = ""
        bridge.happened.connect(self._hear)
        bridge.ready.connect(self._look)

    @property
    def stage(self) -> Start:
        """How far it is."""
        return self._stage

    @property
    def starter(self) -> Curated | None:
        """What would be brought; None before the engine told."""
        return self._starter

    @property
    def here(self) -> ShelfModel | None:
        """What lies on the shelf to talk to: the last one used, else the smallest."""
        last, shelf = self._settings.settings.last_model, self._shelf or ()
        chosen = next((model for model in shelf if model.id == last), None)
        return chosen or min(shelf, key=lambda model: model.size_bytes, default=None)

    @property
    def fraction(self) -> float:
        """How much of the starter has arrived, 0 to 1."""
        if self._download is None:
            return 0.0
        return self._download.received_bytes / max(1, self._download.total_bytes)

    @property
    def download(self) -> Download | None:
        """The starter's transfer."""
        return self._download

    @property
    def failure(self) -> str:
        """Why the last try came to nothing, with its remedy; or nothing."""
        return self._failure

    def is_starter(self, model: str | None) -> bool:
        """Whether that model is the starter's repository's."""
        known = self._starter
        return known is not None and model is not None and model.startswith(f"{known.id}:")

    def start(self) -> None:
        """Load what is here, else bring the starter and load it."""
        if self._stage is not Start.NONE:
            return
        self._failure = ""
        if self._shelf is None:
            self._enter(Start.WAITING)
        else:
            self._start()

    def know(self, shelf: Sequence[ShelfModel]) -> None:
        """What lies on the shelf now."""
        self._shelf = tuple(model for model in shelf if model.broken is None)
        match self._stage:
            case Start.WAITING:
                self._start()
            case Start.BRINGING:
                self._load_what_came()
            case _:
                pass
        self.changed.emit()

    def end(self, failure: str = "") -> None:
        """It is loaded, or could not be: then a sentence says why."""
        if self._stage is not Start.NONE:
            self._failure = failure
            self._enter(Start.NONE)

    def _start(self) -> None:
        model = self.here
        if model is not None:
            self._load(model.id)
        else:
            self._enter(Start.ASKING)
            self._bridge.ask(_brought, self._take, self._fail)

    def _look(self) -> None:
        self._bridge.ask(_starter, self._told, self._fail)

    def _told(self, starter: Curated | None) -> None:
        self._starter = starter
        self.changed.emit()

    def _take(self, download: Download) -> None:
        self._download = download
        self._enter(Start.BRINGING)
        self._load_what_came()

    def _load_what_came(self) -> None:
        wanted = "" if self._download is None else self._download.id
        if any(model.id == wanted for model in self._shelf or ()):
            self._load(wanted)

    def _load(self, model: str) -> None:
        self._enter(Start.LOADING)
        self.chosen.emit(model)

    def _hear(self, event: Event) -> None:
        if not isinstance(event, DownloadMoved) or self._download is None:
            return
        if event.download.id != self._download.id:
            return
        self._download = event.download
        if self._stage is Start.BRINGING and event.download.phase in _OVER:
            self.end(failures.told(event.download.failure or ""))
        if event.download.phase is DownloadPhase.DONE:
            self._bridge.tell(_usual_pace)
        self.changed.emit()

    def _fail(self, error: EngineError) -> None:
        self.end(failures.told(error))

    def _enter(self, stage: Start) -> None:
        self._stage = stage
        self.changed.emit()


async def _starter(engine: EngineSurface) -> Curated | None:
    return engine.discovery.starter()


async def _brought(engine: EngineSurface) -> Download:
    """Queue the starter before all others, and beside those that run already."""
    known = engine.discovery.starter()
    if known is None:
        raise ModelNotFound("There is no starter model.")
    page = await engine.discovery.page(known.id)
    wanted = nearest(page.quantizations, known.size_bytes, _MORE_THAN_ANY)
    if not wanted:
        raise ModelNotFound(f"{known.id} offers no model.")
    download = await fetched(engine, known.id, wanted[0])
    engine.downloads.move(download.id, 0)
    engine.downloads.set_at_once(engine.config.downloads_at_once + 1)
    return download


def _usual_pace(engine: EngineSurface) -> None:
    engine.downloads.set_at_once(engine.config.downloads_at_once)
