"""What the host may rely on: the fake worker and the real one are held to the same promises."""

import os
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path

import psutil
import pytest

from engine.background.background import Background
from engine.chat import (
    ChatRequest,
    Delta,
    Finished,
    Message,
    Piece,
    PromptRead,
    Role,
    Sampling,
    StopReason,
)
from engine.host.host import Host
from engine.host.ladder import LoadOrder
from engine.host.remembered import Remembered
from engine.protocol.load import LoadSpec
from tests.support.fake_worker import fake_worker

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(240)]

REAL = (sys.executable, "-m", "engine.worker")


@pytest.fixture(
    params=[
        pytest.param(lambda: fake_worker("--step", "0.01"), id="fake"),
        pytest.param(lambda: REAL, id="real", marks=pytest.mark.journey),
    ]
)
async def host(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Host]:
    command: Callable[[], tuple[str, ...]] = request.param
    model_file: Path = request.getfixturevalue("model_file")
    background = Background((sys.executable, "-m", "engine.background"), render_seconds=30)

    async def order_for(model: str) -> LoadOrder:
        threads = os.cpu_count()
        spec = LoadSpec(path=model, gpu_layers=0, context_tokens=512, threads=threads)
        return LoadOrder(spec=spec, layers=30)

    host = Host(
        worker_command=command(),
        background=background,
        order_for=order_for,
        remembered=Remembered(tmp_path / "loads.json"),
        tell=lambda _: None,
    )
    await host.load(str(model_file), await order_for(str(model_file)))
    yield host
    await host.close()
    await background.close()


def asking(tokens: int) -> ChatRequest:
    messages = (Message(role=Role.USER, content="Count to a hundred."),)
    greedy = Sampling(temperature=0)  # a drawn answer may end before its limit
    return ChatRequest(messages=messages, sampling=greedy, max_tokens=tokens)


async def heard(answer: AsyncGenerator[Delta]) -> list[Delta]:
    async with aclosing(answer) as deltas:
        return [delta async for delta in deltas]


async def test_that_an_answer_has_an_order_and_adds_up(host: Host) -> None:
    deltas = await heard(host.generate(asking(5)))
    assert isinstance(deltas[0], PromptRead)
    assert all(isinstance(delta, Piece) for delta in deltas[1:-1])
    last = deltas[-1]
    assert isinstance(last, Finished)
    assert last.reason is StopReason.LENGTH
    assert last.timings.answer_tokens == 5
    assert last.timings.prompt_tokens == deltas[0].prompt_tokens
    assert await host.count("one two three") > 0


async def test_that_a_closed_answer_leaves_the_worker_to_others(host: Host) -> None:
    async with aclosing(host.generate(asking(400))) as answer:
        async for delta in answer:
            if isinstance(delta, Piece):
                break
    before = host.worker_pids()
    assert isinstance((await heard(host.generate(asking(2))))[-1], Finished)
    assert host.worker_pids() == before


async def test_that_a_killed_workers_answer_goes_on_in_another(host: Host) -> None:
    answer = host.generate(asking(400))
    while not isinstance(await anext(answer), Piece):
        pass
    (killed,) = host.worker_pids()
    psutil.Process(killed).kill()
    rest = await heard(answer)
    assert isinstance(rest[-1], Finished)
    assert not any(isinstance(delta, PromptRead) for delta in rest), "that was told"
    assert killed not in host.worker_pids()
    assert isinstance((await heard(host.generate(asking(2))))[-1], Finished)
