"""Web pages: none without the person's word, listed ones with the browser's consent."""

from collections.abc import AsyncGenerator

import httpx
import pytest

from engine.config import EngineConfig
from engine.server.cors import may_ask
from engine.server.port import Port
from tests.support.answers import ScriptedAnswers

pytestmark = pytest.mark.anyio

PAGE = "https://chat.example"
CHAT = "/v1/chat/completions"
GOOD = {"messages": [{"role": "user", "content": "Hi"}]}
PREFLIGHT = {
    "origin": PAGE,
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,content-type,x-stainless-os",
    "access-control-request-private-network": "true",
}


class Listed:
    """Settings in which the list of pages changes."""

    origins: tuple[str, ...] = (PAGE,)

    def config(self) -> EngineConfig:
        return EngineConfig(cors_origins=self.origins)


@pytest.fixture
def listed() -> Listed:
    return Listed()


@pytest.fixture
async def http(answers: ScriptedAnswers, listed: Listed) -> AsyncGenerator[httpx.AsyncClient]:
    port = Port(answers, config=listed.config)
    address = await port.open("127.0.0.1", 0, explicit=True)
    async with httpx.AsyncClient(base_url=address, timeout=20) as http:
        yield http
    await port.close()


def words_of_cors(answer: httpx.Response) -> list[str]:
    return [name for name in answer.headers if name.startswith("access-control-")]


async def test_that_a_listed_page_gets_consent(http: httpx.AsyncClient) -> None:
    answer = await http.options(CHAT, headers=PREFLIGHT)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert answer.headers["access-control-allow-headers"].endswith("x-stainless-os")
    assert answer.headers["access-control-allow-private-network"] == "true"
    assert "access-control-allow-credentials" not in answer.headers
    assert "Origin" in answer.headers["vary"]


async def test_that_a_listed_page_may_read_answers_streams_and_failures(
    http: httpx.AsyncClient, answers: ScriptedAnswers
) -> None:
    page = {"origin": PAGE}
    got = [
        await http.get("/v1/models", headers=page),
        await http.post(CHAT, json={**GOOD, "stream": True}, headers=page),
        await http.post(CHAT, json={**GOOD, "n": 99}, headers=page),
        await http.post("/v1/messages", json={}, headers=page),
        await http.get("/nowhere", headers=page),
        await http.get("/v1/models", headers={**page, "host": "evil.example"}),
    ]
    answers.failure = RuntimeError("a bug")
    got.append(await http.post(CHAT, json=GOOD, headers=page))
    assert [answer.status_code for answer in got] == [200, 200, 400, 400, 404, 403, 500]
    for answer in got:
        assert answer.headers["access-control-allow-origin"] == PAGE
        assert "Origin" in answer.headers["vary"]


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://chat.example", "https://chat.example.evil.example", "null"],
)
async def test_that_another_page_gets_neither_consent_nor_answer(
    http: httpx.AsyncClient, answers: ScriptedAnswers, origin: str
) -> None:
    consent = await http.options(CHAT, headers={**PREFLIGHT, "origin": origin})
    answer = await http.post(CHAT, json=GOOD, headers={"origin": origin})
    assert (consent.status_code, answer.status_code) == (403, 403)
    assert words_of_cors(consent) == words_of_cors(answer) == []
    assert not answers.requests


async def test_that_programs_without_a_page_hear_nothing_of_it(http: httpx.AsyncClient) -> None:
    assert words_of_cors(await http.post(CHAT, json=GOOD)) == []


async def test_that_the_list_counts_at_once_and_is_empty_at_first(
    http: httpx.AsyncClient, listed: Listed
) -> None:
    assert EngineConfig().cors_origins == ()
    listed.origins = ()
    assert (await http.options(CHAT, headers=PREFLIGHT)).status_code == 403
    listed.origins = ("*",)
    answer = await http.get("/v1/models", headers={"origin": "https://any.example"})
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_that_a_name_of_a_header_that_is_none_is_not_repeated(
    http: httpx.AsyncClient,
) -> None:
    asked = {**PREFLIGHT, "access-control-request-headers": "x;<script>"}
    answer = await http.options(CHAT, headers=asked)
    assert "access-control-allow-headers" not in answer.headers


@pytest.mark.parametrize(
    ("origin", "host", "may"),
    [
        ("http://127.0.0.1:11711", "127.0.0.1:11711", True),
        ("http://LOCALHOST:11711", "localhost:11711", True),
        ("http://localhost:3000", "localhost:11711", False),
        ("http://[::1]:11711", "[::1]:11711", True),
        ("tauri://localhost", "localhost", True),
        ("http://tauri.localhost", "localhost", True),
        ("chrome-extension://abc", "localhost", False),
        ("https://tauri.localhost.evil.example", "localhost", False),
        ("http://[", "localhost", False),
        ("http://", "", False),
        ("", "", False),
    ],
)
async def test_that_only_the_port_s_own_pages_and_programs_need_no_list(
    origin: str, host: str, may: bool
) -> None:
    assert may_ask(origin, host, ()) == may
