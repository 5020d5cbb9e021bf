"""Engine: the one object outsiders hold."""

import asyncio
from collections.abc import AsyncGenerator, Mapping

from engine.background.background import Background
from engine.config import EngineConfig, Home, LoadWish
from engine.doctor.doctor import Doctor
from engine.doctor.packs import packs_of
from engine.download.downloads import Downloads
from engine.download.pulling import Pulling
from engine.download.values import Download
from engine.dryrun.dryrun import DryRuns
from engine.events import (
    CalibrationMoved,
    DownloadMoved,
    Event,
    Listeners,
    PackMoved,
    ShelfChanged,
)
from engine.fit.plan import Plan
from engine.handover.callers import Callers
from engine.handover.door import Door, Household
from engine.handover.lock import HomeLock
from engine.handover.words import Owner
from engine.hardware.activity import Watched
from engine.hardware.calibration import Calibration
from engine.hardware.machine import Machine
from engine.hardware.probe import probe
from engine.hardware.visible import visible_library
from engine.host.bench import BenchReport, BenchWish, bench_report
from engine.host.children import EngineParts, own_parts
from engine.host.completing import Completing
from engine.host.embedding import Embedding
from engine.host.facts import LoadStepped, ModelMoved, Phase
from engine.host.generating import Generating
from engine.host.host import Host
from engine.host.keeper import Around, Keeper
from engine.host.limits import limits
from engine.host.measured import Measured, covers
from engine.host.models_folder import ModelsFolder
from engine.host.outcome import Outcome
from engine.host.quiet import Quiet
from engine.host.remembered import Remembered
from engine.host.settings import Settings, direct
from engine.host.shelf import Shelf
from engine.host.texts import Texts
from engine.host.uses import Uses
from engine.host.wanted import Wanted
from engine.host.worker_process import HostFact
from engine.keys import Keys
from engine.library.folders import shelf_folders
from engine.library.shelf_model import ShelfModel
from engine.local_port import LocalPort
from engine.planner.discovery import Discovery
from engine.planner.orders import Orders
from engine.planner.outcomes import Outcomes
from engine.planner.planner import Planner, Present
from engine.planner.wanted import Situation
from engine.updates.updates import Updates
from engine.watching import Watching


class Engine:
    """Everything behind one surface. One asyncio loop makes it and calls every method."""

    def __init__(  # noqa: PLR0915 (everything is put together here, each thing once)
        self, home: Home, config: EngineConfig, *, parts: EngineParts | None = None
    ) -> None:
        self._home, self._parts = home, parts or own_parts(home.root)
        self._settings = Settings(home.engine_toml, config)
        self._listeners, self._lock = Listeners(), HomeLock(home)
        tell = self._listeners.tell
        self._background = Background(self._parts.background)
        self._host = Host(
            worker_command=self._parts.worker,
            background=self._background,
            order_for=self._order_for,
            remembered=Remembered(home.state / "loads.json"),
            tell=self._hear,
        )
        self._host.limits = limits(home, config)
        self._shelf = Shelf(
            self._background,
            lambda: shelf_folders(home, self.config),
            Uses(home.state),
            lambda: tell(ShelfChanged()),
            lambda: self.config.aliases,
        )
        self._planner = Planner(
            self._background,
            self._present,
            dry_runs=lambda: DryRuns((*self._parts.worker, "--dry-run")),
            cache=home.cache,
            streams=config.streams,
        )
        self._nvml = visible_library(home.environment)
        self._measured = Measured(
            home.cache,
            self._parts.worker,
            lambda step, fraction: tell(CalibrationMoved(step=step, fraction=fraction)),
            library=self._nvml,
        )
        self._outcomes = Outcomes(self._measured.learn, self._host.beside)
        self._watching = Watching(self._host, self._planner, self._outcomes, tell, self._nvml)
        self._orders = Orders(
            Situation(
                planner=self._planner,
                outcomes=self._outcomes,
                present=self._settled,
                held=self._host.held,
            ),
            self._shelf.sound,
        )
        self.usage, self.rates = self._watching.usage, self._watching.rates
        self.alerts = self._watching.alert(home.logs / "alerts.jsonl", lambda: self.config.alerts)
        self._quiet = Quiet(lambda: self.loaded, self._host.unload, self.load)
        generating = Generating(self._host, self._shelf, self._quiet, self._outcomes.answered)
        self.generate, self.weigh = generating.generate, generating.weigh
        self.complete = Completing(self._host, self._shelf, self._quiet).complete
        embedding = Embedding(self._host, self._shelf, self._quiet)
        self.embed, self.rerank = embedding.embed, embedding.rerank
        self.residents = self._host.residents
        self._closed = False
        texts = Texts(self._host, self._shelf, self._quiet, self._background)
        self.tokens, self.text, self.pieces = texts.tokens, texts.text, texts.pieces
        self.render = texts.render
        self.downloads = Downloads(
            config.hub_endpoint,
            home.models,
            self._download_moved,
            cache=home.cache,
            command=self._parts.download,
        )
        self._pulling = Pulling(self.downloads)
        self.pull, self.describe = self._pulling.pull, self._shelf.describe
        around = Around(loaded=self._host.models, offers=self.downloads.quantizations)
        self.keeper = Keeper(home, self._shelf, self._settings, around)
        self.models_folder = ModelsFolder(home, self._settings, self.downloads, self._shelf.look)
        direct(self.downloads, self.config)
        self.discovery = Discovery(
            self._planner,
            self.downloads,
            endpoint=lambda: self.config.hub_endpoint,
            cache=home.cache,
            command=self._parts.download,
        )
        self.doctor = Doctor(home, self._parts, self)
        self.pack = packs_of(home, self._parts, self, lambda pack: tell(PackMoved(pack=pack)))
        self.updates = Updates(lambda: self.config, home.state / "updates.json")
        self.keys = Keys(home.root, from_settings=lambda: self.config.api_key)
        port = self._port = LocalPort(
            self,
            self.keys,
            lambda: self.config,
            self._listeners.tell,
            bodies=home.logs / "requests.jsonl",
        )
        self.open_port, self.close_port, self.leave_port = port.open, port.close, port.leave
        self.requests, self.request = port.ledger.all, port.ledger.one
        self.callers = Callers(self._listeners.tell, window=self._parts.window)
        self._door = Door(
            Household(
                callers=self.callers,
                owner=lambda: Owner(
                    address=self.address,
                    loaded=self._host.models(),
                    holder=self.callers.holder,
                ),
                refresh=self.refresh_models,
                generate=self.generate,
            )
        )
        self._machine: Machine | None = None

    # --- life ------------------------------------------------------------------------------

    async def start(self) -> None:
        """Own the home and wake up. Raises HomeBusy; a port that cannot open is told as a fact."""
        self._lock.take()
        try:
            self._lock.show(await self._door.open())
            folders = (self._home.models, *self.config.folders)
            self._machine = await asyncio.to_thread(probe, folders, library=self._nvml)
            self.pack.open(self._machine)
            await self._measured.open(self.machine())
        except BaseException:
            await self.close()
            raise
        self._shelf.open()
        if self._parts.window:  # a verb in a terminal has other things to do
            self.downloads.restore(self._home.state / "downloads.json")
        watched = Watched(models=self._home.models, worker_pids=self._host.worker_pids)
        self._watching.open(watched, self.config.sample_seconds, self.machine())
        await self._port.begin()

    async def close(self) -> None:
        """End every process it started, and give the home back. May be called twice."""
        if self._closed:
            return
        self._closed = True
        self._quiet.close()
        try:
            await self._door.close()
            await self.close_port()
            await self.keys.close()
            await self.discovery.close()
            await self.downloads.close()
            await self.pack.close()
            await self.keeper.close()
            await self._host.close()
            await self._shelf.close()
            await self._background.close()
            await self._watching.close()
        finally:
            self._lock.release()
            self._listeners.close()

    def events(self) -> AsyncGenerator[Event]:
        """Every fact from this call on. A slow listener may miss readings, never another fact."""
        return self._listeners.listen()

    # --- settings --------------------------------------------------------------------------

    @property
    def config(self) -> EngineConfig:
        """What it goes by."""
        return self._settings.config

    async def configure(self, **changes: object) -> None:
        """Keep these settings, by their names in EngineConfig, and go by them. Raises EngineError.

        Host, port and certificate count when the port is next opened, streams from the next start.
        """
        self._settings.change(changes)
        direct(self.downloads, self.config)
        self._host.limits = limits(self._home, self.config)
        self._watching.set_period(self.config.sample_seconds)
        if changes.keys() & {"folders", "foreign"}:
            await self._shelf.look()

    # --- models ----------------------------------------------------------------------------

    def models(self) -> tuple[ShelfModel, ...]:
        """The shelf as it was last seen."""
        return self._shelf.models

    async def refresh_models(self) -> tuple[ShelfModel, ...]:
        """Look at the folders again, in the background process."""
        return await self._shelf.look()

    async def plan(
        self,
        model: str,
        wish: LoadWish,
        *,
        machine: str | None = None,
        exact: bool = False,
        upgrades: bool = False,
    ) -> Plan:
        """How it would be loaded here, or on a `machine` that is only named. Raises EngineError.

        `exact` has llama.cpp confirm the bytes by a dry run, which takes a second or two;
        `upgrades`, without it, looks for cards worth buying as well.
        """
        chosen = await self._shelf.sound(model)
        return await self._orders.plan(
            chosen, wish, machine=machine, exact=exact, upgrades=upgrades
        )

    def outcome(self, model: str) -> Outcome | None:
        """Predicted beside measured, of a loaded model."""
        return self._outcomes.now(model, self._watching.reading)

    async def load(
        self,
        model: str,
        wish: LoadWish | None = None,
        *,
        adapters: Mapping[str, float] | None = None,
        for_now: bool = False,
        keep_seconds: float | None = None,
    ) -> None:
        """Load it in place of the one chosen before; returns in READY. Raises EngineError.

        A wish that led to a loaded model is remembered for it, unless it is `for_now`; `adapters`
        instead of the wish's are of this run alone. A file that is known to be broken is refused
        while the other model still runs. With `keep_seconds` it is loaded as for a request, beside
        the others, and kept so long (see `keep`).
        """
        await self._quiet.over()
        chosen = await self._shelf.sound(model)
        asked = self.wish_for(chosen.id) if wish is None else wish
        if adapters:
            asked = asked.model_copy(update={"adapters": dict(adapters)})
        wanted = await self._orders.wanted(chosen, asked)
        await self._host.load(chosen.id, wanted, beside=keep_seconds is not None)
        if keep_seconds is not None:
            self._host.keep(chosen.id, keep_seconds)
        if wish is not None and not for_now:
            self._settings.remember(chosen.id, wish)
        if adapters or for_now:
            self._settings.suppose(chosen.id, asked)

    def cancel_load(self) -> None:
        """Give up the load under way."""
        self._host.cancel_load()

    async def unload(self, model: str | None = None) -> None:
        """End that model's workers, or all; their memory returns."""
        await self._host.unload(None if model is None else (await self._shelf.find(model)).id)

    async def keep(self, model: str, seconds: float) -> None:
        """Keep it so long without a request, if it was loaded for one; negative: for ever."""
        self._host.keep((await self._shelf.find(model)).id, seconds)

    def wish_for(self, model: str) -> LoadWish:
        """What was last wished for that model; all automatic if nothing was."""
        return self._settings.wish_for(model)

    @property
    def address(self) -> str | None:
        """Where the local port is open."""
        return self._port.address

    @property
    def loaded(self) -> str | None:
        """The id of the model whose worker is LOADING or READY."""
        return self._host.loaded

    async def bench(self, model: str, wanted: BenchWish) -> BenchReport:
        """Load the model and measure how fast it reads and writes. Raises EngineError."""
        chosen, device = (await self._shelf.sound(model)).id, self.machine().computes
        await self.load(
            chosen, wanted.load(self.wish_for(chosen), self.config.streams), for_now=True
        )
        return await bench_report(self._host, chosen, device, wanted)

    # --- the machine -----------------------------------------------------------------------

    def machine(self) -> Machine:
        """What this computer has, as probed at the start, and the cards its GPU pack sees."""
        assert self._machine is not None, "the engine was not started"
        return self.pack.complete(self._machine)

    async def calibrate(self) -> Calibration:
        """Measure this machine for up to a minute, no model being loaded. Raises EngineError.

        Progress is told as facts; what was known before stays if it is cancelled. Not while an
        answer is written. The model that was loaded is loaded again, by a plan that knows more.
        """
        files = [file for model in self._shelf.models for file in model.files]
        return await self._quiet.measure(lambda: self._measured.measure(files))

    def cancel_calibration(self) -> None:
        """Give up the measuring under way."""
        self._quiet.cancel()

    @property
    def needs_calibration(self) -> bool:
        """Whether this machine, or a card of it, was never measured."""
        known = self.calibration
        return known is None or not covers(known, self.machine())

    @property
    def calibration(self) -> Calibration | None:
        """What was measured on this machine."""
        return self._measured.calibration

    # --- inside ----------------------------------------------------------------------------

    async def _order_for(self, model: str) -> Wanted:
        return await self._orders.wanted(await self._shelf.sound(model), self.wish_for(model))

    def _present(self) -> Present:
        return self._watching.present(self.machine(), self.calibration)

    async def _settled(self) -> Present:
        await self._watching.settled(self.machine())
        return self._present()

    def _hear(self, fact: HostFact) -> None:
        if isinstance(fact, ModelMoved):
            self._outcomes.hear(fact)
            if fact.phase is Phase.READY:
                self._shelf.used(fact.model)
        elif isinstance(fact, LoadStepped):
            self._outcomes.stepped(fact.model)
        self._watching.hear(fact)
        self._listeners.tell(fact)

    def _download_moved(self, download: Download) -> None:
        self._listeners.tell(DownloadMoved(download=download))
        self._pulling.hear(download)
        self.keeper.hear(download)
