"""The whole window over the fake engine."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.autostart import DesktopEntry
from app.bridge import EngineBridge
from app.main import ASSETS
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
from app.settings import SettingsFile
from app.store.chats import ChatStore
from app.views.look import Look
from app.views.main_window import MainWindow
from app.views.screens import Place, Screens
from engine.config import Home
from engine.host.facts import Phase
from tests.support.engine import FakeEngine
from tests.support.updates import own


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A window on the screen, and what stands behind it."""

    window: MainWindow
    screens: Screens
    engine: FakeEngine
    bridge: EngineBridge
    look: Look

    def start(self, qtbot: QtBot) -> None:
        """Start the engine and wait until its first model is ready."""
        self.bridge.start()
        # Of several models none is the obvious one, unless it was used last.
        sound = [model for model in self.engine.shelf if model.broken is None]
        wanted = Phase.READY if len(sound) == 1 else Phase.STOPPED
        models = self.screens.models
        qtbot.waitUntil(lambda: models.shelf_known and models.phase is wanted)


@pytest.fixture
def shown(
    qtbot: QtBot, qapp: QApplication, home: Home, bridge: EngineBridge, engine: FakeEngine
) -> Iterator[Shown]:
    """The window, shown; the engine is not started yet."""
    engine.models_folder.path = home.models
    settings = SettingsFile(home.ui_toml)
    settings.change(settings.settings.model_copy(update={"make_titles": False, "guide_done": True}))
    store = ChatStore(home.chats)
    autostart = DesktopEntry(file=home.root / "autostart.desktop", command=("fullbore", "--hidden"))
    screens = Screens(
        chat=ChatPresenter(bridge, store, settings),
        chats=ChatsPresenter(store),
        keeping=KeepingPresenter(store, home.chats),
        attachments=AttachmentsPresenter(bridge),
        snippets=SnippetsPresenter(store),
        presets=PresetsPresenter(store),
        models=ModelsPresenter(bridge, settings),
        machine=MachinePresenter(bridge),
        monitor=MonitorPresenter(bridge, settings),
        server=ServerPresenter(bridge),
        discover=DiscoverPresenter(bridge),
        picker=PickerPresenter(bridge),
        library=LibraryPresenter(bridge, home.models),
        folders=FoldersPresenter(bridge, home.models),
        downloads=DownloadsPresenter(bridge),
        hub=HubSettingsPresenter(bridge, proxies={}),
        appearance=AppearancePresenter(settings),
        engine=EngineSettingsPresenter(bridge),
        placement=PlacementPresenter(bridge),
        calibration=CalibrationPresenter(bridge, settings),
        doctor=DoctorPresenter(bridge),
        alerts=AlertsPresenter(bridge),
        startup=StartupPresenter(autostart, lambda: True),
        updates=UpdatesPresenter(bridge, settings, own(home)),
        pack=PackPresenter(bridge),
        guide=GuidePresenter(bridge, settings, home.models),
    )
    screens.connect()
    look = Look(qapp, screens.appearance)
    place = Place(
        icon=ASSETS / "icons" / "fullbore-256.png",
        about=lambda: "Fullbore",
    )
    window = MainWindow(screens, look, place)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    yield Shown(window=window, screens=screens, engine=engine, bridge=bridge, look=look)
    screens.chat.close()
    screens.chats.close()
    screens.keeping.close()
    screens.placement.close()
    bridge.close()
    store.close()
    qapp.styleHints().colorSchemeChanged.disconnect(look._follow)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
