"""Embeddings and ranks over the port, asked for by OpenAI's own client and by plain HTTP."""

import base64
import struct
from collections.abc import AsyncGenerator

import httpx
import openai
import pytest

from engine.errors import TextTooLong, WrongPurpose
from tests.support.answers import QUIET_MODEL, ScriptedAnswers

pytestmark = pytest.mark.anyio

MODEL = QUIET_MODEL.id


@pytest.fixture
async def client(address: str) -> AsyncGenerator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(
        base_url=f"{address}/v1", api_key="unused", max_retries=0, timeout=20
    ) as client:
        yield client


@pytest.fixture
async def http(address: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=address, timeout=20) as http:
        yield http


async def test_that_one_text_and_several_are_embedded(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    one = await client.embeddings.create(model=MODEL, input="hello world")
    assert [row.embedding for row in one.data] == [[11.0, 0.5, 0.0]]
    assert one.usage.prompt_tokens == one.usage.total_tokens == 2
    many = await client.embeddings.create(model=MODEL, input=["a", "bc d"])
    assert [(row.index, row.embedding[0]) for row in many.data] == [(0, 1.0), (1, 4.0)]
    assert many.usage.prompt_tokens == 3
    assert many.model == MODEL
    assert answers.embedded == [("hello world",), ("a", "bc d")]


async def test_that_tokens_are_taken_as_one_text_or_as_several(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    await client.embeddings.create(model=MODEL, input=[1, 2, 3])
    await client.embeddings.create(model=MODEL, input=[[1, 2], [3]])
    assert answers.embedded == [((1, 2, 3),), ((1, 2), (3,))]


async def test_that_base64_and_numbers_say_the_same(
    client: openai.AsyncOpenAI, http: httpx.AsyncClient
) -> None:
    numbers = await client.embeddings.create(model=MODEL, input="hello", encoding_format="float")
    wish = {"model": MODEL, "input": "hello", "encoding_format": "base64"}
    packed = (await http.post("/v1/embeddings", json=wish)).json()["data"][0]["embedding"]
    floats = struct.unpack("<3f", base64.b64decode(packed))
    assert list(floats) == numbers.data[0].embedding


async def test_that_dimensions_and_truncation_are_passed_on(client: openai.AsyncOpenAI) -> None:
    short = await client.embeddings.create(model=MODEL, input="hello", dimensions=2)
    assert len(short.data[0].embedding) == 2
    cut = await client.embeddings.create(model=MODEL, input="a", extra_body={"truncate": True})
    assert cut.data[0].embedding[2] == 1.0


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({}, "input"),
        ({"input": []}, "input"),
        ({"input": {"text": "a"}}, "input"),
        ({"input": [1, "a"]}, "input"),
        ({"input": [True]}, "input"),
        ({"input": ["a"] * 2049}, "input"),
        ({"input": "a", "dimensions": 0}, "dimensions"),
        ({"input": "a", "encoding_format": "int8"}, "encoding_format"),
    ],
)
async def test_that_a_wrong_wish_for_vectors_is_refused_where_it_is_wrong(
    http: httpx.AsyncClient, wish: dict[str, object], field: str
) -> None:
    reply = await http.post("/v1/embeddings", json=wish)
    assert reply.status_code == 400
    assert reply.json()["error"]["param"].startswith(field)


async def test_that_the_engines_refusals_come_in_openais_form(
    client: openai.AsyncOpenAI, answers: ScriptedAnswers
) -> None:
    for failure in (TextTooLong("A text has 9 tokens; 8 fit."), WrongPurpose("It writes text.")):
        answers.failure = failure
        with pytest.raises(openai.BadRequestError) as refusal:
            await client.embeddings.create(model=MODEL, input="hello")
        assert refusal.value.code == failure.code
        assert refusal.value.type == "invalid_request_error"
        assert str(failure) in refusal.value.message


@pytest.mark.parametrize("path", ["/v1/rerank", "/rerank", "/v2/rerank"])
async def test_that_documents_come_back_the_best_first(http: httpx.AsyncClient, path: str) -> None:
    wish = {"model": MODEL, "query": "q", "documents": ["a", {"text": "abc d"}, "ab"]}
    reply = (await http.post(path, json=wish)).json()
    assert [row["index"] for row in reply["results"]] == [1, 2, 0]
    assert reply["results"][0] == {"index": 1, "relevance_score": 0.005}
    assert reply["usage"]["total_tokens"] == 4


async def test_that_the_best_few_come_back_with_their_texts(http: httpx.AsyncClient) -> None:
    wish = {"query": "q", "documents": ["a", "abc"], "top_n": 1, "return_documents": True}
    reply = (await http.post("/v1/rerank", json=wish)).json()
    assert reply["results"] == [{"index": 1, "relevance_score": 0.003, "document": {"text": "abc"}}]
    assert reply["model"] == MODEL


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"documents": ["a"]}, "query"),
        ({"query": "q", "documents": []}, "documents"),
        ({"query": "q", "documents": [{"title": "a"}]}, "documents[0]"),
        ({"query": "q", "documents": ["a"], "top_n": 0}, "top_n"),
    ],
)
async def test_that_a_wrong_wish_for_ranks_is_refused_where_it_is_wrong(
    http: httpx.AsyncClient, wish: dict[str, object], field: str
) -> None:
    reply = await http.post("/v1/rerank", json=wish)
    assert reply.status_code == 400
    assert reply.json()["error"]["param"] == field


async def test_that_strangers_pages_cannot_ask(http: httpx.AsyncClient) -> None:
    for path in ("/v1/embeddings", "/v1/rerank"):
        reply = await http.post(path, content='{"input": "a"}')
        assert reply.status_code == 415
