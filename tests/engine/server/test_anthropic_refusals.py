"""Whatever is wrong with a request, the answer is Anthropic's error object, and names the field."""

import json
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from engine.errors import Busy, EngineError, OutOfMemory
from engine.server.anthropic.failures import error_object
from engine.server.anthropic.schema import MessagesBody
from engine.server.anthropic.wishes import chat_request
from engine.server.errors import BadField, BodyTooLarge, NotJson, PortClosing, StrangeHost, WrongKey
from tests.support.answers import ScriptedAnswers
from tests.support.pace import allowed, spent

pytestmark = pytest.mark.anyio

MESSAGES = "/v1/messages"
COUNT = "/v1/messages/count_tokens"
GOOD: dict[str, Any] = {
    "model": "owner/quiet:Q4_K_M",
    "max_tokens": 10,
    "messages": [{"role": "user", "content": "Hi"}],
}
TOOL: dict[str, Any] = {"name": "f", "input_schema": {"type": "object"}}
CALL: dict[str, Any] = {"type": "tool_use", "id": "t", "name": "f", "input": {}}


@pytest.fixture
async def http(address: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=address, timeout=20, verify=False) as http:
        yield http


def refusal(answer: httpx.Response, status: int, kind: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["type"] == "error"
    assert body["error"]["type"] == kind
    assert body["error"]["message"].endswith(".")
    assert answer.headers["request-id"].startswith("req_")
    return body["error"]


def said(*blocks: object, role: str = "user") -> dict[str, object]:
    return {"messages": [{"role": role, "content": list(blocks)}]}


CONVERSATION: list[tuple[dict[str, object], str]] = [
    ({"model": None}, "model"),
    ({"model": 7}, "model"),
    ({"messages": None}, "messages"),
    ({"messages": []}, "messages"),
    ({"messages": "hello"}, "messages"),
    ({"messages": [7]}, "messages[0]"),
    ({"messages": [{"role": "user"}]}, "messages[0].content"),
    ({"messages": [{"content": "Hi"}]}, "messages[0].role"),
    ({"messages": [{"role": "king", "content": "Hi"}]}, "messages[0].role"),
    ({"messages": [{"role": "user", "content": 7}]}, "messages[0].content"),
    (said("a"), "messages[0].content[0]"),
    (said({"text": "a"}), "messages[0].content[0].type"),
    (said({"type": "web_search_tool_result"}), "messages[0].content[0].type"),
    (said({"type": "text"}), "messages[0].content[0].text"),
    (said({"type": "text", "text": 7}), "messages[0].content[0].text"),
    (said({"type": "thinking", "thinking": "a"}), "messages[0].content[0].type"),
    (said(CALL), "messages[0].content[0].type"),
    (said({"type": "image"}), "messages[0].content[0].source"),
    (said({"type": "image", "source": {}}), "messages[0].content[0].source.type"),
    (
        said({"type": "image", "source": {"type": "base64"}}),
        "messages[0].content[0].source.data",
    ),
    (
        said({"type": "image", "source": {"type": "base64", "data": "!"}}),
        "messages[0].content[0].source.data",
    ),
    (
        said({"type": "image", "source": {"type": "url"}}),
        "messages[0].content[0].source.url",
    ),
    (
        said({"type": "image", "source": {"type": "file", "file_id": "f"}}),
        "messages[0].content[0].source.type",
    ),
    (
        said({"type": "image", "source": {"type": "text", "data": "a"}}),
        "messages[0].content[0].source.type",
    ),
    (
        said({"type": "document", "source": {"type": "base64", "data": "JVBERi0="}}),
        "messages[0].content[0].source.type",
    ),
    (
        said({"type": "document", "source": {"type": "text"}}),
        "messages[0].content[0].source.data",
    ),
    (
        said(
            {"type": "document", "source": {"type": "content", "content": [{"type": "document"}]}}
        ),
        "messages[0].content[0].source.content[0].type",
    ),
    (said({"type": "tool_result"}), "messages[0].content[0].tool_use_id"),
    (
        said({"type": "tool_result", "tool_use_id": "nobody"}),
        "messages[0].content[0].tool_use_id",
    ),
    (
        {
            "messages": [
                {"role": "assistant", "content": [CALL]},
                {
                    "role": "user",
                    "content": [{"type": "tool_result", "tool_use_id": "t", "content": [CALL]}],
                },
            ]
        },
        "messages[1].content[0].content[0].type",
    ),
    (said(CALL, role="assistant"), "messages[0].content"),
    (said({**CALL, "input": None}, role="assistant"), "messages[0].content[0].input"),
    (said({**CALL, "input": "{}"}, role="assistant"), "messages[0].content[0].input"),
    (said({**CALL, "name": 'a"b'}, role="assistant"), "messages[0].content[0].name"),
    (said({**CALL, "id": ""}, role="assistant"), "messages[0].content[0].id"),
    (said({"type": "thinking"}, role="assistant"), "messages[0].content[0].thinking"),
    (said({"type": "image"}, role="assistant"), "messages[0].content[0].type"),
    (said({"type": "image"}, role="system"), "messages[0].content[0].type"),
    ({"system": 7}, "system"),
    ({"system": [{"type": "image"}]}, "system[0].type"),
    ({"system": [{"type": "text"}]}, "system[0].text"),
    ({"tools": [{"input_schema": {}}]}, "tools[0].name"),
    ({"tools": [{"name": "f"}]}, "tools[0].input_schema"),
    ({"tools": [{"name": "f", "input_schema": 7}]}, "tools[0].input_schema"),
    ({"tools": [{"type": "web_search_20250305", "name": "web_search"}]}, "tools[0].type"),
    ({"tools": [TOOL, TOOL]}, "tools[1].name"),
    ({"tools": [TOOL] * 257}, "tools"),
    ({"tool_choice": {"type": "any"}}, "tool_choice"),
    ({"tool_choice": "any"}, "tool_choice"),
    ({"tools": [TOOL], "tool_choice": {"type": "required"}}, "tool_choice.type"),
    ({"tools": [TOOL], "tool_choice": {"type": "tool"}}, "tool_choice.name"),
    ({"tools": [TOOL], "tool_choice": {"type": "tool", "name": "g"}}, "tool_choice.name"),
    ({"thinking": {"type": "maybe"}}, "thinking.type"),
    ({"thinking": {"type": "enabled"}}, "thinking.budget_tokens"),
    ({"thinking": {"type": "enabled", "budget_tokens": 0}}, "thinking.budget_tokens"),
    ({"output_config": {"effort": "some"}}, "output_config.effort"),
    ({"output_config": {"format": {"type": "json_schema"}}}, "output_config.format.schema"),
]
ANSWER: list[tuple[dict[str, object], str]] = [
    ({"max_tokens": None}, "max_tokens"),
    ({"max_tokens": 0}, "max_tokens"),
    ({"max_tokens": "many"}, "max_tokens"),
    ({"max_tokens": True}, "max_tokens"),
    ({"temperature": 3}, "temperature"),
    ({"temperature": "hot"}, "temperature"),
    ({"top_p": 2}, "top_p"),
    ({"top_k": 1.5}, "top_k"),
    ({"stop_sequences": "a"}, "stop_sequences"),
    ({"stop_sequences": [7]}, "stop_sequences[0]"),
    ({"stop_sequences": ["a"] * 17}, "stop_sequences"),
    ({"stream": "yes"}, "stream"),
]


@pytest.mark.parametrize(("change", "field"), [*CONVERSATION, *ANSWER])
async def test_that_a_wrong_field_is_named(
    http: httpx.AsyncClient, answers: ScriptedAnswers, change: dict[str, object], field: str
) -> None:
    error = refusal(
        await http.post(MESSAGES, json={**GOOD, **change}), 400, "invalid_request_error"
    )
    assert error["message"].startswith(f"`{field}` is wrong: ")
    assert error["details"] == {"error_code": "bad_field", "field": field}
    assert "pydantic" not in error["message"]
    assert answers.requests == []


@pytest.mark.parametrize(("change", "field"), CONVERSATION)
async def test_that_counting_refuses_the_same(
    http: httpx.AsyncClient, change: dict[str, object], field: str
) -> None:
    error = refusal(await http.post(COUNT, json={**GOOD, **change}), 400, "invalid_request_error")
    assert error["details"]["field"] == field


async def test_that_pictures_are_not_fetched_unasked(http: httpx.AsyncClient) -> None:
    source = {"type": "url", "url": "http://192.0.2.1/a.png"}
    body = {**GOOD, **said({"type": "image", "source": source})}
    error = refusal(await http.post(MESSAGES, json=body), 400, "invalid_request_error")
    assert error["details"]["field"] == "messages[0].content[0].source.url"


@pytest.mark.parametrize("name", ["model", "messages", "max_tokens"])
async def test_that_a_missing_field_is_named(http: httpx.AsyncClient, name: str) -> None:
    body = {key: value for key, value in GOOD.items() if key != name}
    error = refusal(await http.post(MESSAGES, json=body), 400, "invalid_request_error")
    assert error["details"]["field"] == name


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"a": NaN', "[" * 100_000])
async def test_that_what_is_no_body_is_refused(http: httpx.AsyncClient, text: str) -> None:
    answer = await http.post(MESSAGES, content=text, headers={"content-type": "application/json"})
    refusal(answer, 400, "invalid_request_error")


async def test_that_numbers_which_are_no_json_stay_out_of_prompts(http: httpx.AsyncClient) -> None:
    tool = {**TOOL, "input_schema": {"maximum": float("nan")}}
    answer = await http.post(
        MESSAGES,
        content=json.dumps({**GOOD, "tools": [tool]}),
        headers={"content-type": "application/json"},
    )
    error = refusal(answer, 400, "invalid_request_error")
    assert error["details"]["field"] == "tools[0].input_schema"


async def test_that_what_calls_itself_no_json_is_refused(http: httpx.AsyncClient) -> None:
    answer = await http.post(MESSAGES, content=json.dumps(GOOD))
    refusal(answer, 415, "invalid_request_error")


async def test_that_the_wrong_way_and_the_wrong_place_are_told(http: httpx.AsyncClient) -> None:
    refusal(await http.get(MESSAGES), 405, "invalid_request_error")
    refusal(await http.get(COUNT), 405, "invalid_request_error")
    refusal(await http.post(f"{MESSAGES}/batches", json={}), 404, "not_found_error")


async def test_that_a_body_nested_deeply_is_refused_at_once(http: httpx.AsyncClient) -> None:
    block: dict[str, object] = {"type": "text", "text": "a"}
    for _ in range(60):
        block = {"type": "tool_result", "tool_use_id": "t", "content": [block]}
    refusal(await http.post(MESSAGES, json={**GOOD, **said(block)}), 400, "invalid_request_error")


def test_that_refusing_costs_next_to_nothing() -> None:
    bodies = [json.dumps({**GOOD, **change}) for change, _ in (*CONVERSATION, *ANSWER)]

    def refuse_all() -> None:
        for body in bodies:
            with pytest.raises((BadField, ValidationError)):
                chat_request(MessagesBody.model_validate_json(body))

    assert spent(refuse_all) < allowed(0.1)


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (Busy("Too many wait."), "overloaded_error"),
        (OutOfMemory("No room."), "api_error"),
        (PortClosing("It closes."), "api_error"),
        (WrongKey("It is wrong."), "authentication_error"),
        (StrangeHost("Who?"), "permission_error"),
        (BodyTooLarge("It is long."), "request_too_large"),
        (NotJson("It is XML."), "invalid_request_error"),
        (EngineError("Something."), "api_error"),
    ],
)
def test_that_each_failure_has_its_type(failure: EngineError, kind: str) -> None:
    error = error_object(failure)["error"]
    assert error["type"] == kind
    assert error["details"]["error_code"] == failure.code
