"""Getting a model: find a repository, see its quantizations, bring one here."""

from PySide6.QtCore import QObject, Signal

from app.bridge import EngineBridge
from app.lists.hits_list import HitsList
from app.lists.quantizations_list import QuantizationsList
from engine.download.values import Download, Quantization, RepositoryHit


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

    @property
    def hits(self) -> tuple[RepositoryHit, ...]:
        """What the last search found."""
        raise NotImplementedError

    @property
    def repository(self) -> str | None:
        """The repository whose quantizations are shown: owner/name."""
        raise NotImplementedError

    @property
    def quantizations(self) -> tuple[Quantization, ...]:
        """What that repository offers."""
        raise NotImplementedError

    @property
    def download(self) -> Download | None:
        """How the transfer stands, running or ended; None before the first."""
        raise NotImplementedError

    @property
    def busy(self) -> bool:
        """Whether the Hub is being asked."""
        raise NotImplementedError

    @property
    def model(self) -> str | None:
        """The model that came, once the transfer is done."""
        raise NotImplementedError

    def search(self, text: str) -> None:
        """Search; `owner/name`, or a Hub address, opens that repository directly."""
        raise NotImplementedError

    def open_repository(self, repository: str) -> None:
        """Show what that repository offers."""
        raise NotImplementedError

    def fetch(self, quantization: Quantization) -> None:
        """Bring it here, resuming what is there. Ignored while a transfer runs."""
        raise NotImplementedError

    def cancel(self) -> None:
        """Stop the transfer; what has arrived is kept."""
        raise NotImplementedError

    def resume(self) -> None:
        """Go on with a transfer that was cancelled or failed."""
        raise NotImplementedError

    def chat_with_it(self) -> None:
        """Say that the model that came is wanted: `chosen`."""
        raise NotImplementedError
