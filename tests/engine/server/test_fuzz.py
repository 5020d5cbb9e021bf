"""Thousands of requests that nobody would send on purpose, to a real port with a real model."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine.config import EngineConfig, Home, LoadWish
from engine.engine import Engine
from engine.events import StreamsMoved, WorkerEnded
from engine.terminal.rivals import free_port
from tests.support.odd_requests import REQUESTS

pytestmark = pytest.mark.journey

CONTEXT_TOKENS = 2048
STREAMS = 4
TOGETHER = 10  # requests at once, in each example
REFUSAL_SECONDS = 1.0
BUSY_REFUSAL_SECONDS = 10.0  # of few requests, on a machine that has other things to do


@dataclass
class Fuzzed:
    """A running Engine with an open port, and what its answers were."""

    engine: Engine
    client: httpx.AsyncClient
    pids: tuple[int, ...]
    refusals: list[tuple[float, str]] = field(default_factory=list[tuple[float, str]])
    answers: int = 0
    dead: list[str] = field(default_factory=list[str])
    streams: int = 0

    async def send(self, path: str, body: dict[str, Any]) -> None:
        unlimited = body.get("max_tokens") in (None, -1, -1.0)
        try:
            async with asyncio.timeout(0.5 if unlimited else 120):
                await self._send(path, body)
        except TimeoutError:
            assert unlimited, f"no end of {body!r}"

    async def _send(self, path: str, body: dict[str, Any]) -> None:
        began = time.monotonic()
        answer = await self.client.post(
            path, content=json.dumps(body), headers={"content-type": "application/json"}
        )
        assert answer.status_code < 500, (body, answer.text)
        assert "server_error" not in answer.text, (body, answer.text)
        if answer.status_code == 200:
            self.answers += 1
        else:
            self.refusals.append((time.monotonic() - began, json.dumps(body)[:2000]))
            assert answer.json()["error"]["message"], body

    async def check(self) -> None:
        """Nothing is left behind: one answer has all the context, and then all slots are free."""
        assert not self.dead
        assert self.engine._host.worker_pids() == self.pids  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
        ready = self.engine._host.ready  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
        assert ready is not None
        long = list(range(1000, 1000 + ready.answer_context_tokens - 8))
        short = {"prompt": "Once", "max_tokens": 4, "ignore_eos": True}
        await self._send("/v1/completions", {"prompt": long, "max_tokens": 4, "ignore_eos": True})
        await asyncio.gather(*(self._send("/v1/completions", short) for _ in range(STREAMS)))
        async with asyncio.timeout(20):
            while self.streams:
                await asyncio.sleep(0.05)


async def fuzzed(home: Home, model_file: Path) -> AsyncGenerator[Fuzzed]:
    engine = Engine(home, EngineConfig(serve=False, streams=STREAMS))
    await engine.start()
    try:
        wish = LoadWish(context_tokens=CONTEXT_TOKENS, streams=STREAMS)
        await engine.load(str(model_file), wish)
        address = await engine.open_port(free_port())
        async with httpx.AsyncClient(base_url=address, timeout=None, verify=False) as client:
            pids = engine._host.worker_pids()  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
            held = Fuzzed(engine=engine, client=client, pids=pids)
            watching = asyncio.create_task(watch(held))
            try:
                yield held
            finally:
                watching.cancel()
                with suppress(asyncio.CancelledError):
                    await watching
    finally:
        await engine.close()


async def watch(held: Fuzzed) -> None:
    async with aclosing(held.engine.events()) as events:
        async for event in events:
            match event:
                case WorkerEnded():
                    held.dead.append(event.last_words)
                case StreamsMoved():
                    held.streams = event.streams
                case _:
                    pass


def fuzz(home: Home, model_file: Path, requests: int, *, patience: float) -> None:
    """Send that many, some at once; then nothing may be left behind.

    All but one of a hundred refusals come within `patience` seconds.
    """
    with asyncio.Runner() as runner:
        life = fuzzed(home, model_file)
        held = runner.run(anext(life))

        @settings(
            max_examples=requests // TOGETHER,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        )
        @given(st.lists(REQUESTS, min_size=TOGETHER, max_size=TOGETHER))
        def send(batch: list[tuple[str, dict[str, Any]]]) -> None:
            runner.run(all_of(held, batch))

        try:
            send()
            runner.run(held.check())
        finally:
            runner.run(life.aclose())
    refusals = sorted(held.refusals)
    print(f"{held.answers} answers, {len(refusals)} refusals, slowest {refusals[-3:]}")
    assert held.answers >= requests // 50
    assert len(refusals) >= requests // 10
    assert refusals[int(len(refusals) * 0.99) - 1][0] < patience


async def all_of(held: Fuzzed, batch: list[tuple[str, dict[str, Any]]]) -> None:
    await asyncio.gather(*(held.send(path, body) for path, body in batch))


@pytest.mark.timeout(600)
def test_that_odd_requests_leave_nothing_behind(home: Home, model_file: Path) -> None:
    fuzz(home, model_file, 150, patience=BUSY_REFUSAL_SECONDS)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_that_ten_thousand_odd_requests_leave_nothing_behind(home: Home, model_file: Path) -> None:
    fuzz(home, model_file, 10_000, patience=REFUSAL_SECONDS)
