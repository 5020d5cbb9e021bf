"""Several models at once behind the local port, with the real llama.cpp."""

import asyncio
import shutil
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from engine.chat import ChatRequest, Finished, Message, Piece, Role, Sampling
from engine.config import EngineConfig, Home, LoadWish
from engine.engine import Engine
from engine.events import Event
from engine.host.facts import ModelMoved, Phase
from engine.terminal.rivals import free_port
from tests.support.homes import home_with
from tests.support.waiting import is_running, until

pytestmark = [pytest.mark.journey, pytest.mark.anyio, pytest.mark.timeout(240)]

TWIN = "Twin-135M.Q4_1"
WISH = LoadWish(context_tokens=2048, streams=2)


@pytest.fixture
def home(tmp_path: Path, model_file: Path) -> Home:
    """Two models on the shelf: the second is a copy of the first."""
    home = home_with(model_file, tmp_path / "home")
    shutil.copyfile(model_file, home.models / f"{TWIN}.gguf")
    return home


@asynccontextmanager
async def engine_of(home: Home, config: EngineConfig) -> AsyncGenerator[tuple[Engine, list[Event]]]:
    """An engine at work, and what it tells."""
    engine = Engine(home, config)
    await engine.start()
    told: list[Event] = []

    async def listen() -> None:
        async with aclosing(engine.events()) as events:
            async for event in events:
                told.append(event)  # noqa: PERF401 - looked at while it grows

    listening = asyncio.create_task(listen())
    try:
        yield engine, told
    finally:
        await engine.close()
        await listening


async def chat(address: str, model: str) -> str:
    body: dict[str, Any] = {
        "model": model,
        "messages": [{"role": "user", "content": "Say hello."}],
        "max_tokens": 8,
        "temperature": 0,
    }
    async with httpx.AsyncClient(timeout=120) as client:
        answer = await client.post(f"{address}/v1/chat/completions", json=body)
    assert answer.status_code == 200, answer.text
    said: str = answer.json()["choices"][0]["message"]["content"]
    return said


def left(told: list[Event], model: str) -> bool:
    return any(
        isinstance(event, ModelMoved) and event.model == model and event.phase is Phase.STOPPED
        for event in told
    )


async def test_that_two_models_answer_by_name_and_the_idle_one_leaves(
    home: Home, model_file: Path
) -> None:
    first = model_file.stem
    loads = {first: WISH, TWIN: WISH}
    aliases = {"gpt-4o": TWIN}
    config = EngineConfig(serve=False, loads=loads, aliases=aliases)
    async with engine_of(home, config) as (engine, told):
        address = await engine.open_port(free_port())
        await engine.load(first)
        answers = await asyncio.gather(chat(address, first), chat(address, "gpt-4o"))
        assert answers[0] == answers[1] != ""
        assert {one.model: one.phase for one in engine.residents()} == {
            first: Phase.READY,
            TWIN: Phase.READY,
        }
        assert engine.loaded == first
        assert all(one.size_bytes > 50 << 20 for one in engine.residents())
        pids = engine._host.worker_pids()  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
        assert len(pids) == 2

        await engine.configure(idle_seconds=0.5)
        await until(lambda: left(told, TWIN), seconds=30)
        assert [one.model for one in engine.residents()] == [first]
        assert not left(told, first)
        assert await chat(address, TWIN.lower())
        await engine.keep(TWIN, -1)
        assert {one.model: one.leaves_at for one in engine.residents()} == {first: None, TWIN: None}
        pids = engine._host.worker_pids()  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    await until(lambda: not any(is_running(pid) for pid in pids))


async def test_that_a_pair_of_replicas_answers_at_the_same_time(
    home: Home, model_file: Path
) -> None:
    wish = WISH.model_copy(update={"replicas": 2, "devices": ()})
    model = model_file.stem
    async with engine_of(home, EngineConfig(serve=False)) as (engine, _):
        await engine.load(model, wish)
        streams: list[AsyncGenerator[object]] = []
        for _ in range(2):
            request = ChatRequest(
                messages=(Message(role=Role.USER, content="Count."),),
                model=model,
                max_tokens=64,
                ignore_end=True,
                sampling=Sampling(temperature=0.0),
            )
            streams.append(engine.generate(request))
        begun = [await _first_piece(stream) for stream in streams]
        assert begun[0] == begun[1]
        (pair,) = engine.residents()
        assert (pair.replicas, pair.streams) == (2, 2)
        busy = [holding.cells_used for holding in engine._host.holdings()]  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
        assert len(busy) == 2
        texts = await asyncio.gather(*(_rest(stream) for stream in streams))
        assert texts[0] == texts[1] != ""


async def _first_piece(stream: AsyncGenerator[object]) -> str:
    async for delta in stream:
        if isinstance(delta, Piece):
            return delta.text
    raise AssertionError("It said nothing.")


async def _rest(stream: AsyncGenerator[object]) -> str:
    text = ""
    async for delta in stream:
        if isinstance(delta, Piece):
            text += delta.text
        if isinstance(delta, Finished):
            break
    await stream.aclose()
    return text
