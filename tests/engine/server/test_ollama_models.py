"""Models, asked for with Ollama's own client: their shelf, their stay, their coming."""

# Its functions as tools have arguments that nobody typed.
# pyright: reportUnknownMemberType=false

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import httpx
import ollama
import pytest

from engine.errors import BadRequest
from engine.protocol.load import Purpose
from engine.server.ollama.shelf import OLLAMA_VERSION
from tests.support.answers import QUIET_MODEL, ScriptedAnswers

pytestmark = pytest.mark.anyio

MODEL = QUIET_MODEL.id
QUESTION: list[dict[str, Any]] = [{"role": "user", "content": "Say hello."}]


@pytest.fixture
async def client(address: str) -> AsyncGenerator[ollama.AsyncClient]:
    client = ollama.AsyncClient(host=address, timeout=20)
    async with client:
        yield client


@pytest.fixture
async def http(address: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=address, timeout=20) as http:
        yield http


async def all_of(asking: Any) -> list[Any]:
    """The lines of what was asked as a stream; nothing of a whole answer, which has no lines."""
    told = await asking
    return [line async for line in told] if hasattr(told, "__aiter__") else []


async def test_that_nothing_said_loads_and_unloads(
    client: ollama.AsyncClient, answers: ScriptedAnswers
) -> None:
    answers.loaded = None
    loaded = await client.generate(MODEL, keep_alive="1h30m")
    assert (loaded.response, loaded.done, loaded.done_reason) == ("", True, "load")
    assert (answers.loaded, answers.kept) == (MODEL, {MODEL: 5400.0})
    gone = await client.chat(MODEL, [], keep_alive=0)
    assert (gone.message.content, gone.done_reason) == ("", "unload")
    assert answers.loaded is None
    assert not answers.requests
    assert (await client.chat(MODEL, [])).done_reason == "load"
    assert answers.kept == {MODEL: 300.0}
    with pytest.raises(ollama.ResponseError, match="keep_alive"):
        await client.generate(MODEL, keep_alive="soon")


async def test_that_unloading_cuts_no_answer_off(
    client: ollama.AsyncClient, answers: ScriptedAnswers
) -> None:
    answers.pause_after = 1
    asking = asyncio.create_task(client.chat(MODEL, QUESTION))
    await answers.pausing.wait()
    assert (await client.generate(MODEL, keep_alive=0)).done_reason == "unload"
    assert (answers.loaded, answers.kept) == (MODEL, {MODEL: 0.0})
    answers.may_go_on.set()
    assert (await asking).message.content == "Hello, world!"


@pytest.mark.parametrize(("said", "seconds"), [("5m", 300.0), (90, 90.0), ("-1", -1.0), (0, 0.0)])
async def test_that_an_answer_says_how_long_its_model_stays(
    client: ollama.AsyncClient, answers: ScriptedAnswers, said: float | str, seconds: float
) -> None:
    await client.chat(MODEL, QUESTION, keep_alive=said)
    assert answers.kept == {MODEL: seconds}


async def test_that_the_shelf_is_listed_without_paths(
    client: ollama.AsyncClient, http: httpx.AsyncClient, answers: ScriptedAnswers
) -> None:
    answers.shelf = (
        replace(QUIET_MODEL, architecture="llama", parameters=134_515_008, quantization="Q4_K_M"),
        *answers.shelf[1:],
    )
    (model,) = (await client.list()).models
    assert (model.model, model.size) == (MODEL, 100)
    assert model.digest
    assert len(model.digest) == 64
    assert model.modified_at is not None
    assert model.details is not None
    assert model.details.family == "llama"
    assert model.details.parameter_size == "134.52M"
    assert model.details.quantization_level == "Q4_K_M"
    (running,) = (await client.ps()).models
    assert (running.name, running.size, running.size_vram) == (MODEL, 100, 50)
    assert running.context_length == 4096
    assert running.expires_at is not None
    shown = await http.post("/api/show", json={"name": MODEL})
    assert "somewhere" not in shown.text
    assert ".gguf" not in shown.text


async def test_that_a_model_is_shown(client: ollama.AsyncClient, answers: ScriptedAnswers) -> None:
    shown = await client.show(MODEL)
    assert shown.capabilities == ["completion", "tools", "thinking"]
    assert shown.template
    assert shown.template.startswith("{% if tools %}")
    assert shown.modelinfo is not None
    assert shown.modelinfo["llama.context_length"] == 8192
    assert shown.modelinfo["tokenizer.ggml.add_bos_token"] is True
    assert shown.modelinfo["tokenizer.ggml.tokens"] is None
    assert (shown.license, shown.parameters) == ("mit", "num_ctx 4096")
    answers.shelf = (replace(QUIET_MODEL, purpose=Purpose.EMBED),)
    assert (await client.show(MODEL)).capabilities == ["embedding"]
    with pytest.raises(ollama.ResponseError) as raised:
        await client.show("llama3")
    assert raised.value.status_code == 404
    assert raised.value.error.startswith("model 'llama3' not found")


@pytest.mark.parametrize(
    "name", [MODEL, f"hf.co/{MODEL}", f"huggingface.co/{MODEL}", f"{MODEL}:latest"]
)
async def test_that_a_model_answers_to_the_names_clients_use(
    client: ollama.AsyncClient, answers: ScriptedAnswers, name: str
) -> None:
    answer = await client.chat(name, QUESTION)
    assert answer.model == name
    assert answers.requests[0].model == MODEL


@pytest.mark.parametrize("name", ["llama3", "somewhere/quiet.gguf"])
async def test_that_an_unknown_model_is_not_found(client: ollama.AsyncClient, name: str) -> None:
    for stream in (False, True):
        with pytest.raises(ollama.ResponseError, match=f"model '{name}' not found") as raised:
            await all_of(client.chat(name, QUESTION, stream=stream))
        assert raised.value.status_code == 404
    with pytest.raises(ollama.ResponseError, match="not found"):
        await client.generate(name, "Hi")


async def test_that_a_pull_is_told_step_by_step(
    client: ollama.AsyncClient, answers: ScriptedAnswers
) -> None:
    lines = [line async for line in await client.pull("hf.co/owner/other:Q8_0", stream=True)]
    assert [line.status for line in lines] == [
        "pulling manifest",
        "pulling abababababab",
        "pulling abababababab",
        "verifying sha256 digest",
        "writing manifest",
        "success",
    ]
    assert lines[1].digest == "sha256:" + "ab" * 32
    assert (lines[1].total, lines[1].completed) == (100, 50)
    assert (lines[2].total, lines[2].completed) == (100, 100)
    assert (await client.pull("owner/other")).status == "success"
    assert (await client.pull("owner/other:latest")).status == "success"
    assert answers.pulled == [("owner/other", "Q8_0"), ("owner/other", None), ("owner/other", None)]


@pytest.mark.parametrize("name", ["llama3", "llama3:8b", "library/llama3", "a/b/c", "../../x"])
async def test_that_what_only_ollama_has_is_refused_with_a_way(
    client: ollama.AsyncClient, answers: ScriptedAnswers, name: str
) -> None:
    for stream in (False, True):
        with pytest.raises(ollama.ResponseError, match=r"Pull hf\.co/OWNER") as raised:
            await all_of(client.pull(name, stream=stream))
        assert raised.value.status_code == 400
    assert not answers.pulled


async def test_that_a_pull_that_fails_says_so(
    client: ollama.AsyncClient, answers: ScriptedAnswers
) -> None:
    answers.failure = BadRequest("owner/other has no GGUF files.")
    with pytest.raises(ollama.ResponseError, match="no GGUF files") as raised:
        await client.pull("owner/other")
    assert raised.value.status_code == 400
    lines = await client.pull("owner/other", stream=True)
    assert (await anext(lines)).status == "pulling manifest"
    with pytest.raises(ollama.ResponseError, match="no GGUF files"):
        await anext(lines)


async def test_that_leaving_a_pull_closes_it(
    client: ollama.AsyncClient, answers: ScriptedAnswers
) -> None:
    answers.pause_after = 1
    lines: Any = await client.pull("owner/other", stream=True)
    assert (await anext(lines)).status == "pulling manifest"
    await anext(lines)
    await answers.pausing.wait()
    await lines.aclose()
    async with asyncio.timeout(5):
        await answers.all_closed.wait()


async def test_that_probes_find_an_ollama(http: httpx.AsyncClient) -> None:
    root = await http.get("/")
    assert (root.status_code, root.text) == (200, "Ollama is running")
    assert (await http.head("/")).status_code == 200
    assert (await http.head("/api/tags")).status_code == 200
    told = (await http.get("/api/version")).json()
    assert told["version"] == OLLAMA_VERSION
    assert told["fullbore"]


async def test_that_what_is_not_offered_says_what_to_do(
    client: ollama.AsyncClient, http: httpx.AsyncClient
) -> None:
    for refused in (
        client.delete(MODEL),
        client.copy(MODEL, "other"),
        client.create("other", from_=MODEL),
        client.push(MODEL),
    ):
        with pytest.raises(ollama.ResponseError) as raised:
            await refused
        assert raised.value.status_code == 501
        assert raised.value.error.count(".") >= 2
    assert (await http.post("/api/nothing", json={})).json()["error"].startswith("Nothing is")
