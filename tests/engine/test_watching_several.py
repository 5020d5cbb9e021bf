"""What is told of a card that two models share."""

import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.background.background import Background
from engine.background.words import Placed
from engine.config import LoadWish
from engine.dryrun.dryrun import DryRuns
from engine.hardware.machine import Cpu, Machine
from engine.host.facts import ModelMoved
from engine.host.host import Host
from engine.host.ladder import LoadOrder
from engine.host.remembered import Remembered
from engine.host.residency import Room
from engine.host.worker_process import HostFact
from engine.monitor.values import Purpose
from engine.planner.outcomes import Outcomes
from engine.planner.planner import Planner, Present
from engine.protocol.load import LoadSpec
from engine.watching import Watching
from tests.support.fake_worker import fake_worker
from tests.support.plans import PlannedMachine, plan_by_arithmetic
from tests.support.things import GIB, reading, shelf_model

pytestmark = pytest.mark.anyio

SIZE = 4 * GIB
BEFORE = 6 * GIB  # by others, as of the first reading


class Shared:
    """A watched host whose models each take so much of the only card."""

    def __init__(self, background: Background, folder: Path) -> None:
        self.host = Host(
            worker_command=fake_worker("--card-bytes", str(SIZE)),
            background=background,
            order_for=self.order_for,
            remembered=Remembered(folder / "loads.json"),
            tell=self._hear,
        )
        planner = Planner(
            background, self._present, dry_runs=lambda: DryRuns(()), cache=folder, streams=1
        )
        self.outcomes = Outcomes(self._learn, self.host.beside)
        self.watching = Watching(self.host, planner, self.outcomes, lambda _: None)

    async def order_for(self, model: str) -> LoadOrder:
        return LoadOrder(spec=LoadSpec(path=f"{model}.gguf", devices=(0,)), layers=8)

    async def load(self, model: str, *, used: int) -> None:
        """Beside the others; `used` is what the card held when it was planned."""
        machine = PlannedMachine(cards=(("Test card", 24 * GIB, used),))
        wish = LoadWish(context_tokens=4096)
        plan = plan_by_arithmetic(shelf_model(model), wish, machine, exact=False)
        placed = Placed(plan=plan, kind="gpu", decode_at_start=1.0, layers=30, expert_layers=())
        self.outcomes.planned(model, placed)
        await self.host.load(model, await self.order_for(model), beside=True)

    def read(self, at_seconds: float, used: int) -> None:
        now = reading(at_seconds)
        gpu = replace(now.gpus[0], memory_used_bytes=used)
        self.watching.read(replace(now, gpus=(gpu,)))

    def weights(self) -> dict[str, int]:
        (card,) = self.watching.usage()
        return {one.name: one.size_bytes for one in card.shares if one.purpose is Purpose.WEIGHTS}

    def taken(self, model: str) -> int:
        outcome = self.outcomes.now(model, self.watching.reading)
        assert outcome is not None
        ((card, size),) = outcome.cards
        assert card == 0
        return size

    def _hear(self, fact: HostFact) -> None:
        if isinstance(fact, ModelMoved):
            self.outcomes.hear(fact)
        self.watching.hear(fact)

    async def _learn(self, kind: str, predicted: float, measured: float) -> None:
        pass

    def _present(self) -> Present:
        machine = Machine(
            gpus=PlannedMachine().gpus,
            cpu=Cpu(name="Test processor", physical_cores=4, logical_cores=8),
            memory_bytes=64 * GIB,
            disks=(),
            driver=None,
            cuda=None,
            system="Test",
        )
        return Present(machine=machine, reading=self.watching.reading, calibration=None, held={})


@pytest.fixture
async def shared(tmp_path: Path) -> AsyncIterator[Shared]:
    background = Background((sys.executable, "-m", "engine.background"), render_seconds=20)
    shared = Shared(background, tmp_path)
    yield shared
    await shared.host.close()
    await background.close()


async def test_that_each_model_of_a_card_has_its_own_share(shared: Shared) -> None:
    shared.read(1.0, BEFORE)
    await shared.load("a", used=BEFORE)
    await shared.load("b", used=BEFORE + SIZE)
    shared.read(2.0, BEFORE + 2 * SIZE)
    assert shared.weights() == {"a": SIZE, "b": SIZE}
    (card,) = shared.watching.usage()
    assert sum(share.size_bytes for share in card.shares) == card.used_bytes
    await shared.host.unload("a")
    shared.read(3.0, BEFORE + SIZE)
    assert shared.weights() == {"b": SIZE}


async def test_that_what_a_model_took_is_its_own_whoever_came_or_went_since(
    shared: Shared,
) -> None:
    await shared.load("a", used=BEFORE)
    shared.read(1.0, BEFORE + SIZE)
    assert shared.taken("a") == SIZE
    await shared.load("b", used=BEFORE + SIZE)
    shared.read(2.0, BEFORE + 2 * SIZE)
    assert (shared.taken("a"), shared.taken("b")) == (SIZE, SIZE)
    await shared.host.unload("a")
    shared.read(3.0, BEFORE + SIZE)
    assert shared.taken("b") == SIZE


class Pair:
    """Two replicas of a model, on a card each."""

    async def room(self, leaving: frozenset[str]) -> Room:
        del leaving
        return Room.WHOLE

    async def orders(self, leaving: frozenset[str]) -> tuple[LoadOrder, ...]:
        del leaving
        specs = [LoadSpec(path="a.gguf", devices=(card,)) for card in (0, 1)]
        return tuple(LoadOrder(spec=spec, layers=8) for spec in specs)


async def test_that_of_replicas_each_card_tells_its_own(shared: Shared) -> None:
    shared.read(1.0, BEFORE)
    await shared.host.load("a", Pair())
    shared.read(2.0, BEFORE + SIZE)
    assert shared.weights() == {"a": SIZE}
    assert shared.host.held().cards == {0: SIZE, 1: SIZE}
