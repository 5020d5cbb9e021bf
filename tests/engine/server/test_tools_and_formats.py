"""Tools, formats, log probabilities, samplers and pictures, asked for by OpenAI's own client."""

import base64
import json
from collections.abc import AsyncGenerator
from typing import Any

import openai
import pytest
from openai.lib.streaming.chat import ChunkEvent
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from pydantic import BaseModel

from engine.chat import CallPiece, Format, Role, Sampling, Tool, ToolCall, Tools
from tests.support.answers import QUIET_MODEL, ScriptedAnswers

pytestmark = pytest.mark.anyio

QUESTION: list[Any] = [{"role": "user", "content": "How warm is Oslo?"}]
PARAMETERS = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
WEATHER: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "How it is outside.",
        "parameters": PARAMETERS,
        "strict": True,
    },
}
TIME: dict[str, Any] = {"type": "function", "function": {"name": "time", "strict": True}}
CALLS = (
    CallPiece(index=0, id="call_a", name="weather", tokens=2),
    CallPiece(index=0, arguments='{"city": ', tokens=1),
    CallPiece(index=0, arguments='"Oslo"}', tokens=1),
    CallPiece(index=1, id="call_b", name="time", arguments="{}", tokens=3),
)


@pytest.fixture
async def client(address: str) -> AsyncGenerator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(
        base_url=f"{address}/v1", api_key="unused", max_retries=0, timeout=20
    ) as client:
        yield client


async def asked(client: openai.AsyncOpenAI, **wishes: Any) -> ChatCompletion:
    wishes = {"model": QUIET_MODEL.id, "messages": QUESTION, **wishes}
    answer = await client.chat.completions.create(**wishes)  # pyright: ignore
    assert isinstance(answer, ChatCompletion)
    return answer


async def test_that_calls_come_whole(client: openai.AsyncOpenAI, answers: ScriptedAnswers) -> None:
    answers.words, answers.calls = (), CALLS
    answer = await asked(client, tools=[WEATHER, TIME])
    choice = answer.choices[0]
    assert choice.finish_reason == "tool_calls"
    assert choice.message.content is None
    assert choice.message.tool_calls is not None
    calls = [call for call in choice.message.tool_calls if call.type == "function"]
    assert [(call.id, call.function.name) for call in calls] == [
        ("call_a", "weather"),
        ("call_b", "time"),
    ]
    assert [json.loads(call.function.arguments) for call in calls] == [{"city": "Oslo"}, {}]
    assert answers.requests[0].tools == Tools(
        tools=(
            Tool(
                name="weather",
                description="How it is outside.",
                parameters=json.dumps(PARAMETERS),
            ),
            Tool(name="time"),
        )
    )


async def test_that_streamed_calls_add_up_in_the_client(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    answers.words, answers.calls = ("I", " look."), CALLS
    tools: Any = [WEATHER, TIME]
    async with client.chat.completions.stream(
        model=QUIET_MODEL.id, messages=QUESTION, tools=tools
    ) as stream:
        deltas = [
            event.chunk.choices[0].delta async for event in stream if isinstance(event, ChunkEvent)
        ]
        final = await stream.get_final_completion()
    message = final.choices[0].message
    assert final.choices[0].finish_reason == "tool_calls"
    assert message.content == "I look."
    assert message.tool_calls is not None
    assert [(call.id, call.type, call.function.name) for call in message.tool_calls] == [
        ("call_a", "function", "weather"),
        ("call_b", "function", "time"),
    ]
    assert message.tool_calls[0].function.arguments == '{"city": "Oslo"}'
    assert message.tool_calls[0].function.parsed_arguments == {"city": "Oslo"}
    told = [call for delta in deltas for call in delta.tool_calls or []]
    assert [(call.index, call.id) for call in told] == [
        (0, "call_a"),
        (0, None),
        (0, None),
        (1, "call_b"),
    ]


async def test_that_the_results_of_tools_reach_the_engine(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    call = {
        "id": "call_a",
        "type": "function",
        "function": {"name": "weather", "arguments": '{"city": "Oslo"}'},
    }
    old = {"name": "time", "arguments": "{}"}
    await asked(
        client,
        messages=[
            *QUESTION,
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "call_a", "content": "7 °C"},
            {"role": "assistant", "content": None, "function_call": old},
            {"role": "function", "name": "time", "content": "noon"},
        ],
    )
    _, first, result, second, noon = answers.requests[0].messages
    assert first.tool_calls == (
        ToolCall(id="call_a", name="weather", arguments='{"city": "Oslo"}'),
    )
    assert (result.role, result.content, result.tool_call_id) == (Role.TOOL, "7 °C", "call_a")
    assert second.tool_calls == (ToolCall(id="time", name="time", arguments="{}"),)
    assert (noon.role, noon.tool_call_id) == (Role.TOOL, "time")


@pytest.mark.parametrize(
    ("wish", "chosen"),
    [
        ({}, ("auto", None, True)),
        ({"tool_choice": "none"}, ("none", None, True)),
        (
            {"tool_choice": "required", "parallel_tool_calls": False},
            ("required", None, False),
        ),
        (
            {"tool_choice": {"type": "function", "function": {"name": "time"}}},
            ("required", "time", True),
        ),
    ],
)
async def test_that_the_choice_of_tools_reaches_the_engine(
    client: openai.AsyncOpenAI,
    answers: ScriptedAnswers,
    wish: dict[str, Any],
    chosen: tuple[str, str | None, bool],
) -> None:
    await asked(client, tools=[WEATHER, TIME], **wish)
    tools = answers.requests[0].tools
    assert tools is not None
    assert (tools.choice, tools.name, tools.parallel) == chosen


class Weather(BaseModel):
    city: str
    celsius: int


async def test_that_the_client_s_own_parsing_works(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    answers.words = ('{"city": "Oslo",', ' "celsius": 7}')
    parsed = await client.chat.completions.parse(
        model=QUIET_MODEL.id, messages=QUESTION, response_format=Weather
    )
    assert parsed.choices[0].message.parsed == Weather(city="Oslo", celsius=7)
    asked_format = answers.requests[0].format
    assert asked_format is not None
    assert asked_format.kind == "schema"
    assert json.loads(asked_format.text)["properties"]["celsius"]["type"] == "integer"


@pytest.mark.parametrize(
    ("wish", "format"),
    [
        ({"response_format": {"type": "text"}}, None),
        ({"response_format": {"type": "json_object"}}, Format(kind="json")),
        (
            {"response_format": {"type": "json_object", "schema": {"type": "null"}}},
            Format(kind="schema", text='{"type": "null"}'),
        ),
        ({"json_schema": {"enum": ["é", 1]}}, Format(kind="schema", text='{"enum": ["é", 1]}')),
        ({"grammar": 'root ::= "a"'}, Format(kind="grammar", text='root ::= "a"')),
    ],
)
async def test_that_formats_reach_the_engine(
    client: openai.AsyncOpenAI,
    answers: ScriptedAnswers,
    wish: dict[str, Any],
    format: Format | None,  # noqa: A002
) -> None:
    await asked(client, extra_body=wish)
    assert answers.requests[0].format == format


async def test_that_log_probabilities_are_told_whole_and_in_streams(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    answer = await asked(client, logprobs=True, top_logprobs=2)
    logprobs = answer.choices[0].logprobs
    assert logprobs is not None
    assert logprobs.content is not None
    assert [token.token for token in logprobs.content] == ["Hello", ",", " world", "!"]
    assert logprobs.content[0].bytes == list(b"Hello")
    assert logprobs.content[0].logprob == -0.5
    top = logprobs.content[0].top_logprobs
    assert [(one.bytes, one.logprob) for one in top] == [
        (list(b"Hello"), -0.5),
        ([0xE2, 0x82], -9999.0),
    ]
    stream = await client.chat.completions.create(
        model=QUIET_MODEL.id, messages=QUESTION, logprobs=True, stream=True
    )
    told = [
        token.token
        async for chunk in stream
        if chunk.choices[0].logprobs
        for token in chunk.choices[0].logprobs.content or []
    ]
    assert told == ["Hello", ",", " world", "!"]
    assert [request.logprobs for request in answers.requests] == [2, 0]


async def test_that_an_answer_s_timings_come_with_it(client: openai.AsyncOpenAI) -> None:
    answer = await asked(client)
    assert answer.model_extra is not None
    times = answer.model_extra["timings"]
    assert (times["cache_n"], times["prompt_n"], times["predicted_n"]) == (1, 3, 4)
    assert (times["prompt_ms"], times["first_token_ms"], times["queue_ms"]) == (100, 100, 0)
    assert (times["predicted_per_second"], times["prompt_per_second"]) == (15, 30)
    assert (times["draft_n"], times["draft_n_accepted"]) == (3, 2)
    several = await asked(client, n=2)
    extra = [choice.model_extra or {} for choice in several.choices]
    assert [each["timings"]["predicted_n"] for each in extra] == [4, 4]
    stream = await client.chat.completions.create(
        model=QUIET_MODEL.id, messages=QUESTION, stream=True
    )
    last: ChatCompletionChunk | None = None
    async for chunk in stream:
        last = chunk
    assert last is not None
    assert last.choices[0].finish_reason == "stop"
    assert (last.model_extra or {})["timings"]["predicted_n"] == 4


async def test_that_every_sampler_has_the_name_that_llama_server_gives_it(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    samplers = {
        "typical_p": 0.9,
        "top_n_sigma": 1.5,
        "xtc_probability": 0.5,
        "xtc_threshold": 0.2,
        "dynatemp_range": 0.3,
        "dynatemp_exponent": 1.2,
        "mirostat": 2,
        "mirostat_tau": 4.0,
        "mirostat_eta": 0.2,
        "repeat_last_n": 33,
        "dry_multiplier": 0.8,
        "dry_base": 1.6,
        "dry_allowed_length": 3,
        "dry_penalty_last_n": 100,
        "dry_sequence_breakers": ["\n", "#"],
    }
    others = {"min_tokens": 2, "ignore_eos": True, "rolling_context": True, "adapters": {"a": 0.5}}
    await asked(client, extra_body={**samplers, **others})
    request = answers.requests[0]
    assert request.sampling == Sampling(
        typical_p=0.9,
        top_n_sigma=1.5,
        xtc_probability=0.5,
        xtc_threshold=0.2,
        dynamic_temperature_range=0.3,
        dynamic_temperature_exponent=1.2,
        mirostat=2,
        mirostat_tau=4.0,
        mirostat_eta=0.2,
        penalty_window_tokens=33,
        dry_multiplier=0.8,
        dry_base=1.6,
        dry_allowed_length=3,
        dry_window_tokens=100,
        dry_breakers=("\n", "#"),
    )
    assert (request.min_tokens, request.ignore_end, request.rolls) == (2, True, True)
    assert request.adapters == {"a": 0.5}


async def test_that_the_template_s_own_options_and_a_begun_answer_reach_the_engine(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    await asked(
        client,
        messages=[*QUESTION, {"role": "assistant", "content": "It is"}],
        reasoning_effort="none",
        extra_body={
            "chat_template_kwargs": {"custom": [1]},
            "continue_final_message": True,
            "add_generation_prompt": False,
        },
    )
    request = answers.requests[0]
    assert request.continue_last
    assert request.template_options == {
        "reasoning_effort": "none",
        "enable_thinking": False,
        "custom": [1],
    }


async def test_that_a_picture_in_the_request_reaches_the_engine(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    file = b"\x89PNG\r\n\x1a\n and so on"
    url = "data:image/png;base64," + base64.b64encode(file).decode()
    parts = [
        {"type": "text", "text": "What is it?"},
        {"type": "image_url", "image_url": {"url": url, "detail": "high"}},
    ]
    await asked(client, messages=[{"role": "user", "content": parts}])
    message = answers.requests[0].messages[0]
    assert (message.content, message.images) == ("What is it?", (file,))
