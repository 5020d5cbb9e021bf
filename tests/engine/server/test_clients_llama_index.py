"""A session of LlamaIndex's clients for servers that speak OpenAI's dialect, with a real model."""

import math
from collections.abc import Generator
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from tests.support.served import Served, served

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(300),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of its own parts, at import
    pytest.mark.filterwarnings("ignore:Field .* conflict:UserWarning"),
]


@pytest.fixture(scope="module", name="port")
def _port(tmp_path_factory: pytest.TempPathFactory, model_file: Path) -> Generator[Served]:
    with served(tmp_path_factory.mktemp("home"), model_file) as port:
        yield port


@pytest.fixture
def http() -> Generator[httpx.Client]:
    """Closed at the end, as these clients leave their own open."""
    with httpx.Client(timeout=120) as http:
        yield http


def writer_of(port: Served, http: httpx.Client, **wishes: Any) -> Any:
    kinds = import_module("llama_index.llms.openai_like")  # it takes seconds, and has no types

    wishes = {"model": port.writer, "temperature": 0.0, "is_chat_model": True, **wishes}
    return kinds.OpenAILike(
        api_base=port.url,
        api_key="unused",
        context_window=2048,
        max_retries=0,
        http_client=http,
        **wishes,
    )


def said(*texts: str) -> Any:
    from llama_index.core.llms import ChatMessage  # noqa: PLC0415

    return [ChatMessage(role="user", content=text) for text in texts]


def test_that_a_chat_is_answered_whole_and_in_pieces(port: Served, http: httpx.Client) -> None:
    llm = writer_of(port, http, max_tokens=6)
    whole = llm.chat(said("Name a city.")).message.content
    assert whole
    assert "".join(piece.delta or "" for piece in llm.stream_chat(said("Name a city."))) == whole


def test_that_a_text_is_gone_on_with(port: Served, http: httpx.Client) -> None:
    llm = writer_of(port, http, max_tokens=4, is_chat_model=False)
    whole = llm.complete("One, two,").text
    assert whole
    assert "".join(piece.delta or "" for piece in llm.stream_complete("One, two,")) == whole


def test_that_a_tool_is_called(port: Served, http: httpx.Client) -> None:
    from llama_index.core.tools import FunctionTool  # noqa: PLC0415

    def clock(hour: bool) -> str:
        """Tell the time."""
        return f"noon {hour}"

    llm = writer_of(port, http, max_tokens=60, is_function_calling_model=True)
    answer = llm.chat_with_tools(
        [FunctionTool.from_defaults(clock)], user_msg="The time?", tool_required=True
    )
    (call, *_) = llm.get_tool_calls_from_response(answer)
    assert (call.tool_name, set(call.tool_kwargs)) == ("clock", {"hour"})


def test_that_texts_are_embedded(port: Served, http: httpx.Client) -> None:
    kinds = import_module("llama_index.embeddings.openai_like")

    embedder = kinds.OpenAILikeEmbedding(
        model_name=port.embedder, api_base=port.url, api_key="unused", http_client=http
    )
    first, second = embedder.get_text_embedding_batch(["hello world", "the cat"])
    assert math.isclose(math.hypot(*first), 1, abs_tol=1e-5)
    assert math.dist(first, second) > 1e-3


def test_that_failures_are_of_the_kind_that_it_knows(port: Served, http: httpx.Client) -> None:
    with pytest.raises(openai.NotFoundError, match="nobody"):
        writer_of(port, http, model="nobody").chat(said("Hi"))
    with pytest.raises(openai.BadRequestError, match="2,048"):
        writer_of(port, http).chat(said("word " * 3000))
