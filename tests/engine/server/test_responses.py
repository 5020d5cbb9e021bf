"""OpenAI's responses, asked for by its own client."""

import base64
import json
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import httpx
import openai
import pytest
from openai.types.responses import ResponseFunctionToolCall, ResponseReasoningItem
from pydantic import BaseModel

from engine.chat import CallPiece, Format, Message, Role, ToolCall
from engine.errors import ContextExceeded, WorkerDied
from tests.support.answers import QUIET_MODEL, ScriptedAnswers

pytestmark = pytest.mark.anyio

MODEL = QUIET_MODEL.id
WEATHER: Any = {
    "type": "function",
    "name": "weather",
    "description": "The weather.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    "strict": True,
}
CLOCK: Any = {**WEATHER, "name": "clock"}
PIXEL = base64.b64encode(b"\x89PNG").decode()


@pytest.fixture
async def client(address: str) -> AsyncGenerator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(
        base_url=f"{address}/v1", api_key="unused", max_retries=0, timeout=20
    ) as client:
        yield client


async def test_that_a_text_is_answered_with_its_cost(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    answers.thoughts = ("hm",)
    response = await client.responses.create(
        model=MODEL,
        input="Say hello.",
        instructions="Be short.",
        temperature=0,
        max_output_tokens=50,
        metadata={"a": "b"},
        reasoning={"effort": "low"},
    )
    assert response.output_text == "Hello, world!"
    assert response.status == "completed"
    assert response.error is None
    assert isinstance(response.output[0], ResponseReasoningItem)
    usage = response.usage
    assert usage is not None
    assert (usage.input_tokens, usage.output_tokens, usage.total_tokens) == (4, 5, 9)
    assert usage.input_tokens_details.cached_tokens == 1
    assert usage.output_tokens_details.reasoning_tokens == 1
    assert (response.temperature, response.max_output_tokens) == (0, 50)
    assert (response.instructions, response.metadata) == ("Be short.", {"a": "b"})
    request = answers.requests[0]
    assert request.messages == (
        Message(role=Role.SYSTEM, content="Be short."),
        Message(role=Role.USER, content="Say hello."),
    )
    assert (request.max_tokens, request.sampling.temperature) == (50, 0)
    assert request.template_options == {"reasoning_effort": "low"}


async def test_that_items_become_the_messages_they_stand_for(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    items: Any = [
        {"role": "developer", "content": "Rules."},
        {
            "type": "message",
            "role": "user",
            "content": [
                {"type": "input_text", "text": "What is this?"},
                {"type": "input_image", "image_url": f"data:image/png;base64,{PIXEL}"},
            ],
        },
        {
            "type": "reasoning",
            "id": "rs_1",
            "summary": [],
            "content": [{"type": "reasoning_text", "text": "hm"}],
        },
        {
            "type": "message",
            "id": "msg_1",
            "role": "assistant",
            "status": "completed",
            "content": [{"type": "output_text", "text": "I ask.", "annotations": []}],
        },
        {"type": "function_call", "call_id": "c1", "name": "weather", "arguments": "{}"},
        {"type": "function_call", "call_id": "c2", "name": "weather", "arguments": '{"a":1}'},
        {"type": "function_call_output", "call_id": "c1", "output": "rain"},
        {
            "type": "function_call_output",
            "call_id": "c2",
            "output": [{"type": "input_text", "text": "sun"}],
        },
        {"role": "assistant", "content": "Mixed."},
        {"role": "assistant", "content": "Really."},
        {"role": "user", "content": "Thanks."},
    ]
    await client.responses.create(model=MODEL, input=items)
    assert answers.requests[0].messages == (
        Message(role=Role.SYSTEM, content="Rules."),
        Message(role=Role.USER, content="What is this?", images=(b"\x89PNG",)),
        Message(
            role=Role.ASSISTANT,
            content="I ask.",
            reasoning="hm",
            tool_calls=(
                ToolCall(id="c1", name="weather", arguments="{}"),
                ToolCall(id="c2", name="weather", arguments='{"a":1}'),
            ),
        ),
        Message(role=Role.TOOL, content="rain", tool_call_id="c1"),
        Message(role=Role.TOOL, content="sun", tool_call_id="c2"),
        Message(role=Role.ASSISTANT, content="Mixed."),
        Message(role=Role.ASSISTANT, content="Really."),
        Message(role=Role.USER, content="Thanks."),
    )


async def test_that_tools_are_offered_called_and_answered(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    answers.words = ()
    answers.calls = (
        CallPiece(index=0, id="call_1", name="weather", arguments='{"city"'),
        CallPiece(index=0, arguments=':"Oslo"}'),
    )
    first = await client.responses.create(
        model=MODEL,
        input="Oslo?",
        tools=[WEATHER],
        tool_choice={"type": "function", "name": "weather"},
        parallel_tool_calls=False,
    )
    tools = answers.requests[0].tools
    assert tools is not None
    assert (tools.choice, tools.name, tools.parallel) == ("required", "weather", False)
    assert json.loads(tools.tools[0].parameters) == WEATHER["parameters"]
    assert len(first.output) == 1
    call = first.output[0]
    assert isinstance(call, ResponseFunctionToolCall)
    assert json.loads(call.arguments) == {"city": "Oslo"}
    answers.words, answers.calls = ("Rain.",), ()
    second = await client.responses.create(
        model=MODEL,
        previous_response_id=first.id,
        input=[{"type": "function_call_output", "call_id": call.call_id, "output": "rain"}],
    )
    assert second.output_text == "Rain."
    assert [message.role for message in answers.requests[1].messages] == [
        Role.USER,
        Role.ASSISTANT,
        Role.TOOL,
    ]


async def test_that_some_of_the_tools_can_be_allowed(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    response = await client.responses.create(
        model=MODEL,
        input="Oslo?",
        tools=[WEATHER, CLOCK],
        tool_choice={
            "type": "allowed_tools",
            "mode": "required",
            "tools": [{"type": "function", "name": "clock"}],
        },
    )
    tools = answers.requests[0].tools
    assert tools is not None
    assert tools.choice == "required"
    assert [tool.name for tool in tools.tools] == ["clock"]
    assert len(response.tools) == 2


async def test_that_a_shape_is_asked_for(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    class City(BaseModel):
        name: str

    answers.words = ('{"name"', ':"Oslo"}')
    parsed = await client.responses.parse(model=MODEL, input="A city.", text_format=City)
    assert parsed.output_parsed == City(name="Oslo")
    shape = answers.requests[0].format
    assert shape is not None
    assert shape.kind == "schema"
    assert json.loads(shape.text)["required"] == ["name"]
    await client.responses.create(
        model=MODEL, input="JSON.", text={"format": {"type": "json_object"}}
    )
    assert answers.requests[1].format == Format(kind="json")


async def test_that_log_probabilities_come_with_the_text(client: openai.AsyncOpenAI) -> None:
    response = await client.responses.create(
        model=MODEL, input="Hi", top_logprobs=2, include=["message.output_text.logprobs"]
    )
    message = response.output[0]
    assert message.type == "message"
    part = message.content[0]
    assert part.type == "output_text"
    assert part.logprobs is not None
    assert "".join(token.token for token in part.logprobs) == "Hello, world!"
    assert len(part.logprobs[0].top_logprobs) == 2


async def test_that_a_limit_makes_a_response_incomplete(client: openai.AsyncOpenAI) -> None:
    response = await client.responses.create(model=MODEL, input="Hi", max_output_tokens=2)
    assert response.status == "incomplete"
    assert response.incomplete_details is not None
    assert response.incomplete_details.reason == "max_output_tokens"
    assert response.output_text == "Hello,"


async def test_that_an_answer_of_nothing_is_an_empty_message(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    answers.words = (" ", "\n")
    response = await client.responses.create(model=MODEL, input="Hi")
    assert [item.type for item in response.output] == ["message"]
    assert response.output_text == " \n"


async def test_that_a_conversation_goes_on_from_what_is_kept(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    first = await client.responses.create(model=MODEL, input="One", instructions="Be short.")
    async with client.responses.stream(
        model=MODEL, input="Two", previous_response_id=first.id
    ) as stream:
        second = await stream.get_final_response()
    third = await client.responses.create(
        model=MODEL, input="Three", previous_response_id=second.id, store=False
    )
    said = [(message.role, message.content) for message in answers.requests[2].messages]
    assert said == [
        (Role.USER, "One"),
        (Role.ASSISTANT, "Hello, world!"),
        (Role.USER, "Two"),
        (Role.ASSISTANT, "Hello, world!"),
        (Role.USER, "Three"),
    ]
    assert (await client.responses.retrieve(second.id)).output_text == "Hello, world!"
    with pytest.raises(openai.NotFoundError):
        await client.responses.retrieve(third.id)
    asked = await client.responses.input_items.list(second.id, order="asc", limit=2)
    assert [item.type async for item in asked] == ["message", "message", "message"]
    assert asked.has_more
    latest = await client.responses.input_items.list(second.id)
    assert [item.id for item in latest.data][::-1] == [item.id async for item in asked]


async def test_that_an_item_can_be_named_instead_of_repeated(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    first = await client.responses.create(model=MODEL, input="One")
    kept = first.output[0].id
    assert kept is not None
    items: Any = [{"type": "item_reference", "id": kept}, {"role": "user", "content": "Two"}]
    await client.responses.create(model=MODEL, input=items)
    assert [message.content for message in answers.requests[1].messages] == ["Hello, world!", "Two"]
    with pytest.raises(openai.BadRequestError) as raised:
        await client.responses.create(
            model=MODEL, input=[{"type": "item_reference", "id": "msg_gone"}]
        )
    assert raised.value.param == "input[0].id"


async def test_that_a_forgotten_response_is_not_found(client: openai.AsyncOpenAI) -> None:
    first = await client.responses.create(model=MODEL, input="One")
    await client.responses.delete(first.id)
    with pytest.raises(openai.NotFoundError) as raised:
        await client.responses.create(model=MODEL, input="Two", previous_response_id=first.id)
    assert raised.value.code == "response_not_found"
    assert raised.value.param == "previous_response_id"
    assert "it has been forgotten" in raised.value.message
    with pytest.raises(openai.NotFoundError):
        await client.responses.delete(first.id)
    with pytest.raises(openai.NotFoundError):
        await client.responses.input_items.list(first.id)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"input": []}, "input"),
        ({"input": 3}, "input"),
        ({"input": [{"type": "computer_call"}]}, "input[0].type"),
        ({"input": [{"content": "Hi"}]}, "input[0].role"),
        ({"input": [{"role": "robot", "content": "Hi"}]}, "input[0].role"),
        ({"input": [{"role": "user", "content": [{"type": "input_file"}]}]}, "input[0].content"),
        (
            {"input": [{"role": "user", "content": [{"type": "input_image", "file_id": "f"}]}]},
            "input[0].content",
        ),
        ({"input": [{"type": "function_call", "name": "f"}]}, "input[0].call_id"),
        ({"input": [{"type": "function_call", "call_id": "c"}]}, "input[0].name"),
        (
            {"input": [{"type": "function_call_output", "call_id": "c", "output": "x"}]},
            "input[0].call_id",
        ),
        ({"tools": [{"type": "web_search"}]}, "tools[0].type"),
        ({"tools": [{"type": "function"}]}, "tools[0].name"),
        ({"tools": [WEATHER, WEATHER]}, "tools[1].name"),
        ({"tool_choice": "required"}, "tool_choice"),
        ({"tool_choice": {"type": "function", "name": "f"}}, "tool_choice"),
        ({"tool_choice": {"type": "web_search"}}, "tool_choice.type"),
        ({"text": {"format": {"type": "yaml"}}}, "text.format.type"),
        ({"text": {"format": {"type": "json_schema", "name": "n"}}}, "text.format.schema"),
        ({"metadata": {"a": 1}}, "metadata.a"),
        ({"max_output_tokens": 0}, "max_output_tokens"),
        ({"temperature": -2}, "temperature"),
        ({"truncation": "auto"}, "truncation"),
        ({"background": True}, "background"),
        ({"conversation": "conv_1"}, "conversation"),
        ({"prompt": {"id": "p"}}, "prompt"),
        ({"n": 2}, "n"),
    ],
)
async def test_that_what_cannot_be_done_is_named(
    address: str, answers: ScriptedAnswers, wish: dict[str, object], field: str
) -> None:
    async with httpx.AsyncClient(base_url=address, timeout=20) as http:
        answer = await http.post("/v1/responses", json={"input": "Hi", **wish})
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["param"] == field
    assert not answers.requests


async def test_that_failures_before_the_first_word_have_a_status(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    with pytest.raises(openai.NotFoundError) as missing:
        await client.responses.create(model="nobody", input="Hi", stream=True)
    assert missing.value.param == "model"
    answers.failure = ContextExceeded(5000, 4096)
    for stream in (True, False):
        with pytest.raises(openai.BadRequestError) as long:
            await client.responses.create(model=MODEL, input="Hi", stream=stream)
        assert long.value.code == "context_length_exceeded"
        assert "5,000" in long.value.message
        assert "4,096" in long.value.message


async def test_that_a_failed_stream_is_kept_as_it_ended(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    answers.failure, answers.fail_after = WorkerDied("It died."), 1
    stream = await client.responses.create(model=MODEL, input="Hi", stream=True)
    events = [event async for event in stream]
    assert events[-1].type == "response.failed"
    kept = await client.responses.retrieve(events[-1].response.id)
    assert kept.status == "failed"
    assert kept.error is not None
    assert "It died." in kept.error.message


async def test_that_a_client_that_leaves_ends_the_answer(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    answers.pause_after = 2
    stream = await client.responses.create(model=MODEL, input="Hi", stream=True)
    heard: AsyncIterator[Any] = aiter(stream)
    while (await anext(heard)).type != "response.output_text.delta":
        pass
    await answers.pausing.wait()
    await stream.close()
    await answers.all_closed.wait()
    assert answers.running == 0
