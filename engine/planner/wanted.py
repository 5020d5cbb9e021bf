"""A model's load beside those that stay: how much room there is for it, and its orders."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from engine.background.words import ModelSource, Placed
from engine.config import LoadWish
from engine.errors import BadRequest
from engine.fit.layout import Layout
from engine.fit.plan import Plan
from engine.host.holding import Held
from engine.host.ladder import LoadOrder
from engine.host.load_spec import load_order
from engine.host.residency import Room
from engine.planner.outcomes import Outcomes
from engine.planner.planner import Planner, Present
from engine.protocol.load import CacheType

_FINENESS = {CacheType.F16: 2, CacheType.Q8_0: 1, CacheType.Q4_0: 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Whom a planned load asks. `present` waits until a reading knows of all that our workers
    hold; `held` tells what those of some models hold, or all."""

    planner: Planner
    outcomes: Outcomes
    present: Callable[[], Awaitable[Present]]
    held: Callable[[frozenset[str] | None], Held]


class PlannedLoad:
    """One model and one wish, planned anew whenever it is asked."""

    def __init__(
        self, source: ModelSource, wish: LoadWish, situation: Situation, *, size_bytes: int
    ) -> None:
        self._source = source
        self._wish = wish
        self._situation = situation
        self._size_bytes = size_bytes

    async def room(self, leaving: frozenset[str]) -> Room:
        """By the closed forms. Raises EngineError."""
        now, held = await self._situation.present(), self._situation.held
        back, all_held = held(leaving), held(None)
        beside = await self._plans(now, back)
        alone = await self._plans(now, all_held)
        return room_of(beside, alone, mapped=all_held.mapped - back.mapped)

    async def orders(self, leaving: frozenset[str]) -> tuple[LoadOrder, ...]:
        """One for each replica; with cards, llama.cpp confirms the bytes. Raises EngineError."""
        now = await self._situation.present()
        planner = self._planner(now, self._situation.held(leaving))
        wishes = shared_out(self._wish, _cards(now))
        placed: list[Placed] = []
        for wish in wishes:
            if now.machine.gpus:
                placed.append(await planner.exact(self._source, self._source.files, wish))
            else:
                placed.append((await planner.plan((self._source,), wish)).placed[0])
        self._situation.outcomes.planned(self._source.id, placed[0])
        threads = now.threads
        if len(wishes) > 1:  # they share the processor
            threads = max(1, (threads or now.machine.cpu.physical_cores) // len(wishes))
        pairs = zip(placed, wishes, strict=True)
        return tuple(self._order(one, wish, threads) for one, wish in pairs)

    def _order(self, placed: Placed, wish: LoadWish, threads: int | None) -> LoadOrder:
        draft = self._source.draft[0] if self._source.draft else None
        order = load_order(self._source.files, placed, wish, threads=threads, draft=draft)
        return replace(order, size_bytes=self._size_bytes)

    async def _plans(self, now: Present, back: Held) -> tuple[Plan, ...]:
        planner = self._planner(now, back)
        wishes = shared_out(self._wish, _cards(now))
        return tuple(
            [(await planner.plan((self._source,), wish)).placed[0].plan for wish in wishes]
        )

    def _planner(self, now: Present, back: Held) -> Planner:
        return self._situation.planner.seeing(replace(now, held=back.cards, held_ram=back.ram))


def shared_out(wish: LoadWish, cards: Sequence[int]) -> tuple[LoadWish, ...]:
    """The wish of each replica, whose cards are its own. Raises BadRequest if they are too few.

    Without cards, or where the wish wants none, they share the processor.
    """
    count = wish.replicas or 1
    given = tuple(cards if wish.devices is None else wish.devices)
    one = wish.model_copy(update={"replicas": None})
    if count == 1:
        return (one,)
    if not given:
        return (one,) * count
    if len(given) < count:
        there = "1 card" if len(given) == 1 else f"{len(given)} cards"
        raise BadRequest(
            f"{count} replicas need a card each, and there {'is' if len(given) == 1 else 'are'} "
            f"{there} for them.",
            remedy="Ask for fewer replicas, or allow more cards.",
        )
    bounds = [len(given) * place // count for place in range(count + 1)]
    return tuple(
        one.model_copy(update={"devices": given[start:end]}) for start, end in pairwise(bounds)
    )


def room_of(beside: Sequence[Plan], alone: Sequence[Plan], *, mapped: int) -> Room:
    """How a model's replicas are planned beside those that stay, against how they are without.

    In RAM, `mapped` bytes of files are in use by those that stay, though the system calls them
    free.
    """
    if not _fit(beside):
        return Room.NONE if _fit(alone) else Room.LESS
    pairs = zip(beside, alone, strict=True)
    if not all(_as_good(one.layout, other.layout) for one, other in pairs):
        return Room.LESS
    hosts = [plan.footprint.host for plan in beside]
    files = max(host.mapped for host in hosts)
    needed = sum(host.total - host.mapped for host in hosts) + files + mapped
    return Room.WHOLE if needed <= hosts[0].free else Room.LESS


def _fit(plans: Sequence[Plan]) -> bool:
    pinned = sum(plan.footprint.host.total - plan.footprint.host.mapped for plan in plans)
    return all(plan.fits for plan in plans) and pinned <= plans[0].footprint.host.free


def _as_good(layout: Layout, best: Layout) -> bool:
    return (
        layout.gpu_layers >= best.gpu_layers
        and len(layout.cpu_experts) <= len(best.cpu_experts)
        and layout.context_tokens >= best.context_tokens
        and _FINENESS[layout.cache_type] >= _FINENESS[best.cache_type]
    )


def _cards(now: Present) -> tuple[int, ...]:
    return tuple(gpu.index for gpu in now.machine.gpus if gpu.memory_bytes is not None)
