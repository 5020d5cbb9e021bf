"""Streams of the port, recorded: the same engine's words in every dialect of OpenAI's.

`python -m tests.support.streams` writes them anew; what changed is to be read before it is kept.
"""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from engine.chat import CallPiece
from engine.errors import WorkerDied
from engine.server.openai.chat import chat_routes
from engine.server.openai.completions import completion_routes
from engine.server.openai.responses import response_routes
from engine.server.situation import Situation
from tests.support.answers import QUIET_MODEL, ScriptedAnswers

FOLDER = Path(__file__).parent.parent / "data" / "streams"

CALLS = (
    CallPiece(index=0, id="call_0123456789abcdef01234567", name="weather", arguments='{"city"'),
    CallPiece(index=0, arguments=': "Oslo"}'),
    CallPiece(index=1, id="call_76543210fedcba9876543210", name="clock", arguments="{}"),
)
CHAT: dict[str, Any] = {"messages": [{"role": "user", "content": "Say hello."}]}
FUNCTION: dict[str, Any] = {"name": "weather", "parameters": {"type": "object", "properties": {}}}
CLOCK: dict[str, Any] = {"name": "clock", "parameters": {"type": "object", "properties": {}}}

_IDS = re.compile(r"\b(chatcmpl|cmpl|resp|msg|rs|fc|call)([-_])[0-9a-f]{16,}\b")
_TIMES = re.compile(r'"(created|created_at|completed_at)":\d+')
_PRINT = re.compile(r'"system_fingerprint":"[^"]*"')


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A request, and the engine that answers it."""

    path: str
    body: dict[str, Any]
    answers: Callable[[], ScriptedAnswers] = field(default=ScriptedAnswers)


def _thoughtful() -> ScriptedAnswers:
    return ScriptedAnswers(thoughts=("Let me", " look."), words=("\n",), calls=CALLS)


def _pensive() -> ScriptedAnswers:
    return ScriptedAnswers(thoughts=("Let me", " think."))


def _dying() -> ScriptedAnswers:
    return ScriptedAnswers(failure=WorkerDied("The process that ran it died."), fail_after=2)


SCENES: dict[str, Scene] = {
    "chat": Scene(path="/v1/chat/completions", body=CHAT),
    "chat_usage_and_logprobs": Scene(
        path="/v1/chat/completions",
        body={
            **CHAT,
            "stream_options": {"include_usage": True},
            "logprobs": True,
            "top_logprobs": 1,
        },
        answers=_pensive,
    ),
    "chat_calls": Scene(
        path="/v1/chat/completions",
        body={
            **CHAT,
            "tools": [
                {"type": "function", "function": FUNCTION},
                {"type": "function", "function": CLOCK},
            ],
        },
        answers=_thoughtful,
    ),
    "chat_failure": Scene(path="/v1/chat/completions", body=CHAT, answers=_dying),
    "completion": Scene(
        path="/v1/completions",
        body={"prompt": "Once", "echo": True, "stream_options": {"include_usage": True}},
    ),
    "completion_logprobs": Scene(
        path="/v1/completions", body={"prompt": "Once", "logprobs": 1, "max_tokens": 2}
    ),
    "response": Scene(
        path="/v1/responses", body={"input": "Say hello.", "instructions": "Be short."}
    ),
    "response_thoughts_and_logprobs": Scene(
        path="/v1/responses",
        body={
            "input": "Say hello.",
            "include": ["message.output_text.logprobs"],
            "reasoning": {"effort": "low"},
            "metadata": {"for": "a test"},
        },
        answers=_pensive,
    ),
    "response_calls": Scene(
        path="/v1/responses",
        body={
            "input": [{"role": "user", "content": "Say hello."}],
            "tools": [{"type": "function", **FUNCTION}, {"type": "function", **CLOCK}],
            "tool_choice": "required",
        },
        answers=_thoughtful,
    ),
    "response_cut": Scene(
        path="/v1/responses", body={"input": "Say hello.", "max_output_tokens": 2}
    ),
    "response_failure": Scene(path="/v1/responses", body={"input": "Say hello."}, answers=_dying),
}


def app_of(situation: Situation) -> FastAPI:
    """The streaming routes alone."""
    app = FastAPI()
    app.state.situation = situation
    app.include_router(chat_routes(situation))
    app.include_router(completion_routes(situation))
    app.include_router(response_routes(situation))
    return app


async def streamed(scene: Scene) -> str:
    """What the port sends, with what differs from time to time put in its first form."""
    situation = Situation(answers=scene.answers(), fingerprint="test")
    transport = httpx.ASGITransport(app_of(situation))
    async with httpx.AsyncClient(transport=transport, base_url="http://port") as client:
        body = {"model": QUIET_MODEL.id, **scene.body, "stream": True}
        answer = await client.post(scene.path, json=body)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/event-stream")
    return steady(answer.content.decode())


def steady(text: str) -> str:
    """Ids are counted, times are one."""
    known: dict[str, str] = {}

    def counted(found: re.Match[str]) -> str:
        kind, mark = found.group(1), found.group(2)
        number = 1 + sum(each.startswith(f"{kind}{mark}") for each in known)
        return known.setdefault(found.group(), f"{kind}{mark}{number}")

    text = _IDS.sub(counted, text)
    text = _TIMES.sub(lambda found: f'"{found.group(1)}":1', text)
    return _PRINT.sub('"system_fingerprint":"test"', text)


def recorded(name: str) -> str:
    """The stream of that scene, as it was kept."""
    return (FOLDER / f"{name}.sse").read_bytes().replace(b"\r\n", b"\n").decode()


def contents(stream: str) -> list[dict[str, Any]]:
    """The events' JSON, without the last word of the older dialects."""
    told = [line[6:] for line in stream.split("\n") if line.startswith("data: ")]
    return [json.loads(each) for each in told if each != "[DONE]"]


async def _record() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, scene in SCENES.items():
        (FOLDER / f"{name}.sse").write_bytes((await streamed(scene)).encode())


if __name__ == "__main__":
    asyncio.run(_record())
