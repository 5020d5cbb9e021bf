"""Tools, schemas, log probabilities and several answers of a real model, by OpenAI's own client."""

import base64
import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import openai
import pytest
from openai.lib.streaming.chat import ChunkEvent
from pydantic import BaseModel

from engine.config import EngineConfig, Home, LoadWish
from engine.engine import Engine
from engine.terminal.rivals import free_port

pytestmark = [pytest.mark.anyio, pytest.mark.journey, pytest.mark.timeout(300)]

QUESTION: Any = [{"role": "user", "content": "What is the weather in Oslo?"}]
WEATHER: Any = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of a city.",
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string", "maxLength": 12},
                "unit": {"enum": ["celsius", "fahrenheit"]},
            },
            "required": ["city", "unit"],
            "additionalProperties": False,
        },
    },
}


@pytest.fixture
async def client(home: Home, model_file: Path) -> AsyncGenerator[openai.AsyncOpenAI]:
    engine = Engine(home, EngineConfig(serve=False, streams=4))
    await engine.start()
    try:
        await engine.load(str(model_file), LoadWish(context_tokens=4096, streams=4))
        address = await engine.open_port(free_port())
        async with openai.AsyncOpenAI(
            base_url=f"{address}/v1", api_key="unused", max_retries=0, timeout=120
        ) as client:
            yield client
    finally:
        await engine.close()


async def test_that_tools_schemas_and_log_probabilities_are_real(
    client: openai.AsyncOpenAI,
) -> None:
    model = (await client.models.list()).data[0].id
    await a_call_comes_whole(client, model)
    await a_call_comes_in_pieces(client, model)
    await an_answer_keeps_to_its_schema(client, model)
    await log_probabilities_add_up(client, model)
    await several_answers_repeat_themselves(client, model)
    await a_picture_is_refused(client, model)
    await a_prompt_too_long_is_refused_with_numbers(client, model)


async def a_call_comes_whole(client: openai.AsyncOpenAI, model: str) -> None:
    answer = await client.chat.completions.create(
        model=model,
        messages=QUESTION,
        tools=[WEATHER],
        tool_choice="required",
        parallel_tool_calls=False,  # one call ends by itself, the small model goes on calling
        max_tokens=300,
    )
    choice = answer.choices[0]
    assert choice.finish_reason == "tool_calls", answer
    assert choice.message.tool_calls
    for call in choice.message.tool_calls:
        assert call.type == "function"
        assert call.id
        assert call.function.name == "get_weather"
        said = json.loads(call.function.arguments)
        assert set(said) == {"city", "unit"}
        assert said["unit"] in {"celsius", "fahrenheit"}


async def a_call_comes_in_pieces(client: openai.AsyncOpenAI, model: str) -> None:
    async with client.chat.completions.stream(
        model=model,
        messages=QUESTION,
        tools=[WEATHER],
        tool_choice={"type": "function", "function": {"name": "get_weather"}},
        parallel_tool_calls=False,
        max_tokens=120,
    ) as stream:
        deltas = [
            event.chunk.choices[0].delta async for event in stream if isinstance(event, ChunkEvent)
        ]
        final = await stream.get_final_completion()
    message = final.choices[0].message
    assert final.choices[0].finish_reason == "tool_calls"
    assert message.tool_calls is not None
    assert len(message.tool_calls) == 1
    assert set(json.loads(message.tool_calls[0].function.arguments)) == {"city", "unit"}
    pieces = [call for delta in deltas for call in delta.tool_calls or []]
    assert len(pieces) > 1
    assert [bool(piece.id) for piece in pieces] == [True] + [False] * (len(pieces) - 1)


async def an_answer_keeps_to_its_schema(client: openai.AsyncOpenAI, model: str) -> None:
    class Short(BaseModel):
        is_capital: bool
        people: int

    parsed = await client.chat.completions.parse(
        model=model,
        messages=[{"role": "user", "content": "Tell me of Oslo."}],
        response_format=Short,
        temperature=0,
        max_tokens=100,
    )
    assert isinstance(parsed.choices[0].message.parsed, Short)
    anything = await client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": "Tell me of Oslo."}],
        extra_body={"grammar": 'root ::= "yes" | "no"'},
    )
    assert anything.choices[0].message.content in {"yes", "no"}


async def log_probabilities_add_up(client: openai.AsyncOpenAI, model: str) -> None:
    answer = await client.chat.completions.create(
        model=model, messages=QUESTION, temperature=0, max_tokens=6, logprobs=True, top_logprobs=3
    )
    logprobs = answer.choices[0].logprobs
    assert logprobs is not None
    assert logprobs.content is not None
    text = b"".join(bytes(token.bytes or []) for token in logprobs.content).decode()
    assert text.startswith(answer.choices[0].message.content or "?")
    for token in logprobs.content:
        assert token.logprob <= 0
        assert len(token.top_logprobs) == 3
        assert token.top_logprobs[0].token == token.token  # greedy: the likeliest was chosen
    whole = await client.completions.create(
        model=model, prompt="Once upon a", temperature=0, max_tokens=4, logprobs=2, echo=False
    )
    old = whole.choices[0].logprobs
    assert old is not None
    assert old.tokens is not None
    assert "".join(old.tokens) == whole.choices[0].text


async def several_answers_repeat_themselves(client: openai.AsyncOpenAI, model: str) -> None:
    answer = await client.chat.completions.create(
        model=model, messages=QUESTION, n=3, seed=7, max_tokens=12
    )
    assert [choice.index for choice in answer.choices] == [0, 1, 2]
    assert len({choice.message.content for choice in answer.choices}) > 1
    assert answer.usage is not None
    assert answer.usage.completion_tokens <= 36


async def a_picture_is_refused(client: openai.AsyncOpenAI, model: str) -> None:
    pixel = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    url = "data:image/png;base64," + base64.b64encode(pixel).decode()
    part: Any = {"type": "image_url", "image_url": {"url": url}}
    with pytest.raises(openai.BadRequestError) as raised:
        await client.chat.completions.create(
            model=model, messages=[{"role": "user", "content": [part]}]
        )
    assert raised.value.code == "images_not_supported"
    assert "projector" in raised.value.message


async def a_prompt_too_long_is_refused_with_numbers(client: openai.AsyncOpenAI, model: str) -> None:
    with pytest.raises(openai.BadRequestError) as raised:
        await client.chat.completions.create(
            model=model, messages=[{"role": "user", "content": "word " * 6000}]
        )
    assert raised.value.code == "context_length_exceeded"
    assert "the context holds 4,096" in raised.value.message
