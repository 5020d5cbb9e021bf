"""`fullbore chat` beside a running Engine: it attaches, streams, and stops when told."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from engine.config import EngineConfig, Home
from engine.engine import Engine, own_parts
from tests.support.fake_worker import fake_worker
from tests.support.gguf_bytes import gguf_bytes

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[3]
Chat = Callable[..., Awaitable[Process]]


@pytest.fixture
async def chat(home: Home) -> AsyncGenerator[Chat]:
    started: list[Process] = []

    async def start(*words: str, stdin: int = DEVNULL) -> Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "engine",
            "chat",
            *words,
            cwd=ROOT,
            env={**os.environ, "FULLBORE_HOME": str(home.root)},
            stdin=stdin,
            stdout=PIPE,
            stderr=PIPE,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.returncode is None:
            process.kill()
            await process.communicate()  # not wait(): an unread pipe would hold it for ever


@asynccontextmanager
async def owning(home: Home, *options: str) -> AsyncGenerator[Engine]:
    """A running Engine with the model `tiny` loaded."""
    (home.models / "tiny.gguf").write_bytes(gguf_bytes())
    parts = replace(own_parts(), worker=fake_worker(*options))
    engine = Engine(home, EngineConfig(serve=False), parts=parts)
    await engine.start()
    try:
        await engine.load("tiny")
        yield engine
    finally:
        await engine.close()


async def test_that_one_answer_comes_from_the_engine_that_runs(home: Home, chat: Chat) -> None:
    async with owning(home):
        out, err = await (await chat("--prompt", "hello")).communicate()
    assert out == b"w0 w1 w2 w3 w4 \n", err


async def test_that_a_conversation_is_read_until_the_end_of_input(home: Home, chat: Chat) -> None:
    async with owning(home):
        process = await chat("tiny", stdin=PIPE)
        out, err = await process.communicate(b"hello\n\nrefuse\nhello again\n")
    assert process.returncode == 0
    assert out == b"w0 w1 w2 w3 w4 \nw0 w1 w2 w3 w4 \n", err
    assert b"fullbore: The prompt has" in err


async def test_that_an_engine_without_a_model_is_asked_for_one(home: Home, chat: Chat) -> None:
    async with owning(home) as engine:
        await engine.unload()
        process = await chat("--prompt", "hello")
        _, err = await process.communicate()
    assert process.returncode == 1
    assert err.startswith(b"fullbore: The running Fullbore has no model loaded.")


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT cannot be sent to one process there")
async def test_that_the_first_interrupt_stops_the_answer_and_the_second_leaves(
    home: Home, chat: Chat
) -> None:
    async with owning(home, "--tokens", "100000", "--step", "0.01"):
        process = await chat(stdin=PIPE)
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(2):
            process.stdin.write(b"hello\n")
            assert await process.stdout.readuntil(b"w5 ")
            process.send_signal(signal.SIGINT)
            assert await process.stdout.readuntil("…\n".encode())
        assert await _leave(process) == 0


async def _leave(process: Process) -> int:
    """Press Ctrl+C as a person would, who presses again: one that comes just before the read of
    a line is heard with that line only."""
    while True:
        process.send_signal(signal.SIGINT)
        with suppress(TimeoutError):
            return await asyncio.wait_for(process.wait(), 1)
