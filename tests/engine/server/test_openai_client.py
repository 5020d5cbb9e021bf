"""OpenAI's own client, unchanged, against a real port."""

import asyncio
from collections.abc import AsyncGenerator

import openai
import pytest
from openai.types.chat import ChatCompletion

from engine.chat import Role, Sampling
from engine.errors import ContextExceeded, OutOfMemory, WorkerDied
from tests.support.answers import QUIET_MODEL, ScriptedAnswers

pytestmark = pytest.mark.anyio

QUESTION = [{"role": "user", "content": "Say hello."}]


@pytest.fixture
async def client(address: str) -> AsyncGenerator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(
        base_url=f"{address}/v1", api_key="unused", max_retries=0, timeout=20
    ) as client:
        yield client


async def asked(client: openai.AsyncOpenAI, **wishes: object) -> ChatCompletion:
    wishes = {"model": QUIET_MODEL.id, "messages": QUESTION, **wishes}
    answer = await client.chat.completions.create(**wishes)  # pyright: ignore
    assert isinstance(answer, ChatCompletion)
    return answer


async def test_that_a_question_is_answered(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    answer = await asked(client)
    assert answer.choices[0].message.content == "Hello, world!"
    assert answer.choices[0].message.role == "assistant"
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage is not None
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (2, 4)
    assert answer.usage.total_tokens == 6
    assert answer.id.startswith("chatcmpl-")
    assert answer.created > 1_700_000_000
    assert answer.system_fingerprint
    assert answer.model == QUIET_MODEL.id
    assert answers.requests[0].sampling == Sampling()


async def test_that_the_client_without_asyncio_works_too(address: str) -> None:
    def ask() -> tuple[str | None, str]:
        with openai.OpenAI(base_url=f"{address}/v1", api_key="unused", timeout=20) as client:
            whole = client.chat.completions.create(
                model=QUIET_MODEL.id, messages=[{"role": "user", "content": "Say hello."}]
            )
            with client.chat.completions.create(
                model=QUIET_MODEL.id,
                messages=[{"role": "user", "content": "Say hello."}],
                stream=True,
            ) as stream:
                streamed = "".join(chunk.choices[0].delta.content or "" for chunk in stream)
            return whole.choices[0].message.content, streamed

    assert await asyncio.to_thread(ask) == ("Hello, world!", "Hello, world!")


async def test_that_a_stream_comes_in_pieces_and_says_why_it_ended(
    client: openai.AsyncOpenAI,
) -> None:
    stream = await client.chat.completions.create(
        model=QUIET_MODEL.id,
        messages=[{"role": "user", "content": "Say hello."}],
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = [chunk async for chunk in stream]
    assert chunks[0].choices[0].delta.role == "assistant"
    pieces = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices]
    assert [piece for piece in pieces if piece] == ["Hello", ",", " world", "!"]
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].choices == []
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.total_tokens == 6
    assert chunks[-1].usage.prompt_tokens_details is not None
    assert chunks[-1].usage.prompt_tokens_details.cached_tokens == 1
    assert {chunk.id for chunk in chunks} == {chunks[0].id}


async def test_that_usage_comes_in_a_stream_only_when_asked_for(
    client: openai.AsyncOpenAI,
) -> None:
    stream = await client.chat.completions.create(
        model=QUIET_MODEL.id, messages=[{"role": "user", "content": "Hi"}], stream=True
    )
    chunks = [chunk async for chunk in stream]
    assert all(chunk.choices and chunk.usage is None for chunk in chunks)


async def test_that_several_answers_are_written_at_once_and_keep_their_places(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    answer = await asked(client, n=3, seed=7)
    assert [choice.index for choice in answer.choices] == [0, 1, 2]
    assert {choice.message.content for choice in answer.choices} == {"Hello, world!"}
    assert answers.most_running == 3
    assert [request.sampling.seed for request in answers.requests] == [7, 8, 9]
    assert answer.usage is not None
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (2, 12)


async def test_that_several_streams_are_told_apart(client: openai.AsyncOpenAI) -> None:
    stream = await client.chat.completions.create(
        model=QUIET_MODEL.id, messages=[{"role": "user", "content": "Hi"}], stream=True, n=2
    )
    said = {0: "", 1: ""}
    ends: list[int] = []
    async for chunk in stream:
        for choice in chunk.choices:
            said[choice.index] += choice.delta.content or ""
            if choice.finish_reason:
                ends.append(choice.index)
    assert said == {0: "Hello, world!", 1: "Hello, world!"}
    assert sorted(ends) == [0, 1]


@pytest.mark.parametrize("stop", [" world", [" world", "nothing"]])
async def test_that_a_stop_string_ends_the_answer(
    client: openai.AsyncOpenAI, stop: str | list[str]
) -> None:
    answer = await asked(client, stop=stop)
    assert answer.choices[0].message.content == "Hello,"
    assert answer.choices[0].finish_reason == "stop"


@pytest.mark.parametrize("limit", ["max_tokens", "max_completion_tokens"])
async def test_that_a_limit_ends_the_answer(client: openai.AsyncOpenAI, limit: str) -> None:
    answer = await asked(client, **{limit: 2})
    assert answer.choices[0].message.content == "Hello,"
    assert answer.choices[0].finish_reason == "length"


async def test_that_every_wish_reaches_the_engine(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    await asked(
        client,
        temperature=0,
        top_p=0.5,
        seed=42,
        presence_penalty=0.25,
        frequency_penalty=-0.5,
        logit_bias={"17": -100},
        user="somebody",
        extra_body={"top_k": 7, "min_p": 0.1, "repeat_penalty": 1.1, "never_heard_of": {}},
    )
    assert answers.requests[0].sampling == Sampling(
        temperature=0.0,
        top_k=7,
        top_p=0.5,
        min_p=0.1,
        repeat_penalty=1.1,
        presence_penalty=0.25,
        frequency_penalty=-0.5,
        seed=42,
        logit_bias={17: -100.0},
    )


async def test_that_messages_of_all_shapes_are_read(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    parts = [{"type": "text", "text": "two"}, {"type": "text", "text": "parts"}]
    await asked(
        client,
        messages=[
            {"role": "developer", "content": "Be brief."},
            {"role": "user", "content": parts},
            {"role": "assistant", "content": "Yes.", "reasoning_content": "Hm."},
            {"role": "user", "content": "Go on.", "name": "Ada"},
        ],
    )
    messages = answers.requests[0].messages
    assert [message.role for message in messages] == [
        Role.SYSTEM,
        Role.USER,
        Role.ASSISTANT,
        Role.USER,
    ]
    assert messages[1].content == "two\nparts"
    assert messages[2].reasoning == "Hm."


async def test_that_reasoning_is_kept_apart_from_the_answer(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    answers.thoughts = ("Let", " me", " think")
    answer = await asked(client)
    message = answer.choices[0].message
    assert message.content == "Hello, world!"
    assert message.model_extra == {"reasoning_content": "Let me think"}
    assert answer.usage is not None
    assert answer.usage.completion_tokens_details is not None
    assert answer.usage.completion_tokens_details.reasoning_tokens == 3


async def test_that_an_unknown_model_is_not_found(client: openai.AsyncOpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as raised:
        await asked(client, model="gpt-nonsense")
    assert raised.value.code == "model_not_found"
    assert raised.value.param == "model"
    assert "No model is called 'gpt-nonsense'. Choose one" in raised.value.message


async def test_that_a_stream_of_an_unknown_model_has_that_status_too(
    client: openai.AsyncOpenAI,
) -> None:
    with pytest.raises(openai.NotFoundError):
        await asked(client, model="gpt-nonsense", stream=True)


async def test_that_a_prompt_too_long_is_a_bad_request_of_that_name(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    answers.failure = ContextExceeded(5000, 4096)
    with pytest.raises(openai.BadRequestError) as raised:
        await asked(client)
    assert raised.value.code == "context_length_exceeded"
    assert "5,000 tokens" in raised.value.message


async def test_that_a_dead_worker_is_asked_again_and_a_full_card_is_not(
    address: str, answers: ScriptedAnswers
) -> None:
    async with openai.AsyncOpenAI(base_url=f"{address}/v1", api_key="-", max_retries=1) as client:
        answers.failure = OutOfMemory("CUDA0 had no room for 3 GB.")
        with pytest.raises(openai.InternalServerError):
            await asked(client)
        assert len(answers.requests) == 1
        answers.failure = WorkerDied("The model's process ended.")
        with pytest.raises(openai.InternalServerError):
            await asked(client)
        assert len(answers.requests) == 3


async def test_that_a_failure_in_mid_stream_raises_at_the_client(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    answers.failure, answers.fail_after = WorkerDied("The model's process ended."), 2
    stream = await client.chat.completions.create(
        model=QUIET_MODEL.id, messages=[{"role": "user", "content": "Hi"}], stream=True
    )
    said = [(await anext(stream)).choices[0].delta.content for _ in range(3)]
    assert said == ["", "Hello", ","]
    with pytest.raises(openai.APIError, match="The model's process ended"):
        await anext(stream)


async def test_that_a_bug_is_logged_whole_and_told_without_its_insides(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers, caplog: pytest.LogCaptureFixture
) -> None:
    answers.failure = RuntimeError("secret of somebody")
    with pytest.raises(openai.InternalServerError) as raised:
        await asked(client)
    assert "somebody" not in str(raised.value)
    assert "secret of somebody" in caplog.text
    caplog.clear()
    answers.fail_after = 1
    stream = await client.chat.completions.create(
        model=QUIET_MODEL.id, messages=[{"role": "user", "content": "Hi"}], stream=True
    )
    with pytest.raises(openai.APIError) as broken:
        _ = [chunk async for chunk in stream]
    assert "somebody" not in str(broken.value)
    assert "secret of somebody" in caplog.text


async def test_that_leaving_a_stream_cancels_its_answers(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    answers.pause_after = 2
    stream = await client.chat.completions.create(
        model=QUIET_MODEL.id, messages=[{"role": "user", "content": "Hi"}], stream=True, n=2
    )
    await anext(stream)
    await answers.pausing.wait()
    await stream.close()
    async with asyncio.timeout(5):
        await answers.all_closed.wait()


async def test_that_giving_up_on_a_whole_answer_cancels_it(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    answers.pause_after = 1
    asking = asyncio.create_task(asked(client))
    await answers.pausing.wait()
    asking.cancel()
    async with asyncio.timeout(5):
        await answers.all_closed.wait()


async def test_that_the_models_are_listed_without_the_broken_ones(
    client: openai.AsyncOpenAI,
) -> None:
    models = [model async for model in await client.models.list()]
    assert [model.id for model in models] == [QUIET_MODEL.id]
    assert models[0].owned_by == "owner"
    assert models[0].model_extra == {"loaded": True}
    assert (await client.models.retrieve(QUIET_MODEL.id)).id == QUIET_MODEL.id
    with pytest.raises(openai.NotFoundError):
        await client.models.retrieve("owner/other")
