"""How much a key may ask, by a clock that the test turns; how long and deep a request may be."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from engine.access import Key, Limits
from engine.access import Scope as KeyScope
from engine.config import EngineConfig
from engine.errors import EngineError
from engine.server.auth import ACCESS
from engine.server.errors import RateLimited
from engine.server.limits import Throttle
from engine.server.port import Port
from tests.support.answers import ScriptedAnswers

pytestmark = pytest.mark.anyio

CHAT = "/v1/chat/completions"


class Turnstile:
    """A throttle, with its clock and what came of each request."""

    def __init__(self) -> None:
        self.now = 0.0
        self.may_end = asyncio.Event()
        self.may_end.set()
        self.refused: list[RateLimited] = []
        self.passed = 0
        self._throttle = Throttle(self._app, refuse=self._refuse, clock=lambda: self.now)

    async def ask(self, limits: Limits, name: str = "a") -> None:
        key = Key(
            id=name,
            name=name,
            ending="abcd",
            scopes=frozenset(KeyScope),
            made_at=datetime(2026, 1, 1, tzinfo=UTC),
            limits=limits,
        )
        scope: dict[str, Any] = {"type": "http", ACCESS: key}

        async def unused(*_: object) -> Any:
            raise AssertionError

        await self._throttle(scope, unused, unused)

    async def _app(self, _scope: Scope, _receive: Receive, _send: Send) -> None:
        self.passed += 1
        await self.may_end.wait()

    async def _refuse(self, error: EngineError, *_: object) -> None:
        assert isinstance(error, RateLimited)
        self.refused.append(error)


async def test_that_a_minute_s_requests_may_come_at_once_and_then_one_by_one() -> None:
    turnstile, limits = Turnstile(), Limits(requests_per_minute=6)
    for _ in range(7):
        await turnstile.ask(limits)
    assert (turnstile.passed, len(turnstile.refused)) == (6, 1)
    assert turnstile.refused[0].retry_seconds == 10
    turnstile.now = 9.9
    await turnstile.ask(limits)
    assert turnstile.refused[-1].retry_seconds == 1
    turnstile.now = 10.0
    await turnstile.ask(limits)
    assert turnstile.passed == 7
    await turnstile.ask(limits, "another")  # has its own minute
    assert turnstile.passed == 8


async def test_that_answers_at_once_are_counted_until_they_end() -> None:
    turnstile, limits = Turnstile(), Limits(at_once=2)
    turnstile.may_end.clear()
    async with asyncio.TaskGroup() as group:
        running = [group.create_task(turnstile.ask(limits)) for _ in range(2)]
        await asyncio.sleep(0)
        await turnstile.ask(limits)
        assert "2 answers at once" in turnstile.refused[0].sentence
        running[0].cancel()  # a client that leaves
        await asyncio.wait(running[:1])
        running.append(group.create_task(turnstile.ask(limits)))
        await asyncio.sleep(0)
        assert turnstile.passed == 3
        turnstile.may_end.set()


async def test_that_a_key_without_limits_has_none() -> None:
    turnstile = Turnstile()
    for _ in range(500):
        await turnstile.ask(Limits())
    assert turnstile.passed == 500


@pytest.fixture
async def small(answers: ScriptedAnswers) -> AsyncGenerator[httpx.AsyncClient]:
    config = EngineConfig(most_body_bytes=2048)
    port = Port(answers, config=lambda: config)
    address = await port.open("127.0.0.1", 0, explicit=True)
    async with httpx.AsyncClient(base_url=address, timeout=20) as http:
        yield http
    await port.close()


@pytest.mark.parametrize("path", [CHAT, "/v1/messages", "/api/chat", "/v1/embeddings"])
async def test_that_a_request_longer_than_the_setting_is_refused_in_each_dialect(
    small: httpx.AsyncClient, answers: ScriptedAnswers, path: str
) -> None:
    async def endless() -> AsyncGenerator[bytes]:
        for _ in range(100):
            yield b" " * 512

    json = {"content-type": "application/json"}
    for content in (b" " * 3000, endless()):
        answer = await small.post(path, content=content, headers=json)
        assert answer.status_code == 413
        assert "2,048 bytes" in answer.text
    assert not answers.requests


async def test_that_a_request_is_no_deeper_than_it_may_be(
    address: str, answers: ScriptedAnswers
) -> None:
    async with httpx.AsyncClient(base_url=address, timeout=20) as http:
        for opening in ("[", '{"a":'):
            body = b'{"image": 1, "messages": ' + opening.encode() * 100_000
            headers = {"content-type": "application/json"}
            answer = await http.post(CHAT, content=body, headers=headers)
            assert answer.status_code == 400
            assert "recursion limit" in answer.text
    assert not answers.requests
