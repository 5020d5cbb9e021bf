"""About this program: which version it is, what it is made of, whether there is a newer one."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.bridge import EngineBridge, EngineSurface
from app.settings import SettingsFile
from app.text import failures
from app.text.changelog import news_of
from engine.errors import EngineError
from engine.updates.places import DOWNLOAD_PAGE, HOMEPAGE
from engine.updates.values import Release

if TYPE_CHECKING:
    from app.text.notices import Part

_LOOK_AGAIN_MS = 6 * 3600 * 1000  # the engine itself asks once a day
_CHANGELOG = "CHANGELOG.md"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """This program: its version, its own files, where the person's data lie, where files go."""

    version: Callable[[], str]
    assets: Path
    home: Path
    downloads: Path


class UpdatesPresenter(QObject):
    """Nothing is asked of anybody before the person agreed, and nothing is installed by itself."""

    changed = Signal()  # any of the properties
    failed = Signal(str)  # a sentence with its remedy, of what a person asked for

    _progressed = Signal(int)

    def __init__(
        self,
        bridge: EngineBridge,
        settings: SettingsFile,
        own: Own,
        *,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._settings = settings
        self._own = own
        self._version = ""
        self._agreed: bool | None = None
        self._release: Release | None = None
        self._sent_away = ""  # the version whose notice was
        self._updated = False  # this is the first start of another version, and its news are unread
        self._answering = False
        self._checking = False
        self._give_up: Callable[[], None] | None = None
        self._arrived_bytes = 0
        self._brought: Path | None = None
        self.said = ""  # how the last check that a person asked for ended, if it went well
        self._again = QTimer(self)
        self._again.setInterval(_LOOK_AGAIN_MS)
        self._again.timeout.connect(self._look)
        self._progressed.connect(self._progress, Qt.ConnectionType.QueuedConnection)
        bridge.ready.connect(self._begin)

    @property
    def version(self) -> str:
        """Of this program."""
        if not self._version:
            self._version = self._own.version()
        return self._version

    @property
    def home(self) -> Path:
        """Where everything of the person's lies."""
        return self._own.home

    @property
    def homepage(self) -> str:
        """Of the program."""
        return HOMEPAGE

    @property
    def download_page(self) -> str:
        """Where a newer one is explained and fetched."""
        return DOWNLOAD_PAGE

    @property
    def agreed(self) -> bool | None:
        """Whether a newer version is looked for; None: nobody was asked yet."""
        return self._agreed

    @property
    def checking(self) -> bool:
        """Whether it is asked now."""
        return self._checking

    @property
    def release(self) -> Release | None:
        """The newer version that is known."""
        return self._release

    @property
    def offered(self) -> Release | None:
        """The one to tell of now: not while a chat is answered, nor once it was sent away."""
        release = self._release
        if release is None or self._answering or release.version == self._sent_away:
            return None
        return release

    @property
    def updated(self) -> bool:
        """Whether to tell that this is another version than last time: likewise between answers."""
        return self._updated and not self._answering

    @property
    def bringing(self) -> bool:
        """Whether its file is on its way."""
        return self._give_up is not None

    @property
    def fraction(self) -> float:
        """How much of the file is there, 0 to 1."""
        size = self._release.size_bytes if self._release else 0
        return min(self._arrived_bytes / size, 1.0) if size else 0.0

    @property
    def brought(self) -> Path | None:
        """Where the file lies, whole and with the right hash."""
        return self._brought

    @property
    def news(self) -> str:
        """What this version brought, as Markdown."""
        for folder in (self._own.assets / "notices", self._own.assets.parent):
            try:
                changelog = (folder / _CHANGELOG).read_text("utf-8")
            except OSError:
                continue
            return news_of(changelog, self.version)
        return ""

    def parts(self) -> "tuple[Part, ...]":
        """What it is made of, with licences; half a second in a checkout."""
        from app.text.notices import parts_of  # noqa: PLC0415  (metadata are slow to import)

        return parts_of(self._own.assets)

    def agree(self, *, on: bool) -> None:
        """Look for a newer version from now on, or no more."""
        self._agreed = on
        if not on:
            self._release = None
        self.changed.emit()
        self._bridge.ask(partial(_agree, on=on), lambda _: self._look(), self._fail)

    def take_consent(self, agreed: bool | None) -> None:  # noqa: FBT001 (another screen's)
        """The person chose so in the settings."""
        if agreed != self._agreed:
            self._agreed = agreed
            self._release = self._release if agreed else None
            self.changed.emit()
            self._look()

    def check(self) -> None:
        """Look now, because a person asked; only where they agreed."""
        if self._agreed and not self._checking:
            self._checking = True
            self.said = ""
            self.changed.emit()
            self._bridge.ask(partial(_check, now=True), self._settle, self._fail)

    def bring(self) -> None:
        """Fetch its file into the person's folder of downloads; nothing is started."""
        release, folder = self._release, self._own.downloads
        if release is None or not release.asset or self.bringing:
            return
        self._arrived_bytes = 0

        async def brought(engine: EngineSurface) -> Path:
            return await engine.updates.bring(release, folder, self._progressed.emit)

        self._give_up = self._bridge.ask(brought, self._keep, self._fail_bringing)
        self.changed.emit()

    def cancel(self) -> None:
        """Fetch it no more; what has arrived is deleted."""
        if self._give_up is not None:
            self._give_up()
            self._give_up = None
            self.changed.emit()

    def dismiss(self) -> None:
        """Tell no more of this release, until the next start; nor of what this version brought."""
        if self._release is not None:
            self._sent_away = self._release.version
        self._updated = False
        self.changed.emit()

    def hold(self, answering: bool) -> None:  # noqa: FBT001 (a signal's)
        """A chat is being answered, or no longer: until then nothing is told."""
        if answering != self._answering:
            self._answering = answering
            self.changed.emit()

    def _begin(self) -> None:
        self._bridge.ask(partial(_known, self._own.version), self._take, self._log)
        self._again.start()

    def _take(self, known: tuple[bool | None, str]) -> None:
        self._agreed, self._version = known
        self.changed.emit()
        self._greet()
        self._look()

    def _greet(self) -> None:
        """Tell once that this is another version than the one seen last."""
        seen, own = self._settings.settings.seen_version, self.version
        if seen == own:
            return
        first = self._settings.is_first
        kept = self._settings.settings.model_copy(update={"seen_version": own})
        try:
            self._settings.change(kept)
        except EngineError as error:
            log.warning("%s", error.sentence)
            return  # it would be shown at every start
        if not first and self.news:
            self._updated = True
            self.changed.emit()

    def _look(self) -> None:
        """By itself: what goes wrong is nobody's trouble."""
        if self._agreed and not self._checking:
            self._bridge.ask(partial(_check, now=False), self._found, self._log)

    def _found(self, release: Release | None) -> None:
        if self._agreed:
            if release != self._release:
                self._brought = None
            self._release = release
            self.changed.emit()

    def _settle(self, release: Release | None) -> None:
        self._checking = False
        self._sent_away = ""
        if release is None:
            self.said = self.tr("This is the newest version.")
        self._found(release)
        self.changed.emit()

    def _progress(self, arrived: int) -> None:
        if self.bringing:
            self._arrived_bytes = arrived
            self.changed.emit()

    def _keep(self, place: Path) -> None:
        self._give_up, self._brought = None, place
        self.changed.emit()

    def _fail_bringing(self, error: EngineError) -> None:
        self._give_up = None
        self._fail(error)

    def _fail(self, error: EngineError) -> None:
        self._checking = False
        self.changed.emit()
        self.failed.emit(failures.told(error))

    def _log(self, error: EngineError) -> None:
        log.info("No news of updates: %s", error.sentence)


async def _known(version: Callable[[], str], engine: EngineSurface) -> tuple[bool | None, str]:
    # Metadata are slow to import and to read: not on the window's thread.
    return engine.config.updates, await asyncio.to_thread(version)


async def _agree(engine: EngineSurface, *, on: bool) -> None:
    await engine.configure(updates=on)


async def _check(engine: EngineSurface, *, now: bool) -> Release | None:
    return await engine.updates.check(now=now)
