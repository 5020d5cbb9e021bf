"""Tools that a real model calls of its own accord, and answers that share what they begin with."""

import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import openai
import pytest
from openai.lib.streaming.chat import ChunkEvent

from engine.config import EngineConfig, Home, LoadWish
from engine.engine import Engine
from engine.terminal.rivals import free_port

pytestmark = [pytest.mark.anyio, pytest.mark.journey, pytest.mark.timeout(300)]

CITIES = {"Oslo": "7", "Paris": "19", "Rome": "26"}
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
        await engine.load(str(model_file), LoadWish(context_tokens=8192, streams=4))
        address = await engine.open_port(free_port())
        async with openai.AsyncOpenAI(
            base_url=f"{address}/v1", api_key="unused", max_retries=0, timeout=120
        ) as client:
            yield client
    finally:
        await engine.close()


def habit() -> list[Any]:
    """A conversation in which calls were made so often that even a small model makes the next."""
    messages: list[Any] = []
    for city, degrees in CITIES.items():
        call = {
            "id": f"call_{city}",
            "type": "function",
            "function": {
                "name": "get_weather",
                "arguments": json.dumps({"city": city, "unit": "celsius"}),
            },
        }
        messages += [
            {"role": "user", "content": f"What is the weather in {city}?"},
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": f"call_{city}", "content": degrees},
            {"role": "assistant", "content": f"It is {degrees} degrees in {city}."},
        ]
    return [*messages, {"role": "user", "content": "What is the weather in Berlin?"}]


async def test_that_calls_are_free_prompts_are_shared_and_texts_are_raw(
    client: openai.AsyncOpenAI,
) -> None:
    model = (await client.models.list()).data[0].id
    await a_call_of_the_models_own_accord_keeps_to_its_schema(client, model)
    await a_model_that_may_call_may_as_well_not(client, model)
    await several_answers_to_one_prompt_read_it_once(client, model)
    await what_looks_like_thought_is_text_without_a_template(client, model)


async def a_call_of_the_models_own_accord_keeps_to_its_schema(
    client: openai.AsyncOpenAI, model: str
) -> None:
    async with client.chat.completions.stream(
        model=model, messages=habit(), tools=[WEATHER], temperature=0, max_tokens=160
    ) as stream:
        deltas = [
            event.chunk.choices[0].delta async for event in stream if isinstance(event, ChunkEvent)
        ]
        final = await stream.get_final_completion()
    choice = final.choices[0]
    assert choice.finish_reason == "tool_calls", choice
    assert choice.message.tool_calls is not None
    for call in choice.message.tool_calls:
        assert call.function.name == "get_weather"
        said = json.loads(call.function.arguments)
        assert set(said) == {"city", "unit"}
        assert said["unit"] in {"celsius", "fahrenheit"}
    assert "<tool_call>" not in (choice.message.content or "")
    pieces = [call for delta in deltas for call in delta.tool_calls or []]
    assert len(pieces) > 1, "arguments stream"


async def a_model_that_may_call_may_as_well_not(client: openai.AsyncOpenAI, model: str) -> None:
    answer = await client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": "Say hello."}],
        tools=[WEATHER],
        temperature=0,
        max_tokens=24,
    )
    assert answer.choices[0].finish_reason in {"stop", "length"}
    assert answer.choices[0].message.content
    assert not answer.choices[0].message.tool_calls


async def several_answers_to_one_prompt_read_it_once(
    client: openai.AsyncOpenAI, model: str
) -> None:
    story = "The sea was calm that morning, and the boats lay still in the harbour. " * 20
    answer = await client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": f"{story} Go on."}],
        n=3,
        max_tokens=4,
        temperature=0,
    )
    costs = sorted(choice.model_extra["timings"]["cache_n"] for choice in answer.choices)  # pyright: ignore
    assert answer.usage is not None
    prompt = answer.usage.prompt_tokens
    assert prompt > 200
    assert costs[1] >= prompt - 64
    assert costs[2] >= prompt - 64


async def what_looks_like_thought_is_text_without_a_template(
    client: openai.AsyncOpenAI, model: str
) -> None:
    habit = "<think>\nOne.\n</think>\nTwo.\n" * 8
    answer = await client.completions.create(
        model=model, prompt=habit, max_tokens=16, temperature=0
    )
    assert answer.choices[0].text.startswith("<think>\nOne.\n</think>")
