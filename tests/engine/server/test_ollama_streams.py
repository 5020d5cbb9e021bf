"""Streams as Ollama writes them, byte for byte but for the times."""

import json
import re
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx
import pytest

from engine.chat import CallPiece
from engine.errors import WorkerDied
from tests.support.answers import QUIET_MODEL, ScriptedAnswers

pytestmark = pytest.mark.anyio

STREAMS = Path(__file__).parents[2] / "data" / "streams"
_TIME = re.compile(r'"created_at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"')
_MEASURED = re.compile(r'"total_duration":\d+')
ASKED: dict[str, Any] = {"model": QUIET_MODEL.id}
QUESTION = [{"role": "user", "content": "Say hello."}]


@pytest.fixture
async def http(address: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=address, timeout=20) as http:
        yield http


async def stream(http: httpx.AsyncClient, path: str, body: dict[str, Any]) -> str:
    answer = await http.post(path, json={**ASKED, **body})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/x-ndjson"
    text = _TIME.sub('"created_at":"TIME"', answer.text)
    return _MEASURED.sub('"total_duration":0', text)


def golden(name: str) -> str:
    return (STREAMS / f"{name}.ndjson").read_text(encoding="utf-8")


async def test_that_a_chat_is_written_so(http: httpx.AsyncClient, answers: ScriptedAnswers) -> None:
    answers.thoughts = ("Hm", "…")
    assert await stream(http, "/api/chat", {"messages": QUESTION}) == golden("ollama_chat")


async def test_that_calls_are_written_so(http: httpx.AsyncClient, answers: ScriptedAnswers) -> None:
    answers.words = ()
    answers.calls = (
        CallPiece(index=0, id="call_a", name="weather", arguments='{"city": '),
        CallPiece(index=0, arguments='"Oslo", "days": 2}'),
        CallPiece(index=1, id="call_b", name="time", arguments="{}"),
    )
    assert await stream(http, "/api/chat", {"messages": QUESTION}) == golden("ollama_calls")


async def test_that_log_probabilities_are_written_so(
    http: httpx.AsyncClient, answers: ScriptedAnswers
) -> None:
    answers.words = ("Hello",)
    body = {"messages": QUESTION, "logprobs": True, "top_logprobs": 2}
    assert await stream(http, "/api/chat", body) == golden("ollama_logprobs")


async def test_that_a_text_is_written_so(http: httpx.AsyncClient, answers: ScriptedAnswers) -> None:
    answers.thoughts = ("Hm",)
    body = {"prompt": "Say hello.", "options": {"num_predict": 3}}
    assert await stream(http, "/api/generate", body) == golden("ollama_generate")


async def test_that_a_stream_that_breaks_off_is_written_so(
    http: httpx.AsyncClient, answers: ScriptedAnswers
) -> None:
    answers.failure, answers.fail_after = WorkerDied("The model's process ended."), 1
    assert await stream(http, "/api/chat", {"messages": QUESTION}) == golden("ollama_failure")


async def test_that_a_pull_is_written_so(http: httpx.AsyncClient) -> None:
    written = await stream(http, "/api/pull", {"model": "hf.co/owner/other:Q8_0"})
    assert written == golden("ollama_pull")


@pytest.mark.parametrize(
    "path", sorted(STREAMS.glob("ollama_*.ndjson")), ids=lambda path: path.stem
)
def test_that_every_line_is_an_object_of_its_own(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.endswith("\n")
    assert all(isinstance(json.loads(line), dict) for line in text.splitlines())
