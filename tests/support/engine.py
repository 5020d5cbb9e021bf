"""An engine without a worker: the same surface and facts as the real one, on its own loop.

It loads in steps, answers word by word, dies and refuses when told to. Its knobs
are set before the bridge starts, or through `EngineBridge.tell`.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Sequence

from engine.chat import (
    ChatRequest,
    Delta,
    Finished,
    Message,
    Piece,
    PromptRead,
    StopReason,
    Timings,
    Weight,
)
from engine.config import EngineConfig, LoadWish
from engine.errors import (
    EngineError,
    LoadCancelled,
    ModelNotFound,
    PortInUse,
    WorkerDied,
)
from engine.events import Event, MachineRead, ServerMoved, ShelfChanged
from engine.fit.plan import Plan
from engine.fit.saying import Saying
from engine.hardware.calibration import Calibration
from engine.hardware.machine import Cpu, Machine
from engine.host.facts import LoadStepped, ModelMoved, Phase, StreamsMoved, WorkerEnded
from engine.host.outcome import Outcome
from engine.library.shelf_model import ShelfModel
from tests.support.alerts import FakeAlerts
from tests.support.discovery import FakeDiscovery
from tests.support.downloads import FakeDownloads
from tests.support.keeper import FakeKeeper, FakeModelsFolder
from tests.support.measuring import Measuring
from tests.support.packs import FakePack
from tests.support.physician import FakeDoctor
from tests.support.plans import PlannedMachine, plan_by_arithmetic
from tests.support.port import FakeFleet, FakeKeys, FakeLedger
from tests.support.things import CONTEXT_TOKENS, GIB, reading, shelf_model
from tests.support.updates import FakeUpdates

__all__ = ["CONTEXT_TOKENS", "GIB", "FakeEngine", "reading", "shelf_model"]


class FakeEngine:
    """Satisfies `app.bridge.EngineSurface`."""

    def __init__(  # noqa: PLR0915 (a knob a line)
        self, models: Sequence[str] = ("tiny",)
    ) -> None:
        self.shelf = tuple(shelf_model(name) for name in models)
        self.answer = "The answer is forty two."
        self.reasoning = ""
        self.stop_reason = StopReason.END
        self.endless = False  # repeat the answer until it is closed
        self.dies_after: int | None = None  # words of the next answer
        self.start_failure: EngineError | None = None
        self.load_failure: EngineError | None = None
        self.load_steps: tuple[Saying, ...] = ()  # how the next loads are made smaller
        self.load_holds = False  # a load stays half way until cancelled or `let_load`
        self.weigh_failure: EngineError | None = None
        self.port_taken = False
        self.rig = PlannedMachine()
        self.plan_failure: EngineError | None = None
        self.plan_holds = False  # a plan is not answered until `let_plan`
        self.planned: list[LoadWish] = []
        self.measuring = Measuring(self.tell)
        self.config = EngineConfig()
        self.downloads = FakeDownloads(self.tell)
        self.keeper = FakeKeeper(self.models, self.put, lambda: self._loaded)
        self.models_folder = FakeModelsFolder()
        self.alerts = FakeAlerts(self.tell)
        self.doctor, self.pack = FakeDoctor(), FakePack(self.tell)
        self.updates = FakeUpdates(lambda: self.config)
        self.discovery = FakeDiscovery(lambda: self.rig)
        self.keys = FakeKeys()
        self.ledger = FakeLedger(self.tell)
        self.requests, self.request = self.ledger.all, self.ledger.inside
        self.fleet = FakeFleet(lambda: self.config)
        self.residents = self.fleet.residents
        self.asked: list[ChatRequest] = []
        self.weighed: list[ChatRequest] = []
        self.loads: list[tuple[str, LoadWish | None]] = []
        self.closed = False
        self.open_answers = 0
        self._listeners: list[asyncio.Queue[Event]] = []
        self._wishes = dict[str, LoadWish]()
        self._loaded: str | None = None
        self._address: str | None = None
        self._let = asyncio.Event()
        self._cancelled = asyncio.Event()

    # Life

    async def start(self) -> None:
        if self.start_failure is not None:
            raise self.start_failure
        await asyncio.sleep(0)

    async def close(self) -> None:
        self.closed = True

    async def events(self) -> AsyncGenerator[Event]:
        mine = asyncio.Queue[Event]()
        self._listeners.append(mine)
        try:
            while True:
                yield await mine.get()
        finally:
            self._listeners.remove(mine)

    def tell(self, event: Event) -> None:
        """Let every listener know."""
        for listener in self._listeners:
            listener.put_nowait(event)

    async def configure(self, **changes: object) -> None:
        self.config = EngineConfig.model_validate({**self.config.model_dump(), **changes})

    # Models

    def put(self, shelf: tuple[ShelfModel, ...]) -> None:
        """Other models lie on the shelf now."""
        self.shelf = shelf
        self.tell(ShelfChanged())

    def models(self) -> tuple[ShelfModel, ...]:
        return self.shelf

    async def refresh_models(self) -> tuple[ShelfModel, ...]:
        await asyncio.sleep(0)
        return self.shelf

    @property
    def loaded(self) -> str | None:
        return self._loaded

    def wish_for(self, model: str) -> LoadWish:
        return self._wishes.get(model, LoadWish())

    async def plan(
        self,
        model: str,
        wish: LoadWish,
        *,
        machine: str | None = None,
        exact: bool = False,
        upgrades: bool = False,
    ) -> Plan:
        self.planned.append(wish)
        await asyncio.sleep(0)
        while self.plan_holds:
            await asyncio.sleep(0.001)
        if self.plan_failure is not None:
            raise self.plan_failure
        known = next((known for known in self.shelf if known.id == model), None)
        if known is None:
            raise ModelNotFound(f"No model is called {model!r}.")
        return plan_by_arithmetic(known, wish, self.rig, exact=exact)

    def outcome(self, model: str) -> Outcome | None:
        if self.fleet.phase(model) is not Phase.READY:
            return None
        known = next(known for known in self.shelf if known.id == model)
        plan = plan_by_arithmetic(known, self.wish_for(model), self.rig, exact=False)
        held = tuple((card.number, card.loaded + 2**24) for card in plan.footprint.cards)
        return Outcome(plan=plan, cards=held, decode_tps=plan.pace.decode_tps.expected * 0.97)

    async def load(self, model: str, wish: LoadWish | None = None) -> None:
        if model not in {known.id for known in self.shelf}:
            raise ModelNotFound(f"No model is called {model!r}.")
        self.loads.append((model, wish))
        if wish is not None:
            self._wishes[model] = wish
        if self.fleet.phase(model) is not Phase.STOPPED:
            await self.unload(model)
        for other in self.fleet.in_the_way():
            await self.unload(other)
        self._loaded = model
        self._cancelled.clear()
        self._move(Phase.LOADING, model=model)
        await asyncio.sleep(0)
        self._move(Phase.LOADING, model=model, fraction=0.5)
        for change in self.load_steps:
            sentence = f"Trying again with {change}."
            self.tell(LoadStepped(model=model, sentence=sentence, change=change))
        if self.load_holds:
            await _first(self._let.wait(), self._cancelled.wait())
        failure = self.load_failure
        if self._cancelled.is_set():
            failure = LoadCancelled("The load was cancelled.")
        if failure is not None:
            told = None if isinstance(failure, LoadCancelled) else failure.sentence
            self._move(Phase.STOPPED, model=model, failure=told)
            raise failure
        self._move(Phase.READY, model=model, fraction=1.0)

    def let_load(self) -> None:
        """A load that is held goes on."""
        self._let.set()

    def cancel_load(self) -> None:
        self._cancelled.set()

    async def unload(self, model: str | None = None) -> None:
        gone = model or self._loaded
        if self.fleet.phase(gone) is not Phase.STOPPED:
            self._move(Phase.STOPPING, model=gone)
            self._move(Phase.STOPPED, model=gone)

    def _move(
        self,
        phase: Phase,
        *,
        model: str | None = None,
        fraction: float = 0.0,
        failure: str | None = None,
    ) -> None:
        moved = model or self._loaded
        assert moved is not None
        self.fleet.move(moved, phase)
        if phase is Phase.STOPPED and moved == self._loaded:
            self._loaded = self.fleet.last()
        self.tell(
            ModelMoved(
                model=moved,
                phase=phase,
                fraction=fraction,
                context_tokens=CONTEXT_TOKENS if phase is Phase.READY else None,
                failure=failure,
            )
        )

    def die(self) -> WorkerDied:
        """The worker is gone."""
        assert self._loaded is not None
        died = WorkerDied("The process that ran the model ended.", last_words="CUDA error")
        self.tell(WorkerEnded(model=self._loaded, sentence=str(died), last_words=died.last_words))
        self._move(Phase.STOPPED, failure=died.sentence)
        return died

    # Answers

    async def generate(self, request: ChatRequest) -> AsyncGenerator[Delta]:
        self.asked.append(request)
        wanted = request.model or self._loaded
        if wanted is None:
            raise ModelNotFound("No model is loaded.")
        if self.fleet.phase(wanted) is not Phase.READY:
            await self.load(wanted)
        self._loaded = wanted
        self.open_answers += 1
        try:
            async for delta in self._speak():
                yield delta
        finally:
            self.open_answers -= 1

    async def weigh(self, request: ChatRequest, /) -> Weight:
        """A token for every four characters, and four for each message's frame."""
        self.weighed.append(request)
        await asyncio.sleep(0)
        if self.weigh_failure is not None:
            raise self.weigh_failure
        each = tuple(_weight(message) for message in request.messages)
        loaded = self.fleet.phase(request.model or self._loaded) is Phase.READY
        return Weight(
            messages=each, total=sum(each), context_tokens=CONTEXT_TOKENS if loaded else None
        )

    async def _speak(self) -> AsyncGenerator[Delta]:
        yield PromptRead(prompt_tokens=10, reused_tokens=0)
        count = 0
        thoughts = [(word, True) for word in _words(self.reasoning)]
        words = [*thoughts, *((word, False) for word in _words(self.answer))]
        while True:
            for word, thought in words:
                if count == self.dies_after:
                    self.dies_after = None
                    raise self.die()
                count += 1
                yield Piece(text=word, tokens=1, reasoning=thought)
                await asyncio.sleep(0.001 if self.endless else 0)
            if not self.endless:
                break
            self._tell_streams(count)
        timings = Timings(
            prompt_tokens=10,
            reused_tokens=0,
            answer_tokens=count,
            queue_seconds=0.0,
            prompt_seconds=0.02,
            decode_seconds=0.1,
        )
        yield Finished(reason=self.stop_reason, timings=timings)

    def _tell_streams(self, count: int) -> None:
        self.tell(
            StreamsMoved(
                model=self._loaded or "",
                streams=1,
                decode_tps=100.0,
                context_used_tokens=10 + count,
                context_tokens=CONTEXT_TOKENS,
            )
        )

    # The port

    @property
    def address(self) -> str | None:
        return self._address

    async def open_port(self, port: int | None = None) -> str:
        if self.port_taken:
            failure = PortInUse(f"Port {port or 11711} is in use.")
            self.tell(ServerMoved(address=None, failure=failure.sentence))
            raise failure
        host = "127.0.0.1" if self.config.host == "0.0.0.0" else self.config.host
        self._address = f"http://{host}:{port or self.config.port}"
        self.tell(ServerMoved(address=self._address))
        return self._address

    async def close_port(self) -> None:
        self._address = None
        self.tell(ServerMoved(address=None))

    # The machine

    def machine(self) -> Machine:
        cpu = Cpu(name="Test processor", physical_cores=4, logical_cores=8)
        return Machine(
            gpus=self.rig.gpus,
            cpu=cpu,
            memory_bytes=64 * GIB,
            disks=(),
            driver=None,
            cuda=None,
            system="Test",
        )

    def read(self, at_seconds: float) -> None:
        """Tell a reading."""
        self.tell(MachineRead(reading=reading(at_seconds)))

    async def calibrate(self) -> Calibration:
        return await self.measuring.calibrate()

    def cancel_calibration(self) -> None:
        self.measuring.cancel()

    @property
    def calibration(self) -> Calibration | None:
        return self.measuring.known

    @property
    def needs_calibration(self) -> bool:
        return self.measuring.known is None

    # The transfers

    def arrive(self, model: str) -> None:
        """A transfer of that model is complete, and it stands on the shelf."""
        self.downloads.finish(model)
        self.put((*self.shelf, shelf_model(model)))


def _words(text: str) -> list[str]:
    return re.findall(r"\S+\s*", text)


def _weight(message: Message) -> int:
    return -(-len(message.content) // 4) + 4


async def _first(*waits: Awaitable[object]) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
