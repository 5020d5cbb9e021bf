"""Long counts: kills, loads and nonsense, with the real engine and the real model.

Run by `sh installers/test.sh --soak`; the output is kept in docs/reliability.md.
"""

import asyncio
import json
import random
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from openai import AsyncOpenAI

from engine.chat import ChatRequest, Message, Piece, Role
from engine.config import EngineConfig
from engine.engine import Engine
from engine.errors import WorkerDied
from tests.support.homes import home_with

pytestmark = [pytest.mark.soak, pytest.mark.anyio, pytest.mark.timeout(1800)]

KILLS = 50
CLIENTS, ROUNDS = 16, 25
NONSENSE = 3000


@pytest.fixture
def story() -> ChatRequest:
    """A question whose answer is long."""
    question = Message(role=Role.USER, content="Write a very long story about a lighthouse.")
    return ChatRequest(messages=(question,), max_tokens=200)


async def test_that_fifty_killed_workers_cost_fifty_answers_and_nothing_more(
    tmp_path: Path, model_file: Path, story: ChatRequest
) -> None:
    dice = random.Random(1)
    async with running(model_file, tmp_path) as engine:
        for _ in range(KILLS):
            with pytest.raises(WorkerDied):
                await _kill_in_mid_answer(engine, story, after=dice.randrange(1, 40))
        text = [d.text async for d in engine.generate(story) if isinstance(d, Piece)]
    assert "".join(text).strip()
    print(f"\nkills: {KILLS} workers killed in mid-answer, each next answer came")


async def test_that_sixteen_clients_get_every_answer_whole(
    tmp_path: Path, model_file: Path
) -> None:
    async with running(model_file, tmp_path) as engine:
        address = await engine.open_port()
        before = 0
        async with AsyncOpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client:
            for number in range(ROUNDS):
                answers = await asyncio.gather(
                    *(_answer(client, model_file.stem, seed=n) for n in range(CLIENTS))
                )
                assert all(answers)
                if number == 4:
                    before = psutil.Process().memory_info().rss
        grown = psutil.Process().memory_info().rss / before - 1
    print(f"\nload: {CLIENTS} clients × {ROUNDS} rounds answered; memory grew {grown:.1%}")
    assert grown < 0.05


async def test_that_nonsense_over_http_is_refused_and_the_next_question_answered(
    tmp_path: Path, model_file: Path
) -> None:
    dice, codes = random.Random(2), dict[int, int]()
    async with running(model_file, tmp_path) as engine:
        address = await engine.open_port()
        json_body = {"Content-Type": "application/json"}
        async with httpx.AsyncClient(base_url=address, timeout=30, headers=json_body) as client:
            for _ in range(NONSENSE):
                body = _nonsense(dice, model_file.stem)
                reply = await client.post("/v1/chat/completions", content=body)
                codes[reply.status_code] = codes.get(reply.status_code, 0) + 1
                if reply.status_code != 200:
                    assert reply.json()["error"]["message"]
            assert (await client.get("/health")).status_code == 200
    print(f"\nnonsense: {NONSENSE} requests, by status {dict(sorted(codes.items()))}")
    assert max(codes) < 500
    assert codes[200] > 0
    assert codes[400] > 0


@asynccontextmanager
async def running(model: Path, folder: Path) -> AsyncGenerator[Engine]:
    """The real engine with the model loaded, and nothing left of it afterwards."""
    engine = Engine(home_with(model, folder / "home"), EngineConfig(serve=False))
    await engine.start()
    try:
        await engine.refresh_models()
        await engine.load(model.stem)
        yield engine
    finally:
        await engine.close()


async def _kill_in_mid_answer(engine: Engine, story: ChatRequest, *, after: int) -> None:
    pieces = 0
    async for delta in engine.generate(story):
        pieces += isinstance(delta, Piece)
        if pieces == after:
            _the_worker().kill()


def _the_worker() -> psutil.Process:
    (found,) = [
        child
        for child in psutil.Process().children()
        if child.status() != psutil.STATUS_ZOMBIE and "engine.worker" in child.cmdline()
    ]
    return found


async def _answer(client: AsyncOpenAI, model: str, *, seed: int) -> str:
    text = ""
    async with await client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": f"Tell me something about the number {seed}."}],
        max_tokens=16,
        seed=seed,
        stream=True,
    ) as chunks:
        async for chunk in chunks:
            text += (chunk.choices[0].delta.content or "") if chunk.choices else ""
    return text


def _nonsense(dice: random.Random, model: str) -> bytes:
    """A request with one to three fields made absurd; max_tokens stays, for an answer's end."""
    body: dict[str, object] = {
        "model": model,
        "messages": [{"role": "user", "content": "hi"}],
        "max_tokens": 1,
    }
    for _ in range(dice.randrange(1, 4)):
        body[dice.choice(FIELDS)] = dice.choice(ABSURD)
    text = json.dumps(body).encode()
    return text if dice.random() > 0.1 else text[: dice.randrange(len(text))]


FIELDS = (
    *("model", "messages", "temperature", "top_p", "top_k", "min_p", "stop", "seed"),
    *("n", "stream", "logit_bias", "presence_penalty", "frequency_penalty", "stream_options"),
    "unknown",
)
ABSURD: tuple[Any, ...] = (
    *(None, True, -1, 0, 10**30, 1e308, float("nan"), float("inf"), "", "x", "é" * 50, ["", ""]),
    *(
        list[int](),
        dict[str, int](),
        [[1]],
        [None],
        {"a": 1},
        {"-1": 5},
        {"999999": 100},
        "nobody/nothing:Q9",
    ),
    *([{"role": "user"}], [{"role": "nobody", "content": "x"}]),
    [{"role": "user", "content": [{"type": "image_url"}]}],
)
