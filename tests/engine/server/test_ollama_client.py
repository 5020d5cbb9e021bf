"""Ollama's own client, unchanged, against a real port."""

# Its functions as tools have arguments that nobody typed.
# pyright: reportUnknownMemberType=false

import asyncio
import base64
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import ollama
import pytest

from engine.chat import CallPiece, Role, Sampling
from engine.errors import ContextExceeded, WorkerDied
from tests.support.answers import QUIET_MODEL, ScriptedAnswers

pytestmark = pytest.mark.anyio

MODEL = QUIET_MODEL.id
QUESTION: list[dict[str, Any]] = [{"role": "user", "content": "Say hello."}]
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
async def client(address: str) -> AsyncGenerator[ollama.AsyncClient]:
    client = ollama.AsyncClient(host=address, timeout=20)
    async with client:
        yield client


@pytest.fixture
async def http(address: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=address, timeout=20) as http:
        yield http


async def all_of(asking: Any) -> list[Any]:
    """The lines of what was asked as a stream; nothing of a whole answer, which has no lines."""
    told = await asking
    return [line async for line in told] if hasattr(told, "__aiter__") else []


async def test_that_a_question_is_answered_whole(
    client: ollama.AsyncClient, answers: ScriptedAnswers
) -> None:
    answers.thoughts = ("Hm",)
    answer = await client.chat(MODEL, QUESTION)
    assert answer.message.content == "Hello, world!"
    assert answer.message.thinking == "Hm"
    assert answer.message.role == "assistant"
    assert (answer.model, answer.done, answer.done_reason) == (MODEL, True, "stop")
    assert (answer.prompt_eval_count, answer.eval_count) == (2, 5)
    assert (answer.prompt_eval_duration, answer.eval_duration) == (100_000_000, 200_000_000)
    assert answer.total_duration is not None
    assert answer.total_duration > 0
    assert answer.load_duration == 0
    assert answers.requests[0].sampling == Sampling()


async def test_that_the_client_without_asyncio_works_too(address: str) -> None:
    def ask() -> tuple[str | None, str]:
        client = ollama.Client(host=address, timeout=20)
        with client:
            whole = client.chat(MODEL, QUESTION)
            lines = client.chat(MODEL, QUESTION, stream=True)
            return whole.message.content, "".join(line.message.content or "" for line in lines)

    assert await asyncio.to_thread(ask) == ("Hello, world!", "Hello, world!")


async def test_that_a_stream_comes_in_pieces_and_ends_with_its_cost(
    client: ollama.AsyncClient,
) -> None:
    lines = [line async for line in await client.chat(MODEL, QUESTION, stream=True)]
    assert [line.message.content for line in lines] == ["Hello", ",", " world", "!", ""]
    assert [line.done for line in lines] == [False] * 4 + [True]
    assert lines[0].done_reason is None
    assert lines[-1].done_reason == "stop"
    assert lines[-1].eval_count == 4


async def test_that_a_stream_is_what_nobody_asks_for(
    http: httpx.AsyncClient, answers: ScriptedAnswers
) -> None:
    """As with curl: `stream` is true unless it is false."""
    for path, rest in (("/api/chat", {"messages": QUESTION}), ("/api/generate", {"prompt": "Hi"})):
        answer = await http.post(path, json={"model": MODEL, **rest})
        assert answer.headers["content-type"] == "application/x-ndjson"
        assert len(answer.text.splitlines()) == 5


async def test_that_calls_come_whole_with_their_arguments_as_objects(
    client: ollama.AsyncClient, answers: ScriptedAnswers
) -> None:
    answers.words = ()
    answers.calls = (
        CallPiece(index=0, id="call_a", name="weather", arguments='{"city": '),
        CallPiece(index=0, arguments='"Oslo"}'),
        CallPiece(index=1, id="call_b", name="time", arguments=""),
        CallPiece(index=2, id="call_c", name="cut", arguments='{"city": "Os'),
    )
    offered = {
        "type": "function",
        "function": {
            "name": "weather",
            "description": "The weather.",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
        },
    }
    answer = await client.chat(MODEL, QUESTION, tools=[offered])
    assert answer.message.tool_calls is not None
    told = [(one.function.name, one.function.arguments) for one in answer.message.tool_calls]
    assert told == [("weather", {"city": "Oslo"}), ("time", {})]
    assert answer.done_reason == "stop"
    lines = [
        line async for line in await client.chat(MODEL, QUESTION, tools=[offered], stream=True)
    ]
    assert [len(line.message.tool_calls or ()) for line in lines] == [1, 1, 0]
    tools = answers.requests[0].tools
    assert tools is not None
    assert (tools.tools[0].name, tools.choice) == ("weather", "auto")
    assert '"city"' in tools.tools[0].parameters


async def test_that_what_tools_said_finds_its_call(
    client: ollama.AsyncClient, answers: ScriptedAnswers
) -> None:
    """This client's calls have no ids: names, and the order, tell what answers what."""
    called: list[dict[str, Any]] = [
        {"function": {"name": "weather", "arguments": {"city": "Oslo"}}},
        {"function": {"name": "time", "arguments": {}}},
    ]
    await client.chat(
        MODEL,
        [
            *QUESTION,
            {"role": "assistant", "content": "", "tool_calls": called},
            {"role": "tool", "tool_name": "time", "content": "noon"},
            {"role": "tool", "content": "rain"},
        ],
    )
    _, assistant, noon, rain = answers.requests[0].messages
    assert [call.name for call in assistant.tool_calls] == ["weather", "time"]
    assert assistant.tool_calls[0].arguments == '{"city": "Oslo"}'
    assert (noon.role, noon.tool_call_id) == (Role.TOOL, assistant.tool_calls[1].id)
    assert rain.tool_call_id == assistant.tool_calls[0].id
    with pytest.raises(ollama.ResponseError, match=r"messages\[1\]") as raised:
        await client.chat(MODEL, [*QUESTION, {"role": "tool", "content": "rain"}])
    assert raised.value.status_code == 400


async def test_that_pictures_thoughts_and_formats_arrive(
    client: ollama.AsyncClient, answers: ScriptedAnswers
) -> None:
    seen = [{"role": "user", "content": "What is this?", "images": [PICTURE]}]
    await client.chat(MODEL, seen, think="high", format="json")
    await client.chat(MODEL, QUESTION, think=False, format={"type": "object"})
    await client.generate(MODEL, "Hi", images=[PICTURE], system="Be brief.")
    first, second, third = answers.requests
    assert first.messages[0].images == (PICTURE,)
    assert first.template_options["reasoning_effort"] == "high"
    assert first.template_options["enable_thinking"] is True
    assert first.format is not None
    assert first.format.kind == "json"
    assert second.template_options["enable_thinking"] is False
    assert second.format is not None
    assert (second.format.kind, second.format.text) == ("schema", '{"type": "object"}')
    assert [message.role for message in third.messages] == [Role.SYSTEM, Role.USER]
    assert third.messages[1].images == (PICTURE,)


async def test_that_log_probabilities_are_told(client: ollama.AsyncClient) -> None:
    answer = await client.chat(MODEL, QUESTION, logprobs=True, top_logprobs=2)
    assert answer.logprobs is not None
    assert [one.token for one in answer.logprobs] == ["Hello", ",", " world", "!"]
    assert answer.logprobs[0].logprob == -0.5
    assert answer.logprobs[0].top_logprobs is not None
    assert answer.logprobs[0].top_logprobs[1].logprob == -9999
    text = await client.generate(MODEL, "Hi", logprobs=True)
    assert text.logprobs is not None
    assert not text.logprobs[0].top_logprobs


async def test_that_a_prompt_is_answered_whole_and_as_a_stream(
    client: ollama.AsyncClient, answers: ScriptedAnswers
) -> None:
    answers.thoughts = ("Hm",)
    whole = await client.generate(MODEL, "Say hello.", options={"num_predict": 3})
    assert (whole.response, whole.thinking, whole.done_reason) == ("Hello,", "Hm", "length")
    lines = [line async for line in await client.generate(MODEL, "Say hello.", stream=True)]
    assert [(line.response, line.thinking) for line in lines[:2]] == [("", "Hm"), ("Hello", None)]
    assert lines[-1].done
    assert lines[-1].eval_count == 5


async def test_that_a_text_is_gone_on_with_as_it_stands(
    client: ollama.AsyncClient, answers: ScriptedAnswers
) -> None:
    await client.generate(MODEL, "def f(", raw=True)
    await client.generate(MODEL, "def f(", suffix="return 1", options={"seed": 3})
    raw, filling = answers.completions
    assert (raw.prompt, raw.suffix) == ("def f(", None)
    assert (filling.suffix, filling.sampling.seed) == ("return 1", 3)
    assert not answers.requests
    with pytest.raises(ollama.ResponseError, match="`format` is wrong"):
        await client.generate(MODEL, "def f(", raw=True, format="json")
    with pytest.raises(ollama.ResponseError, match="ask with `raw`"):
        await client.generate(MODEL, "Hi", template="{{ .Prompt }}")


@pytest.mark.parametrize("streams", [True, False])
async def test_that_half_a_character_in_a_call_fails_no_answer(
    client: ollama.AsyncClient, answers: ScriptedAnswers, streams: bool
) -> None:
    answers.calls = (
        CallPiece(index=0, name="say", arguments='{"a": "\\ud83d", "b": "\\ud83d\\ude00"}'),
    )
    if streams:
        parts = [part async for part in await client.chat(MODEL, QUESTION, stream=True)]
        calls = [call for part in parts for call in part.message.tool_calls or ()]
    else:
        calls = (await client.chat(MODEL, QUESTION)).message.tool_calls or []
    assert [dict(call.function.arguments) for call in calls] == [{"a": "?", "b": "😀"}]


async def test_that_what_looks_like_the_end_of_a_line_ends_none(
    client: ollama.AsyncClient, answers: ScriptedAnswers
) -> None:
    answers.words = ("one\u2028two", "three\x85four", "五\u2029\n", "\x0b\x1c")
    said = [part async for part in await client.chat(MODEL, QUESTION, stream=True)]
    assert tuple(part.message.content for part in said[:-1]) == answers.words


async def test_that_texts_become_vectors(
    client: ollama.AsyncClient, answers: ScriptedAnswers
) -> None:
    told = await client.embed(MODEL, ["one", "two three"], keep_alive="1m")
    assert [list(row) for row in told.embeddings] == [[3.0, 0.5, 1.0], [9.0, 0.5, 1.0]]
    assert (told.model, told.prompt_eval_count) == (MODEL, 3)
    assert answers.kept == {MODEL: 60.0}
    one = await client.embed(MODEL, "one", dimensions=2, truncate=False)
    assert [list(row) for row in one.embeddings] == [[3.0, 0.5]]
    assert list((await client.embeddings(MODEL, "one")).embedding) == [3.0, 0.5, 1.0]
    assert (await client.embed(MODEL, [])).embeddings == []


@pytest.mark.parametrize(("num_ctx", "says"), [(32768, True), (4096, False), (None, False)])
async def test_that_a_longer_context_than_is_loaded_is_owned_up_to(
    client: ollama.AsyncClient, answers: ScriptedAnswers, num_ctx: int | None, says: bool
) -> None:
    options = {} if num_ctx is None else {"num_ctx": num_ctx}
    assert (await client.chat(MODEL, QUESTION, options=options)).done
    answers.failure = ContextExceeded(5000, 4096)
    with pytest.raises(ollama.ResponseError, match="5,000 tokens; the context holds 4,096") as told:
        await client.chat(MODEL, QUESTION, options=options)
    assert told.value.status_code == 400
    assert ("The 32,768 of `num_ctx` were not loaded" in told.value.error) is says


async def test_that_failures_have_a_status_or_a_line(
    client: ollama.AsyncClient, answers: ScriptedAnswers
) -> None:
    answers.failure = ContextExceeded(5000, 4096)
    with pytest.raises(ollama.ResponseError, match="5,000 tokens") as raised:
        await client.chat(MODEL, QUESTION)
    assert raised.value.status_code == 400
    answers.failure, answers.fail_after = WorkerDied("The model's process ended."), 2
    stream = await client.chat(MODEL, QUESTION, stream=True)
    said = [(await anext(stream)).message.content for _ in range(2)]
    assert said == ["Hello", ","]
    with pytest.raises(ollama.ResponseError, match="process ended"):
        await anext(stream)


@pytest.mark.parametrize(
    "body",
    [
        {"messages": QUESTION},
        {"model": MODEL, "messages": "Hi"},
        {"model": MODEL, "messages": [{"role": "robot", "content": "Hi"}]},
        {"model": MODEL, "messages": [{"role": "user", "content": "", "images": ["?"]}]},
        {"model": MODEL, "messages": QUESTION, "format": "yaml"},
        {"model": MODEL, "messages": QUESTION, "options": {"top_p": "much"}},
        {"model": MODEL, "messages": QUESTION, "think": "harder"},
    ],
)
async def test_that_what_cannot_be_meant_is_refused_in_ollamas_form(
    http: httpx.AsyncClient, answers: ScriptedAnswers, body: dict[str, Any]
) -> None:
    answer = await http.post("/api/chat", json=body)
    assert answer.status_code == 400
    assert set(answer.json()) == {"error"}
    assert not answers.requests


async def test_that_leaving_cancels_within_a_step(
    client: ollama.AsyncClient, answers: ScriptedAnswers
) -> None:
    answers.pause_after = 2
    stream: Any = await client.chat(MODEL, QUESTION, stream=True)
    await anext(stream)
    await answers.pausing.wait()
    await stream.aclose()
    async with asyncio.timeout(5):
        await answers.all_closed.wait()


async def test_that_pictures_may_be_written_as_urls_of_data(
    http: httpx.AsyncClient, answers: ScriptedAnswers
) -> None:
    written = "data:image/png;base64," + base64.b64encode(PICTURE).decode()
    said = [{"role": "user", "content": "", "images": [written]}]
    await http.post("/api/chat", json={"model": MODEL, "messages": said})
    assert answers.requests[0].messages[0].images == (PICTURE,)
