"""Whatever is wrong with a request, the answer is an OpenAI error object with a sentence."""

import asyncio
import json
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import openai
import pytest

from engine.keys import Keys
from engine.server.port import Port
from tests.support.answers import QUIET_MODEL, ScriptedAnswers

pytestmark = pytest.mark.anyio

CHAT = "/v1/chat/completions"
GOOD = {"messages": [{"role": "user", "content": "Hi"}]}


@pytest.fixture
async def locked_address(answers: ScriptedAnswers, tmp_path: Path) -> AsyncGenerator[str]:
    port = Port(answers, keys=Keys(tmp_path, from_settings=lambda: "clé-123"))
    yield await port.open("127.0.0.1", 0, explicit=True)
    await port.close()


@pytest.fixture
async def http(address: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=address, timeout=20, verify=False) as http:
        yield http


def refusal(answer: httpx.Response, status: int, code: str) -> dict[str, str]:
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["code"] == code
    assert error["message"].endswith(".")
    return error


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"messages": ()}, "messages"),
        ({"messages": "hello"}, "messages[0]"),
        ({"messages": [{"role": "tool", "content": "4"}]}, "messages[0].tool_call_id"),
        (
            {"messages": [{"role": "tool", "content": "4", "tool_call_id": "x"}]},
            "messages[0].tool_call_id",
        ),
        ({"messages": [{"role": "function", "content": "4"}]}, "messages[0].name"),
        (
            {"messages": [{"role": "assistant", "tool_calls": [{"id": ""}]}]},
            "messages[0].tool_calls[0].id",
        ),
        ({"messages": [{"role": ["user"], "content": "4"}]}, "messages[0].role"),
        ({"messages": [{"role": "king", "content": "4"}]}, "messages[0].role"),
        ({"messages": [{"content": "4"}]}, "messages[0].role"),
        ({"messages": [{"role": "user", "content": 4}]}, "messages[0].content"),
        (
            {"messages": [{"role": "user", "content": [{"type": "input_audio"}]}]},
            "messages[0].content",
        ),
        ({"messages": [{"role": "user", "content": ["a"]}]}, "messages[0].content"),
        ({"temperature": "hot"}, "temperature"),
        ({"temperature": "0.5"}, "temperature"),
        ({"temperature": -1}, "temperature"),
        ({"top_p": 2}, "top_p"),
        ({"top_k": 1.5}, "top_k"),
        ({"n": 17}, "n"),
        ({"n": 0}, "n"),
        ({"n": True}, "n"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_tokens": "many"}, "max_tokens"),
        ({"stop": 7}, "stop"),
        ({"stop": [7]}, "stop[0]"),
        ({"seed": "x"}, "seed"),
        ({"stream": "yes"}, "stream"),
        ({"logit_bias": {"word": 1}}, "logit_bias.word.[key]"),
        ({"stop": ["x"] * 17}, "stop"),
        ({"logit_bias": {"-1": 1}}, "logit_bias.-1.[key]"),
        ({"response_format": {"type": "xml"}}, "response_format"),
        ({"response_format": {"type": "json_schema"}}, "response_format.json_schema.json_schema"),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"schema": 7}}},
            "response_format.json_schema.json_schema.schema",
        ),
        ({"response_format": {"type": "json_object"}, "grammar": "root ::= [a]"}, "grammar"),
        ({"grammar": 7}, "grammar"),
        ({"top_logprobs": 3}, "top_logprobs"),
        ({"logprobs": True, "top_logprobs": 21}, "top_logprobs"),
        ({"min_tokens": 9, "max_tokens": 3}, "min_tokens"),
        ({"mirostat": 3}, "mirostat"),
        ({"typical_p": 2}, "typical_p"),
        ({"dry_sequence_breakers": [""]}, "dry_sequence_breakers[0]"),
        ({"tool_choice": "required"}, "tool_choice"),
        ({"tools": [{"type": "function"}]}, "tools[0].function"),
        (
            {"tools": [{"type": "function", "function": {"name": 'a"b'}}]},
            "tools[0].function.name",
        ),
        (
            {"tools": [{"type": "function", "function": {"name": "f"}}] * 2},
            "tools[1].function.name",
        ),
        (
            {
                "tools": [{"type": "function", "function": {"name": "f"}}],
                "tool_choice": {"type": "function", "function": {"name": "g"}},
            },
            "tool_choice",
        ),
        ({"continue_final_message": True}, "continue_final_message"),
        ({"add_generation_prompt": False}, "add_generation_prompt"),
        ({"chat_template_kwargs": [1]}, "chat_template_kwargs"),
    ],
)
async def test_that_a_wrong_field_is_named(
    http: httpx.AsyncClient, change: dict[str, object], param: str
) -> None:
    error = refusal(await http.post(CHAT, json={**GOOD, **change}), 400, "bad_field")
    assert error["type"] == "invalid_request_error"
    assert error["param"] == param
    assert "pydantic" not in error["message"]


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("ftp://example.com/cat.png", "are not fetched from a network"),
        ("file:///etc/passwd", "are not fetched from a network"),
        ("data:image/png,abc", "must be written as data:image/png;base64"),
        ("data:image/png;base64,a*c", "base64 cannot be read"),
    ],
)
async def test_that_a_picture_that_is_not_in_the_request_is_refused_with_a_sentence(
    http: httpx.AsyncClient, answers: ScriptedAnswers, url: str, complaint: str
) -> None:
    picture = {"type": "image_url", "image_url": {"url": url}}
    body = {"messages": [{"role": "user", "content": [picture]}]}
    error = refusal(await http.post(CHAT, json=body), 400, "bad_field")
    assert complaint in error["message"]
    assert not answers.requests


async def test_that_nulls_and_the_habits_of_other_servers_clients_are_taken(
    http: httpx.AsyncClient, answers: ScriptedAnswers
) -> None:
    nulls = dict.fromkeys(
        ("stream", "n", "stop", "seed", "temperature", "logit_bias", "max_tokens", "model"), None
    )
    assert (await http.post(CHAT, json={**GOOD, **nulls})).status_code == 200
    habits: dict[str, object] = {
        "max_tokens": -1,
        "top_k": -1,
        "seed": -1,
        "model": "",
        "tools": [],
    }
    assert (await http.post(CHAT, json={**GOOD, **habits})).status_code == 200
    request = answers.requests[1]
    assert (request.max_tokens, request.sampling.seed, request.sampling.top_k) == (None, None, 0)
    assert request.model is None


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 5000, b'"\\ud800"', b"[]", b"7"])
async def test_that_what_is_no_json_object_is_refused(http: httpx.AsyncClient, body: bytes) -> None:
    answer = await http.post(CHAT, content=body, headers={"content-type": "application/json"})
    refusal(answer, 400, "bad_request")


async def test_that_a_form_of_a_web_page_is_refused(http: httpx.AsyncClient) -> None:
    answer = await http.post(
        CHAT, content=json.dumps(GOOD).encode(), headers={"content-type": "text/plain"}
    )
    refusal(answer, 415, "unsupported_media_type")


async def test_that_curl_needs_no_header_for_ollama_and_a_page_gains_nothing_by_it(
    http: httpx.AsyncClient,
) -> None:
    asked = {"model": QUIET_MODEL.id, "stream": False, "messages": GOOD["messages"]}
    curl = {"content-type": "application/x-www-form-urlencoded"}
    body = json.dumps(asked).encode()
    answer = await http.post("/api/chat", content=body, headers=curl)
    assert answer.status_code == 200, answer.text
    assert (await http.post(CHAT, content=body, headers=curl)).status_code == 415
    page = {**curl, "origin": "https://evil.example"}
    assert (await http.post("/api/chat", content=body, headers=page)).status_code == 403
    # As a browser writes the form of a page that has this object for a field's name.
    assert (await http.post("/api/chat", data={body.decode(): ""})).status_code == 400
    plain = {"content-type": "text/plain"}
    assert (await http.post("/api/chat", content=body, headers=plain)).status_code == 415


async def test_that_a_body_too_large_is_refused_whether_announced_or_not(
    http: httpx.AsyncClient, answers: ScriptedAnswers
) -> None:
    async def endless() -> AsyncGenerator[bytes]:
        for _ in range(33):
            yield b" " * (1 << 20)

    headers = {"content-type": "application/json"}
    for content in (b" " * (33 << 20), endless()):
        answer = await http.post(CHAT, content=content, headers=headers)
        refusal(answer, 413, "request_too_large")
    assert answers.requests == []
    assert (await http.post(CHAT, json=GOOD)).status_code == 200


async def test_that_an_unknown_path_and_a_wrong_method_are_error_objects_too(
    http: httpx.AsyncClient,
) -> None:
    refusal(await http.post("/v1/nothing", json={}), 404, "unknown_url")
    refusal(await http.get("/nothing"), 404, "unknown_url")
    answer = await http.get(CHAT)
    refusal(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:11711",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "192.168.0.7",
        "[::2]:80",
        "user@evil.example",
        "127.0.0.1@evil.example",
        "[",
        "",
    ],
)
async def test_that_a_host_that_is_not_ours_is_refused(http: httpx.AsyncClient, host: str) -> None:
    refusal(await http.get("/v1/models", headers={"host": host}), 403, "host_not_allowed")


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:11711",
        "127.0.0.1",
        "127.8.8.8:1",
        "[::1]:80",
        "chat.localhost",
        "host.docker.internal:11711",
        "localhost.",
    ],
)
async def test_that_the_names_of_this_computer_are_ours(http: httpx.AsyncClient, host: str) -> None:
    assert (await http.get("/v1/models", headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://evil.example:11711",
        "http://localhost:3000",  # whatever runs there is a stranger, too, until it is listed
        "http://127.0.0.1:8888",
    ],
)
async def test_that_a_web_page_of_a_stranger_is_refused(
    http: httpx.AsyncClient, origin: str
) -> None:
    answer = await http.post(CHAT, json=GOOD, headers={"origin": origin})
    refusal(answer, 403, "host_not_allowed")
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("origin", [None, "app://obsidian.md", "vscode-webview://1a2b", "file://"])
async def test_that_the_port_s_own_pages_and_installed_programs_may_ask(
    http: httpx.AsyncClient, origin: str | None
) -> None:
    own = str(http.base_url).rstrip("/")
    answer = await http.post(CHAT, json=GOOD, headers={"origin": origin or own})
    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers


async def test_that_a_key_is_asked_of_everything_but_health(locked_address: str) -> None:
    wrong = (None, "Bearer x", "Bearer wrong", "clé-123", "Basic clé-123", "Bearer clé-1234")
    async with httpx.AsyncClient(base_url=locked_address, timeout=20, verify=False) as http:
        for sent in wrong:
            answer = await http.get("/v1/models", headers=authorization(sent))
            refusal(answer, 401, "invalid_api_key")
            assert answer.headers["www-authenticate"] == "Bearer"
        right = authorization("Bearer clé-123")
        listed = (await http.get("/v1/models", headers=right)).json()
        assert listed["data"][0]["id"] == QUIET_MODEL.id
        assert (await http.get("/health")).json() == {"status": "ok"}
        refusal(await http.get("/nowhere"), 401, "invalid_api_key")


async def test_that_the_official_client_raises_its_own_error_for_a_wrong_key(
    locked_address: str,
) -> None:
    async with openai.AsyncOpenAI(base_url=f"{locked_address}/v1", api_key="wrong") as client:
        with pytest.raises(openai.AuthenticationError):
            await client.models.list()
    async with openai.AsyncOpenAI(base_url=f"{locked_address}/v1", api_key="x") as client:
        with pytest.raises(openai.AuthenticationError):
            await client.chat.completions.create(
                model=QUIET_MODEL.id, messages=[{"role": "user", "content": "Hi"}]
            )


def authorization(value: str | None) -> list[tuple[bytes, bytes]]:
    return [] if value is None else [(b"authorization", value.encode())]


async def test_that_a_client_cannot_name_a_file(
    http: httpx.AsyncClient, answers: ScriptedAnswers, tmp_path: Path
) -> None:
    file = tmp_path / "Another.GGUF"
    file.write_bytes(b"GGUF")
    body = {"model": str(file), "messages": [{"role": "user", "content": "Hi"}]}
    for stream in (False, True):
        answer = await http.post("/v1/chat/completions", json={**body, "stream": stream})
        assert answer.status_code == 404
        assert answer.json()["error"]["code"] == "model_not_found"
    assert not answers.requests


async def test_that_bytes_that_are_no_http_do_not_stop_the_port(
    address: str, http: httpx.AsyncClient
) -> None:
    host, _, port = address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"\x16\x03\x01 not http at all\r\n\r\n")
    await writer.drain()
    assert (await reader.read()).startswith(b"HTTP/1.1 400")
    writer.close()
    await writer.wait_closed()
    assert (await http.get("/health")).status_code == 200
