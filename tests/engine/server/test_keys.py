"""What a key opens, on a real port; and that a network never finds one without."""

import socket
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from engine.access import Limits, Scope
from engine.config import EngineConfig
from engine.errors import KeyNeeded, SettingsBroken
from engine.events import Event, ServerMoved
from engine.keys import Keys
from engine.local_port import LocalPort
from engine.server.auth import needed_scope
from engine.server.port import Port
from tests.support.answers import QUIET_MODEL, ScriptedAnswers

pytestmark = pytest.mark.anyio

CHAT = "/v1/chat/completions"
GOOD = {"messages": [{"role": "user", "content": "Hi"}]}


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path, from_settings=lambda: None)


@pytest.fixture
async def http(answers: ScriptedAnswers, keys: Keys) -> AsyncGenerator[httpx.AsyncClient]:
    port = Port(answers, keys=keys)
    address = await port.open("127.0.0.1", 0, explicit=True)
    async with httpx.AsyncClient(base_url=address, timeout=20) as http:
        yield http
    await port.close()


def bearer(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


async def test_that_the_first_key_closes_the_port_to_others_and_the_last_opens_it(
    http: httpx.AsyncClient, keys: Keys
) -> None:
    assert (await http.get("/v1/models")).status_code == 200
    made = await keys.add("Continue")
    assert (await http.get("/v1/models")).status_code == 401
    assert (await http.get("/v1/models", headers=bearer(made.secret))).status_code == 200
    assert (await http.get("/v1/models", headers={"x-api-key": made.secret})).status_code == 200
    assert (await http.get("/health")).status_code == 200
    (seen,) = keys.all()
    assert seen.used_at is not None
    await keys.remove(made.key.id)
    assert (await http.get("/v1/models")).status_code == 200


async def test_that_what_one_key_kept_is_not_there_for_another(
    http: httpx.AsyncClient, keys: Keys
) -> None:
    before = (await http.post("/v1/responses", json={"input": "Hi"})).json()["id"]
    mine = bearer((await keys.add("mine")).secret)
    other = bearer((await keys.add("other")).secret)
    kept = (await http.post("/v1/responses", json={"input": "Hi"}, headers=mine)).json()["id"]
    follows = {"input": "And?", "previous_response_id": kept}
    for id_, strangers in ((kept, other), (before, mine)):
        path = f"/v1/responses/{id_}"
        asked = [
            await http.get(path, headers=strangers),
            await http.get(f"{path}/input_items", headers=strangers),
            await http.delete(path, headers=strangers),
        ]
        assert [answer.status_code for answer in asked] == [404, 404, 404]
    for path in ("/v1/responses", "/v1/responses/input_tokens"):
        assert (await http.post(path, json=follows, headers=other)).status_code == 404
        assert (await http.post(path, json=follows, headers=mine)).status_code == 200
    (item,) = (await http.get(f"/v1/responses/{kept}/input_items", headers=mine)).json()["data"]
    asked = {"input": [{"type": "item_reference", "id": item["id"]}]}
    assert (await http.post("/v1/responses", json=asked, headers=other)).status_code == 400
    assert (await http.post("/v1/responses", json=asked, headers=mine)).status_code == 200
    assert (await http.delete(f"/v1/responses/{kept}", headers=mine)).status_code == 200


async def test_that_a_key_opens_its_scopes_alone(http: httpx.AsyncClient, keys: Keys) -> None:
    asks = await keys.add("asks", {Scope.ANSWERS})
    counts = await keys.add("counts", {Scope.METRICS})
    keeps = await keys.add("keeps", {Scope.MODELS})

    async def statuses(secret: str) -> list[int]:
        mine = bearer(secret)
        got = [
            await http.post(CHAT, json=GOOD, headers=mine),
            await http.get("/metrics", headers=mine),
            await http.request("DELETE", "/api/delete", json={"model": "x"}, headers=mine),
        ]
        return [answer.status_code for answer in got]

    refused = (403, 403)
    asked = await statuses(asks.secret)
    counted = await statuses(counts.secret)
    kept = await statuses(keeps.secret)
    assert (asked[0], *asked[1:]) == (200, *refused)
    assert (counted[1], counted[0], counted[2]) == (200, *refused)
    assert kept[2] not in {401, 403}
    assert tuple(kept[:2]) == refused
    told = await http.get("/metrics", headers=bearer(asks.secret))
    assert "scope `metrics`" in told.json()["error"]["message"]
    await keys.change(asks.key.id, scopes={Scope.METRICS})
    assert (await http.get("/metrics", headers=bearer(asks.secret))).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/", None),
        ("GET", "/health", None),
        ("GET", "/metrics", Scope.METRICS),
        ("GET", "/metrics/more", Scope.METRICS),
        ("POST", "/api/pull", Scope.MODELS),
        ("DELETE", "/v1/models/x", Scope.MODELS),
        ("GET", "/v1/models/x", Scope.ANSWERS),
        ("POST", "/v1/messages", Scope.ANSWERS),
        ("GET", "//health", Scope.ANSWERS),
        ("GET", "/nowhere", Scope.ANSWERS),
    ],
)
async def test_that_what_is_not_known_to_be_open_is_closed(
    method: str, path: str, scope: Scope | None
) -> None:
    assert needed_scope(method, path) == scope


async def test_that_a_model_is_taken_from_others_by_a_key_for_models_alone(
    http: httpx.AsyncClient, keys: Keys, answers: ScriptedAnswers
) -> None:
    asks = bearer((await keys.add("asks", {Scope.ANSWERS})).secret)
    both = bearer((await keys.add("both", {Scope.ANSWERS, Scope.MODELS})).secret)
    for path in ("/api/generate", "/api/chat", "/api/embed", "/api/embeddings"):
        wish = {"model": QUIET_MODEL.id, "keep_alive": 0}
        refused = await http.post(path, headers=asks, json=wish)
        assert refused.status_code == 403
        assert "`models`" in refused.json()["error"]
        done = await http.post(path, headers=both, json=wish)
        assert done.status_code == 200
        assert answers.loaded is None
        loaded = await http.post(path, headers=asks, json={"model": QUIET_MODEL.id})
        assert loaded.status_code == 200
        assert answers.loaded == QUIET_MODEL.id
    assert (await http.get("/")).status_code == 200


async def test_that_a_network_finds_no_port_without_a_key(
    answers: ScriptedAnswers, tmp_path: Path
) -> None:
    keys = Keys(tmp_path, from_settings=lambda: None)
    config = EngineConfig(host="0.0.0.0", port=1)
    heard: list[Event] = []
    local = LocalPort(answers, keys, lambda: config, heard.append)
    with pytest.raises(KeyNeeded, match=r"At 0\.0\.0\.0 every computer") as raised:
        await local.open()
    assert "Make a key first" in raised.value.sentence
    await local.begin()
    assert heard == [ServerMoved(address=None, failure=raised.value.sentence)]
    assert local.address is None


async def test_that_the_host_that_is_set_counts_at_the_next_opening(
    answers: ScriptedAnswers, tmp_path: Path
) -> None:
    keys = Keys(tmp_path, from_settings=lambda: None)
    config = EngineConfig()
    local = LocalPort(answers, keys, lambda: config, lambda _: None)
    address = await local.open(_free_port())
    assert address.startswith("http://127.0.0.1:")
    config = EngineConfig(host="0.0.0.0")
    with pytest.raises(KeyNeeded):
        await local.open()
    assert local.address == address  # the old one stays open
    made = await keys.add("laptop")
    address = await local.open(_free_port())
    assert address.startswith("http://127.0.0.1:")  # one that can be connected to
    async with httpx.AsyncClient(base_url=address, timeout=20) as http:
        assert (await http.get("/v1/models", headers=bearer(made.secret))).status_code == 200
        await keys.remove(made.key.id)
        # Nobody is let in rather than everybody.
        assert (await http.get("/v1/models")).status_code == 401
    await local.close()


async def test_that_a_port_does_not_open_while_nobody_knows_its_keys(
    answers: ScriptedAnswers, tmp_path: Path
) -> None:
    (tmp_path / "keys.json").write_text("{", "utf-8")
    keys = Keys(tmp_path, from_settings=lambda: None)
    with pytest.raises(SettingsBroken, match=r"keys\.json"):
        await LocalPort(answers, keys, EngineConfig, lambda _: None).open()


async def test_that_the_limits_of_a_key_are_told_in_each_dialect_s_form(
    http: httpx.AsyncClient, keys: Keys
) -> None:
    made = await keys.add("slow", limits=Limits(requests_per_minute=1))
    mine = bearer(made.secret)
    assert (await http.get("/v1/models", headers=mine)).status_code == 200
    openai = await http.post(CHAT, json=GOOD, headers=mine)
    anthropic = await http.post("/v1/messages", json=GOOD, headers=mine)
    ollama = await http.post("/api/chat", json=GOOD, headers=mine)
    for answer in (openai, anthropic, ollama):
        assert answer.status_code == 429
        assert 1 <= int(answer.headers["retry-after"]) <= 60
        assert answer.headers["x-should-retry"] == "true"
    assert openai.json()["error"]["code"] == "rate_limit_exceeded"
    assert anthropic.json()["error"]["type"] == "rate_limit_error"
    assert "1 requests a minute" in ollama.json()["error"]
    await keys.change(made.key.id, limits=Limits())
    assert (await http.get("/v1/models", headers=mine)).status_code == 200


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
