"""Host: every loaded model, behind one verb that answers."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, aclosing, asynccontextmanager

from engine.background.background import Background
from engine.chat import ChatRequest, Delta, Weight
from engine.errors import Dismissed, WorkerDied
from engine.host.crew import Crew
from engine.host.facts import Residence
from engine.host.fleet import Fleet
from engine.host.holding import Held, Holding, Traffic
from engine.host.ladder import LoadOrder
from engine.host.limits import Limits
from engine.host.line import Line
from engine.host.loads import Loads
from engine.host.pictures import picture_mark, pictures_of
from engine.host.prompting import check, prompt_of
from engine.host.purpose import require
from engine.host.remembered import Remembered
from engine.host.replay import Replay
from engine.host.wanted import Wanted
from engine.host.weigher import Weigher, conversation_of
from engine.host.worker_process import HostFact, Prompt, WorkerProcess
from engine.protocol.load import Purpose
from engine.protocol.messages import Ready


class Host:
    """Owns the workers. `order_for` says how a model is loaded that a request asks for."""

    def __init__(
        self,
        *,
        worker_command: tuple[str, ...],
        background: Background,
        order_for: Callable[[str], Awaitable[LoadOrder | Wanted]],
        remembered: Remembered,
        tell: Callable[[HostFact], None],
    ) -> None:
        self._background = background
        self._command = worker_command
        self._remembered = remembered
        self._tell = tell
        self._fleet = Fleet()
        self._loads = Loads(self._fleet, order_for=order_for, enlist=self._enlist)
        self.load, self.cancel_load = self._loads.load, self._loads.cancel_load
        self.unload, self.keep = self._loads.unload, self._loads.keep
        self._line = Line(lambda: self.limits.queue)
        self._retries: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._weigher = Weigher(worker_command, background)

    @property
    def limits(self) -> Limits:
        """What may be taken; counts from the next load, and the next request, on."""
        return self._loads.limits

    @limits.setter
    def limits(self, limits: Limits) -> None:
        self._loads.allow(limits)

    @property
    def loaded(self) -> str | None:
        """Of the models that are LOADING or READY the one a person chose, else the last used."""
        return self._loads.loaded

    @property
    def chosen(self) -> str | None:
        """The model that is meant where none is named."""
        return self._loads.chosen

    @property
    def ready(self) -> Ready | None:
        """The facts of the loaded model, once it is READY."""
        crew = self._fleet.get(self.loaded)
        return None if crew is None else crew.ready

    @property
    def moved_at_seconds(self) -> float:
        """When a worker last came or went, of time.monotonic()."""
        return self._fleet.moved_at_seconds

    def models(self) -> tuple[str, ...]:
        """All that are loaded, or being loaded."""
        return self._fleet.live

    def worker_pids(self) -> tuple[int, ...]:
        """The processes that run models now."""
        return self._fleet.pids

    def held(self, models: frozenset[str] | None = None) -> Held:
        """What the workers of those models took, or all of ours."""
        return self._fleet.held(models)

    def beside(self, model: str) -> Mapping[int, int]:
        """What the workers of all others took, by card number."""
        return self._fleet.held(frozenset(self._fleet.models) - {model}).cards

    def holdings(self) -> tuple[Holding, ...]:
        """Every worker whose process may hold memory, whatever it does."""
        return self._fleet.holdings()

    def traffic(self) -> Traffic:
        """How many are being answered, and how many wait."""
        return self._fleet.traffic(self._line.standing)

    def residents(self) -> tuple[Residence, ...]:
        """Every model that is loaded, or being loaded."""
        return tuple(
            self._fleet.residence(
                crew,
                standing=self._line.before(crew.model),
                pinned=crew.model in self.limits.pinned,
                used_at=self._loads.used_at(crew.model),
                leaves_in=self._loads.leaves_in(crew.model),
            )
            for crew in self._fleet
            if crew.live
        )

    async def close(self) -> None:
        """End everything; nothing is loaded afterwards."""
        await self._weigher.close()
        await self._loads.close()

    async def generate(self, request: ChatRequest) -> AsyncGenerator[Delta]:
        """Answer a conversation; closing cancels. Loads the model if need be.

        Where the worker dies, the answer goes on in another, once. Such retries come one after
        the other: the one that killed it shall take no other along.
        """
        with self._loads.claim(request.model) as model, self._line.stand(model) as served:
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
            crew = await self._loads.bring(model)
            ready = crew.ready
            assert ready is not None
            check(model, ready, images)
            conversation = conversation_of(request, ready, picture=mark)
            rendered = await self._background.prepare(ready.template, conversation)
            worker = crew.least_busy()
            if worker is not None:
                return worker, prompt_of(request, rendered, mark=mark, images=images)
            if crew.dismissed is not None:  # else it died, and is loaded again
                raise crew.dismissed

    async def complete(self, model: str | None, prompt: Prompt) -> AsyncGenerator[Delta]:
        """Answer a prompt as it stands, without a chat template; closing cancels."""
        with self._loads.claim(model) as claimed, self._line.stand(claimed) as served:
            worker = await self._worker(claimed)
            require(claimed, worker.ready.purpose, Purpose.TEXT)
            async with aclosing(worker.answer(prompt)) as answer:
                async for delta in answer:
                    served()
                    yield delta

    @asynccontextmanager
    async def working(
        self, model: str | None
    ) -> AsyncGenerator[Callable[[], Awaitable[WorkerProcess]]]:
        """Bring a worker of that model, READY, as often as it is needed in there.

        No patient load takes its place meanwhile.
        """
        with self._loads.claim(model) as claimed, self._line.stand(claimed) as served:
            yield lambda: self._worker(claimed)
            served()

    async def facts(self, model: str | None = None) -> Ready:
        """What that model says of itself, once it is loaded."""
        with self._loads.claim(model) as claimed:
            return (await self._worker(claimed)).ready

    async def count(self, text: str, model: str | None = None) -> int:
        """How many tokens the text has for that model."""
        with self._loads.claim(model) as claimed:
            return (await (await self._worker(claimed)).count((text,)))[0]

    async def weigh(self, request: ChatRequest, path: str) -> Weight:
        """What that conversation takes of `request.model`, which lies at `path` if need be.

        A model that is not loaded stays so: its vocabulary alone is read.
        """
        crew = self._fleet.get(request.model)
        worker = None if crew is None else crew.least_busy()
        if worker is not None:
            return await self._weigher.by_worker(request, worker)
        return await self._weigher.by_vocabulary(request, path)

    async def _worker(self, model: str) -> WorkerProcess:
        """The least busy worker of that model, READY."""
        while True:
            worker = (await self._loads.bring(model)).least_busy()
            if worker is not None:
                return worker

    def _enlist(self, model: str, orders: tuple[LoadOrder, ...]) -> Crew:
        crew = Crew(
            model, orders, command=self._command, remembered=self._remembered, tell=self._tell
        )
        crew.limits = self.limits
        return crew
