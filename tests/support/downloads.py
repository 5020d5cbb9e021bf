"""A queue of transfers without a network: they stand still until a test lets them go on."""

from collections.abc import Callable
from dataclasses import replace

from engine.download.values import Download, DownloadPhase, Quantization
from engine.errors import HubUnreachable
from engine.events import DownloadMoved, Event

_ACTIVE = {DownloadPhase.RUNNING, DownloadPhase.VERIFYING, DownloadPhase.REPAIRING}


class FakeDownloads:
    """Satisfies `app.surface.DownloadsSurface`; all calls belong to the engine's thread."""

    def __init__(self, tell: Callable[[Event], None]) -> None:
        self.limit: int | None = None
        self.at_once = 2
        self._tell = tell
        self._rows = dict[str, Download]()

    def all(self) -> tuple[Download, ...]:
        return tuple(self._rows.values())

    async def enqueue(self, repository: str, quantization: Quantization) -> Download:
        made = Download(
            id=f"{repository}:{quantization.label}",
            phase=DownloadPhase.QUEUED,
            received_bytes=0,
            total_bytes=quantization.size_bytes,
        )
        self._rows.setdefault(made.id, made)
        self._start_next()
        self._say(made.id)
        return self._rows[made.id]

    def add(self, *downloads: Download) -> None:
        """They were in the queue before this start."""
        self._rows |= {download.id: download for download in downloads}

    def pause(self, download: str, /) -> None:
        self._halt(download, DownloadPhase.PAUSED)

    def cancel(self, download: str, /) -> None:
        self._halt(download, DownloadPhase.CANCELLED)

    def resume(self, download: str, /) -> None:
        if download in self._rows and self._rows[download].phase is not DownloadPhase.DONE:
            self._put(download, phase=DownloadPhase.QUEUED, failure=None)
            self._start_next()

    async def remove(self, download: str, /) -> None:
        gone = self._rows.pop(download, None)
        if gone is not None:
            if gone.phase is not DownloadPhase.DONE:
                gone = replace(gone, phase=DownloadPhase.CANCELLED, received_bytes=0)
            self._tell(DownloadMoved(download=gone))
            self._start_next()

    def move(self, download: str, place: int, /) -> None:
        order = [one for one in self._rows if one != download]
        order.insert(max(0, place), download)
        self._rows = {one: self._rows[one] for one in order}

    def set_limit(self, bytes_per_second: int | None, /) -> None:
        self.limit = bytes_per_second

    def set_at_once(self, count: int, /) -> None:
        self.at_once = count
        self._start_next()

    # What a test lets happen

    def advance(self, download: str, received_bytes: int, bytes_per_second: float = 1e6) -> None:
        """So much of it is here."""
        self._put(download, received_bytes=received_bytes, bytes_per_second=bytes_per_second)

    def enter(self, download: str, phase: DownloadPhase) -> None:
        """It is verified, or repaired."""
        self._put(download, phase=phase, bytes_per_second=0.0)

    def finish(self, download: str) -> None:
        """All of it is here, and sound."""
        total = self._rows[download].total_bytes
        self._put(download, phase=DownloadPhase.DONE, received_bytes=total, bytes_per_second=0.0)
        self._start_next()

    def lose_network(self, download: str) -> None:
        """It fails as it does without a network."""
        failure = HubUnreachable("huggingface.co did not answer.")
        self._put(
            download, phase=DownloadPhase.FAILED, failure=failure.sentence, bytes_per_second=0.0
        )
        self._start_next()

    def _halt(self, download: str, phase: DownloadPhase) -> None:
        row = self._rows.get(download)
        if row is not None and row.phase is not DownloadPhase.DONE:
            self._put(download, phase=phase, bytes_per_second=0.0)
            self._start_next()

    def _start_next(self) -> None:
        active = sum(row.phase in _ACTIVE for row in self._rows.values())
        for row in tuple(self._rows.values()):
            if active < self.at_once and row.phase is DownloadPhase.QUEUED:
                active += 1
                self._put(row.id, phase=DownloadPhase.RUNNING)

    def _put(self, download: str, **changes: object) -> None:
        self._rows[download] = replace(self._rows[download], **changes)  # pyright: ignore[reportArgumentType]
        self._say(download)

    def _say(self, download: str) -> None:
        self._tell(DownloadMoved(download=self._rows[download]))
