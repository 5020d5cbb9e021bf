"""Getting a model: find a repository, see its quantizations, bring one here."""

import re
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.bridge import EngineBridge
from app.lists.hits_list import HitsList
from app.lists.quantizations_list import QuantizationsList
from app.text import failures
from engine.download.values import Download, DownloadPhase, Quantization, RepositoryHit
from engine.errors import EngineError
from engine.events import DownloadMoved, Event
from engine.library.shelf_model import ShelfModel

_REPOSITORY = re.compile(r"(?:https?://[^/\s]+/)?([\w.-]+/[\w.-]+?)(?:/tree/[^\s]*)?/?")


def repository_in(text: str) -> str | None:
    """The owner/name that was typed or pasted as an address; None if it is a search."""
    found = _REPOSITORY.fullmatch(text.strip())
    return None if found is None else found[1]


class GetModelPresenter(QObject):
    """One search, one repository and one transfer at a time."""

    hits_changed = Signal()
    quantizations_changed = Signal()  # also when `repository` moved
    download_changed = Signal()
    busy_changed = Signal(bool)  # the Hub is being asked
    failed = Signal(str)  # a sentence with its remedy
    chosen = Signal(str)  # the person wants to chat with this model

    def __init__(self, bridge: EngineBridge, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.hits_list = HitsList(parent=self)
        self.quantizations_list = QuantizationsList(parent=self)
        self._repository: str | None = None
        self._question = 0  # the answers to earlier questions are stale
        self._busy = False
        self._wanted: tuple[str, Quantization] | None = None
        self._download: Download | None = None
        self._model: str | None = None
        self._cancelling = False
        bridge.happened.connect(self._hear)

    @property
    def hits(self) -> tuple[RepositoryHit, ...]:
        """What the last search found."""
        return self.hits_list.rows

    @property
    def repository(self) -> str | None:
        """The repository whose quantizations are shown: owner/name."""
        return self._repository

    @property
    def quantizations(self) -> tuple[Quantization, ...]:
        """What that repository offers."""
        return self.quantizations_list.rows

    @property
    def download(self) -> Download | None:
        """How the transfer stands, running or ended; None before the first."""
        return self._download

    @property
    def busy(self) -> bool:
        """Whether the Hub is being asked."""
        return self._busy

    @property
    def model(self) -> str | None:
        """The model that came, once the transfer is done."""
        return self._model

    def search(self, text: str) -> None:
        """Search; `owner/name`, or a Hub address, opens that repository directly."""
        query = text.strip()
        if not query:
            return
        repository = repository_in(query)
        if repository is not None:
            self.open_repository(repository)
            return
        number = self._ask()
        self._bridge.ask(
            lambda engine: engine.search(query),
            partial(self._found, number),
            partial(self._hub_failed, number),
        )

    def open_repository(self, repository: str) -> None:
        """Show what that repository offers."""
        number = self._ask()
        self._repository = repository
        self.quantizations_list.replace(())
        self.quantizations_changed.emit()
        self._bridge.ask(
            lambda engine: engine.quantizations(repository),
            partial(self._offered, number),
            partial(self._hub_failed, number),
        )

    def fetch(self, quantization: Quantization) -> None:
        """Bring it here, resuming what is there. Ignored while a transfer runs."""
        if self._repository is None or self._running:
            return
        self._fetch(self._repository, quantization)

    def cancel(self) -> None:
        """Stop the transfer; what has arrived is kept."""
        if self._download is not None and self._running:
            self._cancelling, download = True, self._download.id
            self._bridge.tell(lambda engine: engine.cancel_download(download))

    def resume(self) -> None:
        """Go on with a transfer that was cancelled or failed."""
        if self._wanted is not None and not self._running and self._model is None:
            self._fetch(*self._wanted)

    def chat_with_it(self) -> None:
        """Say that the model that came is wanted: `chosen`. Its transfer is then done with."""
        if self._model is not None:
            model, self._model, self._download = self._model, None, None
            self.chosen.emit(model)
            self.download_changed.emit()

    @property
    def _running(self) -> bool:
        return self._download is not None and self._download.phase is DownloadPhase.RUNNING

    def _ask(self) -> int:
        self._question += 1
        self._set_busy(busy=True)
        return self._question

    def _set_busy(self, *, busy: bool) -> None:
        if busy != self._busy:
            self._busy = busy
            self.busy_changed.emit(busy)

    def _found(self, number: int, hits: tuple[RepositoryHit, ...]) -> None:
        if number == self._question:
            self._set_busy(busy=False)
            self.hits_list.replace(hits)
            self.hits_changed.emit()

    def _offered(self, number: int, quantizations: tuple[Quantization, ...]) -> None:
        if number == self._question:
            self._set_busy(busy=False)
            self.quantizations_list.replace(quantizations)
            self.quantizations_changed.emit()

    def _hub_failed(self, number: int, error: EngineError) -> None:
        if number == self._question:
            self._set_busy(busy=False)
            self.failed.emit(failures.told(error))

    def _fetch(self, repository: str, quantization: Quantization) -> None:
        self._wanted, self._model = (repository, quantization), None
        self._cancelling = False
        known = self._download
        name = f"{repository}:{quantization.label}"
        self._download = Download(
            id=name,
            phase=DownloadPhase.RUNNING,
            received_bytes=known.received_bytes if known is not None and known.id == name else 0,
            total_bytes=quantization.size_bytes,
        )
        self.download_changed.emit()
        self._bridge.ask(
            lambda engine: engine.download(repository, quantization),
            self._came,
            self._download_failed,
        )

    def _came(self, model: ShelfModel) -> None:
        self._model = model.id
        self._end(DownloadPhase.DONE, None)

    def _download_failed(self, error: EngineError) -> None:
        if self._cancelling:  # the person knows: they cancelled it
            self._end(DownloadPhase.CANCELLED, None)
            return
        self._end(DownloadPhase.FAILED, failures.told(error))
        self.failed.emit(failures.told(error))

    def _end(self, phase: DownloadPhase, failure: str | None) -> None:
        assert self._download is not None
        received = self._download.received_bytes
        if phase is DownloadPhase.DONE:
            received = self._download.total_bytes
        self._download = replace(
            self._download,
            phase=phase,
            received_bytes=received,
            bytes_per_second=0.0,
            failure=failure,
        )
        self.download_changed.emit()

    def _hear(self, event: Event) -> None:
        """Progress and cancellation come as facts; done and failed as the answer to the ask."""
        if not isinstance(event, DownloadMoved) or self._download is None:
            return
        moved = event.download
        if moved.id != self._download.id or not self._running:
            return
        if moved.phase in {DownloadPhase.RUNNING, DownloadPhase.CANCELLED}:
            self._download = moved
            self.download_changed.emit()
