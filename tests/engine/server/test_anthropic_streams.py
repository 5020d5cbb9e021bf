"""Streams, byte for byte as they are kept in tests/data/streams, and what leads to them."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Message

from engine.chat import CallPiece, Finished, StopReason, Timings
from engine.errors import WorkerDied
from engine.server.anthropic.bill import stop_reason
from engine.server.anthropic.messages import message_routes
from engine.server.anthropic.schema import MessagesBody
from engine.server.situation import Situation
from tests.support.answers import QUIET_MODEL, ScriptedAnswers

pytestmark = pytest.mark.anyio

STREAMS = Path(__file__).parents[2] / "data" / "streams"
BODY: dict[str, Any] = {
    "model": QUIET_MODEL.id,
    "max_tokens": 100,
    "stream": True,
    "messages": [{"role": "user", "content": "What is the weather in Oslo?"}],
}
TOOL: dict[str, Any] = {"name": "get_weather", "input_schema": {"type": "object"}}


@pytest.fixture
async def http(address: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=address, timeout=20, verify=False) as http:
        yield http


def kept(name: str) -> str:
    return (STREAMS / f"anthropic_{name}.txt").read_text("utf-8")


def unnamed(stream: str) -> str:
    """Every message has an id of its own."""
    return re.sub(r'"msg_[0-9a-f]{24}"', '"msg_…"', stream)


async def streamed(http: httpx.AsyncClient, **wishes: object) -> str:
    answer = await http.post("/v1/messages", json={**BODY, **wishes})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    return unnamed(answer.text)


async def test_that_a_text_s_stream_is_the_one_that_is_kept(http: httpx.AsyncClient) -> None:
    assert await streamed(http) == kept("text")


async def test_that_a_stream_ended_by_a_string_names_it(http: httpx.AsyncClient) -> None:
    assert await streamed(http, stop_sequences=[" world"]) == kept("stopped")


async def test_that_the_stream_of_thoughts_and_calls_is_the_one_that_is_kept(
    http: httpx.AsyncClient, answers: ScriptedAnswers
) -> None:
    answers.thoughts, answers.words = ("They ask", " for the weather."), ("I look", " – 👀.")
    answers.calls = (
        CallPiece(index=0, id="call_1", name="get_weather"),
        CallPiece(index=0, arguments='{"city":'),
        CallPiece(index=0, arguments=' "Oslo"}'),
        CallPiece(index=1, id="call_2", name="get_weather", arguments='{"city": "Bergen"}'),
    )
    thinking = {"type": "enabled", "budget_tokens": 1024}
    assert await streamed(http, thinking=thinking, tools=[TOOL]) == kept("thoughts_and_calls")


async def test_that_a_failure_in_mid_stream_is_its_last_event(
    http: httpx.AsyncClient, answers: ScriptedAnswers
) -> None:
    answers.failure, answers.fail_after = WorkerDied("The model's process ended."), 2
    assert await streamed(http) == kept("failure")


async def test_that_pings_come_while_a_model_loads(answers: ScriptedAnswers) -> None:
    answers.may_speak.clear()
    situation = Situation(answers=answers, fingerprint="test", quiet_seconds=0.01)
    sent = b""

    async def receive() -> Message:
        if not received:
            received.append(True)
            body = json.dumps(BODY).encode()
            return {"type": "http.request", "body": body, "more_body": False}
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        nonlocal sent
        sent += message.get("body", b"")
        if sent.count(b"event: ping\n") == 2:
            answers.may_speak.set()

    received: list[bool] = []
    app = FastAPI()
    app.state.situation = situation
    app.include_router(message_routes(situation))
    scope: dict[str, object] = {
        "type": "http",
        "method": "POST",
        "path": "/v1/messages",
        "headers": [(b"content-type", b"application/json")],
        "query_string": b"",
    }
    async with asyncio.timeout(20):
        await app(scope, receive, send)
    ping = 'event: ping\ndata: {"type":"ping"}\n\n'
    told = unnamed(sent.decode())
    assert told.startswith(ping * 2)
    assert told.replace(ping, "") == kept("text").replace(ping, "")


@pytest.mark.parametrize(
    ("reason", "tokens", "told"),
    [
        (StopReason.END, 5, "end_turn"),
        (StopReason.STOP, 5, "stop_sequence"),
        (StopReason.TOOLS, 5, "tool_use"),
        (StopReason.LENGTH, 100, "max_tokens"),
        (StopReason.LENGTH, 99, "model_context_window_exceeded"),
    ],
)
def test_that_every_end_has_its_name(reason: StopReason, tokens: int, told: str) -> None:
    timings = Timings(
        prompt_tokens=1,
        reused_tokens=0,
        answer_tokens=tokens,
        queue_seconds=0.0,
        prompt_seconds=0.0,
        decode_seconds=0.0,
    )
    body = MessagesBody.model_validate_json(json.dumps(BODY))
    assert stop_reason(Finished(reason=reason, timings=timings), body) == told
