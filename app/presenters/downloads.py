"""The transfers: how each stands, what they add up to, and their order."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.bridge import EngineBridge
from app.lists.downloads_list import STOPPED, UNDER_WAY, DownloadsList
from app.surface import EngineSurface
from app.text import failures
from engine.config import EngineConfig
from engine.download.values import Download, DownloadPhase
from engine.errors import EngineError, HubUnreachable
from engine.events import DownloadMoved, Event

MIRROR = "https://hf-mirror.com"
_WAITING = UNDER_WAY | {DownloadPhase.QUEUED}


class DownloadsPresenter(QObject):
    """The whole queue. It lives in the engine: screens and restarts come and go."""

    changed = Signal()  # the rows, or what they add up to
    pace_changed = Signal()  # the limit, or how many at once
    failed = Signal(str)  # a sentence with its remedy
    chosen = Signal(str)  # the person wants to chat with this model

    def __init__(self, bridge: EngineBridge, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.downloads_list = DownloadsList(told=failures.told, parent=self)
        self._config = EngineConfig()
        self.downloads_list.moved.connect(self.move)
        bridge.happened.connect(self._hear)
        bridge.ready.connect(self._look)

    @property
    def downloads(self) -> tuple[Download, ...]:
        """In the order they are to come."""
        return self.downloads_list.rows

    @property
    def waiting(self) -> tuple[Download, ...]:
        """Those under way and those queued."""
        return tuple(row for row in self.downloads if row.phase in _WAITING)

    @property
    def failed_ones(self) -> tuple[Download, ...]:
        """Those that broke off."""
        return tuple(row for row in self.downloads if row.phase is DownloadPhase.FAILED)

    @property
    def bytes_per_second(self) -> float:
        """Of all together."""
        return sum(row.bytes_per_second for row in self.waiting)

    @property
    def fraction(self) -> float:
        """How much of what is under way or queued has arrived, 0 to 1."""
        total = sum(row.total_bytes for row in self.waiting)
        return sum(row.received_bytes for row in self.waiting) / total if total else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Until all have arrived, at the present speed."""
        speed = self.bytes_per_second
        if speed <= 0:
            return None
        return sum(row.total_bytes - row.received_bytes for row in self.waiting) / speed

    @property
    def limit_bytes_per_second(self) -> int | None:
        """What all may take together; None: as much as there is."""
        return self._config.download_bytes_per_second

    @property
    def at_once(self) -> int:
        """How many run side by side."""
        return self._config.downloads_at_once

    @property
    def can_pause(self) -> bool:
        """Whether anything is under way or queued."""
        return bool(self.waiting)

    @property
    def can_resume(self) -> bool:
        """Whether anything stands still that could go on."""
        return any(row.phase in STOPPED for row in self.downloads)

    def mirror_would_help(self, download: Download) -> bool:
        """Whether it failed because the Hub could not be reached, and no mirror is set yet."""
        failure = download.failure or ""
        unreachable = failure.endswith(HubUnreachable.remedy)
        return unreachable and self._config.hub_endpoint != MIRROR

    def pause(self, download: str) -> None:
        """Stand still; what has arrived is kept."""
        self._tell(lambda engine: engine.downloads.pause(download))

    def resume(self, download: str) -> None:
        """Go on, or try again."""
        self._tell(lambda engine: engine.downloads.resume(download))

    def cancel(self, download: str) -> None:
        """Give it up; what has arrived is kept until it is removed."""
        self._tell(lambda engine: engine.downloads.cancel(download))

    def remove(self, download: str) -> None:
        """Off the list, and what arrived is deleted; one that is complete stays on the shelf."""
        self._bridge.ask(lambda engine: _removed(engine, [download]), self._show, self._fail)

    def clear_done(self) -> None:
        """Take all that are complete off the list."""
        done = [row.id for row in self.downloads if row.phase is DownloadPhase.DONE]
        self._bridge.ask(lambda engine: _removed(engine, done), self._show, self._fail)

    def move(self, download: str, place: int) -> None:
        """Let it stand at that place of the queue; beyond the ends is at the end."""
        last = len(self.downloads) - 1
        wanted = min(max(0, place), last)
        start = self.downloads_list.row_of(download)
        if start is None or start == wanted:
            return
        self._tell(lambda engine: engine.downloads.move(download, wanted))

    def pause_all(self) -> None:
        """Let everything stand still."""
        for row in self.waiting:
            self.pause(row.id)

    def resume_all(self) -> None:
        """Let everything that was paused go on, and what failed try again."""
        for row in self.downloads:
            if row.phase in STOPPED:
                self.resume(row.id)

    def use_mirror(self, download: str) -> None:
        """Ask the mirror instead of the Hub from now on, and try this one again."""
        self._bridge.ask(
            lambda engine: _configured(engine, hub_endpoint=MIRROR),
            partial(self._mirrored, download),
            self._fail,
        )

    def set_limit(self, bytes_per_second: int | None) -> None:
        """Let all together take no more than that, from now on."""
        if bytes_per_second != self.limit_bytes_per_second:
            self._bridge.ask(
                lambda engine: _limited(engine, bytes_per_second), self._take, self._fail
            )

    def set_at_once(self, count: int) -> None:
        """Let that many run side by side."""
        if count != self.at_once:
            self._bridge.ask(lambda engine: _at_once(engine, count), self._take, self._fail)

    def chat_with(self, model: str) -> None:
        """Say that the model that came is wanted."""
        self.chosen.emit(model)

    def _row(self, download: str) -> Download | None:
        place = self.downloads_list.row_of(download)
        return None if place is None else self.downloads[place]

    def _look(self) -> None:
        self._bridge.ask(_all, self._show, self._fail)
        self._bridge.ask(_config, self._take, self._fail)

    def _hear(self, event: Event) -> None:
        if not isinstance(event, DownloadMoved):
            return
        moved = event.download
        if self._row(moved.id) is None:  # new, or the last word of one that was removed
            self._bridge.ask(_all, self._show, self._fail)
            return
        self._show(tuple(moved if row.id == moved.id else row for row in self.downloads))

    def _show(self, downloads: tuple[Download, ...]) -> None:
        self.downloads_list.replace(downloads)
        self.changed.emit()

    def _take(self, config: EngineConfig) -> None:
        self._config = config
        self.pace_changed.emit()
        self.changed.emit()

    def _mirrored(self, download: str, config: EngineConfig) -> None:
        self._take(config)
        self.resume(download)

    def _tell(self, verb: Callable[[EngineSurface], object]) -> None:
        async def told(engine: EngineSurface) -> tuple[Download, ...]:
            verb(engine)
            return engine.downloads.all()

        self._bridge.ask(told, self._show, self._fail)

    def _fail(self, error: EngineError) -> None:
        self.failed.emit(failures.told(error))


async def _all(engine: EngineSurface) -> tuple[Download, ...]:
    return engine.downloads.all()


async def _config(engine: EngineSurface) -> EngineConfig:
    return engine.config


async def _configured(engine: EngineSurface, **changes: object) -> EngineConfig:
    await engine.configure(**changes)
    return engine.config


async def _limited(engine: EngineSurface, bytes_per_second: int | None) -> EngineConfig:
    engine.downloads.set_limit(bytes_per_second)
    return await _configured(engine, download_bytes_per_second=bytes_per_second)


async def _at_once(engine: EngineSurface, count: int) -> EngineConfig:
    engine.downloads.set_at_once(count)
    return await _configured(engine, downloads_at_once=count)


async def _removed(engine: EngineSurface, downloads: Sequence[str]) -> tuple[Download, ...]:
    for download in downloads:
        await engine.downloads.remove(download)
    return engine.downloads.all()
