"""A session of LangChain's client for OpenAI's dialect with a real model."""

import math
from collections.abc import Generator
from pathlib import Path
from typing import Any, Literal

import httpx
import openai
import pytest
from pydantic import BaseModel, SecretStr

from tests.support.served import Served, served

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


class Weather(BaseModel):
    """The weather of a city."""

    city: Literal["Oslo", "Rome"]


@pytest.fixture(scope="module", name="port")
def _port(tmp_path_factory: pytest.TempPathFactory, model_file: Path) -> Generator[Served]:
    with served(tmp_path_factory.mktemp("home"), model_file) as port:
        yield port


@pytest.fixture
def http() -> Generator[httpx.Client]:
    """Closed at the end, as these clients leave their own open."""
    with httpx.Client(timeout=120) as http:
        yield http


def chat_of(port: Served, http: httpx.Client, **wishes: Any) -> Any:
    from langchain_openai import ChatOpenAI  # noqa: PLC0415 (it takes seconds)

    wishes = {"model": port.writer, "temperature": 0, "max_retries": 0, **wishes}
    return ChatOpenAI(http_client=http, base_url=port.url, api_key=SecretStr("unused"), **wishes)


@pytest.mark.parametrize("newer", [False, True], ids=["chat", "responses"])
def test_that_a_chat_is_answered_whole_and_in_pieces(
    port: Served, http: httpx.Client, newer: bool
) -> None:
    chat = chat_of(port, http, max_tokens=6, use_responses_api=newer, stream_usage=True)
    whole = chat.invoke("Name a city.")
    assert whole.text
    assert whole.usage_metadata["output_tokens"] <= 6
    pieces = list(chat.stream("Name a city."))
    assert "".join(piece.text for piece in pieces) == whole.text
    assert sum(piece.usage_metadata["output_tokens"] for piece in pieces if piece.usage_metadata)


@pytest.mark.parametrize("newer", [False, True], ids=["chat", "responses"])
def test_that_a_tool_is_called_and_its_answer_taken(
    port: Served, http: httpx.Client, newer: bool
) -> None:
    from langchain_core.messages import HumanMessage, ToolMessage  # noqa: PLC0415

    chat = chat_of(port, http, max_tokens=60, use_responses_api=newer)
    armed = chat.bind_tools([Weather], tool_choice="Weather", parallel_tool_calls=False)
    question = HumanMessage("The weather in Oslo?")
    asked = armed.invoke([question])
    (call,) = asked.tool_calls
    assert (call["name"], set(call["args"])) == ("Weather", {"city"})
    result = ToolMessage("Rain.", tool_call_id=call["id"])
    short = chat_of(port, http, max_tokens=4, use_responses_api=newer)
    assert short.invoke([question, asked, result]).response_metadata


def test_that_an_answer_has_its_shape(port: Served, http: httpx.Client) -> None:
    chat = chat_of(port, http, max_tokens=60)
    shaped = chat.with_structured_output(Weather, method="json_schema")
    assert isinstance(shaped.invoke("The weather in Oslo?"), Weather)


def test_that_texts_are_embedded(port: Served, http: httpx.Client) -> None:
    from langchain_openai import OpenAIEmbeddings  # noqa: PLC0415

    embeddings = OpenAIEmbeddings(
        model=port.embedder,
        base_url=port.url,
        api_key=SecretStr("unused"),
        http_client=http,
        check_embedding_ctx_length=False,  # else it cuts the text by OpenAI's own vocabulary
        max_retries=0,
    )
    first, second = embeddings.embed_documents(["hello world", "the cat"])
    assert math.isclose(math.hypot(*first), 1, abs_tol=1e-5)
    assert math.dist(first, second) > 1e-3
    assert math.dist(first, embeddings.embed_query("hello world")) < 1e-3


def test_that_failures_are_of_the_kind_that_it_knows(port: Served, http: httpx.Client) -> None:
    with pytest.raises(openai.NotFoundError, match="nobody"):
        chat_of(port, http, model="nobody").invoke("Hi")
    with pytest.raises(openai.BadRequestError, match="2,048"):
        chat_of(port, http).invoke("word " * 3000)
