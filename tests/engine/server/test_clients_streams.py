"""Whole streams against recorded ones, and the same bytes through OpenAI's own client."""

import asyncio
from collections.abc import Callable, MutableMapping
from typing import Any

import httpx
import openai
import pytest
from openai.types import Completion
from openai.types.chat import ChatCompletionChunk
from openai.types.responses import (
    Response,
    ResponseFailedEvent,
    ResponseIncompleteEvent,
    ResponseStreamEvent,
)
from pydantic import TypeAdapter

from engine.server.situation import Situation
from tests.support.answers import QUIET_MODEL, ScriptedAnswers
from tests.support.streams import CHAT, SCENES, app_of, contents, recorded, streamed

pytestmark = pytest.mark.anyio

QUESTION: Any = CHAT["messages"]
MODEL = QUIET_MODEL.id
EVENTS: TypeAdapter[ResponseStreamEvent] = TypeAdapter(ResponseStreamEvent)


@pytest.mark.parametrize("name", SCENES)
async def test_that_a_stream_is_what_was_recorded(name: str) -> None:
    assert await streamed(SCENES[name]) == recorded(name)


@pytest.mark.parametrize("name", SCENES)
def test_that_every_event_is_of_the_type_that_openai_declares(name: str) -> None:
    for told in contents(recorded(name)):
        if "error" in told:
            assert set(told["error"]) == {"message", "type", "param", "code"}
        elif name.startswith("chat"):
            ChatCompletionChunk.model_validate(told)
        elif name.startswith("completion"):
            for choice in told["choices"]:  # null until the last, as OpenAI's own service has it
                choice["finish_reason"] = choice["finish_reason"] or "stop"
            Completion.model_validate(told)
        else:
            EVENTS.validate_python(told)
            if "response" in told:
                Response.model_validate(told["response"])


@pytest.mark.parametrize("name", [name for name in SCENES if name.startswith("response")])
def test_that_events_are_numbered_and_named_by_their_type(name: str) -> None:
    told = contents(recorded(name))
    assert [each["sequence_number"] for each in told] == list(range(len(told)))
    names = [line[7:] for line in recorded(name).split("\n") if line.startswith("event: ")]
    assert names == [each["type"] for each in told]


def replayed(stream: str) -> openai.OpenAI:
    """A client to whom every request is answered with these bytes, a few at a time."""
    encoded = stream.encode()
    pieces = [encoded[at : at + 7] for at in range(0, len(encoded), 7)]

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(
            200, content=iter(pieces), headers={"content-type": "text/event-stream"}
        )

    http = httpx.Client(transport=httpx.MockTransport(answer))
    return openai.OpenAI(api_key="x", base_url="http://port/v1", http_client=http, max_retries=0)


def chat_said(client: openai.OpenAI) -> tuple[str, str, list[str]]:
    """Content, thoughts and the arguments of calls."""
    content, thoughts, calls = "", "", dict[int, str]()
    with client.chat.completions.create(model=MODEL, messages=QUESTION, stream=True) as stream:
        for chunk in stream:
            for choice in chunk.choices:
                content += choice.delta.content or ""
                thoughts += getattr(choice.delta, "reasoning_content", None) or ""
                for call in choice.delta.tool_calls or []:
                    arguments = call.function.arguments if call.function else ""
                    calls[call.index] = calls.get(call.index, "") + (arguments or "")
    return content, thoughts, list(calls.values())


def test_that_the_client_reads_recorded_chats() -> None:
    with replayed(recorded("chat")) as client:
        assert chat_said(client) == ("Hello, world!", "", [])
    with replayed(recorded("chat_calls")) as client:
        assert chat_said(client) == ("\n", "Let me look.", ['{"city": "Oslo"}', "{}"])
    with (
        replayed(recorded("chat_failure")) as client,
        pytest.raises(openai.APIError, match="The process that ran it died"),
    ):
        chat_said(client)


def test_that_the_client_reads_recorded_completions() -> None:
    with (
        replayed(recorded("completion")) as client,
        client.completions.create(model=MODEL, prompt="Once", stream=True) as stream,
    ):
        chunks = list(stream)
    text = "".join(choice.text for chunk in chunks for choice in chunk.choices)
    assert text == "OnceHello, world!"
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens == 4


def test_that_the_client_reads_recorded_responses() -> None:
    with (
        replayed(recorded("response_calls")) as client,
        client.responses.stream(model=MODEL, input="Hi") as stream,
    ):
        whole = stream.get_final_response()
    assert [item.type for item in whole.output] == ["reasoning", "function_call", "function_call"]
    assert whole.usage is not None
    with (
        replayed(recorded("response_thoughts_and_logprobs")) as client,
        client.responses.stream(model=MODEL, input="Hi") as stream,
    ):
        assert stream.get_final_response().output_text == "Hello, world!"


@pytest.mark.parametrize(
    ("name", "status"), [("response_cut", "incomplete"), ("response_failure", "failed")]
)
def test_that_the_client_sees_how_a_response_ended(name: str, status: str) -> None:
    with (
        replayed(recorded(name)) as client,
        client.responses.create(model=MODEL, input="Hi", stream=True) as stream,
    ):
        last = list(stream)[-1]
    assert last.type == f"response.{status}"
    assert isinstance(last, ResponseIncompleteEvent | ResponseFailedEvent)
    assert last.response.status == status
    assert last.response.output_text == "Hello,"


async def slowly(path: str, body: bytes) -> str:
    """A stream whose model takes a while to load: comments come before its first word."""
    answers = ScriptedAnswers()
    answers.may_speak.clear()
    app = app_of(Situation(answers=answers, fingerprint="test", quiet_seconds=0.01))
    incoming = [{"type": "http.request", "body": body, "more_body": False}]
    sent: list[bytes] = []

    async def receive() -> dict[str, object]:
        if incoming:
            return dict(incoming.pop())
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message.get("body", b""))
        if sent.count(b": waiting\n\n") == 2:
            answers.may_speak.set()

    scope: dict[str, object] = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
    }
    async with asyncio.timeout(20):
        await app(scope, receive, send)
    assert sent.count(b": waiting\n\n") >= 2
    return b"".join(sent).decode()


def chat_text(client: openai.OpenAI) -> str:
    return chat_said(client)[0]


def completion_text(client: openai.OpenAI) -> str:
    with client.completions.create(model=MODEL, prompt="Once", stream=True) as stream:
        return "".join(choice.text for chunk in stream for choice in chunk.choices)


def response_text(client: openai.OpenAI) -> str:
    with client.responses.stream(model=MODEL, input="Hi") as stream:
        return stream.get_final_response().output_text


@pytest.mark.parametrize(
    ("path", "body", "read"),
    [
        ("/v1/chat/completions", b'{"messages":[{"role":"user","content":"Hi"}]', chat_text),
        ("/v1/completions", b'{"prompt":"Once"', completion_text),
        ("/v1/responses", b'{"input":"Hi"', response_text),
    ],
)
async def test_that_comments_of_a_loading_model_break_no_stream(
    path: str, body: bytes, read: Callable[[openai.OpenAI], str]
) -> None:
    stream = await slowly(path, body + b',"stream":true}')
    with replayed(stream) as client:
        assert read(client) == "Hello, world!"
