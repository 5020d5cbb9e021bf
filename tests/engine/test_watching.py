"""Readings and facts, told as usage and rates, over a host whose workers run no llama.cpp."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from engine.background.background import Background
from engine.background.words import Placed
from engine.chat import ChatRequest, Message, Role
from engine.config import AlertSettings, LoadWish
from engine.dryrun.dryrun import DryRuns
from engine.errors import EngineError
from engine.events import AlertMoved, Event, MachineRead, RatesRead, UsageRead
from engine.hardware.machine import Cpu, Machine
from engine.host.facts import AnswerEnded
from engine.host.host import Host
from engine.host.ladder import LoadOrder
from engine.host.remembered import Remembered
from engine.host.worker_process import HostFact
from engine.monitor.values import AlertKind, Purpose
from engine.planner.outcomes import Outcomes
from engine.planner.planner import Planner, Present
from engine.protocol.load import LoadSpec
from engine.watching import Watching
from tests.support.fake_worker import fake_worker
from tests.support.plans import PlannedMachine, plan_by_arithmetic
from tests.support.things import GIB, reading, shelf_model

pytestmark = pytest.mark.anyio

MODEL = "tiny"


class Scene:
    """A watched host, and all that was told."""

    def __init__(self, background: Background, folder: Path) -> None:
        self.told: list[Event] = []
        self.facts: list[HostFact] = []
        self.host = Host(
            worker_command=fake_worker("--step", "0.001"),
            background=background,
            order_for=self._order_for,
            remembered=Remembered(folder / "loads.json"),
            tell=self._hear,
        )
        self.planner = Planner(
            background, self._present, dry_runs=lambda: DryRuns(()), cache=folder, streams=1
        )
        self.outcomes = Outcomes(self._learn)
        self.watching = Watching(self.host, self.planner, self.outcomes, self.told.append)

    def plan(self, **changes: object) -> Placed:
        """The model's load is planned so."""
        model, rig = shelf_model(MODEL), PlannedMachine()
        plan = plan_by_arithmetic(model, LoadWish(context_tokens=4096), rig, exact=False)
        placed = Placed(plan=plan, kind="gpu", decode_at_start=1.0, layers=30, expert_layers=())
        placed = replace(placed, **changes)
        self.outcomes.planned(MODEL, placed)
        return placed

    async def answer(self, text: str = "hello") -> None:
        request = ChatRequest(messages=(Message(role=Role.USER, content=text),), model=MODEL)
        async with aclosing(self.host.generate(request)) as deltas:
            async for _ in deltas:
                pass

    def ended(self) -> list[AnswerEnded]:
        return [fact for fact in self.facts if isinstance(fact, AnswerEnded)]

    def _hear(self, fact: HostFact) -> None:
        self.facts.append(fact)
        self.watching.hear(fact)

    async def _learn(self, kind: str, predicted: float, measured: float) -> None:
        pass

    async def _order_for(self, model: str) -> LoadOrder:
        return LoadOrder(spec=LoadSpec(path=f"{model}.gguf"), layers=8)

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
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    background = Background((sys.executable, "-m", "engine.background"), render_seconds=20)
    scene = Scene(background, tmp_path)
    yield scene
    await scene.host.close()
    await background.close()


async def test_that_each_reading_is_told_with_its_usage_and_its_rates(scene: Scene) -> None:
    scene.watching.read(reading(1.0))
    assert [type(event) for event in scene.told] == [MachineRead, UsageRead, RatesRead]
    (card,) = scene.watching.usage()
    assert {share.purpose for share in card.shares} == {Purpose.OTHER}  # nobody tells which
    assert sum(share.size_bytes for share in card.shares) == card.used_bytes


async def test_that_what_is_wrong_is_told_and_logged(scene: Scene, tmp_path: Path) -> None:
    alerts = scene.watching.alert(tmp_path / "logs" / "alerts.jsonl", AlertSettings)
    for number in range(30):
        now = reading(number / 2)
        card = replace(now.gpus[0], temperature_celsius=95.0)
        scene.watching.read(replace(now, gpus=(card,)))
    (told,) = [event.alert for event in scene.told if isinstance(event, AlertMoved)]
    assert told.kind is AlertKind.HOT
    assert alerts.raised == (told,) == await alerts.recent()


async def test_that_answers_are_accounted_with_what_they_cost(scene: Scene) -> None:
    await scene.answer()
    scene.watching.read(reading(asyncio.get_running_loop().time()))
    rates = scene.watching.rates()
    assert rates.answers == 1
    assert rates.failures == 0
    assert rates.first_token_p50 is not None
    assert (rates.streams, rates.queued) == (0, 0)


async def test_that_only_the_engines_own_failures_count_as_such(scene: Scene) -> None:
    with pytest.raises(EngineError):
        await scene.answer("please refuse")
    with pytest.raises(EngineError):
        await scene.answer("die")
    refused, *died = scene.ended()
    assert (refused.timings, refused.failed) == (None, False)
    assert [answer.failed for answer in died] == [True, True]  # it was tried twice


async def test_that_an_answer_given_up_is_told_as_no_failure(scene: Scene) -> None:
    request = ChatRequest(messages=(Message(role=Role.USER, content="hello"),), model=MODEL)
    async with aclosing(scene.host.generate(request)) as deltas:
        await anext(deltas)
        scene.watching.read(reading(1.0))
        assert scene.watching.rates().streams == 1
    (ended,) = scene.ended()
    assert (ended.timings, ended.failed) == (None, False)


async def test_that_a_loaded_model_holds_what_was_planned_beside_what_was_there(
    scene: Scene,
) -> None:
    scene.watching.read(reading(1.0))
    before = scene.watching.usage()[0].used_bytes
    placed = scene.plan(longer_bytes={0: 7})
    order = LoadOrder(spec=LoadSpec(path="a.gguf", projector="eyes.gguf"), layers=8)
    await scene.host.load(MODEL, order)
    now = reading(2.0)
    taken = sum(card.loaded for card in placed.plan.footprint.cards)
    gpu = replace(now.gpus[0], memory_used_bytes=before + taken)
    scene.watching.read(replace(now, gpus=(gpu,)))
    (card,) = scene.watching.usage()
    # The fake worker holds nothing of a card, and says so: what came is nobody's.
    other = sum(one.size_bytes for one in card.shares if one.purpose is Purpose.OTHER)
    assert other == before
    assert card.shares[-1].purpose is Purpose.UNEXPLAINED


async def test_that_a_reading_from_a_workers_last_moment_is_not_what_others_hold(
    scene: Scene,
) -> None:
    scene.watching.read(reading(1.0))
    await scene.host.load(MODEL, LoadOrder(spec=LoadSpec(path="a.gguf"), layers=8))
    scene.watching.read(reading(2.0))
    await scene.host.unload()
    late = reading(3.0)
    gpu = replace(late.gpus[0], memory_used_bytes=20 * GIB)
    scene.watching.read(replace(late, gpus=(gpu,)))
    scene.watching.read(reading(4.0))
    (card,) = scene.watching.usage()
    assert [share.size_bytes for share in card.shares] == [6 * GIB]
