"""The host over worker processes that are real, though they run no llama.cpp."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path

import pytest

from engine.background.background import Background
from engine.chat import ChatRequest, Delta, Finished, Message, Piece, PromptRead, Role, StopReason
from engine.errors import (
    ContextExceeded,
    EngineError,
    LoadCancelled,
    LoadFailed,
    ModelNotFound,
    OutOfMemory,
    TemplateFailed,
    WorkerDied,
)
from engine.host.facts import LoadStepped, ModelMoved, Phase, StreamsMoved, WorkerEnded
from engine.host.host import Host
from engine.host.ladder import LoadOrder
from engine.host.remembered import Remembered
from engine.host.worker_process import HostFact, WorkerProcess
from engine.protocol.load import LoadSpec
from tests.support.fake_worker import LAST_WORDS, fake_worker
from tests.support.waiting import is_running, until

pytestmark = pytest.mark.anyio

Hosts = Callable[..., tuple[Host, list[HostFact]]]


@pytest.fixture
async def background() -> AsyncIterator[Background]:
    background = Background((sys.executable, "-m", "engine.background"), render_seconds=20)
    yield background
    await background.close()


@pytest.fixture
async def hosts(background: Background, tmp_path: Path) -> AsyncIterator[Hosts]:
    made: list[Host] = []

    async def order_for(model: str) -> LoadOrder:
        return order(path=f"{model}.gguf")

    def make(*options: str) -> tuple[Host, list[HostFact]]:
        facts: list[HostFact] = []
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


def order(path: str, context_tokens: int = 4096, *, pinned: tuple[str, ...] = ()) -> LoadOrder:
    spec = LoadSpec(path=path, context_tokens=context_tokens, gpu_layers=0)
    return LoadOrder(spec=spec, layers=8, pinned=frozenset(pinned))


def asking(text: str = "hello", model: str | None = "a") -> ChatRequest:
    return ChatRequest(messages=(Message(role=Role.USER, content=text),), model=model)


async def heard(answer: AsyncGenerator[Delta]) -> list[Delta]:
    async with aclosing(answer) as deltas:
        return [delta async for delta in deltas]


def text_of(deltas: list[Delta]) -> str:
    return "".join(delta.text for delta in deltas if isinstance(delta, Piece))


async def test_that_an_answer_is_prompt_read_then_pieces_then_the_end(hosts: Hosts) -> None:
    host, facts = hosts()
    deltas = await heard(host.generate(asking()))
    assert isinstance(deltas[0], PromptRead)
    assert text_of(deltas) == "w0 w1 w2 w3 w4 "
    assert isinstance(deltas[-1], Finished)
    assert deltas[-1].reason is StopReason.LENGTH
    phases = [fact.phase for fact in facts if isinstance(fact, ModelMoved)]
    assert phases[0] is Phase.LOADING
    assert phases[-1] is Phase.READY


@pytest.mark.parametrize("turns", [0, 1, 2, 5, None])
async def test_that_closing_ends_whenever_every_task_of_the_loop_is_cancelled(
    hosts: Hosts, turns: int | None
) -> None:
    """So many turns of the loop after the process was started; None: once it is READY."""
    host, facts = hosts()
    before = asyncio.all_tasks()

    async def live() -> None:
        try:
            await host.load("a", order(path="a.gguf"))
            await asyncio.Event().wait()
        finally:
            await host.close()

    living = asyncio.create_task(live())
    while not host.worker_pids():
        await asyncio.sleep(0)
    for _ in range(turns or 0):
        await asyncio.sleep(0)
    if turns is None:
        await until(lambda: host.ready is not None)
    for task in asyncio.all_tasks() - before:
        task.cancel()
    done, _ = await asyncio.wait({living}, timeout=10)
    assert done == {living}
    assert not host.worker_pids()
    assert not [fact for fact in facts if isinstance(fact, WorkerEnded)]


async def test_that_one_whose_start_is_cancelled_has_stopped() -> None:
    """As a time limit around its load does."""
    worker = WorkerProcess("a", order(path="a.gguf").spec, lambda _: None)
    loading = asyncio.create_task(worker.load(fake_worker()))
    await asyncio.sleep(0)
    assert (worker.phase, worker.pid) == (Phase.LOADING, None)
    loading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await loading
    async with asyncio.timeout(10):
        await worker.stop()
    assert worker.phase is Phase.STOPPED


async def test_that_a_request_for_no_model_in_particular_needs_a_loaded_one(hosts: Hosts) -> None:
    host, _ = hosts()
    with pytest.raises(ModelNotFound):
        await heard(host.generate(asking(model=None)))
    await host.load("a", order(path="a.gguf"))
    assert host.loaded == "a"
    assert text_of(await heard(host.generate(asking(model=None))))


async def test_that_many_requests_share_one_load_and_one_worker(hosts: Hosts) -> None:
    host, facts = hosts("--slow-load", "0.2")
    answers = await asyncio.gather(*(heard(host.generate(asking())) for _ in range(6)))
    assert {text_of(answer) for answer in answers} == {"w0 w1 w2 w3 w4 "}
    ready = [f for f in facts if isinstance(f, ModelMoved) and f.phase is Phase.READY]
    assert len(ready) == 1


async def test_that_a_request_that_kills_twice_fails_and_the_next_one_loads_again(
    hosts: Hosts,
) -> None:
    host, facts = hosts("--step", "0.05")
    with pytest.raises(WorkerDied) as died:
        await heard(host.generate(asking("die")))
    assert LAST_WORDS in died.value.last_words
    ended = [fact for fact in facts if isinstance(fact, WorkerEnded)]
    assert [LAST_WORDS in fact.last_words for fact in ended] == [True, True]
    assert host.loaded is None
    assert text_of(await heard(host.generate(asking(model=None)))).startswith("w0 ")


async def test_that_a_killed_worker_is_a_fact_even_when_nobody_asks(hosts: Hosts) -> None:
    host, facts = hosts()
    await host.load("a", order(path="a.gguf"))
    os.kill(host.worker_pids()[0], signal.SIGTERM)
    await until(lambda: any(isinstance(fact, WorkerEnded) for fact in facts))
    assert isinstance(facts[-1], ModelMoved)
    assert facts[-1].phase is Phase.STOPPED
    assert facts[-1].failure


async def test_that_closing_an_answer_cancels_it_and_the_others_go_on(hosts: Hosts) -> None:
    host, facts = hosts("--step", "0.01", "--tokens", "100000")
    closing = host.generate(asking())
    async for delta in closing:
        if isinstance(delta, Piece):
            break
    await closing.aclose()
    short = ChatRequest(messages=asking().messages, model="a", max_tokens=3)
    assert text_of(await heard(host.generate(short))) == "w0 w1 w2 "
    await until(lambda: isinstance(facts[-1], StreamsMoved) and facts[-1].streams == 0)


async def test_that_a_refused_request_is_its_own_typed_failure(hosts: Hosts) -> None:
    host, _ = hosts()
    with pytest.raises(ContextExceeded) as exceeded:
        await heard(host.generate(asking("refuse this")))
    assert exceeded.value.context_tokens == 4096
    assert text_of(await heard(host.generate(asking())))


async def test_that_a_refused_load_is_typed_and_told(hosts: Hosts) -> None:
    host, facts = hosts("--refuse", "load_failed")
    with pytest.raises(LoadFailed, match=r"It cannot be loaded\."):
        await heard(host.generate(asking()))
    last = facts[-1]
    assert isinstance(last, ModelMoved)
    assert last.phase is Phase.STOPPED
    assert last.failure is not None
    assert LoadFailed.remedy in last.failure
    assert host.loaded is None


async def test_that_a_death_while_loading_ends_the_wait(hosts: Hosts) -> None:
    host, _ = hosts("--die-in-load")
    with pytest.raises(WorkerDied) as died:
        await host.load("a", order(path="a.gguf"))
    assert LAST_WORDS in died.value.last_words


@pytest.mark.parametrize("options", [(), ("--deaf",)])
async def test_that_a_load_can_be_given_up(hosts: Hosts, options: tuple[str, ...]) -> None:
    host, facts = hosts("--slow-load", "3", *options)
    load = asyncio.create_task(host.load("a", order(path="a.gguf")))
    await until(lambda: any(isinstance(f, ModelMoved) and f.fraction > 0 for f in facts))
    host.cancel_load()
    with pytest.raises(LoadCancelled):
        await load
    assert host.loaded is None
    assert host.worker_pids() == ()


async def test_that_choosing_another_model_gives_up_the_load_under_way(hosts: Hosts) -> None:
    host, facts = hosts("--slow-load", "1")
    first = asyncio.create_task(host.load("a", order(path="a.gguf")))
    await until(lambda: any(isinstance(f, ModelMoved) and f.fraction > 0 for f in facts))
    await host.load("b", order(path="b.gguf"))
    with pytest.raises(LoadCancelled):
        await first
    assert host.loaded == "b"


async def test_that_a_request_for_another_model_waits_for_answers_in_progress(
    hosts: Hosts,
) -> None:
    host, _ = hosts("--step", "0.02", "--tokens", "20")
    first, second = await asyncio.gather(
        heard(host.generate(asking(model="a"))), heard(host.generate(asking(model="b")))
    )
    assert isinstance(first[-1], Finished)
    assert isinstance(second[-1], Finished)


async def test_that_unloading_fails_answers_in_progress_and_leaves_no_process(
    hosts: Hosts,
) -> None:
    host, _ = hosts("--step", "0.01", "--tokens", "100000")
    answer = asyncio.create_task(heard(host.generate(asking())))
    await until(lambda: bool(host.worker_pids()) and host.ready is not None)
    pid = host.worker_pids()[0]
    await host.unload()
    with pytest.raises(EngineError):
        await answer
    assert not is_running(pid)
    assert host.loaded is None


async def test_that_loading_the_same_way_again_keeps_the_worker(hosts: Hosts) -> None:
    host, _ = hosts()
    await host.load("a", order(path="a.gguf"))
    pids = host.worker_pids()
    await host.load("a", order(path="a.gguf"))
    assert host.worker_pids() == pids
    await host.load("a", order(path="a.gguf", context_tokens=512))
    assert host.worker_pids() != pids
    assert host.ready is not None
    assert host.ready.context_tokens == 512


async def test_that_a_template_that_refuses_says_why(hosts: Hosts) -> None:
    host, _ = hosts("--template", "{{ raise_exception('Roles must alternate') }}")
    with pytest.raises(TemplateFailed, match="Roles must alternate"):
        await heard(host.generate(asking()))


async def test_that_tokens_are_counted(hosts: Hosts) -> None:
    host, _ = hosts()
    assert await host.count("one two three", "a") == 3


async def test_that_streams_are_told_at_most_four_times_a_second(hosts: Hosts) -> None:
    host, facts = hosts("--step", "0.005", "--tokens", "150")
    await heard(host.generate(asking()))
    await until(lambda: isinstance(facts[-1], StreamsMoved) and facts[-1].streams == 0)
    told = [fact for fact in facts if isinstance(fact, StreamsMoved)]
    assert 2 <= len(told) <= 20
    assert max(fact.decode_tps for fact in told) > 0


async def test_that_too_little_memory_leads_down_the_ladder_and_what_worked_is_remembered(
    hosts: Hosts,
) -> None:
    host, facts = hosts("--room", "9000")
    await host.load("a", order(path="a.gguf"))
    steps = [fact.sentence for fact in facts if isinstance(fact, LoadStepped)]
    assert steps == [
        "Trying again with a micro-batch of 128 tokens instead of 512.",
        "Trying again with a q8_0 KV cache instead of f16.",
    ]
    assert not [fact for fact in facts if isinstance(fact, ModelMoved) and fact.failure]
    again, facts = hosts("--room", "9000")
    await again.load("a", order(path="a.gguf"))
    assert not [fact for fact in facts if isinstance(fact, LoadStepped)]


async def test_that_the_ladder_ends_with_the_failure_and_leaves_pins_alone(hosts: Hosts) -> None:
    host, facts = hosts("--room", "100")
    pinned = order(path="a.gguf", pinned=("context_tokens", "cache_type"))
    with pytest.raises(OutOfMemory):
        await host.load("a", pinned)
    assert len([fact for fact in facts if isinstance(fact, LoadStepped)]) == 1
    failures = [f.failure for f in facts if isinstance(f, ModelMoved) and f.failure]
    assert len(failures) == 1
    assert host.loaded is None


OWNER = """
import asyncio, sys
from engine.background.background import Background
from engine.host.host import Host
from pathlib import Path
from engine.host.ladder import LoadOrder
from engine.host.remembered import Remembered
from engine.protocol.load import LoadSpec
from tests.support.fake_worker import fake_worker

async def main():
    background = Background((sys.executable, "-m", "engine.background"))
    await background.start()
    async def order_for(model): return LoadOrder(spec=LoadSpec(path=model), layers=1)
    host = Host(worker_command=fake_worker("--tokens", "100000"), background=background,
                order_for=order_for, remembered=Remembered(Path("none/none")),
                tell=lambda fact: None)
    await host.load("a", await order_for("a"))
    print(background.pid, *host.worker_pids(), flush=True)
    await asyncio.sleep(3600)

asyncio.run(main())
"""


async def test_that_no_child_outlives_a_killed_owner() -> None:
    root = Path(__file__).parents[3]
    with subprocess.Popen(  # noqa: ASYNC220 - two lines are read from it
        [sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True, cwd=root
    ) as owner:
        assert owner.stdout is not None
        pids = [int(pid) for pid in owner.stdout.readline().split()]
        assert len(pids) == 2
        owner.kill()
    await until(lambda: not any(is_running(pid) for pid in pids))
