"""Engine: the one object outsiders hold."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from engine.background.background import Background
from engine.chat import ChatRequest, Delta
from engine.config import DEFAULT_PORT, EngineConfig, Home, LoadWish, read_config, write_config
from engine.download.downloads import Downloads
from engine.download.values import Download, Quantization, RepositoryHit
from engine.errors import DiskFull, EngineError, HomeBusy, ModelError, ModelNotFound
from engine.events import (
    DownloadMoved,
    Event,
    FilesHanded,
    Listeners,
    MachineRead,
    ServerMoved,
    ShelfChanged,
)
from engine.handover.door import Door, Household
from engine.handover.lock import HomeLock
from engine.handover.words import Owner
from engine.hardware.machine import Machine, Reading
from engine.hardware.probe import probe
from engine.hardware.sampler import Sampler
from engine.host.bench import BenchReport, measure
from engine.host.choose import choose
from engine.host.host import Host
from engine.host.load_spec import load_spec
from engine.library.shelf_model import ShelfModel
from engine.protocol.failures import failure_of
from engine.protocol.load import LoadSpec
from engine.server.port import Port

SAMPLER_PERIOD_SECONDS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineParts:
    """How the Engine's children are started, and whether a window can take handed files."""

    worker: tuple[str, ...]
    background: tuple[str, ...]
    download: tuple[str, ...]
    window: bool = True


def own_parts(*, executable: str = sys.executable, frozen: bool | None = None) -> EngineParts:
    """The children of this program: modules of it, or a frozen bundle's executable itself."""
    if frozen is None:
        frozen = bool(getattr(sys, "frozen", False))

    def command(room: str) -> tuple[str, ...]:
        return (executable, f"--{room}") if frozen else (executable, "-m", f"engine.{room}")

    return EngineParts(
        worker=command("worker"), background=command("background"), download=command("download")
    )


class Engine:
    """Everything behind one surface. One asyncio loop makes it and calls every method."""

    def __init__(
        self, home: Home, config: EngineConfig, *, parts: EngineParts | None = None
    ) -> None:
        self._home = home
        self._config = config
        self._parts = parts or own_parts()
        self._loads = dict(config.loads)
        self._listeners = Listeners()
        self._lock = HomeLock(home)
        self._background = Background(self._parts.background)
        self._host = Host(
            worker_command=self._parts.worker,
            background=self._background,
            spec_for=self._spec_for,
            tell=self._listeners.tell,
        )
        self._downloads = Downloads(
            config.hub_endpoint, home.models, self._download_moved, command=self._parts.download
        )
        self._port = Port(self, api_key=config.api_key)
        self._door = Door(
            Household(
                take_files=self._take_files,
                owner=lambda: Owner(address=self.address, loaded=self.loaded),
                refresh=self.refresh_models,
                generate=self.generate,
            )
        )
        self._sampler: Sampler | None = None
        self._machine: Machine | None = None
        self._shelf: tuple[ShelfModel, ...] = ()
        self._guests: tuple[ShelfModel, ...] = ()
        self._first_scan: asyncio.Task[tuple[ShelfModel, ...]] | None = None
        self._address: str | None = None
        self._closed = False

    # --- life ------------------------------------------------------------------------------

    async def start(self) -> None:
        """Own the home and wake up. Raises HomeBusy; a port that cannot open is told as a fact."""
        self._lock.take()
        try:
            self._lock.show(await self._door.open())
            self._machine = await asyncio.to_thread(probe, self._folders)
        except BaseException:
            await self.close()
            raise
        self._first_scan = asyncio.create_task(self._scan(), name="first scan")
        self._first_scan.add_done_callback(_heard)
        loop = asyncio.get_running_loop()

        def tell(reading: Reading) -> None:
            loop.call_soon_threadsafe(self._listeners.tell, MachineRead(reading=reading))

        self._sampler = Sampler(SAMPLER_PERIOD_SECONDS, tell)
        self._sampler.start()
        if self._config.serve:
            try:
                await self.open_port()
            except EngineError as error:
                self._listeners.tell(ServerMoved(address=None, failure=error.sentence))

    async def close(self) -> None:
        """End every process it started, and give the home back. May be called twice."""
        if self._closed:
            return
        self._closed = True
        try:
            await self._door.close()
            await self.close_port()
            await self._downloads.close()
            await self._host.close()
            if self._first_scan is not None:
                self._first_scan.cancel()
                await asyncio.wait({self._first_scan})
            await self._background.close()
            if self._sampler is not None:
                await asyncio.to_thread(self._sampler.stop)
        finally:
            self._lock.release()
            self._listeners.close()

    def events(self) -> AsyncGenerator[Event]:
        """Every fact from this call on. A slow listener may miss readings, never another fact."""
        return self._listeners.listen()

    # --- models ----------------------------------------------------------------------------

    def models(self) -> tuple[ShelfModel, ...]:
        """The shelf as it was last seen."""
        return self._shelf

    async def refresh_models(self) -> tuple[ShelfModel, ...]:
        """Look at the folders again, in the background process."""
        return await self._scan()

    async def load(self, model: str, wish: LoadWish | None = None) -> None:
        """Load it in place of another; returns when it is READY. Raises EngineError.

        A wish that led to a loaded model is remembered for it. A file that is known to be broken
        is refused while the other model still runs.
        """
        chosen = await self._sound(model)
        asked = self.wish_for(chosen.id) if wish is None else wish
        await self._host.load(chosen.id, self._spec(chosen, asked))
        if wish is not None:
            self._remember(chosen.id, wish)

    def cancel_load(self) -> None:
        """Give up the load under way."""
        self._host.cancel_load()

    async def unload(self) -> None:
        """End the worker; all its memory returns."""
        await self._host.unload()

    def wish_for(self, model: str) -> LoadWish:
        """What was last wished for that model; all automatic if nothing was."""
        return self._loads.get(model, LoadWish())

    @property
    def loaded(self) -> str | None:
        """The id of the model whose worker is LOADING or READY."""
        return self._host.loaded

    async def generate(self, request: ChatRequest) -> AsyncGenerator[Delta]:
        """Answer a conversation; closing cancels. Loads `request.model` on demand."""
        if request.model is not None:
            request = replace(request, model=(await self._find(request.model)).id)
        async with aclosing(self._host.generate(request)) as answer:
            async for delta in answer:
                yield delta

    async def count_tokens(self, text: str) -> int:
        """How many tokens the text has for the loaded model."""
        return await self._host.count(text)

    async def bench(
        self, model: str, streams: Sequence[int], prompt_tokens: int, answer_tokens: int
    ) -> BenchReport:
        """Load the model and measure how fast it reads and writes."""
        await self.load(model)
        chosen = (await self._find(model)).id
        rows = [
            await measure(
                self._host,
                chosen,
                streams=count,
                prompt_tokens=prompt_tokens,
                answer_tokens=answer_tokens,
            )
            for count in streams
        ]
        machine = self.machine()
        return BenchReport(
            model=chosen,
            device=" + ".join(gpu.name for gpu in machine.gpus) or machine.cpu.name,
            library=_library(),
            prompt_tokens=prompt_tokens,
            answer_tokens=answer_tokens,
            rows=tuple(rows),
        )

    # --- the local port --------------------------------------------------------------------

    async def open_port(self, port: int | None = None) -> str:
        """The address it serves at. Raises PortInUse if that very port was asked for.

        Without one it is the configured port, and the next free one if the default is taken.
        """
        await self.close_port()
        wanted = port or self._config.port
        explicit = port is not None or wanted != DEFAULT_PORT
        self._address = await self._port.open(self._config.host, wanted, explicit=explicit)
        self._listeners.tell(ServerMoved(address=self._address))
        return self._address

    async def close_port(self) -> None:
        """Serve no more."""
        if self._address is not None:
            self._address = None
            await self._port.close()
            self._listeners.tell(ServerMoved(address=None))

    @property
    def address(self) -> str | None:
        """Where the port is open."""
        return self._address

    # --- machine and Hub -------------------------------------------------------------------

    def machine(self) -> Machine:
        """What this computer has, as probed at the start."""
        assert self._machine is not None, "the engine was not started"
        return self._machine

    async def search(self, query: str) -> tuple[RepositoryHit, ...]:
        """Repositories on the Hub. Raises DownloadError."""
        return await self._downloads.search(query)

    async def quantizations(self, repository: str) -> tuple[Quantization, ...]:
        """What a repository offers. Raises DownloadError."""
        return await self._downloads.quantizations(repository)

    async def download(self, repository: str, quantization: Quantization) -> ShelfModel:
        """Bring it to the shelf, resuming what is there. Raises DownloadError or DiskFull."""
        paths = await self._downloads.download(repository, quantization)
        await self._scan()
        return self._at(paths[0])

    def cancel_download(self, download: str) -> None:
        """Stop that transfer; what has arrived is kept."""
        self._downloads.cancel(download)

    # --- inside ----------------------------------------------------------------------------

    @property
    def _folders(self) -> tuple[Path, ...]:
        return (self._home.models, *self._config.folders)

    async def _scan(self) -> tuple[ShelfModel, ...]:
        found = await self._background.scan(self._folders)
        known = {model.id for model in found}
        guests = tuple(guest for guest in self._guests if guest.id not in known)
        before, self._shelf = self._shelf, (*found, *guests)
        if before != self._shelf:
            self._listeners.tell(ShelfChanged())
        return self._shelf

    async def _find(self, name: str) -> ShelfModel:
        """The model of that name; the folders are searched again before it is not found."""
        if self._first_scan is not None:
            await asyncio.wait({self._first_scan})
        try:
            return choose(name, self._shelf)
        except ModelNotFound:
            folder = await asyncio.to_thread(_folder_of, name)
            if folder is None:
                return choose(name, await self._scan())
            # A file that lies elsewhere is a guest; those beside it may be its shards.
            guest = choose(name, await self._background.scan((folder,)))
            self._guests = (*self._guests, guest)
            await self._scan()
            return guest

    async def _sound(self, name: str) -> ShelfModel:
        """The model of that name, if its header says that it can be loaded. Raises ModelError."""
        model = await self._find(name)
        if model.broken is not None:
            await self._scan()  # its download may have ended since the folders were last seen
            model = await self._find(name)
        if model.broken is not None:
            sentence = f"{model.id} cannot be loaded."
            raise failure_of(model.broken_code or ModelError.code, sentence, remedy=model.broken)
        return model

    async def _spec_for(self, model: str) -> LoadSpec:
        return self._spec(await self._sound(model), self.wish_for(model))

    def _spec(self, model: ShelfModel, wish: LoadWish) -> LoadSpec:
        return load_spec(model, wish, self.machine(), streams=self._config.streams)

    def _at(self, path: Path) -> ShelfModel:
        real = path.resolve()
        for model in self._shelf:
            if any(file.resolve() == real for file in model.files):
                return model
        raise ModelNotFound(f"{path.name} was downloaded, but is no model.")

    def _remember(self, model: str, wish: LoadWish) -> None:
        self._loads[model] = wish
        # The file is read again: what the command line asked of this run is not to be kept.
        stored = read_config(self._home.engine_toml)
        loads = {**stored.loads, model: wish}
        try:
            write_config(self._home.engine_toml, stored.model_copy(update={"loads": loads}))
        except OSError as error:
            raise DiskFull(f"engine.toml could not be saved: {error.strerror}.") from error

    def _take_files(self, paths: tuple[str, ...]) -> None:
        if not self._parts.window:
            raise HomeBusy("The Fullbore that owns this home runs without a window.")
        self._listeners.tell(FilesHanded(paths=paths))

    def _download_moved(self, download: Download) -> None:
        self._listeners.tell(DownloadMoved(download=download))


def _heard(task: asyncio.Task[tuple[ShelfModel, ...]]) -> None:
    # Whoever asks for a model scans again, and hears the failure.
    if not task.cancelled():
        task.exception()


def _folder_of(name: str) -> Path | None:
    path = Path(name).absolute()
    return path.parent if name.lower().endswith(".gguf") and path.is_file() else None


def _library() -> str:
    try:
        return f"llama-cpp-python {version('llama-cpp-python')}"
    except PackageNotFoundError:
        return "llama-cpp-python"
