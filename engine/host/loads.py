"""Loads: who is loaded, who goes for another's sake, and who stays how long."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Generator
from contextlib import contextmanager
from time import monotonic

from engine.errors import EngineError, LoadCancelled, ModelError, ModelNotFound, OutOfMemory
from engine.host.crew import Crew
from engine.host.facts import Phase
from engine.host.fleet import Fleet
from engine.host.ladder import LoadOrder
from engine.host.leases import Leases
from engine.host.limits import Limits
from engine.host.residency import Decision, Full, Resident, Room, Wait, decide
from engine.host.wanted import AsOrdered, Wanted

_log = logging.getLogger(__name__)

Enlist = Callable[[str, tuple[LoadOrder, ...]], Crew]


class Loads:
    """Brings models and sends them away, one load at a time: they compete for the same memory.

    `order_for` says how a model is loaded that a request asks for; `enlist` makes its crew.
    """

    def __init__(
        self,
        fleet: Fleet,
        *,
        order_for: Callable[[str], Awaitable[LoadOrder | Wanted]],
        enlist: Enlist,
    ) -> None:
        self.limits = Limits()
        self._fleet = fleet
        self._order_for = order_for
        self._enlist = enlist
        self._leases = Leases(self._lease, self._send_away)
        self._kept: dict[str, float] = {}  # how long, where a request said so
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._errands: set[asyncio.Task[None]] = set()
        self._given_up: set[str] = set()
        self._turn = asyncio.Lock()
        self._moved = asyncio.Event()
        self._claims: Counter[str] = Counter()
        self._used: dict[str, float] = {}
        self._person: str | None = None  # the model that a person chose
        self._choosing: str | None = None  # the one whose load a person waits for
        self._last: str | None = None
        self._closed = False

    @property
    def loaded(self) -> str | None:
        """Of the models that are LOADING or READY the one a person chose, else the last used."""
        live = self._fleet.live
        chosen = next((one for one in (self._choosing, self._person) if one in live), None)
        return chosen or max(live, key=self.used_at, default=None)

    @property
    def chosen(self) -> str | None:
        """The model that is meant where none is named."""
        return self.loaded or self._last

    def used_at(self, model: str) -> float:
        """When it was last asked or answered, of time.monotonic()."""
        return self._used.get(model, 0.0)

    def leaves_in(self, model: str) -> float | None:
        """The seconds until it goes, if nobody asks it any more; None: it stays."""
        return self._lease(model) if self._claims[model] else self._leases.left(model)

    def allow(self, limits: Limits) -> None:
        """Go by these from now on."""
        self.limits = limits
        self._leases.renew()

    # --- what is asked ---------------------------------------------------------------------

    async def load(self, model: str, order: LoadOrder | Wanted, *, beside: bool = False) -> None:
        """Load it so in place of what a person chose before; returns in READY.

        `beside` that it is loaded as for a request, and stays as it is if it is there. Where the
        memory does not suffice, smaller loads are tried, down the ladder. Raises EngineError.
        """
        wanted = AsOrdered(order) if isinstance(order, LoadOrder) else order
        if beside:
            await self.bring(model, wanted)
            return
        if self._choosing not in {None, model}:
            self.cancel_load(self._choosing)
        self._choosing = model
        try:
            await self._choose(model, wanted)
        finally:
            if self._choosing == model:
                self._choosing = None

    def cancel_load(self, model: str | None = None) -> None:
        """Give up that load, or every one under way."""
        for name in tuple(self._tasks):
            if model in {None, name}:
                self._given_up.add(name)
                crew = self._fleet.get(name)
                if crew is not None and crew.phase is Phase.LOADING:
                    crew.cancel_load()
        self._signal()

    def keep(self, model: str, seconds: float) -> None:
        """Keep it so long without a request, if it was loaded for one; negative: for ever."""
        self._kept[model] = seconds
        self._leases.renew()

    async def unload(self, model: str | None = None) -> None:
        """End every worker, or that model's; answers in progress fail."""
        if model in {None, self._person}:
            self._person = None
        if model in {None, self._last}:
            self._last = None
        self.cancel_load(model)
        await self._evict(self._fleet.models if model is None else (model,))

    async def close(self) -> None:
        """End everything; nothing is loaded afterwards."""
        self._closed = True
        await self.unload()
        if under_way := {*self._tasks.values(), *self._errands}:
            await asyncio.wait(under_way)
        await self._evict(self._fleet.models)
        self._leases.close()

    @contextmanager
    def claim(self, named: str | None) -> Generator[str]:
        """Keep that model from going for another's sake, from before it is loaded on."""
        model = named or self.chosen
        if model is None:
            raise ModelNotFound("No model is loaded.")
        self._claims[model] += 1
        self._used[model] = monotonic()
        self._leases.stir(model)
        try:
            yield model
        finally:
            self._claims[model] -= 1
            self._used[model] = monotonic()
            self._rest(model)
            self._signal()

    async def bring(self, model: str, wanted: Wanted | None = None) -> Crew:
        """That model, READY; what is missing of it comes back meanwhile."""
        while True:
            crew = self._fleet.get(model)
            if crew is not None and crew.phase is Phase.READY:
                if crew.wounded:
                    self._run(self._mend(crew), f"mend {model}")
                return crew
            await self._begin(model, wanted)

    # --- loads -----------------------------------------------------------------------------

    async def _choose(self, model: str, wanted: Wanted) -> None:
        under_way = self._tasks.get(model)
        if under_way is not None:
            await asyncio.wait({under_way})
        crew = self._fleet.get(model)
        if crew is not None and crew.phase is Phase.READY:
            replaced = self._replaced_by(model)
            if crew.orders == await wanted.orders(frozenset((*replaced, model))):
                self._person = self._last = model
                await self._evict(replaced)
                return
        await self._begin(model, wanted, by_person=True)
        if self._person != model:  # a request had begun to load it
            replaced = self._replaced_by(model)
            self._person = model
            await self._evict(replaced)

    async def _begin(self, model: str, wanted: Wanted | None, *, by_person: bool = False) -> None:
        """Load, or share the load under way. A caller that goes away does not stop it."""
        task = self._tasks.get(model)
        if task is None:
            self._given_up.discard(model)
            load = self._load(model, wanted, by_person=by_person)
            task = asyncio.create_task(load, name=f"load {model}")
            self._tasks[model] = task
            task.add_done_callback(lambda done: self._loaded(model, done))
        await asyncio.shield(task)

    def _loaded(self, model: str, done: asyncio.Task[None]) -> None:
        del self._tasks[model]
        if not done.cancelled():
            done.exception()  # heard by those who wait; there may be nobody left
        self._signal()

    async def _load(self, model: str, wanted: Wanted | None, *, by_person: bool) -> None:
        if wanted is None:
            asked = await self._order_for(model)
            wanted = AsOrdered(asked) if isinstance(asked, LoadOrder) else asked
        while True:
            moved = self._moved
            if await self._place(model, wanted, by_person=by_person):
                return
            await moved.wait()

    async def _place(self, model: str, wanted: Wanted, *, by_person: bool) -> bool:
        """Load it, unless others must first end their answers."""
        async with self._turn:
            self._check_wanted(model)
            there = self._fleet.get(model)
            if there is not None and there.phase is Phase.READY and not by_person:
                return True  # one of its workers came back meanwhile
            replaced = self._replaced_by(model) if by_person else ()
            decision = await self._decide(model, wanted, replaced)
            if isinstance(decision, Wait):
                return False
            if isinstance(decision, Full):
                raise _full(model, decision)
            orders = await wanted.orders(frozenset((*decision.evict, model)))
            self._check_wanted(model)
            if any(self._claims[one] for one in decision.evict if one not in replaced):
                return False  # it was asked something while this was planned
            await self._evict(decision.evict)
            await self._fleet.evict((model,))
            await self._start(model, orders, by_person=by_person)
            return True

    async def _start(self, model: str, orders: tuple[LoadOrder, ...], *, by_person: bool) -> None:
        crew = self._enlist(model, orders)
        self._fleet.put(crew)
        self._last = model
        self._used[model] = monotonic()
        if by_person:
            self._person = model
        try:
            self._check_wanted(model)
            await crew.load()
        except EngineError:
            self._fleet.drop(crew)
            self._leases.forget(model)
            self._kept.pop(model, None)
            self._last = None if self._last == model else self._last
            self._person = None if self._person == model else self._person
            raise
        self._fleet.touch()
        self._rest(model)

    async def _decide(self, model: str, wanted: Wanted, replaced: tuple[str, ...]) -> Decision:
        told: dict[frozenset[str], Room] = {}
        deciding = decide(model, self._residents(replaced), most=self.limits.models)
        try:
            question = next(deciding)
            while True:
                if question not in told:
                    told[question] = await wanted.room(question | {model})
                question = deciding.send(told[question])
        except StopIteration as end:
            decision: Decision = end.value
            return decision

    async def _mend(self, crew: Crew) -> None:
        async with self._turn:
            if self._fleet.get(crew.model) is crew and crew.wounded:
                await crew.mend()
                self._fleet.touch()

    def _check_wanted(self, model: str) -> None:
        if self._closed or model in self._given_up:
            raise LoadCancelled(f"The load of {model} was cancelled.")

    # --- who goes --------------------------------------------------------------------------

    def _residents(self, replaced: tuple[str, ...]) -> list[Resident]:
        return [
            Resident(
                model=crew.model,
                busy=self._claims[crew.model] > 0,
                used_at_seconds=self.used_at(crew.model),
                pinned=crew.model in self.limits.pinned,
                replaced=crew.model in replaced,
            )
            for crew in self._fleet
            if crew.phase is not Phase.STOPPED
        ]

    def _replaced_by(self, model: str) -> tuple[str, ...]:
        """What a person gives up who chooses that model."""
        before = self._person
        if before is None or before == model or before in self.limits.pinned:
            return ()
        return (before,)

    async def _evict(self, models: tuple[str, ...]) -> None:
        for model in models:
            self._leases.forget(model)
            self._kept.pop(model, None)
        await self._fleet.evict(models)
        self._signal()

    def _send_away(self, model: str) -> None:
        self._run(self._leave(model), f"farewell {model}")

    async def _leave(self, model: str) -> None:
        async with self._turn:  # no load reckons with its memory meanwhile
            if not self._claims[model] and self._leases.over(model):
                await self._evict((model,))

    def _rest(self, model: str) -> None:
        crew = self._fleet.get(model)
        if crew is not None and crew.live and not self._claims[model] and not self._closed:
            self._leases.rest(model)

    def _lease(self, model: str) -> float | None:
        """How long it may rest; None: for ever."""
        if model in {self._person, self._choosing} or model in self.limits.pinned:
            return None
        seconds = self._kept.get(model, self.limits.idle_seconds or -1.0)
        return None if seconds < 0 else seconds

    # --- inside ----------------------------------------------------------------------------

    def _run(self, errand: Coroutine[None, None, None], name: str) -> None:
        task = asyncio.create_task(errand, name=name)
        self._errands.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._errands.discard(task)
        if not task.cancelled() and (failure := task.exception()) is not None:
            _log.error("%s went wrong", task.get_name(), exc_info=failure)

    def _signal(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()


def _full(model: str, decision: Full) -> EngineError:
    names = ", ".join(decision.pinned)
    if decision.crowded:
        return ModelError(
            f"{model} cannot be loaded: no more models may be loaded at once, and the others "
            f"are pinned ({names}).",
            remedy="Unpin one of them, or allow more models at once in the settings.",
        )
    return OutOfMemory(
        f"{model} does not fit beside the models that are pinned ({names}).",
        remedy="Unpin or unload one of them, or load this one with a shorter context.",
    )
