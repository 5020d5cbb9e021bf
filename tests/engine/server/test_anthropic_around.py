"""What is around an answer, asked with Anthropic's own client: counts, failures, keys, models."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import anthropic
import pytest
from anthropic.types import Message

from engine.errors import (
    Busy,
    ContextExceeded,
    ImagesNotSupported,
    LoadFailed,
    OutOfMemory,
    WorkerDied,
)
from engine.keys import Keys
from engine.server.port import Port
from tests.support.answers import QUIET_MODEL, ScriptedAnswers

pytestmark = pytest.mark.anyio

QUESTION: Any = [{"role": "user", "content": "Say hello."}]
WEATHER: Any = {
    "name": "get_weather",
    "description": "The weather of a city.",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}},
    "cache_control": {"type": "ephemeral"},
}


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


async def test_that_tokens_are_counted_without_an_answer(
    client: anthropic.AsyncAnthropic, answers: ScriptedAnswers
) -> None:
    counted = await client.messages.count_tokens(
        model=QUIET_MODEL.id,
        system="Be very brief.",
        messages=QUESTION,
        tools=[WEATHER],
        thinking={"type": "enabled", "budget_tokens": 1024},
    )
    assert counted.input_tokens == 5
    assert answers.requests[0].tools is not None
    assert answers.requests[0].template_options["enable_thinking"] is True


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (
            ContextExceeded(5000, 4096),
            (
                anthropic.BadRequestError,
                "invalid_request_error",
                "prompt is too long: 5000 tokens > 4096 maximum",
            ),
        ),
        (
            ImagesNotSupported("It cannot see."),
            (anthropic.BadRequestError, "invalid_request_error", "projector"),
        ),
        (
            LoadFailed("It would not."),
            (anthropic.UnprocessableEntityError, "invalid_request_error", "It would not."),
        ),
        (
            Busy("Too many wait."),
            (anthropic.InternalServerError, "overloaded_error", "Too many wait."),
        ),
        (OutOfMemory("No room."), (anthropic.InternalServerError, "api_error", "No room.")),
        (WorkerDied("It died."), (anthropic.InternalServerError, "api_error", "It died.")),
    ],
)
async def test_that_failures_are_the_client_s_own_exceptions(
    client: anthropic.AsyncAnthropic,
    answers: ScriptedAnswers,
    failure: Exception,
    told: tuple[type[anthropic.APIStatusError], str, str],
) -> None:
    answers.failure = failure
    kind, type_, words = told
    for stream in (False, True):
        with pytest.raises(kind, match=words) as raised:
            await asked(client, stream=stream)
        assert raised.value.type == type_
        assert (raised.value.request_id or "").startswith("req_")
    with pytest.raises(kind):
        await client.messages.count_tokens(model=QUIET_MODEL.id, messages=QUESTION)


async def test_that_an_unknown_model_is_not_found(client: anthropic.AsyncAnthropic) -> None:
    for name in ("claude-sonnet", "/etc/secret.gguf"):
        with pytest.raises(anthropic.NotFoundError) as raised:
            await asked(client, model=name)
        assert raised.value.type == "not_found_error"
        assert raised.value.error_code == "model_not_found"


async def test_that_a_failure_in_mid_stream_is_told(
    client: anthropic.AsyncAnthropic, answers: ScriptedAnswers
) -> None:
    answers.failure, answers.fail_after = WorkerDied("It died."), 2
    said: list[str] = []
    with pytest.raises(anthropic.APIStatusError, match="It died"):
        async with client.messages.stream(
            model=QUIET_MODEL.id, messages=QUESTION, max_tokens=100
        ) as stream:
            said.extend([text async for text in stream.text_stream])
    assert answers.running == 0


async def test_that_the_client_asks_again_by_itself_where_that_helps(
    address: str, answers: ScriptedAnswers
) -> None:
    answers.failure = Busy("Too many wait.", retry_seconds=0)
    async with anthropic.AsyncAnthropic(
        base_url=address, api_key="unused", max_retries=1, timeout=20
    ) as client:
        with pytest.raises(anthropic.InternalServerError):
            await asked(client)
        assert len(answers.requests) == 2
        answers.failure = OutOfMemory("No room.")
        with pytest.raises(anthropic.InternalServerError):
            await asked(client)
        assert len(answers.requests) == 3


@pytest.mark.parametrize("header", ["api_key", "auth_token"])
async def test_that_a_key_may_come_in_either_header(
    answers: ScriptedAnswers, tmp_path: Path, header: str
) -> None:
    port = Port(answers, keys=Keys(tmp_path, from_settings=lambda: "secret"))
    address = await port.open("127.0.0.1", 0, explicit=True)
    rest: Any = {"base_url": address, "max_retries": 0, "timeout": 20}
    try:
        async with anthropic.AsyncAnthropic(**{header: "wrong"}, **rest) as stranger:
            with pytest.raises(anthropic.AuthenticationError) as raised:
                await asked(stranger)
            assert raised.value.type == "authentication_error"
        async with anthropic.AsyncAnthropic(**{header: "secret"}, **rest) as friend:
            await asked(friend)
    finally:
        await port.close()


async def test_that_models_are_listed_page_by_page(
    client: anthropic.AsyncAnthropic, answers: ScriptedAnswers
) -> None:
    page = await client.models.list()
    assert [model.id for model in page.data] == [QUIET_MODEL.id]
    model = page.data[0]
    assert (model.type, model.lifecycle) == ("model", "active")
    assert model.display_name == QUIET_MODEL.id
    assert (page.has_more, page.first_id, page.last_id) == (False, model.id, model.id)
    found = await client.models.retrieve(QUIET_MODEL.id)
    assert found.id == QUIET_MODEL.id
    with pytest.raises(anthropic.NotFoundError):
        await client.models.retrieve("nobody")
    others = tuple(type(QUIET_MODEL)(id=f"m{index}", files=(), size_bytes=1) for index in range(5))
    answers.shelf = others
    names = [model.id async for model in client.models.list(limit=2)]
    assert names == [model.id for model in others]
    before = await client.models.list(before_id="m3", limit=2)
    assert [model.id for model in before.data] == ["m1", "m2"]
    with pytest.raises(anthropic.BadRequestError, match="limit"):
        await client.models.list(limit=0)
