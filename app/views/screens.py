"""Everything a window shows, in one value."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.presenters.appearance import AppearancePresenter
from app.presenters.attachments import AttachmentsPresenter
from app.presenters.calibration import CalibrationPresenter
from app.presenters.chat.presenter import ChatPresenter
from app.presenters.discover import DiscoverPresenter
from app.presenters.downloads import DownloadsPresenter
from app.presenters.folders import FoldersPresenter
from app.presenters.hub_settings import HubSettingsPresenter
from app.presenters.library import LibraryPresenter
from app.presenters.machine import MachinePresenter
from app.presenters.models import ModelsPresenter
from app.presenters.picker import PickerPresenter
from app.presenters.placement.presenter import PlacementPresenter
from app.presenters.presets import PresetsPresenter
from app.presenters.server import ServerPresenter
from app.presenters.snippets import SnippetsPresenter


@dataclass(frozen=True, slots=True, kw_only=True)
class Screens:
    """The presenters."""

    chat: ChatPresenter
    attachments: AttachmentsPresenter
    snippets: SnippetsPresenter
    presets: PresetsPresenter
    models: ModelsPresenter
    machine: MachinePresenter
    server: ServerPresenter
    discover: DiscoverPresenter
    picker: PickerPresenter
    library: LibraryPresenter
    folders: FoldersPresenter
    downloads: DownloadsPresenter
    hub: HubSettingsPresenter
    appearance: AppearancePresenter
    placement: PlacementPresenter
    calibration: CalibrationPresenter

    def connect(self) -> None:
        """Screens do not know each other: what one says and another does."""
        discover, picker = self.discover, self.picker
        discover.page_changed.connect(lambda: picker.show(discover.page))
        self.placement.load_wanted.connect(self.models.load_with)
        for presenter in (picker, self.library, self.downloads):
            presenter.chosen.connect(self.models.choose)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the window finds what it shows, and what it says about itself."""

    icon: Path
    models_folder: Path
    about: Callable[[], str]
