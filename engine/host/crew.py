"""Crew: the replicas of one model, which are one model to everybody else."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from engine.errors import EngineError, LoadCancelled, OutOfMemory, WorkerDied
from engine.host.facts import LoadStepped, ModelMoved, Phase, StreamsMoved, WorkerEnded
from engine.host.holding import Holding
from engine.host.ladder import LoadOrder, next_rung
from engine.host.limits import Limits
from engine.host.remembered import Remembered
from engine.host.worker_process import HostFact, WorkerProcess
from engine.protocol.messages import DeviceBytes, Ready

LIVE = frozenset({Phase.LOADING, Phase.READY})


class Crew:
    """One worker for each of `orders`. Loaded once; a worker that dies can be brought back.

    What they tell is told as of one model: its load goes from the first one's beginning to the
    last one's end, and it has STOPPED when none is left.
    """

    def __init__(
        self,
        model: str,
        orders: tuple[LoadOrder, ...],
        *,
        command: tuple[str, ...],
        remembered: Remembered,
        tell: Callable[[HostFact], None],
    ) -> None:
        self.model = model
        self.orders = orders  # as they were asked
        self.limits = Limits()
        self._command = command
        self._remembered = remembered
        self._tell = tell
        self._workers: list[WorkerProcess | None] = [None] * len(orders)
        self._streams: dict[int, StreamsMoved] = {}
        self._hopeless: set[int] = set()  # that did not come back
        self._whole = False  # all have been READY
        self._given_up = False
        self._told = Phase.STOPPED
        self._failure: str | None = None

    # --- what it is ------------------------------------------------------------------------

    @property
    def workers(self) -> tuple[WorkerProcess, ...]:
        """Those whose process may be there, whatever it does."""
        return tuple(
            worker
            for worker in self._workers
            if worker is not None and worker.phase is not Phase.STOPPED
        )

    @property
    def answering(self) -> tuple[WorkerProcess, ...]:
        """Those that are READY."""
        return tuple(worker for worker in self.workers if worker.phase is Phase.READY)

    @property
    def phase(self) -> Phase:
        """READY as long as one of them is, once all have been."""
        if self._whole and self.answering:
            return Phase.READY
        phases = {worker.phase for worker in self.workers}
        return next(
            (one for one in (Phase.LOADING, Phase.STOPPING) if one in phases),
            Phase.LOADING if phases else Phase.STOPPED,
        )

    @property
    def live(self) -> bool:
        """Whether it is LOADING or READY."""
        return self.phase in LIVE

    @property
    def ready(self) -> Ready | None:
        """The model's facts, once it is READY."""
        worker = self.least_busy()
        return None if worker is None else worker.ready

    @property
    def devices(self) -> tuple[DeviceBytes, ...]:
        """What all that are READY took."""
        return tuple(device for worker in self.answering for device in worker.ready.devices)

    @property
    def wounded(self) -> bool:
        """Whether one is missing that may come back."""
        return self._whole and not self._given_up and bool(self._missing())

    @property
    def dismissed(self) -> EngineError | None:
        """Why it no longer answers, if it was asked to stop."""
        found = [worker.dismissed for worker in self._workers if worker is not None]
        return next((one for one in found if one is not None), None)

    def least_busy(self) -> WorkerProcess | None:
        """Who is to answer next: of those with the fewest requests the longest unused."""
        if not self._whole:
            return None
        return min(
            self.answering, key=lambda one: (one.requests, one.used_at_seconds), default=None
        )

    def holdings(self) -> tuple[Holding, ...]:
        """Each of its processes that may hold memory."""
        return tuple(
            Holding(
                model=self.model,
                phase=worker.phase,
                spec=worker.spec,
                pid=worker.pid,
                ready=worker.ready if worker.phase is Phase.READY else None,
                replica=place,
                cells_used=self._streams[place].context_used_tokens
                if place in self._streams
                else 0,
            )
            for place, worker in enumerate(self._workers)
            if worker is not None and worker.phase is not Phase.STOPPED
        )

    # --- its life --------------------------------------------------------------------------

    async def load(self) -> None:
        """Load all, one after the other: they compete for the same memory. Raises EngineError.

        Where it does not suffice, smaller loads are tried, down the ladder. If one cannot be
        loaded none stays.
        """
        try:
            for place in range(len(self.orders)):
                await self._descend(place)
        except EngineError:
            await self.stop()
            raise

    async def mend(self) -> None:
        """Bring back those that died; one that cannot be brought back is left at that."""
        for place in self._missing():
            try:
                await self._descend(place)
            except EngineError:
                self._hopeless.add(place)

    def cancel_load(self) -> None:
        """Give up the load under way."""
        self._given_up = True
        for worker in self.workers:
            worker.cancel_load()

    async def stop(self) -> None:
        """End every process; answers in progress fail."""
        self._given_up = True
        await asyncio.gather(*(worker.stop() for worker in self._workers if worker is not None))

    def _missing(self) -> tuple[int, ...]:
        return tuple(
            place
            for place, worker in enumerate(self._workers)
            if (worker is None or worker.phase is Phase.STOPPED) and place not in self._hopeless
        )

    async def _descend(self, place: int) -> None:
        """Try it as asked, then smaller and smaller, each time in a fresh worker."""
        asked = self.orders[place]
        order = replace(asked, spec=self._remembered.instead_of(asked.spec))
        while True:
            if self._given_up:
                raise LoadCancelled(f"The load of {self.model} was cancelled.")
            rung = next_rung(order)
            worker = WorkerProcess(
                self.model,
                order.spec,
                lambda fact: self._hear(place, fact),
                last_try=rung is None,
            )
            worker.limits = self.limits
            self._workers[place] = worker
            try:
                await worker.load(self._command)
            except (OutOfMemory, WorkerDied) as error:
                died = isinstance(error, WorkerDied)
                if rung is None or (died and not _ran_out_of_memory(error.last_words)):
                    raise
                step = LoadStepped(model=self.model, sentence=rung.sentence, change=rung.change)
                self._tell(step)
                order = rung.order
            else:
                if order.spec != asked.spec:
                    self._remembered.keep(asked.spec, order.spec)
                return

    # --- what it tells ---------------------------------------------------------------------

    def _hear(self, place: int, fact: HostFact) -> None:
        match fact:
            case ModelMoved():
                self._move(place, fact)
            case StreamsMoved():
                self._streams[place] = fact
                self._tell(self._together(fact))
            case WorkerEnded():
                self._learn(place, fact)
                self._tell(fact)
            case _:
                self._tell(fact)

    def _move(self, place: int, fact: ModelMoved) -> None:
        match fact.phase:
            case Phase.LOADING:
                self._streams.pop(place, None)
                self._failure = None
                if not self._whole:
                    fraction = (place + fact.fraction) / len(self.orders)
                    self._say(replace(fact, fraction=fraction))
            case Phase.READY:
                if not self._whole and place == len(self.orders) - 1:
                    self._whole = True
                    self._say(fact)
            case Phase.STOPPING:
                if self._told is not Phase.STOPPING:
                    self._say(fact)
            case Phase.STOPPED:
                self._streams.pop(place, None)
                if not self._whole:
                    self._failure = self._failure or fact.failure
                if not self.workers:
                    failure = fact.failure if self._whole else self._failure
                    self._say(replace(fact, failure=failure))

    def _say(self, fact: ModelMoved) -> None:
        self._told = fact.phase
        self._tell(fact)

    def _together(self, last: StreamsMoved) -> StreamsMoved:
        others = [one for one in self._streams.values() if one is not last]
        return replace(
            last,
            streams=last.streams + sum(one.streams for one in others),
            decode_tps=last.decode_tps + sum(one.decode_tps for one in others if one.streams),
            context_used_tokens=sum(one.context_used_tokens for one in self._streams.values()),
            context_tokens=sum(one.context_tokens for one in self._streams.values()),
        )

    def _learn(self, place: int, end: WorkerEnded) -> None:
        """A worker that ran out of memory in use is loaded smaller the next time."""
        worker = self._workers[place]
        if worker is None or not _ran_out_of_memory(end.last_words):
            return
        asked = self.orders[place]
        rung = next_rung(replace(asked, spec=worker.spec))
        if rung is not None:
            self._remembered.keep(asked.spec, rung.order.spec)


def _ran_out_of_memory(last_words: str) -> bool:
    words = last_words.lower()
    return "out of memory" in words or "failed to allocate" in words
