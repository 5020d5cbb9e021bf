"""Fleet: the crews of all models, and what they hold and do together."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import monotonic

from engine.host.crew import LIVE, Crew
from engine.host.facts import Phase, Residence
from engine.host.holding import Held, Holding, Traffic, held, traffic
from engine.host.worker_process import WorkerProcess


class Fleet:
    """The crews by model; a model has one at most."""

    def __init__(self) -> None:
        self.moved_at_seconds = 0.0  # when memory was last taken or given back
        self._crews: dict[str, Crew] = {}

    def __iter__(self) -> Iterator[Crew]:
        return iter(tuple(self._crews.values()))

    def get(self, model: str | None) -> Crew | None:
        """That model's crew."""
        return self._crews.get(model or "")

    def put(self, crew: Crew) -> None:
        """It is about to load."""
        self._crews[crew.model] = crew
        self.touch()

    def drop(self, crew: Crew) -> None:
        """It did not load."""
        if self._crews.get(crew.model) is crew:
            del self._crews[crew.model]
        self.touch()

    def touch(self) -> None:
        """Workers came or went."""
        self.moved_at_seconds = monotonic()

    async def evict(self, models: tuple[str, ...]) -> None:
        """End these; their memory returns. From the call on they are not there."""
        leaving = [crew for model in models if (crew := self._crews.pop(model, None)) is not None]
        await asyncio.gather(*(crew.stop() for crew in leaving))
        self.touch()

    @property
    def models(self) -> tuple[str, ...]:
        """All that are there."""
        return tuple(self._crews)

    @property
    def live(self) -> tuple[str, ...]:
        """The models that are LOADING or READY."""
        return tuple(crew.model for crew in self if crew.live)

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that run models now."""
        workers = [worker for crew in self for worker in crew.workers if worker.phase in LIVE]
        return tuple(worker.pid for worker in workers if worker.pid is not None)

    def holdings(self) -> tuple[Holding, ...]:
        """Every worker whose process may hold memory, whatever it does."""
        return tuple(holding for crew in self for holding in crew.holdings())

    def held(self, models: frozenset[str] | None = None) -> Held:
        """What the workers of those models hold, or all."""
        return held(one for one in self.holdings() if models is None or one.model in models)

    def traffic(self, standing: int) -> Traffic:
        """How many are being answered, of all that have come."""
        return traffic([_place(worker) for crew in self for worker in crew.answering], standing)

    def residence(
        self, crew: Crew, *, standing: int, pinned: bool, used_at: float, leaves_in: float | None
    ) -> Residence:
        """That model as the world sees it. `used_at` is of time.monotonic()."""
        now = datetime.now(UTC)
        doing = traffic([_place(worker) for worker in crew.answering], standing)
        ready, devices = crew.ready, crew.devices
        taken = sum(one.weights + one.kv + one.compute for one in devices)
        on_cards = [one for one in devices if one.card is not None]
        return Residence(
            model=crew.model,
            phase=crew.phase,
            replicas=len(crew.answering) if crew.phase is Phase.READY else len(crew.orders),
            streams=doing.streams,
            queued=doing.queued,
            context_tokens=ready.context_tokens if ready else 0,
            size_bytes=taken or sum(order.size_bytes for order in crew.orders),
            card_bytes=sum(one.weights + one.kv + one.compute for one in on_cards),
            pinned=pinned,
            used_at=now - timedelta(seconds=monotonic() - used_at),
            leaves_at=None if leaves_in is None else now + timedelta(seconds=leaves_in),
        )


def _place(worker: WorkerProcess) -> tuple[int, int]:
    return worker.requests, max(1, worker.ready.streams)
