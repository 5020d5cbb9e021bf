"""The older dialect, asked for by OpenAI's own client."""

from collections.abc import AsyncGenerator
from typing import Any

import httpx
import openai
import pytest
from openai.types import Completion

from tests.support.answers import QUIET_MODEL, ScriptedAnswers

pytestmark = pytest.mark.anyio

GOOD = {"prompt": "Once upon"}


@pytest.fixture
async def client(address: str) -> AsyncGenerator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(
        base_url=f"{address}/v1", api_key="unused", max_retries=0, timeout=20
    ) as client:
        yield client


async def asked(client: openai.AsyncOpenAI, **wishes: Any) -> Completion:
    wishes = {"model": QUIET_MODEL.id, **GOOD, **wishes}
    answer = await client.completions.create(**wishes)  # pyright: ignore
    assert isinstance(answer, Completion)
    return answer


async def test_that_a_text_is_gone_on_with(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    answer = await asked(client, temperature=0, stop=["!"], extra_body={"top_k": 3})
    assert answer.choices[0].text == "Hello, world"
    assert answer.choices[0].finish_reason == "stop"
    assert answer.object == "text_completion"
    assert answer.usage is not None
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (2, 3)
    assert (answer.model_extra or {})["timings"]["predicted_n"] == 3
    request = answers.completions[0]
    assert (request.prompt, request.max_tokens, request.stop) == ("Once upon", 16, ("!",))
    assert (request.sampling.temperature, request.sampling.top_k) == (0, 3)


async def test_that_a_stream_adds_up_and_says_why_it_ended(client: openai.AsyncOpenAI) -> None:
    stream = await client.completions.create(
        model=QUIET_MODEL.id,
        prompt="Once upon",
        echo=True,
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = [chunk async for chunk in stream]
    assert "".join(chunk.choices[0].text for chunk in chunks[:-1]) == "Once uponHello, world!"
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.total_tokens == 6


async def test_that_each_of_several_prompts_has_its_answers(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    answer = await asked(client, prompt=["One", "Two and"], n=2, seed=5, echo=True)
    assert [choice.index for choice in answer.choices] == [0, 1, 2, 3]
    assert [choice.text for choice in answer.choices] == [
        "OneHello, world!",
        "OneHello, world!",
        "Two andHello, world!",
        "Two andHello, world!",
    ]
    assert [each.sampling.seed for each in answers.completions] == [5, 6, 5, 6]
    assert answer.usage is not None
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (3, 16)


@pytest.mark.parametrize(
    ("prompt", "prompts"),
    [([1, 2, 3], [(1, 2, 3)]), ([[1, 2], [3]], [(1, 2), (3,)])],
)
async def test_that_a_prompt_may_be_tokens(
    client: openai.AsyncOpenAI,
    answers: ScriptedAnswers,
    prompt: list[Any],
    prompts: list[tuple[int, ...]],
) -> None:
    await asked(client, prompt=prompt)
    assert [each.tokens for each in answers.completions] == prompts


async def test_that_log_probabilities_have_the_older_form(client: openai.AsyncOpenAI) -> None:
    answer = await asked(client, logprobs=2)
    logprobs = answer.choices[0].logprobs
    assert logprobs is not None
    assert logprobs.tokens == ["Hello", ",", " world", "!"]
    assert logprobs.token_logprobs == [-0.5] * 4
    assert logprobs.text_offset == [0, 5, 6, 12]
    assert logprobs.top_logprobs is not None
    assert logprobs.top_logprobs[0] == {"Hello": -0.5, "\ufffd": -9999.0}


async def test_that_a_suffix_reaches_the_engine(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    await asked(client, suffix=" in the end.")
    assert answers.completions[0].suffix == " in the end."


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"prompt": None}, "prompt"),
        ({"prompt": []}, "prompt"),
        ({"prompt": [1, "a"]}, "prompt"),
        ({"prompt": [-1]}, "prompt"),
        ({"prompt": {"a": 1}}, "prompt"),
        ({"prompt": ["a"] * 129}, "prompt"),
        ({"prompt": ["a"] * 9, "n": 16}, "n"),
        ({"best_of": 2}, "best_of"),
        ({"prompt": [1], "echo": True}, "echo"),
        ({"echo": True, "logprobs": 1}, "echo"),
        ({"logprobs": True}, "logprobs"),
        ({"logprobs": 21}, "logprobs"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"suffix": 7}, "suffix"),
    ],
)
async def test_that_a_wrong_field_is_named(
    address: str, change: dict[str, object], param: str
) -> None:
    async with httpx.AsyncClient(base_url=address, timeout=20, verify=False) as http:
        answer = await http.post("/v1/completions", json={**GOOD, **change})
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["param"] == param
