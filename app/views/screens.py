"""Everything a window shows, in one value."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.presenters.alerts import AlertsPresenter
from app.presenters.appearance import AppearancePresenter
from app.presenters.attachments import AttachmentsPresenter
from app.presenters.calibration import CalibrationPresenter
from app.presenters.chat.presenter import ChatPresenter
from app.presenters.chats.presenter import ChatsPresenter
from app.presenters.discover import DiscoverPresenter
from app.presenters.doctor import DoctorPresenter
from app.presenters.downloads import DownloadsPresenter
from app.presenters.folders import FoldersPresenter
from app.presenters.guide.presenter import GuidePresenter
from app.presenters.hub_settings import HubSettingsPresenter
from app.presenters.keeping import KeepingPresenter
from app.presenters.library import LibraryPresenter
from app.presenters.machine import MachinePresenter
from app.presenters.models import ModelsPresenter
from app.presenters.monitor.presenter import MonitorPresenter
from app.presenters.pack import PackPresenter
from app.presenters.picker import PickerPresenter
from app.presenters.placement.presenter import PlacementPresenter
from app.presenters.presets import PresetsPresenter
from app.presenters.server.presenter import ServerPresenter
from app.presenters.settings_engine import EngineSettingsPresenter
from app.presenters.snippets import SnippetsPresenter
from app.presenters.startup import StartupPresenter
from app.presenters.updates import UpdatesPresenter
from app.text.mathematics.mathematics import Mathematics

Failing = (
    ChatPresenter
    | ChatsPresenter
    | KeepingPresenter
    | ServerPresenter
    | AppearancePresenter
    | EngineSettingsPresenter
    | CalibrationPresenter
    | PresetsPresenter
    | PickerPresenter
    | HubSettingsPresenter
    | AlertsPresenter
    | StartupPresenter
    | PackPresenter
    | GuidePresenter
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screens:
    """The presenters."""

    chat: ChatPresenter
    chats: ChatsPresenter
    keeping: KeepingPresenter
    attachments: AttachmentsPresenter
    snippets: SnippetsPresenter
    presets: PresetsPresenter
    models: ModelsPresenter
    machine: MachinePresenter
    monitor: MonitorPresenter
    server: ServerPresenter
    discover: DiscoverPresenter
    picker: PickerPresenter
    library: LibraryPresenter
    folders: FoldersPresenter
    downloads: DownloadsPresenter
    hub: HubSettingsPresenter
    appearance: AppearancePresenter
    engine: EngineSettingsPresenter
    placement: PlacementPresenter
    calibration: CalibrationPresenter
    doctor: DoctorPresenter
    alerts: AlertsPresenter
    startup: StartupPresenter
    updates: UpdatesPresenter
    pack: PackPresenter
    guide: GuidePresenter

    @property
    def failing(self) -> tuple[Failing, ...]:
        """Those whose failures the window tells."""
        return (
            self.chat,
            self.chats,
            self.keeping,
            self.server,
            self.appearance,
            self.engine,
            self.calibration,
            self.presets,
            self.picker,
            self.hub,
            self.alerts,
            self.startup,
            self.pack,
            self.guide,
        )

    def connect(self) -> None:
        """Screens do not know each other: what one says and another does."""
        discover, picker = self.discover, self.picker
        discover.page_changed.connect(lambda: picker.show(discover.page))
        self.placement.load_wanted.connect(self.models.load_with)
        for presenter in (picker, self.library, self.downloads):
            presenter.chosen.connect(self.models.choose)
        # The window's model is whom chats ask, also where clients had others loaded.
        self.models.model_changed.connect(lambda: self.chat.whom.turn_to(self.models.current))
        self.models.model_changed.connect(lambda: self.machine.follow(self.models.current))
        self.engine.changed.connect(self.server.take_config)
        self.chat.busy_changed.connect(self.updates.hold)
        self.engine.changed.connect(lambda: self.updates.take_consent(self.engine.config.updates))
        folders = self.folders
        folders.changed.connect(lambda: self.library.look_in(folders.models_folder))
        self._connect_chats()
        self._connect_guide()

    def _connect_chats(self) -> None:
        chat, chats, keeping = self.chat, self.chats, self.keeping
        chats.opened.connect(chat.open_chat)
        chats.amended.connect(chat.chat_amended)
        chats.left.connect(chat.chats_left)
        chats.finding.turned.connect(chat.chats_left)
        chat.chat_changed.connect(lambda: chats.mark(None if chat.chat is None else chat.chat.id))
        chat.chats_changed.connect(chats.look_again)
        keeping.replacing.connect(chat.new_chat)
        keeping.taken_in.connect(chats.list_again)

    def _connect_guide(self) -> None:
        guide, models = self.guide, self.models
        models.shelf_changed.connect(lambda: guide.know(models.models))
        models.model_changed.connect(lambda: guide.follow(models.current, models.phase))
        models.failed.connect(guide.fail_to_load)
        self.folders.changed.connect(lambda: guide.look_in(self.folders.models_folder))
        guide.chosen.connect(models.choose)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the window finds what it shows, and what it says about itself."""

    icon: Path
    about: Callable[[], str]
    mathematics: Mathematics | None = None
