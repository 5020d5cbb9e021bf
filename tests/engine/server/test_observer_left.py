"""A client that goes away takes its answer along within one step of the worker, a real process."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from engine.config import EngineConfig, Home
from engine.engine import Engine, own_parts
from engine.requests import Stage
from tests.support.fake_worker import fake_worker
from tests.support.gguf_bytes import gguf_bytes
from tests.support.waiting import until

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]

STEP_SECONDS = 0.2
CHAT = {"model": "tiny", "messages": [{"role": "user", "content": "This is request 7."}]}


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """What passed between host and worker."""
    return tmp_path / "passed.jsonl"


@pytest.fixture
async def engine(tmp_path: Path, log: Path) -> AsyncGenerator[Engine]:
    home = Home(tmp_path / "home")
    home.make()
    (home.models / "tiny.gguf").write_bytes(gguf_bytes())
    tee = (sys.executable, "-m", "tests.benches.port_tee", str(log))
    worker = fake_worker("--tokens", "1000000", "--step", str(STEP_SECONDS))
    parts = replace(own_parts(), worker=(*tee, *worker), window=False)
    engine = Engine(home, EngineConfig(serve=False), parts=parts)
    await engine.start()
    yield engine
    await engine.close()


def lines_of(log: Path) -> list[dict[str, Any]]:
    """One for each answer that is over."""
    if not log.exists():
        return []
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("streams", [True, False], ids=["stream", "whole"])
async def test_that_a_client_that_leaves_ends_its_answer_within_a_step(
    engine: Engine, log: Path, *, streams: bool
) -> None:
    async with httpx.AsyncClient(base_url=await engine.open_port(), timeout=30) as http:
        asking = asyncio.create_task(
            http.post("/v1/chat/completions", json={**CHAT, "stream": streams})
        )
        await until(lambda: any(one.stage is Stage.WRITING for one in engine.requests()))
        asking.cancel()
        await asyncio.wait({asking})
        await until(lambda: bool(lines_of(log)))
    (passed,) = lines_of(log)
    assert passed["mark"] == 7
    assert passed["cancelled"] is not None
    assert passed["steps_after_cancel"] <= 1
    assert not passed["ended"]
    assert [one.stage for one in engine.requests()] == [Stage.LEFT]
