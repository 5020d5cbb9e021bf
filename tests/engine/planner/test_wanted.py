"""Models beside each other on cards that are imagined: real plans, workers without llama.cpp."""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from engine.background.background import Background
from engine.background.words import ModelSource
from engine.chat import ChatRequest, Message, Role
from engine.config import LoadWish
from engine.dryrun.dryrun import DryRuns
from engine.errors import BadRequest, ModelError
from engine.hardware.machine import Cpu, Gpu, GpuReading, Machine, Reading
from engine.host.facts import Phase
from engine.host.host import Host
from engine.host.limits import Limits
from engine.host.remembered import Remembered
from engine.host.residency import Room
from engine.host.wanted import Wanted
from engine.planner.outcomes import Outcomes
from engine.planner.planner import Planner, Present
from engine.planner.wanted import PlannedLoad, Situation, room_of, shared_out
from tests.support.fake_worker import fake_worker
from tests.support.ghosts import write_ghost
from tests.support.plans import PlannedMachine, plan_by_arithmetic
from tests.support.things import GIB, shelf_model

pytestmark = pytest.mark.anyio

CARD_BYTES = 12 * GIB
WISH = LoadWish(context_tokens=4096, cache_type="f16", streams=1)
MODEL_BYTES = 5 * GIB  # about what an 8B model takes


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def background() -> AsyncIterator[Background]:
    background = Background((sys.executable, "-m", "engine.background"), render_seconds=20)
    yield background
    await background.close()


@pytest.fixture(scope="module")
def ghost(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A header and a hole."""
    path = tmp_path_factory.mktemp("ghost") / "ghost-Q4_K_M.gguf"
    write_ghost("llama-8b:Q4_K_M", path, whole=False)
    return path


def machine(cards: int) -> Machine:
    return Machine(
        gpus=tuple(
            Gpu(
                index=number,
                name="NVIDIA GeForce RTX 3060",
                uuid=f"GPU-{number}",
                memory_bytes=CARD_BYTES,
                compute_capability=(8, 6),
                pcie_generation=4,
                pcie_width=16,
                power_limit_watts=170.0,
            )
            for number in range(cards)
        ),
        cpu=Cpu(name="Some processor", physical_cores=8, logical_cores=16),
        memory_bytes=64 * GIB,
        disks=(),
        driver="580",
        cuda=(13, 0),
        system="Linux",
    )


class World:
    """A machine whose cards hold what the workers say they took."""

    def __init__(self, background: Background, ghost: Path, folder: Path, cards: int) -> None:
        self.wishes: dict[str, LoadWish] = {}
        self.machine = machine(cards)
        self.memory_used_bytes = 8 * GIB
        self._ghost = ghost
        self.host = Host(
            worker_command=fake_worker("--card-bytes", str(MODEL_BYTES)),
            background=background,
            order_for=self.wanted,
            remembered=Remembered(folder / "loads.json"),
            tell=lambda _: None,
        )
        self.outcomes = Outcomes(self._learn)
        self.planner = Planner(
            background,
            self._present,
            dry_runs=lambda: DryRuns(("nobody",)),
            cache=folder,
            streams=1,
        )

    async def wanted(self, model: str) -> Wanted:
        situation = Situation(
            planner=self.planner,
            outcomes=self.outcomes,
            present=self._settled,
            held=self.host.held,
        )
        source = ModelSource(id=model, files=(self._ghost,))
        return PlannedLoad(source, self.wishes.get(model, WISH), situation, size_bytes=MODEL_BYTES)

    async def choose(self, model: str) -> None:
        await self.host.load(model, await self.wanted(model))

    async def ask(self, model: str) -> None:
        request = ChatRequest(messages=(Message(role=Role.USER, content="hello"),), model=model)
        async with aclosing(self.host.generate(request)) as deltas:
            async for _ in deltas:
                pass

    def cards(self) -> dict[str, list[tuple[int, ...]]]:
        """The cards of each worker, by model."""
        found: dict[str, list[tuple[int, ...]]] = {}
        for holding in self.host.holdings():
            on_card = bool(holding.spec.gpu_layers)
            found.setdefault(holding.model, []).append(holding.spec.devices if on_card else ())
        return found

    async def _settled(self) -> Present:
        return self._present()

    def _present(self) -> Present:
        held = self.host.held()
        gpus = tuple(
            GpuReading(
                index=gpu.index,
                name=gpu.name,
                memory_total_bytes=CARD_BYTES,
                memory_used_bytes=held.cards.get(gpu.index, 0),
                utilization=None,
                temperature_celsius=None,
                power_watts=None,
                power_limit_watts=None,
            )
            for gpu in self.machine.gpus
        )
        reading = Reading(
            at_seconds=0.0,
            cpu=0.1,
            memory_total_bytes=64 * GIB,
            memory_used_bytes=self.memory_used_bytes,
            gpus=gpus,
        )
        return Present(
            machine=self.machine,
            reading=reading,
            calibration=None,
            held=held.cards,
            held_ram=held.ram,
        )

    async def _learn(self, kind: str, predicted: float, measured: float) -> None:
        pass


Worlds = Callable[[int], World]


@pytest.fixture
async def worlds(background: Background, ghost: Path, tmp_path: Path) -> AsyncIterator[Worlds]:
    made: list[World] = []

    def make(cards: int) -> World:
        made.append(World(background, ghost, tmp_path, cards))
        return made[-1]

    yield make
    for world in made:
        await world.host.close()


async def test_that_models_stay_as_long_as_all_of_the_next_one_fits_beside_them(
    worlds: Worlds,
) -> None:
    world = worlds(1)
    for model in ("a", "b"):
        await world.ask(model)
    assert world.cards() == {"a": [(0,)], "b": [(0,)]}
    await world.ask("a")
    await world.ask("c")  # a third does not fit: the longest unused goes
    assert world.cards() == {"a": [(0,)], "c": [(0,)]}


async def test_that_a_second_card_takes_the_third_model(worlds: Worlds) -> None:
    world = worlds(2)
    for model in ("a", "b", "c"):
        await world.ask(model)
    found = world.cards()
    assert set(found) == {"a", "b", "c"}
    assert {card for workers in found.values() for cards in workers for card in cards} == {0, 1}
    assert {holding.spec.gpu_layers for holding in world.host.holdings()} == {33}


async def test_that_two_models_lie_on_the_cards_chosen_for_them(worlds: Worlds) -> None:
    world = worlds(2)
    world.wishes = {
        "a": WISH.model_copy(update={"devices": (1,)}),
        "b": WISH.model_copy(update={"devices": (0,)}),
    }
    await world.choose("a")
    await world.ask("b")
    assert world.cards() == {"a": [(1,)], "b": [(0,)]}
    assert {holding.model: holding.ready is not None for holding in world.host.holdings()} == {
        "a": True,
        "b": True,
    }


async def test_that_what_is_pinned_leaves_less_for_the_next(worlds: Worlds) -> None:
    world = worlds(1)
    world.host.limits = Limits(pinned=frozenset({"a", "b"}))
    for model in ("a", "b", "c"):
        await world.ask(model)
    found = {holding.model: holding.spec for holding in world.host.holdings()}
    assert set(found) == {"a", "b", "c"}
    layers = [found[model].gpu_layers for model in ("a", "c")]
    assert layers[0] == 33
    assert layers[1] is not None
    assert layers[1] < 33


async def test_that_replicas_have_cards_of_their_own(worlds: Worlds) -> None:
    world = worlds(4)
    world.wishes = {"a": WISH.model_copy(update={"replicas": 2, "devices": (0, 2)})}
    await world.ask("a")
    assert world.cards() == {"a": [(0,), (2,)]}
    world.wishes = {"a": WISH.model_copy(update={"replicas": 4})}
    await world.choose("a")
    assert world.cards() == {"a": [(0,), (1,), (2,), (3,)]}
    (home,) = world.host.residents()
    assert (home.replicas, home.phase) == (4, Phase.READY)
    assert home.card_bytes == 4 * MODEL_BYTES


async def test_that_too_few_cards_for_the_replicas_are_a_sentence(worlds: Worlds) -> None:
    world = worlds(1)
    world.wishes = {"b": WISH.model_copy(update={"replicas": 2})}
    await world.choose("a")
    with pytest.raises(BadRequest, match="2 replicas need a card each, and there is 1 card"):
        await world.choose("b")
    assert world.cards() == {"a": [(0,)]}


async def test_that_without_cards_replicas_share_the_processor(worlds: Worlds) -> None:
    world = worlds(0)
    world.wishes = {"a": WISH.model_copy(update={"replicas": 2})}
    await world.ask("a")
    assert world.cards() == {"a": [(), ()]}
    assert [holding.spec.threads for holding in world.host.holdings()] == [4, 4]


async def test_that_ram_decides_where_there_is_no_card(worlds: Worlds) -> None:
    world = worlds(0)
    await world.ask("a")
    await world.ask("b")
    assert set(world.cards()) == {"a", "b"}
    world.memory_used_bytes = 64 * GIB - 4 * GIB
    await world.ask("c")
    assert set(world.cards()) == {"c"}


async def test_that_a_person_who_chooses_a_model_that_is_there_keeps_it(worlds: Worlds) -> None:
    world = worlds(1)
    await world.ask("a")
    pids = world.host.worker_pids()
    await world.choose("a")
    assert world.host.worker_pids() == pids


async def test_that_a_limit_of_one_with_a_pinned_model_refuses_others(worlds: Worlds) -> None:
    world = worlds(1)
    world.host.limits = Limits(models=1, pinned=frozenset({"a"}))
    await world.ask("a")
    with pytest.raises(ModelError, match="no more models"):
        await world.ask("b")


# --- the arithmetic ------------------------------------------------------------------------


def test_that_cards_are_dealt_out_evenly_and_in_order() -> None:
    dealt = shared_out(LoadWish(replicas=3), range(7))
    assert [wish.devices for wish in dealt] == [(0, 1), (2, 3), (4, 5, 6)]
    assert {wish.replicas for wish in dealt} == {None}
    assert shared_out(LoadWish(replicas=2, devices=()), (0, 1)) == (LoadWish(devices=()),) * 2
    assert shared_out(LoadWish(devices=(1,)), (0, 1)) == (LoadWish(devices=(1,)),)


def test_that_room_is_whole_only_where_nothing_is_less_than_alone() -> None:
    alone = plan_by_arithmetic(shelf_model("m"), LoadWish(), PlannedMachine(), exact=False)
    fewer = replace(alone, layout=replace(alone.layout, layer_counts=(20,)))
    shorter = replace(alone, layout=replace(alone.layout, context_tokens=1024))
    unfit = replace(alone, fits=False)
    assert room_of((alone,), (alone,), mapped=0) is Room.WHOLE
    assert room_of((alone,), (fewer,), mapped=0) is Room.WHOLE
    assert room_of((fewer,), (alone,), mapped=0) is Room.LESS
    assert room_of((shorter,), (alone,), mapped=0) is Room.LESS
    assert room_of((unfit,), (alone,), mapped=0) is Room.NONE
    assert room_of((unfit,), (unfit,), mapped=0) is Room.LESS
    assert room_of((alone,), (alone,), mapped=60 * GIB) is Room.LESS
