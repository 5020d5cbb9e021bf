"""What a conversation takes of the context, told by fake workers and by the real one."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from engine.background.background import Background
from engine.chat import ChatRequest, Message, Role, Weight
from engine.errors import EngineError, TemplateFailed, WorkerDied
from engine.host.host import Host
from engine.host.ladder import LoadOrder
from engine.host.remembered import Remembered
from engine.host.weigher import Weigher
from engine.protocol.load import LoadSpec
from tests.support.fake_worker import fake_worker
from tests.support.waiting import is_running, until

pytestmark = pytest.mark.anyio

REAL = (sys.executable, "-m", "engine.worker")
Weighers = Callable[..., Weigher]


@pytest.fixture
async def background() -> AsyncIterator[Background]:
    background = Background((sys.executable, "-m", "engine.background"), render_seconds=20)
    yield background
    await background.close()


@pytest.fixture
async def weighers(background: Background) -> AsyncIterator[Weighers]:
    made: list[Weigher] = []

    def make(*options: str, **patience: float) -> Weigher:
        made.append(Weigher(fake_worker(*options), background, **patience))
        return made[-1]

    yield make
    for weigher in made:
        await weigher.close()


def conversation(*contents: str) -> ChatRequest:
    turns = [Message(role=Role.USER, content=content) for content in contents]
    return ChatRequest(messages=tuple(turns), model="a")


async def test_that_a_vocabulary_weighs_each_message_and_the_whole_prompt(
    weighers: Weighers,
) -> None:
    weight = await weighers().by_vocabulary(conversation("one two", "three"), "a.gguf")
    assert weight.messages == (2, 1)
    assert weight.total > sum(weight.messages)
    assert weight.context_tokens is None


async def test_that_one_process_is_kept_and_another_model_takes_its_place(
    weighers: Weighers,
) -> None:
    weigher = weighers()
    await weigher.by_vocabulary(conversation("one"), "a.gguf")
    first = weigher.pid
    await weigher.by_vocabulary(conversation("one", "two"), "a.gguf")
    assert weigher.pid == first
    await asyncio.gather(
        weigher.by_vocabulary(conversation("one"), "b.gguf"),
        weigher.by_vocabulary(conversation("two"), "b.gguf"),
    )
    assert first is not None
    assert weigher.pid not in {None, first}
    assert not is_running(first)


async def test_that_the_process_ends_when_nobody_asks(weighers: Weighers) -> None:
    weigher = weighers(idle_seconds=0.01)
    await weigher.by_vocabulary(conversation("one"), "a.gguf")
    await until(lambda: weigher.pid is None)


async def test_that_a_process_killed_meanwhile_is_replaced(weighers: Weighers) -> None:
    weigher = weighers()
    await weigher.by_vocabulary(conversation("one"), "a.gguf")
    assert weigher.pid is not None
    os.kill(weigher.pid, signal.SIGTERM)
    await until(lambda: not is_running(weigher.pid or 0))
    assert (await weigher.by_vocabulary(conversation("a b c"), "a.gguf")).messages == (3,)


async def test_that_a_process_that_dies_is_a_sentence(weighers: Weighers) -> None:
    weigher = weighers("--die-in-load")
    with pytest.raises(WorkerDied, match="The process that ran a ended"):
        await weigher.by_vocabulary(conversation("one"), "a.gguf")


async def test_that_a_count_that_hangs_is_given_up_and_the_next_one_works(
    weighers: Weighers,
) -> None:
    weigher = weighers("--hang-at", "tar pit", count_seconds=0.2)
    with pytest.raises(EngineError, match=r"longer than 0\.2 s"):
        await weigher.by_vocabulary(conversation("tar pit"), "a.gguf")
    assert (await weigher.by_vocabulary(conversation("a b"), "a.gguf")).messages == (2,)


async def test_that_nothing_is_weighed_after_the_end(weighers: Weighers) -> None:
    weigher = weighers()
    await weigher.close()
    with pytest.raises(EngineError):
        await weigher.by_vocabulary(conversation("one"), "a.gguf")
    assert weigher.pid is None


async def test_that_a_template_that_refuses_is_a_sentence(weighers: Weighers) -> None:
    weigher = weighers("--template", "{{ raise_exception('Roles must alternate') }}")
    with pytest.raises(TemplateFailed, match="Roles must alternate"):
        await weigher.by_vocabulary(conversation("one"), "a.gguf")


@pytest.mark.journey
@pytest.mark.timeout(240)
async def test_that_a_loaded_model_and_its_vocabulary_alone_agree(
    model_file: Path, background: Background, tmp_path: Path
) -> None:
    async def order_for(model: str) -> LoadOrder:
        spec = LoadSpec(path=model, gpu_layers=0, context_tokens=512, unified_kv=False, streams=2)
        return LoadOrder(spec=spec, layers=30)

    host = Host(
        worker_command=REAL,
        background=background,
        order_for=order_for,
        remembered=Remembered(tmp_path / "loads.json"),
        tell=lambda _: None,
    )
    name = str(model_file)
    request = ChatRequest(
        messages=(
            Message(role=Role.SYSTEM, content="You are terse."),
            Message(role=Role.USER, content="What is the capital of France? 首都 🗼"),
            Message(role=Role.ASSISTANT, content="Paris."),
        ),
        model=name,
    )
    try:
        alone = await host.weigh(request, name)
        assert host.loaded is None
        await host.load(name, await order_for(name))
        loaded = await host.weigh(request, name)
    finally:
        await host.close()
    assert isinstance(loaded, Weight)
    assert (alone.messages, alone.total) == (loaded.messages, loaded.total)
    assert (alone.context_tokens, loaded.context_tokens) == (None, 256)
    assert loaded.messages[2] == 2
