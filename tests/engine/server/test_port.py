"""Opening and closing the port."""

import asyncio
import signal
import socket
import time
from collections.abc import MutableMapping
from typing import Any

import httpx
import openai
import pytest

from engine.errors import PortInUse
from engine.server.app import app_for
from engine.server.port import Port
from engine.server.situation import Situation
from tests.support.answers import QUIET_MODEL, ScriptedAnswers

pytestmark = pytest.mark.anyio


def taken_port() -> tuple[socket.socket, int]:
    """A listening socket whose port has room for neighbours above it."""
    while True:
        holder = socket.socket()
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port: int = holder.getsockname()[1]
        if port < 65_000:
            return holder, port
        holder.close()


async def test_that_a_taken_port_gives_way_to_a_free_one(answers: ScriptedAnswers) -> None:
    holder, number = taken_port()
    port = Port(answers)
    with holder:
        address = await port.open("127.0.0.1", number, explicit=False)
        assert number < int(address.rpartition(":")[2]) <= number + 20
        async with httpx.AsyncClient() as http:
            assert (await http.get(f"{address}/health")).status_code == 200
        await port.close()


async def test_that_half_a_request_does_not_keep_the_port_open(
    answers: ScriptedAnswers, caplog: pytest.LogCaptureFixture
) -> None:
    port = Port(answers)
    address = await port.open("127.0.0.1", 0, explicit=True)
    number = int(address.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", number)
    writer.write(
        b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
        b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
    )
    assert b"100" in await reader.readline()  # its body is waited for
    await port.close()
    assert b"port_closing" in await reader.read()
    assert "Traceback" not in caplog.text
    writer.close()


async def test_that_no_answer_waits_for_the_clients_system_to_say_that_it_heard(
    address: str,
) -> None:
    """Head and body are written one after the other: with Nagle's delay 40 ms lie between them."""
    async with httpx.AsyncClient(base_url=address) as http:
        seconds = [(await http.get("/health")).elapsed.total_seconds() for _ in range(60)]
    # The first ones are acknowledged at once by every system, and a busy machine slows some down.
    assert min(seconds[30:]) < 0.02


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": "Hi"}]}),
        ("/v1/completions", {"prompt": "Hi"}),
        ("/v1/responses", {"input": "Hi"}),
        (
            "/v1/messages",
            {
                "model": QUIET_MODEL.id,
                "max_tokens": 9,
                "messages": [{"role": "user", "content": "H"}],
            },
        ),
    ],
)
async def test_that_the_words_of_a_model_make_no_events_of_their_own(
    address: str, answers: ScriptedAnswers, path: str, said: dict[str, Any]
) -> None:
    answers.words = ("a\n\ndata: [DONE]\n\n", "\r\nevent: error\r\n", "b\u2028c\x85d\u2029\x0c")
    async with httpx.AsyncClient(base_url=address) as http:
        answer = await http.post(path, json={**said, "stream": True})
    lines = [line for line in answer.text.splitlines() if line]
    assert all(line.startswith(("data: {", "event: ", "data: [DONE]")) for line in lines)
    assert "event: error" not in lines
    assert lines.count("data: [DONE]") == (path in {"/v1/chat/completions", "/v1/completions"})


async def test_that_health_is_there_for_those_who_want_its_head_alone(address: str) -> None:
    async with httpx.AsyncClient(base_url=address) as http:
        answer = await http.head("/health")
    assert (answer.status_code, answer.content) == (200, b"")


async def test_that_a_taken_port_asked_for_explicitly_is_a_failure_with_a_remedy(
    answers: ScriptedAnswers,
) -> None:
    holder, number = taken_port()
    with holder, pytest.raises(PortInUse, match=f"Port {number} is in use") as raised:
        await Port(answers).open("127.0.0.1", number, explicit=True)
    assert "Choose another port" in raised.value.sentence


async def test_that_an_address_of_another_computer_is_a_failure_with_a_remedy(
    answers: ScriptedAnswers,
) -> None:
    with pytest.raises(PortInUse, match=r"192\.0\.2\.1 could not be opened"):
        await Port(answers).open("192.0.2.1", 0, explicit=False)


async def test_that_the_same_port_opens_again_after_closing(answers: ScriptedAnswers) -> None:
    port = Port(answers)
    address = await port.open("127.0.0.1", 0, explicit=True)
    number = int(address.rpartition(":")[2])
    async with httpx.AsyncClient() as http:
        assert (await http.get(f"{address}/health")).status_code == 200
        await port.close()
        with pytest.raises(httpx.ConnectError):
            await http.get(f"{address}/health")
        assert await port.open("127.0.0.1", number, explicit=True) == address
        assert (await http.get(f"{address}/health")).status_code == 200
    await port.close()
    await port.close()


async def test_that_signals_stay_with_the_program(answers: ScriptedAnswers) -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    port = Port(answers)
    await port.open("127.0.0.1", 0, explicit=True)
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
    await port.close()


async def test_that_closing_tells_open_streams_and_takes_less_than_two_seconds(
    answers: ScriptedAnswers,
) -> None:
    answers.pause_after = 1
    port = Port(answers)
    address = await port.open("127.0.0.1", 0, explicit=True)
    async with openai.AsyncOpenAI(base_url=f"{address}/v1", api_key="-", max_retries=0) as client:
        stream = await client.chat.completions.create(
            model=QUIET_MODEL.id, messages=[{"role": "user", "content": "Hi"}], stream=True
        )
        await answers.pausing.wait()
        whole = asyncio.create_task(
            client.chat.completions.create(
                model=QUIET_MODEL.id, messages=[{"role": "user", "content": "Hi"}]
            )
        )
        while len(answers.requests) < 2:
            await asyncio.wait([whole], timeout=0.01)
        began = time.monotonic()
        await port.close()
        assert time.monotonic() - began < 2
        with pytest.raises(openai.APIError, match="The local port was closed"):
            _ = [chunk async for chunk in stream]
        with pytest.raises(openai.InternalServerError, match="The local port was closed"):
            await whole
    assert answers.running == 0


async def test_that_closing_does_not_wait_for_a_client_that_neither_reads_nor_writes(
    answers: ScriptedAnswers,
) -> None:
    answers.words = ("x" * 65_536,) * 2_000
    port = Port(answers)
    address = await port.open("127.0.0.1", 0, explicit=True)
    number = int(address.rpartition(":")[2])
    half = socket.create_connection(("127.0.0.1", number))
    half.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Le")
    deaf = socket.create_connection(("127.0.0.1", number))
    body = b'{"stream":true,"messages":[{"role":"user","content":"Hi"}]}'
    deaf.sendall(
        b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    )
    with half, deaf:
        while not answers.requests:
            await asyncio.wait_for(asyncio.to_thread(deaf.recv, 1), 10)
        began = time.monotonic()
        await port.close()
        assert time.monotonic() - began < 2
    async with asyncio.timeout(5):
        await answers.all_closed.wait()


async def test_that_a_long_load_is_bridged_by_comments(answers: ScriptedAnswers) -> None:
    situation = Situation(answers=answers, fingerprint="test", quiet_seconds=0.01)
    app = app_for(situation, host="localhost")
    answers.may_speak.clear()
    sent: list[bytes] = []
    body = b'{"stream":true,"messages":[{"role":"user","content":"Hi"}]}'
    incoming = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, object]:
        if incoming:
            return dict(incoming.pop())
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message.get("body", b""))
        if sent.count(b": waiting\n\n") == 2:
            answers.may_speak.set()

    headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
    scope: dict[str, object] = {
        "type": "http",
        "method": "POST",
        "path": "/v1/chat/completions",
        "query_string": b"",
        "headers": headers,
        "server": ("127.0.0.1", 80),
    }
    async with asyncio.timeout(10):
        await app(scope, receive, send)
    assert sent.count(b": waiting\n\n") >= 2
    assert b"".join(sent).endswith(b"data: [DONE]\n\n")
