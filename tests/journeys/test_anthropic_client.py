"""A session of Anthropic's own client with a real model, through the real engine and its port."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anthropic
import pytest
from anthropic.types import Message, TextBlock, ToolUseBlock

from engine.config import EngineConfig, Home, LoadWish
from engine.engine import Engine
from engine.terminal.rivals import free_port

pytestmark = [pytest.mark.anyio, pytest.mark.journey, pytest.mark.timeout(300)]

QUESTION: Any = [{"role": "user", "content": "What is the weather in Oslo?"}]
WEATHER: Any = {
    "name": "get_weather",
    "description": "The weather of a city.",
    "input_schema": {
        "type": "object",
        "properties": {
            "city": {"type": "string", "maxLength": 12},
            "unit": {"enum": ["celsius", "fahrenheit"]},
        },
        "required": ["city", "unit"],
        "additionalProperties": False,
    },
}
FORCED: Any = {"type": "tool", "name": "get_weather", "disable_parallel_tool_use": True}
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A client, the model it asks, and where."""

    client: anthropic.AsyncAnthropic
    model: str
    address: str


@pytest.fixture
async def session(home: Home, model_file: Path) -> AsyncGenerator[Session]:
    engine = Engine(home, EngineConfig(serve=False, streams=4))
    await engine.start()
    try:
        await engine.load(str(model_file), LoadWish(context_tokens=4096, streams=4))
        address = await engine.open_port(free_port())
        async with anthropic.AsyncAnthropic(
            base_url=address, api_key="unused", max_retries=0, timeout=120
        ) as client:
            models = [model async for model in client.models.list()]
            assert models[0].type == "model"
            yield Session(client=client, model=models[0].id, address=address)
    finally:
        await engine.close()


async def test_that_anthropic_s_client_works_as_it_is(session: Session) -> None:
    await an_answer_comes_whole(session)
    await a_stream_adds_up_to_the_same(session)
    await the_client_without_asyncio_works_too(session)
    await an_answer_goes_on_where_it_was_begun(session)
    await a_string_ends_an_answer(session)
    await a_call_comes_whole_and_its_result_is_read(session)
    await a_call_comes_in_pieces(session)
    await a_wish_to_think_does_no_harm(session)
    await an_answer_keeps_to_its_schema(session)
    await tokens_are_counted_as_they_are_read(session)
    await what_cannot_be_is_refused(session)
    await leaving_a_stream_frees_the_model(session)


async def ask(session: Session, **wishes: object) -> Message:
    wishes = {
        "model": session.model,
        "messages": QUESTION,
        "max_tokens": 8,
        "extra_body": {"temperature": 0},
        **wishes,
    }
    answer = await session.client.messages.create(**wishes)  # pyright: ignore
    assert isinstance(answer, Message)
    return answer


def text_of(answer: Message) -> str:
    return "".join(block.text for block in answer.content if isinstance(block, TextBlock))


async def an_answer_comes_whole(session: Session) -> None:
    answer = await ask(session, system="You are brief.")
    assert text_of(answer)
    assert answer.model == session.model
    assert answer.stop_reason in {"end_turn", "max_tokens"}
    assert answer.usage.input_tokens > 0
    assert 0 < answer.usage.output_tokens <= 8
    again = await ask(session, system="You are brief.")
    assert (again.usage.cache_read_input_tokens or 0) > 0
    read = [
        each.usage.input_tokens + (each.usage.cache_read_input_tokens or 0)
        for each in (answer, again)
    ]
    assert read[0] == read[1]


async def a_stream_adds_up_to_the_same(session: Session) -> None:
    whole = await ask(session)
    async with session.client.messages.stream(
        model=session.model, messages=QUESTION, max_tokens=8, extra_body={"temperature": 0}
    ) as stream:
        pieces = [piece async for piece in stream.text_stream]
        final = await stream.get_final_message()
    assert "".join(pieces) == await stream.get_final_text() == text_of(whole)
    assert final.stop_reason == whole.stop_reason
    assert final.usage.output_tokens == whole.usage.output_tokens
    raw = await session.client.messages.create(
        model=session.model, messages=QUESTION, max_tokens=3, stream=True
    )
    kinds = [event.type async for event in raw]
    assert kinds[0] == "message_start"
    assert kinds[1] == "content_block_start"
    assert kinds[-3:] == ["content_block_stop", "message_delta", "message_stop"]
    assert set(kinds[2:-3]) == {"content_block_delta"}


async def the_client_without_asyncio_works_too(session: Session) -> None:
    def talk() -> tuple[str, str]:
        with anthropic.Anthropic(base_url=session.address, api_key="unused", timeout=120) as client:
            wishes: Any = {
                "model": session.model,
                "messages": QUESTION,
                "max_tokens": 8,
                "extra_body": {"temperature": 0},
            }
            with client.messages.stream(**wishes) as stream:
                streamed = stream.get_final_text()
            answer: object = client.messages.create(**wishes)  # pyright: ignore
            assert isinstance(answer, Message)
            return text_of(answer), streamed

    whole, streamed = await asyncio.to_thread(talk)
    assert whole == streamed


async def an_answer_goes_on_where_it_was_begun(session: Session) -> None:
    begun = [*QUESTION, {"role": "assistant", "content": "1, 2, 3, 4, 5, 6,"}]
    assert "7" in text_of(await ask(session, messages=begun, max_tokens=6))


async def a_string_ends_an_answer(session: Session) -> None:
    begun = [*QUESTION, {"role": "assistant", "content": "1, 2, 3, 4, 5, 6,"}]
    answer = await ask(session, messages=begun, stop_sequences=["zebra", "9"], max_tokens=50)
    assert (answer.stop_reason, answer.stop_sequence) == ("stop_sequence", "9")
    assert "8" in text_of(answer)
    assert "9" not in text_of(answer)


async def a_call_comes_whole_and_its_result_is_read(session: Session) -> None:
    answer = await ask(session, tools=[WEATHER], tool_choice=FORCED, max_tokens=120)
    assert answer.stop_reason == "tool_use", answer
    call = answer.content[-1]
    assert isinstance(call, ToolUseBlock)
    assert call.name == "get_weather"
    assert set(call.input) == {"city", "unit"}
    result = {
        "type": "tool_result",
        "tool_use_id": call.id,
        "content": [{"type": "text", "text": "It rains, 7 degrees."}],
    }
    after = await ask(
        session,
        tools=[WEATHER],
        tool_choice={"type": "none"},
        messages=[*QUESTION, answer.to_param(), {"role": "user", "content": [result]}],
    )
    assert text_of(after)


async def a_call_comes_in_pieces(session: Session) -> None:
    async with session.client.messages.stream(
        model=session.model,
        messages=QUESTION,
        tools=[WEATHER],
        tool_choice=FORCED,
        max_tokens=120,
    ) as stream:
        pieces = [event.partial_json async for event in stream if event.type == "input_json"]
        final = await stream.get_final_message()
    assert final.stop_reason == "tool_use"
    assert len(pieces) > 1
    call = final.content[-1]
    assert isinstance(call, ToolUseBlock)
    assert set(call.input) == {"city", "unit"}


async def a_wish_to_think_does_no_harm(session: Session) -> None:
    # This model has no thoughts of its own: it answers at once.
    answer = await ask(session, thinking={"type": "enabled", "budget_tokens": 1024})
    assert text_of(answer)
    assert text_of(await ask(session, thinking={"type": "disabled"}))


async def an_answer_keeps_to_its_schema(session: Session) -> None:
    schema = {
        "type": "object",
        "properties": {"is_capital": {"type": "boolean"}},
        "required": ["is_capital"],
        "additionalProperties": False,
    }
    shape = {"format": {"type": "json_schema", "schema": schema}}
    answer = await ask(session, output_config=shape, max_tokens=60)
    assert "is_capital" in text_of(answer)
    assert answer.stop_reason == "end_turn"


async def tokens_are_counted_as_they_are_read(session: Session) -> None:
    answer = await ask(session, system="You are brief.", tools=[WEATHER])
    counted = await session.client.messages.count_tokens(
        model=session.model, messages=QUESTION, system="You are brief.", tools=[WEATHER]
    )
    read = answer.usage.input_tokens + (answer.usage.cache_read_input_tokens or 0)
    assert counted.input_tokens == read


async def what_cannot_be_is_refused(session: Session) -> None:
    with pytest.raises(anthropic.NotFoundError, match="No model is called 'claude'"):
        await ask(session, model="claude")
    with pytest.raises(anthropic.BadRequestError, match=r"tools\[0\]\.type"):
        await ask(session, tools=[{"type": "web_search_20250305", "name": "web_search"}])
    long: Any = [{"role": "user", "content": "word " * 6000}]
    with pytest.raises(
        anthropic.BadRequestError, match=r"prompt is too long: 60\d\d tokens > 4096 maximum"
    ):
        await ask(session, messages=long)
    picture = {"type": "base64", "media_type": "image/png", "data": PIXEL}
    shown: Any = [{"role": "user", "content": [{"type": "image", "source": picture}]}]
    with pytest.raises(anthropic.BadRequestError, match="cannot see images") as raised:
        await ask(session, messages=shown)
    assert raised.value.error_code == "images_not_supported"


async def leaving_a_stream_frees_the_model(session: Session) -> None:
    """Four answers without an end are left; were they still written, no fifth would be served."""
    for _ in range(4):
        async with session.client.messages.stream(
            model=session.model, messages=QUESTION, max_tokens=100_000
        ) as stream:
            async for _ in stream.text_stream:
                break
    async with asyncio.timeout(60):
        assert text_of(await ask(session, max_tokens=4))
