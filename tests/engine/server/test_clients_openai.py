"""A session of OpenAI's own Python client with a real model."""

import json
import math
from collections.abc import Generator
from pathlib import Path
from typing import Any, Literal

import openai
import pytest
from openai.types import Completion
from openai.types.chat import ChatCompletion
from openai.types.responses import ResponseFunctionToolCall
from pydantic import BaseModel

from tests.support.served import Served, served

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

QUESTION: Any = [{"role": "user", "content": "Name a city in one word."}]
PARAMETERS: Any = {
    "type": "object",
    "properties": {"city": {"type": "string", "maxLength": 12}},
    "required": ["city"],
    "additionalProperties": False,
}
WEATHER: Any = {
    "type": "function",
    "function": {"name": "get_weather", "description": "The weather.", "parameters": PARAMETERS},
}

# A small model may go on for ever; an answer of this shape ends by itself.
SHORT: Any = {"format": {"type": "json_schema", "name": "word", "schema": {"enum": ["yes", "no"]}}}


class Town(BaseModel):
    capital: bool
    size: Literal["small", "large"]


@pytest.fixture(scope="module", name="port")
def _port(tmp_path_factory: pytest.TempPathFactory, model_file: Path) -> Generator[Served]:
    with served(tmp_path_factory.mktemp("home"), model_file) as port:
        yield port


@pytest.fixture
def client(port: Served) -> Generator[openai.OpenAI]:
    with openai.OpenAI(base_url=port.url, api_key="unused", max_retries=0, timeout=120) as client:
        yield client


def test_that_models_are_listed_and_chats_answered_whole_and_in_pieces(
    client: openai.OpenAI, port: Served
) -> None:
    assert {model.id for model in client.models.list()} >= {port.writer, port.embedder}
    wish: Any = {"model": port.writer, "messages": QUESTION, "temperature": 0, "max_tokens": 12}
    whole = client.chat.completions.create(**wish, stream=False)
    assert isinstance(whole, ChatCompletion)
    assert whole.choices[0].message.content
    assert whole.usage is not None
    assert whole.usage.completion_tokens <= 12
    with client.chat.completions.create(
        **wish, stream=True, stream_options={"include_usage": True}
    ) as stream:
        chunks = list(stream)
    told = "".join(choice.delta.content or "" for each in chunks for choice in each.choices)
    assert told == whole.choices[0].message.content
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens == whole.usage.completion_tokens


def test_that_a_tool_is_called_and_its_answer_taken(client: openai.OpenAI, port: Served) -> None:
    forced: Any = {"type": "function", "function": {"name": "get_weather"}}
    asked = client.chat.completions.create(
        model=port.writer,
        messages=QUESTION,
        tools=[WEATHER],
        tool_choice=forced,
        parallel_tool_calls=False,
        temperature=0,
        max_tokens=60,
    )
    assert asked.choices[0].finish_reason == "tool_calls"
    calls = asked.choices[0].message.tool_calls
    assert calls is not None
    assert calls[0].type == "function"
    assert calls[0].function.name == "get_weather"
    assert set(json.loads(calls[0].function.arguments)) == {"city"}
    said: Any = asked.choices[0].message.model_dump(exclude_none=True)
    result: Any = {"role": "tool", "tool_call_id": calls[0].id, "content": "Rain."}
    after = client.chat.completions.create(
        model=port.writer, messages=[*QUESTION, said, result], max_tokens=8
    )
    assert after.choices[0].finish_reason in {"stop", "length"}


def test_that_a_schema_holds(client: openai.OpenAI, port: Served) -> None:
    parsed = client.chat.completions.parse(
        model=port.writer, messages=QUESTION, response_format=Town, temperature=0, max_tokens=60
    )
    assert isinstance(parsed.choices[0].message.parsed, Town)


def test_that_a_text_is_gone_on_with(client: openai.OpenAI, port: Served) -> None:
    wish: Any = {"model": port.writer, "prompt": "One, two,", "temperature": 0, "max_tokens": 6}
    whole = client.completions.create(**wish, echo=True, stream=False)
    assert isinstance(whole, Completion)
    assert whole.choices[0].text.startswith("One, two,")
    with client.completions.create(**wish, stream=True) as stream:
        told = "".join(choice.text for chunk in stream for choice in chunk.choices)
    assert whole.choices[0].text == "One, two," + told
    with pytest.raises(openai.BadRequestError, match="not taught to fill in"):
        client.completions.create(**wish, suffix="four")


def test_that_responses_are_written_streamed_and_gone_on_from(
    client: openai.OpenAI, port: Served
) -> None:
    first = client.responses.create(
        model=port.writer,
        input="My name is Ada. Say hello.",
        instructions="Be brief.",
        temperature=0,
        max_output_tokens=10,
    )
    assert first.output_text
    assert first.usage is not None
    with client.responses.stream(
        model=port.writer, input="Again?", previous_response_id=first.id, text=SHORT
    ) as stream:
        kinds = [event.type for event in stream]
        second = stream.get_final_response()
    assert kinds[:2] == ["response.created", "response.in_progress"]
    assert kinds[-1] == "response.completed"
    assert second.output_text
    assert second.usage is not None
    assert second.usage.input_tokens > first.usage.input_tokens
    assert client.responses.retrieve(second.id).output_text == second.output_text
    assert len(list(client.responses.input_items.list(second.id))) == 3
    client.responses.delete(second.id)
    with pytest.raises(openai.NotFoundError):
        client.responses.create(model=port.writer, input="And?", previous_response_id=second.id)


def test_that_a_response_calls_a_tool_and_keeps_to_a_schema(
    client: openai.OpenAI, port: Served
) -> None:
    tool: Any = {"type": "function", **WEATHER["function"], "strict": True}
    with client.responses.stream(
        model=port.writer,
        input="The weather in Oslo?",
        tools=[tool],
        tool_choice={"type": "function", "name": "get_weather"},
        parallel_tool_calls=False,
        temperature=0,
        max_output_tokens=100,
    ) as stream:
        asked = stream.get_final_response()
    calls = [item for item in asked.output if isinstance(item, ResponseFunctionToolCall)]
    assert len(calls) == 1
    assert set(json.loads(calls[0].arguments)) == {"city"}
    answered = client.responses.create(
        model=port.writer,
        previous_response_id=asked.id,
        input=[{"type": "function_call_output", "call_id": calls[0].call_id, "output": "Rain."}],
        max_output_tokens=8,
    )
    assert answered.status in {"completed", "incomplete"}
    parsed = client.responses.parse(
        model=port.writer, input="Oslo?", text_format=Town, temperature=0, max_output_tokens=60
    )
    assert isinstance(parsed.output_parsed, Town)


def test_that_texts_are_embedded_as_numbers_and_as_base64(
    client: openai.OpenAI, port: Served
) -> None:
    packed = client.embeddings.create(model=port.embedder, input=["hello world", "the cat"])
    plain = client.embeddings.create(
        model=port.embedder, input="hello world", encoding_format="float", dimensions=8
    )
    assert len(packed.data) == 2
    assert math.isclose(math.hypot(*packed.data[0].embedding), 1, abs_tol=1e-5)
    assert len(plain.data[0].embedding) == 8
    with pytest.raises(openai.BadRequestError) as raised:
        client.embeddings.create(model=port.writer, input="hello")
    assert raised.value.code == "wrong_purpose"


def test_that_failures_are_of_the_kind_that_the_client_knows(
    client: openai.OpenAI, port: Served
) -> None:
    with pytest.raises(openai.NotFoundError) as missing:
        client.chat.completions.create(model="nobody", messages=QUESTION)
    assert (missing.value.code, missing.value.param) == ("model_not_found", "model")
    with pytest.raises(openai.BadRequestError) as wrong:
        client.chat.completions.create(model=port.writer, messages=QUESTION, temperature=-3)
    assert wrong.value.param == "temperature"
    long: Any = [{"role": "user", "content": "word " * 3_000}]
    for ask in (
        lambda: client.chat.completions.create(model=port.writer, messages=long),
        lambda: client.responses.create(model=port.writer, input="word " * 3_000, stream=True),
    ):
        with pytest.raises(openai.BadRequestError) as too_long:
            ask()
        assert too_long.value.code == "context_length_exceeded"
        assert "3,0" in too_long.value.message


def test_that_tokens_and_templates_are_those_of_the_model(
    client: openai.OpenAI, port: Served
) -> None:
    def asked(path: str, **wish: object) -> Any:
        wish = {"model": port.writer, **wish}
        return client.with_options().post(f"{port.address}{path}", cast_to=object, body=wish)

    text = "Hello, wörld <|im_end|>"
    tokens = asked("/tokenize", content=text)["tokens"]
    assert asked("/detokenize", tokens=tokens)["content"] == text
    plain = asked("/tokenize", content=text, parse_special=False)["tokens"]
    assert len(plain) > len(tokens)
    assert asked("/detokenize", tokens=plain)["content"] == text
    pieces = asked("/tokenize", content="Hello", with_pieces=True)["tokens"]
    assert "".join(each["piece"] for each in pieces) == "Hello"
    prompt = asked("/apply-template", messages=QUESTION)["prompt"]
    assert prompt.endswith("<|im_start|>assistant\n")
    assert QUESTION[0]["content"] in prompt
    with pytest.raises(openai.BadRequestError, match="vocabulary"):
        asked("/detokenize", tokens=[10_000_000])
    encoded = asked("/tokenize", model=port.embedder, content="hello", add_special=True)["tokens"]
    bare = asked("/tokenize", model=port.embedder, content="hello")["tokens"]
    assert encoded[1:-1] == bare
