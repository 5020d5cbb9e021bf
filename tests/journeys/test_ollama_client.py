"""Somebody has used Ollama so far: the same scripts, with Fullbore behind the port."""

# The client's functions as tools have arguments that nobody typed.
# pyright: reportUnknownMemberType=false

import asyncio
import json
import math
from collections.abc import AsyncGenerator, Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ollama
import pytest

from engine.config import EngineConfig, Home, LoadWish
from engine.download.values import DownloadPhase
from engine.engine import Engine
from engine.terminal.rivals import free_port
from tests.support.ghost_encoder import WIDTH, write_encoder
from tests.support.hub import Hub

pytestmark = [pytest.mark.anyio, pytest.mark.journey, pytest.mark.timeout(300)]

MODEL = "SmolLM2"
PULLED = "maker/SmolLM2-135M-Instruct-GGUF"
QUESTION: list[dict[str, Any]] = [{"role": "user", "content": "What is the weather in Oslo?"}]
GREEDY = {"temperature": 0, "num_predict": 24}
WEATHER: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of a city.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string", "maxLength": 12}},
            "required": ["city"],
            "additionalProperties": False,
        },
    },
}


@dataclass
class Household:
    """A running Engine, the Hub it pulls from, and the client."""

    engine: Engine
    hub: Hub
    client: ollama.AsyncClient


@pytest.fixture
def hub() -> Generator[Hub]:
    with Hub() as hub:
        yield hub


@pytest.fixture
def content(model_file: Path) -> bytes:
    return model_file.read_bytes()


@pytest.fixture
async def household(
    home: Home, hub: Hub, model_file: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Household]:
    monkeypatch.setenv("HF_HOME", str(home.cache / "hf"))
    for name in ("HF_TOKEN", "HF_ENDPOINT", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    write_encoder(home.models / "embedder.gguf")
    (home.models / f"{MODEL}.gguf").symlink_to(model_file)
    engine = Engine(home, EngineConfig(serve=False, streams=2, hub_endpoint=hub.address))
    await engine.start()
    try:
        await engine.refresh_models()
        await engine.load(MODEL, LoadWish(context_tokens=4096, streams=2))
        client = ollama.AsyncClient(host=await engine.open_port(free_port()), timeout=120)
        async with client:
            yield Household(engine, hub, client)
    finally:
        await engine.close()


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not is_so():
            await asyncio.sleep(0.01)


async def test_that_a_script_for_ollama_works_as_it_is(household: Household) -> None:
    client = household.client
    await the_shelf_is_listed(client)
    await an_answer_is_the_same_whole_and_in_pieces(client)
    await a_prompt_is_answered_and_a_text_gone_on_with(client)
    await a_tool_is_called_and_answers(client)
    await an_answer_keeps_to_its_schema(client)
    await failures_are_told(client)
    await leaving_ends_the_answer(household)


async def the_shelf_is_listed(client: ollama.AsyncClient) -> None:
    listed = {model.model: model for model in (await client.list()).models}
    assert set(listed) == {MODEL, "embedder"}
    details = listed[MODEL].details
    assert details is not None
    assert (details.family, details.parameter_size) == ("llama", "134.52M")
    (running,) = (await client.ps()).models
    assert running.model == MODEL
    assert running.context_length == 4096
    assert running.digest == listed[MODEL].digest
    assert running.size
    shown = await client.show(f"{MODEL}:latest")
    assert shown.modelinfo is not None
    assert shown.modelinfo["general.architecture"] == "llama"
    assert shown.modelinfo["llama.embedding_length"] == 576
    assert shown.capabilities is not None
    assert "completion" in shown.capabilities
    assert (await client.show("embedder")).capabilities == ["embedding"]


async def an_answer_is_the_same_whole_and_in_pieces(client: ollama.AsyncClient) -> None:
    whole = await client.chat(MODEL, QUESTION, options=GREEDY)
    assert whole.message.content
    assert whole.done_reason in {"stop", "length"}
    assert whole.eval_count
    assert whole.eval_count <= 24
    assert whole.eval_duration
    assert whole.total_duration
    lines = [
        line
        async for line in await client.chat(
            MODEL, QUESTION, options=GREEDY, stream=True, logprobs=True
        )
    ]
    assert "".join(line.message.content or "" for line in lines) == whole.message.content
    assert lines[-1].done
    assert lines[-1].eval_count == whole.eval_count
    told = [token for line in lines for token in line.logprobs or ()]
    assert "".join(token.token for token in told) == whole.message.content
    assert all(token.logprob <= 0 for token in told)


async def a_prompt_is_answered_and_a_text_gone_on_with(client: ollama.AsyncClient) -> None:
    asked = await client.generate(MODEL, str(QUESTION[0]["content"]), options=GREEDY)
    assert asked.response == (await client.chat(MODEL, QUESTION, options=GREEDY)).message.content
    raw = await client.generate(MODEL, "One, two, three, four,", raw=True, options=GREEDY)
    assert "five" in (raw.response or "")
    with pytest.raises(ollama.ResponseError, match="not taught to fill in"):
        await client.generate(MODEL, "a", suffix="b")


async def a_tool_is_called_and_answers(client: ollama.AsyncClient) -> None:
    """So small a model calls nothing by itself; told what was called, it goes on."""
    messages = [
        *QUESTION,
        {
            "role": "assistant",
            "content": "",
            "tool_calls": [{"function": {"name": "get_weather", "arguments": {"city": "Oslo"}}}],
        },
        {"role": "tool", "tool_name": "get_weather", "content": "Rain, 7 degrees."},
    ]
    answer = await client.chat(MODEL, messages, tools=[WEATHER], options=GREEDY)
    assert answer.message.content or answer.message.tool_calls
    for call in answer.message.tool_calls or ():
        assert call.function.name == "get_weather"


async def an_answer_keeps_to_its_schema(client: ollama.AsyncClient) -> None:
    schema = {
        "type": "object",
        "properties": {"age": {"type": "integer", "minimum": 0, "maximum": 99}},
        "required": ["age"],
        "additionalProperties": False,
    }
    answer = await client.chat(MODEL, QUESTION, format=schema, options={"num_predict": 60})
    assert set(json.loads(answer.message.content or "")) == {"age"}


async def failures_are_told(client: ollama.AsyncClient) -> None:
    with pytest.raises(ollama.ResponseError, match="model 'llama3' not found") as raised:
        await client.chat("llama3", QUESTION)
    assert raised.value.status_code == 404
    long = [{"role": "user", "content": "word " * 5000}]
    with pytest.raises(ollama.ResponseError, match=r"prompt has [\d,]+ tokens") as raised:
        await client.chat(MODEL, long)
    assert raised.value.status_code == 400
    with pytest.raises(ollama.ResponseError, match="embeddings"):
        await client.chat("embedder", QUESTION)


async def leaving_ends_the_answer(household: Household) -> None:
    endless = {"temperature": 0, "num_predict": 3000}
    stream: Any = await household.client.generate(
        MODEL, "One, two, three,", raw=True, stream=True, options=endless
    )
    await anext(stream)
    await until(lambda: any(one.streams for one in household.engine.residents()))
    await stream.aclose()
    await until(lambda: not any(one.streams for one in household.engine.residents()))


async def test_that_texts_are_embedded_and_models_stay_as_long_as_is_asked(
    household: Household,
) -> None:
    client, engine = household.client, household.engine
    told = await client.embed("embedder", ["the cat sat", "the dog sat"], keep_alive="10m")
    assert [len(row) for row in told.embeddings] == [WIDTH, WIDTH]
    assert math.isclose(math.hypot(*told.embeddings[0]), 1, abs_tol=1e-4)
    old = await client.embeddings("embedder", "the cat sat")
    assert math.dist(old.embedding, told.embeddings[0]) < 1e-3
    running = {model.model: model for model in (await client.ps()).models}
    assert running["embedder"].expires_at is not None
    gone = await client.generate("embedder", keep_alive=0)
    assert gone.done_reason == "unload"
    assert "embedder" not in {one.model for one in engine.residents()}
    unloaded = await client.chat(MODEL, [], keep_alive=0)
    assert unloaded.done_reason == "unload"
    assert not (await client.ps()).models
    loaded = await client.generate(MODEL, keep_alive="5m")
    assert loaded.done_reason == "load"
    assert [model.model for model in (await client.ps()).models] == [MODEL]
    first = await client.chat(MODEL, QUESTION, options=GREEDY, keep_alive=-1)
    assert first.done
    (stays,) = (await client.ps()).models
    assert stays.expires_at is not None
    assert stays.expires_at.year == 9999
    last = await client.chat(MODEL, QUESTION, options=GREEDY, keep_alive=0)
    assert last.done
    await until(lambda: not engine.residents())


async def test_that_a_model_is_pulled_left_pulled_again_and_asked(
    household: Household, content: bytes
) -> None:
    client, hub = household.client, household.hub
    hub.add(PULLED, {"SmolLM2-135M-Instruct-Q4_1.gguf": content})
    hub.faults.hold_after_bytes = len(content) // 4
    name = f"hf.co/{PULLED}:Q4_1"
    lines: Any = await client.pull(name, stream=True)
    assert (await anext(lines)).status == "pulling manifest"
    async for line in lines:
        if (line.completed or 0) > len(content) // 8:
            break
    await lines.aclose()
    downloads = household.engine.downloads
    await until(lambda: downloads.all()[0].phase is DownloadPhase.PAUSED)
    before = hub.served_bytes
    hub.resume()
    told = [line async for line in await client.pull(name, stream=True)]
    assert hub.served_bytes - before < len(content)
    assert told[-1].status == "success"
    assert [line.status for line in told[-3:-1]] == ["verifying sha256 digest", "writing manifest"]
    progress = [line for line in told if line.digest]
    assert {line.total for line in progress} == {len(content)}
    assert progress[-1].completed == len(content)
    assert f"{PULLED}:Q4_1" in {model.model for model in (await client.list()).models}
    assert (await client.pull(name)).status == "success"
    with pytest.raises(ollama.ResponseError, match="library is not downloaded from"):
        await client.pull("llama3")
    with pytest.raises(ollama.ResponseError, match="repository"):
        await client.pull("nobody/nothing")
    answer = await client.chat(name, QUESTION, options=GREEDY)
    assert answer.message.content
