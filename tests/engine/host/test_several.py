"""Several models at once, and several workers of one, over processes that run no llama.cpp."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path

import pytest
from psutil import Process

from engine.background.background import Background
from engine.chat import ChatRequest, Delta, Finished, Message, Piece, Role
from engine.errors import Dismissed, LoadCancelled, ModelError, OutOfMemory
from engine.host.facts import ModelMoved, Phase, StreamsMoved, WorkerEnded
from engine.host.host import Host
from engine.host.ladder import LoadOrder
from engine.host.limits import Limits
from engine.host.remembered import Remembered
from engine.host.residency import Room
from engine.host.wanted import Wanted
from engine.host.worker_process import HostFact
from engine.protocol.load import LoadSpec
from tests.support.fake_worker import fake_worker
from tests.support.waiting import is_running, until

pytestmark = pytest.mark.anyio

Hosts = Callable[..., tuple[Host, list[HostFact]]]
ENDLESS = ("--tokens", "100000", "--step", "0.005")


def order(model: str, context_tokens: int = 4096) -> LoadOrder:
    spec = LoadSpec(path=f"{model}.gguf", context_tokens=context_tokens, gpu_layers=0)
    return LoadOrder(spec=spec, layers=8, size_bytes=1000)


class Wish:
    """A load of so many replicas that finds WHOLE room only without `rivals`."""

    def __init__(self, model: str, *, replicas: int = 1, rivals: frozenset[str] = frozenset()):
        self.model = model
        self.replicas = replicas
        self.rivals = rivals
        self.tight = Room.LESS

    async def room(self, leaving: frozenset[str]) -> Room:
        return Room.WHOLE if self.rivals <= leaving else self.tight

    async def orders(self, leaving: frozenset[str]) -> tuple[LoadOrder, ...]:
        del leaving
        return (order(self.model),) * self.replicas


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def background() -> AsyncIterator[Background]:
    background = Background((sys.executable, "-m", "engine.background"), render_seconds=20)
    yield background
    await background.close()


@pytest.fixture
async def hosts(background: Background, tmp_path: Path) -> AsyncIterator[Hosts]:
    made: list[Host] = []

    def make(*options: str, wishes: tuple[Wish, ...] = ()) -> tuple[Host, list[HostFact]]:
        facts: list[HostFact] = []
        known: dict[str, Wanted] = {wish.model: wish for wish in wishes}

        async def order_for(model: str) -> LoadOrder | Wanted:
            return known.get(model) or order(model)

        host = Host(
            worker_command=fake_worker(*options),
            background=background,
            order_for=order_for,
            remembered=Remembered(tmp_path / "loads.json"),
            tell=facts.append,
        )
        made.append(host)
        return host, facts

    yield make
    for host in made:
        await host.close()


def asking(model: str | None, text: str = "hello", tokens: int | None = None) -> ChatRequest:
    messages = (Message(role=Role.USER, content=text),)
    return ChatRequest(messages=messages, model=model, max_tokens=tokens)


async def heard(answer: AsyncGenerator[Delta]) -> list[Delta]:
    async with aclosing(answer) as deltas:
        return [delta async for delta in deltas]


async def ask(host: Host, model: str | None, tokens: int = 3, text: str = "hello") -> str:
    deltas = await heard(host.generate(asking(model, text, tokens)))
    assert isinstance(deltas[-1], Finished)
    return "".join(delta.text for delta in deltas if isinstance(delta, Piece))


def there(host: Host) -> set[str]:
    return {one.model for one in host.residents()}


def phases(facts: list[HostFact], model: str) -> list[Phase]:
    told = [fact.phase for fact in facts if isinstance(fact, ModelMoved) and fact.model == model]
    return [phase for at, phase in enumerate(told) if at == 0 or told[at - 1] is not phase]


class Answer:
    """One in progress, until it is closed."""

    def __init__(self, host: Host, model: str) -> None:
        self.deltas = host.generate(asking(model))

    async def begin(self) -> "Answer":
        await self.go_on()
        return self

    async def go_on(self) -> None:
        async for delta in self.deltas:
            if isinstance(delta, Piece):
                return
        raise AssertionError("It has ended.")

    async def end(self) -> None:
        await self.deltas.aclose()


async def test_that_models_are_loaded_beside_each_other_on_their_first_request(
    hosts: Hosts,
) -> None:
    host, facts = hosts(*ENDLESS)
    first = await Answer(host, "a").begin()
    assert await ask(host, "b") == "w0 w1 w2 "
    await first.go_on()
    assert there(host) == {"a", "b"}
    assert len(host.worker_pids()) == 2
    assert Phase.STOPPING not in phases(facts, "a")
    assert {one.model: one.streams for one in host.residents()} == {"a": 1, "b": 0}
    await first.end()


async def test_that_the_longest_unused_goes_where_no_more_are_allowed(hosts: Hosts) -> None:
    host, facts = hosts()
    host.limits = Limits(models=2)
    for model in ("a", "b", "a", "c"):
        await ask(host, model)
    assert there(host) == {"a", "c"}
    assert phases(facts, "b") == [Phase.LOADING, Phase.READY, Phase.STOPPING, Phase.STOPPED]


async def test_that_an_answer_is_not_cut_for_another_models_sake(hosts: Hosts) -> None:
    host, _ = hosts(*ENDLESS)
    host.limits = Limits(models=1)
    first = await Answer(host, "a").begin()
    waiting = asyncio.create_task(ask(host, "b"))
    loading = asyncio.create_task(host.load("c", order("c")))
    for _ in range(20):
        await first.go_on()
    assert there(host) == {"a"}
    await first.end()
    await asyncio.gather(waiting, loading)
    assert "a" not in there(host)


async def test_that_only_who_is_in_the_way_goes(hosts: Hosts) -> None:
    big = Wish("big", rivals=frozenset({"b"}))
    host, _ = hosts(wishes=(big,))
    for model in ("a", "b", "c", "big"):
        await ask(host, model)
    assert there(host) == {"a", "c", "big"}


async def test_that_pinned_models_stay_and_who_does_not_fit_hears_of_them(hosts: Hosts) -> None:
    big = Wish("big", rivals=frozenset({"a"}))
    big.tight = Room.NONE
    host, _ = hosts(wishes=(big,))
    host.limits = Limits(models=2, pinned=frozenset({"a", "b"}))
    await ask(host, "a")
    with pytest.raises(OutOfMemory, match=r"pinned \(a\)"):
        await ask(host, "big")
    big.tight = Room.LESS
    await ask(host, "big")
    assert there(host) == {"a", "big"}
    await ask(host, "b")
    with pytest.raises(ModelError, match=r"pinned \(a, b\)") as refusal:
        await ask(host, "c")
    assert "Unpin" in refusal.value.sentence
    assert there(host) == {"a", "b"}


async def test_that_a_model_loaded_for_a_client_goes_when_it_is_idle_and_a_persons_stays(
    hosts: Hosts,
) -> None:
    host, facts = hosts()
    host.limits = Limits(idle_seconds=0.1)
    await host.load("mine", order("mine"))
    await ask(host, "mine")
    await ask(host, "theirs")
    (theirs,) = [one for one in host.residents() if one.model == "theirs"]
    assert theirs.leaves_at is not None
    assert 0 <= (theirs.leaves_at - theirs.used_at).total_seconds() <= 0.2
    await until(lambda: phases(facts, "theirs")[-1] is Phase.STOPPED)
    assert phases(facts, "theirs")[-2:] == [Phase.STOPPING, Phase.STOPPED]
    (mine,) = host.residents()
    assert (mine.model, mine.leaves_at, mine.phase) == ("mine", None, Phase.READY)


async def test_that_a_model_in_use_does_not_go(hosts: Hosts) -> None:
    host, facts = hosts(*ENDLESS)
    host.limits = Limits(idle_seconds=0.05)
    answer = await Answer(host, "a").begin()
    for _ in range(40):
        await answer.go_on()
    assert phases(facts, "a") == [Phase.LOADING, Phase.READY]
    await answer.end()
    await until(lambda: phases(facts, "a")[-1] is Phase.STOPPED)


async def test_that_a_request_may_say_how_long_its_model_stays(hosts: Hosts) -> None:
    host, facts = hosts()
    host.limits = Limits(idle_seconds=0.05)
    host.keep("a", -1)
    host.keep("b", 60)
    await ask(host, "a")
    await ask(host, "b")
    await ask(host, "c")
    await until(lambda: phases(facts, "c")[-1] is Phase.STOPPED)
    leaves = {one.model: one.leaves_at for one in host.residents()}
    assert leaves["a"] is None
    assert leaves["b"] is not None
    host.keep("b", 0)
    await until(lambda: there(host) == {"a"})
    assert phases(facts, "a")[-1] is Phase.READY


async def test_that_a_person_replaces_what_a_person_chose_and_no_clients_model(
    hosts: Hosts,
) -> None:
    host, _ = hosts()
    await host.load("a", order("a"))
    await ask(host, "client")
    assert host.loaded == "a"
    await host.load("b", order("b"))
    assert there(host) == {"client", "b"}
    await host.load("client", order("client"))
    assert there(host) == {"client"}
    assert host.loaded == "client"


async def test_that_a_pinned_model_is_not_replaced(hosts: Hosts) -> None:
    host, _ = hosts()
    host.limits = Limits(pinned=frozenset({"a"}))
    await host.load("a", order("a"))
    await host.load("b", order("b"))
    assert there(host) == {"a", "b"}
    assert host.loaded == "b"
    assert {one.model for one in host.residents() if one.pinned} == {"a"}


async def test_that_one_model_can_be_unloaded_and_the_others_answer_on(hosts: Hosts) -> None:
    host, _ = hosts(*ENDLESS)
    first, second = await Answer(host, "a").begin(), await Answer(host, "b").begin()
    await host.unload("a")
    with pytest.raises(Dismissed):
        await heard(first.deltas)
    await second.go_on()
    await second.end()
    assert there(host) == {"b"}


async def test_that_a_load_for_a_client_leaves_what_is_there_as_it_is(hosts: Hosts) -> None:
    host, _ = hosts()
    await host.load("a", order("a"))
    pids = host.worker_pids()
    await host.load("a", order("a", context_tokens=512), beside=True)
    assert host.worker_pids() == pids
    await host.load("b", order("b"), beside=True)
    assert there(host) == {"a", "b"}
    assert host.loaded == "a"


# --- replicas ------------------------------------------------------------------------------


async def test_that_the_least_busy_replica_answers(hosts: Hosts) -> None:
    host, facts = hosts(*ENDLESS, wishes=(Wish("a", replicas=3),))
    answers = [await Answer(host, "a").begin() for _ in range(6)]
    held = {holding.replica: holding.pid for holding in host.holdings()}
    assert set(held) == {0, 1, 2}
    (home,) = host.residents()
    assert (home.replicas, home.streams) == (3, 6)
    assert len(host.worker_pids()) == 3
    assert phases(facts, "a") == [Phase.LOADING, Phase.READY]
    fractions = [f.fraction for f in facts if isinstance(f, ModelMoved)]
    assert fractions == sorted(fractions)
    await until(lambda: any(isinstance(f, StreamsMoved) and f.streams == 6 for f in facts))
    for answer in answers:
        await answer.end()


async def test_that_one_replicas_death_hurts_no_other_and_it_comes_back(hosts: Hosts) -> None:
    host, facts = hosts(*ENDLESS, wishes=(Wish("a", replicas=2),))
    answers = [await Answer(host, "a").begin() for _ in range(2)]
    victim, survivor = host.worker_pids()
    os.kill(victim, signal.SIGTERM)
    await until(lambda: any(isinstance(fact, WorkerEnded) for fact in facts))
    for answer in answers:  # one of them in the other replica
        for _ in range(3):
            await answer.go_on()
    assert survivor in host.worker_pids()
    assert phases(facts, "a") == [Phase.LOADING, Phase.READY]
    await until(lambda: len(host.worker_pids()) == 2)
    await until(lambda: host.residents()[0].replicas == 2)
    assert not is_running(victim)
    for answer in answers:
        await answer.end()
    await host.unload("a")
    assert phases(facts, "a")[2:] == [Phase.STOPPING, Phase.STOPPED]


async def test_that_the_death_of_all_replicas_is_the_models_end(hosts: Hosts) -> None:
    host, facts = hosts(wishes=(Wish("a", replicas=2),))
    await ask(host, "a")
    for pid in host.worker_pids():
        os.kill(pid, signal.SIGTERM)
    await until(lambda: phases(facts, "a")[-1] is Phase.STOPPED)
    assert host.loaded is None
    assert await ask(host, None) == "w0 w1 w2 "
    assert host.residents()[0].replicas == 2


async def test_that_a_load_of_replicas_can_be_given_up(hosts: Hosts) -> None:
    host, facts = hosts("--slow-load", "2", wishes=(Wish("a", replicas=2),))
    asked = asyncio.create_task(ask(host, "a"))
    await until(lambda: any(isinstance(f, ModelMoved) and f.fraction > 0 for f in facts))
    host.cancel_load()
    with pytest.raises(LoadCancelled):
        await asked
    assert host.worker_pids() == ()
    assert there(host) == set()


# --- the end -------------------------------------------------------------------------------


async def test_that_closing_ends_every_process_timer_and_task(hosts: Hosts) -> None:
    host, _ = hosts("--slow-load", "0.3", wishes=(Wish("a", replicas=2),))
    host.limits = Limits(idle_seconds=30)
    await ask(host, "a")
    await ask(host, "b")
    under_way = asyncio.create_task(ask(host, "c"))
    await until(lambda: "c" in there(host))
    mine = {process.pid for process in Process().children()}
    assert set(host.worker_pids()) <= mine
    await host.close()
    with pytest.raises(LoadCancelled):
        await under_way
    await until(lambda: host.worker_pids() == () and not there(host))
    names = {task.get_name() for task in asyncio.all_tasks()}
    assert not [name for name in names if name.startswith(("load", "mend", "farewell", "worker"))]


async def test_that_what_is_told_of_a_model_is_true(hosts: Hosts) -> None:
    host, _ = hosts("--slow-load", "0.2")
    asked = asyncio.create_task(ask(host, "a"))
    await until(lambda: there(host) == {"a"})
    (loading,) = host.residents()
    assert (loading.phase, loading.size_bytes, loading.context_tokens) == (Phase.LOADING, 1000, 0)
    assert (loading.streams, loading.queued) == (0, 1)
    await asked
    (ready,) = host.residents()
    assert (ready.phase, ready.context_tokens, ready.queued) == (Phase.READY, 4096, 0)
    assert ready.size_bytes == (1 << 20) + 4096 * 64 + (1 << 16)
    assert ready.card_bytes == 0
    assert ready.used_at >= loading.used_at
