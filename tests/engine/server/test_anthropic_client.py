"""Anthropic's own client, unchanged, against a real port."""

import base64
import json
from collections.abc import AsyncGenerator
from typing import Any

import anthropic
import pytest
from anthropic.types import Message

from engine.chat import CallPiece, Format, Role, Sampling, Tool, Tools
from engine.chat import Message as Turn
from engine.chat import ToolCall as Call
from tests.support.answers import QUIET_MODEL, ScriptedAnswers
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

QUESTION: Any = [{"role": "user", "content": "Say hello."}]
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PICTURE: Any = {
    "type": "image",
    "source": {
        "type": "base64",
        "media_type": "image/png",
        "data": base64.b64encode(PIXEL).decode(),
    },
}
WEATHER: Any = {
    "name": "get_weather",
    "description": "The weather of a city.",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}},
    "cache_control": {"type": "ephemeral"},
}
CALLS = (
    CallPiece(index=0, id="toolu_1", name="get_weather", arguments='{"city": '),
    CallPiece(index=0, arguments='"Oslo"}'),
    CallPiece(index=1, id="toolu_2", name="get_time"),
)


@pytest.fixture
async def client(address: str) -> AsyncGenerator[anthropic.AsyncAnthropic]:
    async with anthropic.AsyncAnthropic(
        base_url=address, api_key="unused", max_retries=0, timeout=20
    ) as client:
        yield client


async def asked(client: anthropic.AsyncAnthropic, **wishes: object) -> Message:
    wishes = {"model": QUIET_MODEL.id, "messages": QUESTION, "max_tokens": 100, **wishes}
    answer = await client.messages.create(**wishes)  # pyright: ignore
    assert isinstance(answer, Message)
    return answer


async def test_that_a_question_is_answered(
    client: anthropic.AsyncAnthropic, answers: ScriptedAnswers
) -> None:
    answer = await asked(client, system="Be brief.", metadata={"user_id": "somebody"})
    assert [block.to_dict() for block in answer.content] == [
        {"type": "text", "text": "Hello, world!"}
    ]
    assert (answer.type, answer.role, answer.model) == ("message", "assistant", QUIET_MODEL.id)
    assert (answer.stop_reason, answer.stop_sequence) == ("end_turn", None)
    assert answer.id.startswith("msg_")
    usage = answer.usage
    assert (usage.input_tokens, usage.cache_read_input_tokens) == (3, 1)
    assert (usage.cache_creation_input_tokens, usage.output_tokens) == (0, 4)
    request = answers.requests[0]
    assert request.messages == (
        Turn(role=Role.SYSTEM, content="Be brief."),
        Turn(role=Role.USER, content="Say hello."),
    )
    assert request.sampling == Sampling()
    assert request.max_tokens == 100
    assert not request.continue_last


async def test_that_every_wish_reaches_the_engine(
    client: anthropic.AsyncAnthropic, answers: ScriptedAnswers
) -> None:
    await asked(
        client,
        stop_sequences=["a", "b", "a"],
        output_config={
            "effort": "max",
            "format": {"type": "json_schema", "schema": {"type": "object"}},
        },
        # The client's newest version has no name for the first three; older ones send them.
        extra_body={"temperature": 0.0, "top_p": 0.5, "top_k": 7, "never_heard_of": {}},
        cache_control={"type": "ephemeral"},
    )
    request = answers.requests[0]
    assert request.sampling == Sampling(temperature=0.0, top_p=0.5, top_k=7)
    assert request.stop == ("a", "b")
    assert request.format == Format(kind="schema", text='{"type": "object"}')
    assert request.template_options == {"enable_thinking": False, "reasoning_effort": "high"}


async def test_that_a_limit_ends_the_answer(client: anthropic.AsyncAnthropic) -> None:
    answer = await asked(client, max_tokens=2)
    assert (answer.stop_reason, answer.usage.output_tokens) == ("max_tokens", 2)


@pytest.mark.parametrize(
    ("stops", "told"),
    [([" world"], " world"), (["nothing", " world"], " world"), (["", " wo"], " wo")],
)
async def test_that_the_stop_string_that_ended_an_answer_is_named(
    client: anthropic.AsyncAnthropic, stops: list[str], told: str
) -> None:
    answer = await asked(client, stop_sequences=stops)
    assert answer.content[0].to_dict()["text"] == "Hello,"
    assert (answer.stop_reason, answer.stop_sequence) == ("stop_sequence", told)


async def test_that_thoughts_come_first_and_apart(
    client: anthropic.AsyncAnthropic, answers: ScriptedAnswers
) -> None:
    answers.thoughts = ("Let", " me")
    answer = await asked(client, thinking={"type": "enabled", "budget_tokens": 1024})
    thought, said = answer.content
    assert thought.type == "thinking"
    assert thought.thinking == "Let me"
    assert thought.signature
    assert said.type == "text"
    assert answer.usage.output_tokens_details is not None
    assert answer.usage.output_tokens_details.thinking_tokens == 2
    hidden = await asked(client, thinking={"type": "adaptive", "display": "omitted"})
    assert hidden.content[0].type == "thinking"
    assert hidden.content[0].thinking == ""
    assert hidden.content[0].signature == thought.signature


@pytest.mark.parametrize(
    ("thinking", "options"),
    [
        (None, {"enable_thinking": False}),
        ({"type": "disabled"}, {"enable_thinking": False}),
        ({"type": "adaptive"}, {"enable_thinking": True}),
        ({"type": "between_tools"}, {"enable_thinking": True}),
        (
            {"type": "enabled", "budget_tokens": 2048},
            {"enable_thinking": True, "reasoning_effort": "low"},
        ),
        (
            {"type": "enabled", "budget_tokens": 8000},
            {"enable_thinking": True, "reasoning_effort": "medium"},
        ),
        (
            {"type": "enabled", "budget_tokens": 32000},
            {"enable_thinking": True, "reasoning_effort": "high"},
        ),
    ],
)
async def test_that_the_template_is_told_whether_to_think(
    client: anthropic.AsyncAnthropic,
    answers: ScriptedAnswers,
    thinking: object,
    options: dict[str, object],
) -> None:
    await asked(client, **({} if thinking is None else {"thinking": thinking}))
    assert answers.requests[0].template_options == options


async def test_that_calls_are_blocks_with_their_input_read(
    client: anthropic.AsyncAnthropic, answers: ScriptedAnswers
) -> None:
    answers.calls = CALLS
    answer = await asked(client, tools=[WEATHER], tool_choice={"type": "any"})
    assert answer.stop_reason == "tool_use"
    assert [block.to_dict() for block in answer.content[1:]] == [
        {"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {"city": "Oslo"}},
        {"type": "tool_use", "id": "toolu_2", "name": "get_time", "input": {}},
    ]
    tool = Tool(
        name="get_weather",
        description="The weather of a city.",
        parameters=json.dumps(WEATHER["input_schema"]),
    )
    assert answers.requests[0].tools == Tools(tools=(tool,), choice="required")


async def test_that_a_call_cut_off_keeps_what_was_written(
    client: anthropic.AsyncAnthropic, answers: ScriptedAnswers
) -> None:
    answers.calls = (CallPiece(index=0, name="get_weather", arguments='{"city": "Os'),)
    call = (await asked(client, tools=[WEATHER])).content[1]
    assert call.type == "tool_use"
    assert call.id.startswith("toolu_")
    assert call.input == {"city": "Os"}


@pytest.mark.parametrize(
    ("choice", "understood"),
    [
        ({"type": "auto"}, {"choice": "auto"}),
        (
            {"type": "auto", "disable_parallel_tool_use": True},
            {"choice": "auto", "parallel": False},
        ),
        ({"type": "none"}, {"choice": "none"}),
        (
            {"type": "tool", "name": "get_weather", "disable_parallel_tool_use": True},
            {"choice": "required", "name": "get_weather", "parallel": False},
        ),
    ],
)
async def test_that_the_choice_of_tools_is_understood(
    client: anthropic.AsyncAnthropic,
    answers: ScriptedAnswers,
    choice: object,
    understood: dict[str, Any],
) -> None:
    await asked(client, tools=[{**WEATHER, "type": "custom"}], tool_choice=choice)
    tools = answers.requests[0].tools
    assert tools is not None
    assert tools == Tools(tools=tools.tools, **understood)


async def test_that_blocks_of_all_kinds_become_turns(
    client: anthropic.AsyncAnthropic, answers: ScriptedAnswers
) -> None:
    call = {"type": "tool_use", "id": "toolu_1", "name": "look", "input": {"at": "it"}}
    await asked(
        client,
        system=[{"type": "text", "text": "One."}, {"type": "text", "text": "Two."}],
        messages=[
            {"role": "system", "content": "Three."},
            {"role": "user", "content": [{"type": "text", "text": "What is it?"}, PICTURE]},
            {"role": "user", "content": "Look closely."},
            {
                "role": "assistant",
                "content": [
                    {"type": "thinking", "thinking": "Hm.", "signature": "x"},
                    {"type": "redacted_thinking", "data": "secret"},
                    {"type": "text", "text": "I look."},
                    call,
                    {**call, "id": "toolu_2"},
                ],
            },
            {
                "role": "user",
                "content": [
                    {
                        "type": "tool_result",
                        "tool_use_id": "toolu_1",
                        "content": [{"type": "text", "text": "Seen:"}, PICTURE],
                    },
                    {
                        "type": "tool_result",
                        "tool_use_id": "toolu_2",
                        "content": "too dark",
                        "is_error": True,
                    },
                    {
                        "type": "document",
                        "title": "Notes",
                        "source": {"type": "text", "media_type": "text/plain", "data": "A cat."},
                    },
                    {"type": "document", "source": {"type": "content", "content": "Or a dog."}},
                    {"type": "text", "text": "So?", "cache_control": {"type": "ephemeral"}},
                ],
            },
        ],
    )
    calls = tuple(
        Call(id=name, name="look", arguments='{"at": "it"}') for name in ("toolu_1", "toolu_2")
    )
    assert answers.requests[0].messages == (
        Turn(role=Role.SYSTEM, content="One.\nTwo.\nThree."),
        Turn(role=Role.USER, content="What is it?\nLook closely.", images=(PIXEL,)),
        Turn(role=Role.ASSISTANT, content="I look.", reasoning="Hm.", tool_calls=calls),
        Turn(role=Role.TOOL, content="Seen:", images=(PIXEL,), tool_call_id="toolu_1"),
        Turn(role=Role.TOOL, content="Error: too dark", tool_call_id="toolu_2"),
        Turn(role=Role.USER, content="Notes\nA cat.\nOr a dog.\nSo?"),
    )


async def test_that_a_last_message_of_the_assistant_s_is_gone_on_with(
    client: anthropic.AsyncAnthropic, answers: ScriptedAnswers
) -> None:
    await asked(client, messages=[*QUESTION, {"role": "assistant", "content": "The answer is ("}])
    request = answers.requests[0]
    assert request.continue_last
    assert request.messages[-1] == Turn(role=Role.ASSISTANT, content="The answer is (")


async def test_that_an_answer_can_be_given_back_as_it_came(
    client: anthropic.AsyncAnthropic, answers: ScriptedAnswers
) -> None:
    answers.thoughts, answers.calls = ("Hm.",), CALLS
    answer = await asked(client, tools=[WEATHER])
    results = [
        {"type": "tool_result", "tool_use_id": block.id, "content": "fine"}
        for block in answer.content
        if block.type == "tool_use"
    ]
    await asked(
        client,
        tools=[WEATHER],
        messages=[*QUESTION, answer.to_param(), {"role": "user", "content": results}],
    )
    said = answers.requests[1].messages[1]
    assert (said.content, said.reasoning) == ("Hello, world!", "Hm.")
    assert [(call.id, json.loads(call.arguments)) for call in said.tool_calls] == [
        ("toolu_1", {"city": "Oslo"}),
        ("toolu_2", {}),
    ]


async def test_that_a_stream_adds_up_to_the_message(
    client: anthropic.AsyncAnthropic, answers: ScriptedAnswers
) -> None:
    answers.thoughts, answers.calls = ("Let", " me"), CALLS
    async with client.messages.stream(
        model=QUIET_MODEL.id, messages=QUESTION, max_tokens=100, tools=[WEATHER]
    ) as stream:
        kinds = [event.type async for event in stream]
        final = await stream.get_final_message()
    whole = await asked(client, tools=[WEATHER])
    assert final.model_dump(exclude={"id"}) == whole.model_dump(exclude={"id"})
    assert {"thinking", "signature", "text", "input_json", "message_stop"} <= set(kinds)


async def test_that_text_streams_piece_by_piece(client: anthropic.AsyncAnthropic) -> None:
    async with client.messages.stream(
        model=QUIET_MODEL.id, messages=QUESTION, max_tokens=100
    ) as stream:
        pieces = [text async for text in stream.text_stream]
    assert pieces == ["Hello", ",", " world", "!"]


async def test_that_thoughts_not_to_be_told_leave_their_signature_in_a_stream(
    client: anthropic.AsyncAnthropic, answers: ScriptedAnswers
) -> None:
    answers.thoughts = ("Let", " me")
    async with client.messages.stream(
        model=QUIET_MODEL.id,
        messages=QUESTION,
        max_tokens=100,
        thinking={"type": "adaptive", "display": "omitted"},
    ) as stream:
        deltas = [event.delta.type async for event in stream if event.type == "content_block_delta"]
    assert deltas == ["signature_delta", *["text_delta"] * 4]


async def test_that_leaving_a_stream_cancels_the_answer(
    client: anthropic.AsyncAnthropic, answers: ScriptedAnswers
) -> None:
    answers.pause_after = 2
    async with client.messages.stream(
        model=QUIET_MODEL.id, messages=QUESTION, max_tokens=100
    ) as stream:
        async for text in stream.text_stream:
            if text == ",":
                break
        assert answers.running == 1
    await until(lambda: answers.running == 0)
