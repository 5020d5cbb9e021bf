"""Tokens, texts and templates over the port."""

from collections.abc import AsyncGenerator

import httpx
import pytest

from engine.errors import TemplateFailed
from tests.support.answers import QUIET_MODEL, ScriptedAnswers

pytestmark = pytest.mark.anyio


@pytest.fixture
async def http(address: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=address, timeout=20) as http:
        yield http


async def test_that_a_text_becomes_tokens_and_these_the_text(http: httpx.AsyncClient) -> None:
    tokens = (await http.post("/tokenize", json={"content": "Hi é"})).json()
    assert tokens == {"tokens": [*b"Hi \xc3\xa9"]}
    text = await http.post("/detokenize", json=tokens)
    assert text.json() == {"content": "Hi é"}
    nothing = await http.post("/tokenize", json={"content": ""})
    assert nothing.json() == {"tokens": []}


async def test_that_special_tokens_are_added_and_read_as_asked(http: httpx.AsyncClient) -> None:
    added = {"content": "a<end>", "add_special": True, "model": QUIET_MODEL.id}
    assert (await http.post("/tokenize", json=added)).json() == {"tokens": [1, *b"a", 2]}
    plain = {"content": "a<end>", "parse_special": False}
    assert (await http.post("/tokenize", json=plain)).json() == {"tokens": [*b"a<end>"]}


async def test_that_a_part_of_a_character_is_told_as_bytes(http: httpx.AsyncClient) -> None:
    wish = {"content": "aé", "with_pieces": True}
    assert (await http.post("/tokenize", json=wish)).json()["tokens"] == [
        {"id": 97, "piece": "a"},
        {"id": 0xC3, "piece": [0xC3]},
        {"id": 0xA9, "piece": [0xA9]},
    ]


async def test_that_a_conversation_is_rendered_and_not_answered(
    http: httpx.AsyncClient, answers: ScriptedAnswers
) -> None:
    wish = {"messages": [{"role": "system", "content": "Short."}, {"role": "user", "content": "A"}]}
    answer = await http.post("/apply-template", json=wish)
    assert answer.json() == {"prompt": "system: Short.\nuser: A\n"}
    assert answers.most_running == 0


@pytest.mark.parametrize(
    ("path", "wish", "field"),
    [
        ("/tokenize", {}, "content"),
        ("/tokenize", {"content": 3}, "content"),
        ("/detokenize", {}, "tokens"),
        ("/detokenize", {"tokens": [-1]}, "tokens[0]"),
        ("/detokenize", {"tokens": ["a"]}, "tokens[0]"),
        ("/apply-template", {"messages": []}, "messages"),
    ],
)
async def test_that_what_cannot_be_read_is_named(
    http: httpx.AsyncClient, path: str, wish: object, field: str
) -> None:
    answer = await http.post(path, json=wish)
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == field


async def test_that_a_template_that_fails_is_told(
    http: httpx.AsyncClient, answers: ScriptedAnswers
) -> None:
    answers.failure = TemplateFailed("The template wants no system message.")
    wish = {"messages": [{"role": "user", "content": "A"}]}
    answer = await http.post("/apply-template", json=wish)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == TemplateFailed.code
    path = await http.post("/tokenize", json={"content": "a", "model": "/etc/x.gguf"})
    assert path.status_code == 404
