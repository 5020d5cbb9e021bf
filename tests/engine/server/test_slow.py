"""Clients that take their time, over raw sockets."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

import httpx
import pytest

from engine.server.port import Port
from engine.server.slow import Patience
from tests.support.answers import ScriptedAnswers
from tests.support.pace import allowed

pytestmark = pytest.mark.anyio

HURRIED = Patience(
    headers_seconds=0.2,
    body_seconds=0.2,
    body_rate=1 << 20,
    linger_seconds=0.2,
    idle_seconds=60,
    connections=3,
)
HEAD = (
    b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
)
GOOD = {"messages": [{"role": "user", "content": "Hi"}]}


@pytest.fixture
async def number(answers: ScriptedAnswers) -> AsyncGenerator[int]:
    port = Port(answers, patience=HURRIED)
    address = await port.open("127.0.0.1", 0, explicit=True)
    yield int(address.rpartition(":")[2])
    await port.close()


async def trickle(number: int, start: bytes) -> bytes:
    """All that is answered to a client that sends one byte now and then, until it is cut off."""
    reader, writer = await asyncio.open_connection("127.0.0.1", number)
    writer.write(start)

    async def drip() -> None:
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    answered = b""
    dripping = asyncio.create_task(drip())
    try:
        async with asyncio.timeout(allowed(10)):
            while stretch := await reader.read(1 << 16):
                answered += stretch
    except ConnectionError:  # cut off; what came before counts
        pass
    finally:
        dripping.cancel()
        await asyncio.gather(dripping, return_exceptions=True)
        writer.close()
    return answered


@pytest.mark.parametrize("start", [b"", b"G", b"GET / HTTP/1.1\r\nHost: localhost\r\nX: "])
async def test_that_headers_that_trickle_in_are_cut_off(number: int, start: bytes) -> None:
    assert await trickle(number, start) == b""


async def test_that_a_connection_without_a_word_is_closed(number: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", number)
    async with asyncio.timeout(allowed(10)):
        with suppress(ConnectionError):
            assert await reader.read() == b""
    writer.close()


async def test_that_the_second_request_of_a_connection_may_not_trickle_in_either(
    number: int,
) -> None:
    whole = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    answered = await trickle(number, whole + b"GET /hea")
    assert answered.startswith(b"HTTP/1.1 200")


async def test_that_a_body_that_trickles_in_is_answered_408(
    number: int, answers: ScriptedAnswers
) -> None:
    answered = await trickle(number, HEAD)
    assert answered.startswith(b"HTTP/1.1 408")
    assert b"request_timeout" in answered
    assert b"connection: close" in answered.lower()
    assert not answers.requests


async def test_that_a_body_nobody_waits_for_does_not_hold_its_connection(number: int) -> None:
    answered = await trickle(number, HEAD.replace(b"application/json", b"text/plain"))
    assert answered.startswith(b"HTTP/1.1 415")


async def test_that_who_waits_for_an_answer_may_wait(number: int, answers: ScriptedAnswers) -> None:
    answers.may_speak.clear()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{number}", timeout=20) as http:
        asked = asyncio.create_task(http.post("/v1/chat/completions", json=GOOD))
        # Longer than any of the port's deadlines: these are what would cut it off.
        await asyncio.wait([asked], timeout=0.6)
        answers.may_speak.set()
        assert (await asked).status_code == 200


async def test_that_too_many_connections_are_told_and_far_too_many_are_cut(
    number: int, answers: ScriptedAnswers
) -> None:
    answers.may_speak.clear()
    url = f"http://127.0.0.1:{number}"
    async with httpx.AsyncClient(timeout=20) as http:
        chat = f"{url}/v1/chat/completions"
        held = [asyncio.create_task(http.post(chat, json=GOOD)) for _ in range(3)]
        while len(answers.requests) < 3:
            await asyncio.wait(held, timeout=0.01)
        for path, told in (("/v1/messages", '"overloaded_error"'), ("/api/tags", '{"error":"As')):
            answer = await http.get(f"{url}{path}")
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == "2"
            assert answer.headers["connection"] == "close"
            assert told in answer.text
        many = [await asyncio.open_connection("127.0.0.1", number) for _ in range(6)]
        async with asyncio.timeout(allowed(10)):
            with suppress(ConnectionError):
                assert await many[-1][0].read() == b""
        for _, writer in many:
            writer.close()
        answers.may_speak.set()
        assert {(await answer).status_code for answer in held} == {200}
