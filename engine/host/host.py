"""Host: every loaded model, behind one verb that answers."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from engine.background.background import Background
from engine.chat import ChatRequest, Delta, Weight
from engine.errors import (
    Dismissed,
    EngineError,
    ImagesNotSupported,
    LoadCancelled,
    ModelNotFound,
    OutOfMemory,
    WorkerDied,
)
from engine.host.facts import LoadStepped, Phase, Residence, WorkerEnded
from engine.host.holding import Holding, Traffic, traffic
from engine.host.ladder import LoadOrder, next_rung
from engine.host.limits import Limits
from engine.host.line import Line
from engine.host.pictures import picture_mark, pictures_of
from engine.host.purpose import require
from engine.host.remembered import Remembered
from engine.host.replay import Replay
from engine.host.residency import Resident, Wait, decide
from engine.host.weigher import Weigher, conversation_of
from engine.host.worker_process import HostFact, Prompt, WorkerProcess
from engine.protocol.load import Purpose
from engine.protocol.messages import Ready

_LIVE = {Phase.LOADING, Phase.READY}


class Host:
    """Owns the workers. `order_for` says how a model is loaded that a request asks for."""

    def __init__(
        self,
        *,
        worker_command: tuple[str, ...],
        background: Background,
        order_for: Callable[[str], Awaitable[LoadOrder]],
        remembered: Remembered,
        tell: Callable[[HostFact], None],
    ) -> None:
        self.limits = Limits()  # counts from the next load, and the next request, on
        self._line = Line(lambda: self.limits.queue)
        self._retries: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._command = worker_command
        self._background = background
        self._order_for = order_for
        self._remembered = remembered
        self._weigher = Weigher(worker_command, background)
        self._orders: dict[str, LoadOrder] = {}  # as they were asked, of the models in `_workers`
        self._tell = tell
        self._places = 1
        self._kept: dict[str, float] = {}
        self._workers: dict[str, WorkerProcess] = {}
        self._loads: dict[str, asyncio.Task[None]] = {}
        self._given_up: set[str] = set()
        self._turn = asyncio.Lock()  # one load at a time: they compete for the same memory
        self._moved = asyncio.Event()
        self._claims: Counter[str] = Counter()
        self._last: str | None = None
        self._closed = False

    @property
    def loaded(self) -> str | None:
        """The model whose worker is LOADING or READY; with several, the last one chosen."""
        live = [model for model, worker in self._workers.items() if worker.phase in _LIVE]
        if self._last in live:
            return self._last
        return live[-1] if live else None

    @property
    def chosen(self) -> str | None:
        """The model that is meant where none is named."""
        return self.loaded or self._last

    @property
    def ready(self) -> Ready | None:
        """The facts of the loaded model, once it is READY."""
        worker = self._workers.get(self.loaded or "")
        return worker.ready if worker and worker.phase is Phase.READY else None

    def worker_pids(self) -> tuple[int, ...]:
        """The processes that run models now."""
        pids = [worker.pid for worker in self._workers.values() if worker.phase in _LIVE]
        return tuple(pid for pid in pids if pid is not None)

    def held(self) -> dict[int, int]:
        """Bytes that llama.cpp took in our workers, by card number; the driver's share apart."""
        held = Counter[int]()
        for worker in self._workers.values():
            if worker.phase is Phase.READY:
                for device in worker.ready.devices:
                    if device.card is not None:
                        held[device.card] += device.weights + device.kv + device.compute
        return dict(held)

    def holdings(self) -> tuple[Holding, ...]:
        """Every worker whose process may hold memory, whatever it does."""
        return tuple(
            Holding(
                model=model,
                phase=worker.phase,
                spec=worker.spec,
                pid=worker.pid,
                ready=worker.ready if worker.phase is Phase.READY else None,
            )
            for model, worker in self._workers.items()
            if worker.phase is not Phase.STOPPED
        )

    def traffic(self) -> Traffic:
        """How many are being answered, and how many wait."""
        workers = [one for one in self._workers.values() if one.phase is Phase.READY]
        places = [(worker.requests, max(1, worker.ready.streams)) for worker in workers]
        return traffic(places, self._line.standing)

    async def load(self, model: str, order: LoadOrder) -> None:
        """Load it so, at once, in place of another; returns in READY. Raises EngineError.

        Where the memory does not suffice, smaller loads are tried, down the ladder.
        """
        for other in self._loads:
            if other != model:
                self.cancel_load(other)
        under_way = self._loads.get(model)
        if under_way is not None:
            await asyncio.wait({under_way})
        worker = self._workers.get(model)
        known = self._orders.get(model)
        if worker is None or worker.phase is not Phase.READY or known != order:
            await self._begin(model, order)

    def cancel_load(self, model: str | None = None) -> None:
        """Give up that load, or every one under way."""
        for name in tuple(self._loads):
            if model in {None, name}:
                self._given_up.add(name)
                worker = self._workers.get(name)
                if worker is not None:
                    worker.cancel_load()
        self._signal()

    def residents(self) -> tuple[Residence, ...]:
        """Every model that is loaded, or being loaded."""
        return tuple(
            Residence(
                model=model,
                phase=worker.phase,
                replicas=1,
                streams=worker.requests,
                queued=max(0, self._claims[model] - worker.requests),
                context_tokens=worker.ready.context_tokens if worker.phase is Phase.READY else 0,
                size_bytes=0,
                card_bytes=0,
                pinned=False,
                used_at=datetime.now(UTC),
            )
            for model, worker in self._workers.items()
            if worker.phase in _LIVE
        )

    def keep(self, model: str, seconds: float) -> None:
        """Keep it so long without a request; negative: for ever, 0: until it is idle."""
        self._kept[model] = seconds

    async def unload(self, model: str | None = None) -> None:
        """End every worker, or that model's; answers in progress fail."""
        self._last = None
        self.cancel_load(model)
        await self._evict(tuple(self._workers) if model is None else (model,))

    async def close(self) -> None:
        """End everything; nothing is loaded afterwards."""
        self._closed = True
        await self._weigher.close()
        await self.unload()
        if self._loads:
            await asyncio.wait(set(self._loads.values()))
        await self._evict(tuple(self._workers))

    async def generate(self, request: ChatRequest) -> AsyncGenerator[Delta]:
        """Answer a conversation; closing cancels. Loads the model if need be.

        Where the worker dies, the answer goes on in another, once. Such retries come one after
        the other: the one that killed it shall take no other along.
        """
        with self._claim(request.model) as model, self._line.stand(model) as served:
            replay = Replay(request)
            async with AsyncExitStack() as alone:
                while True:
                    worker, prompt = await self._prepare(replay.request, model)
                    try:
                        async with aclosing(worker.answer(prompt)) as answer:
                            async for delta in answer:
                                served()
                                if (heard := replay.hear(delta)) is not None:
                                    yield heard
                                if replay.proven:
                                    await alone.aclose()
                    except Dismissed:
                        raise
                    except WorkerDied as death:
                        replay.after(death)
                    else:
                        return
                    await alone.enter_async_context(self._retries[model])

    async def _prepare(self, request: ChatRequest, model: str) -> tuple[WorkerProcess, Prompt]:
        """A worker that is READY, and the request as it is told to it."""
        images = pictures_of(request.messages)
        mark = picture_mark() if images else ""
        while True:
            worker = await self._bring(model)
            ready = worker.ready
            require(model, ready.purpose, Purpose.TEXT)
            if images and not ready.sees:
                raise ImagesNotSupported(f"{model} cannot see images: it has no projector.")
            rendered = await self._background.prepare(
                ready.template,
                conversation_of(request, ready, picture=mark),
            )
            if worker.phase is Phase.READY:
                break
            if worker.dismissed is not None:  # else it died, and is loaded again
                raise worker.dismissed
        return worker, Prompt(
            text=rendered.text,
            grammar=rendered.grammar,
            triggers=rendered.triggers,
            dialect=rendered.dialect,
            calls=rendered.calls,
            texts=rendered.texts,
            sampling=request.sampling,
            max_tokens=request.max_tokens,
            stop=request.stop,
            continues=request.continue_last,
            picture=mark,
            images=images,
            min_tokens=request.min_tokens,
            ignore_end=request.ignore_end,
            logprobs=request.logprobs,
            rolls=request.rolls,
            adapters=request.adapters,
        )

    async def complete(self, model: str | None, prompt: Prompt) -> AsyncGenerator[Delta]:
        """Answer a prompt as it stands, without a chat template; closing cancels."""
        with self._claim(model) as claimed, self._line.stand(claimed) as served:
            worker = await self._bring(claimed)
            require(claimed, worker.ready.purpose, Purpose.TEXT)
            async with aclosing(worker.answer(prompt)) as answer:
                async for delta in answer:
                    served()
                    yield delta

    @asynccontextmanager
    async def working(
        self, model: str | None
    ) -> AsyncGenerator[Callable[[], Awaitable[WorkerProcess]]]:
        """Bring the worker of that model, READY, as often as it is needed in there.

        No patient load takes its place meanwhile.
        """
        with self._claim(model) as claimed, self._line.stand(claimed) as served:
            yield lambda: self._bring(claimed)
            served()

    async def facts(self, model: str | None = None) -> Ready:
        """What that model says of itself, once it is loaded."""
        with self._claim(model) as claimed:
            return (await self._bring(claimed)).ready

    async def count(self, text: str, model: str | None = None) -> int:
        """How many tokens the text has for that model."""
        with self._claim(model) as claimed:
            return (await (await self._bring(claimed)).count((text,)))[0]

    async def weigh(self, request: ChatRequest, path: str) -> Weight:
        """What that conversation takes of `request.model`, which lies at `path` if need be.

        A model that is not loaded stays so: its vocabulary alone is read.
        """
        worker = self._workers.get(request.model or "")
        if worker is not None and worker.phase is Phase.READY:
            return await self._weigher.by_worker(request, worker)
        return await self._weigher.by_vocabulary(request, path)

    @contextmanager
    def _claim(self, named: str | None) -> Generator[str]:
        """Keep that model from being evicted by a patient load, from before it is loaded on."""
        model = named or self.chosen
        if model is None:
            raise ModelNotFound("No model is loaded.")
        self._claims[model] += 1
        try:
            yield model
        finally:
            self._claims[model] -= 1
            self._signal()

    async def _bring(self, model: str) -> WorkerProcess:
        """The worker of that model, READY."""
        while True:
            worker = self._workers.get(model)
            if worker is not None and worker.phase is Phase.READY:
                return worker
            await self._begin(model, None)

    async def _begin(self, model: str, order: LoadOrder | None) -> None:
        """Load, or share the load under way. A caller that goes away does not stop it."""
        task = self._loads.get(model)
        if task is None:
            self._given_up.discard(model)
            task = asyncio.create_task(self._load(model, order), name=f"load {model}")
            self._loads[model] = task
            task.add_done_callback(lambda done: self._loaded(model, done))
        await asyncio.shield(task)

    def _loaded(self, model: str, done: asyncio.Task[None]) -> None:
        del self._loads[model]
        if not done.cancelled():
            done.exception()  # heard by those who wait; there may be nobody left
        self._signal()

    async def _load(self, model: str, order: LoadOrder | None) -> None:
        patient = order is None
        order = order or await self._order_for(model)
        while not await self._place(model, order, patient=patient):
            await self._moved.wait()

    async def _place(self, model: str, order: LoadOrder, *, patient: bool) -> bool:
        """Load it, unless others must first end their answers."""
        async with self._turn:
            self._check_wanted(model)
            decision = decide(model, self._residents(), places=self._places, patient=patient)
            if isinstance(decision, Wait):
                return False
            await self._evict((*decision.evict, model))
            self._last, self._orders[model] = model, order
            try:
                await self._descend(model, order)
            except EngineError:
                self._workers.pop(model, None)
                self._last = None if self._last == model else self._last
                raise
            return True

    async def _descend(self, model: str, asked: LoadOrder) -> None:
        """Try it as asked, then smaller and smaller, each time in a fresh worker."""
        order = replace(asked, spec=self._remembered.instead_of(asked.spec))
        while True:
            self._check_wanted(model)
            rung = next_rung(order)
            worker = WorkerProcess(model, order.spec, self._hear, last_try=rung is None)
            worker.limits = self.limits
            self._workers[model] = worker
            try:
                await worker.load(self._command)
            except (OutOfMemory, WorkerDied) as error:
                died = isinstance(error, WorkerDied)
                if rung is None or (died and not _ran_out_of_memory(error.last_words)):
                    raise
                self._tell(LoadStepped(model=model, sentence=rung.sentence, change=rung.change))
                order = rung.order
            else:
                if order.spec != asked.spec:
                    self._remembered.keep(asked.spec, order.spec)
                return

    def _hear(self, fact: HostFact) -> None:
        """A worker that ran out of memory in use is loaded smaller the next time."""
        if isinstance(fact, WorkerEnded) and _ran_out_of_memory(fact.last_words):
            asked, worker = self._orders.get(fact.model), self._workers.get(fact.model)
            if asked is not None and worker is not None:
                rung = next_rung(replace(asked, spec=worker.spec))
                if rung is not None:
                    self._remembered.keep(asked.spec, rung.order.spec)
        self._tell(fact)

    def _check_wanted(self, model: str) -> None:
        if self._closed or model in self._given_up:
            raise LoadCancelled(f"The load of {model} was cancelled.")

    def _residents(self) -> list[Resident]:
        return [
            Resident(
                model=name, busy=self._claims[name] > 0, used_at_seconds=worker.used_at_seconds
            )
            for name, worker in self._workers.items()
            if worker.phase is not Phase.STOPPED
        ]

    async def _evict(self, models: tuple[str, ...]) -> None:
        for model in models:
            worker = self._workers.pop(model, None)
            if worker is not None:
                await worker.stop()

    def _signal(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()


def _ran_out_of_memory(last_words: str) -> bool:
    words = last_words.lower()
    return "out of memory" in words or "failed to allocate" in words
