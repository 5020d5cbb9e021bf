"""An Engine with models that embed and rank: planned, loaded and asked, over the port as well."""

import math
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import openai
import psutil
import pytest

from engine.chat import ChatRequest, Message, Role
from engine.config import EngineConfig, Home, LoadWish
from engine.dryrun.dryrun import DryRuns
from engine.engine import Engine
from engine.errors import BadRequest, ModelNotFound, TextTooLong, WrongPurpose
from engine.host.children import own_parts
from engine.protocol.load import LoadSpec, Purpose
from engine.server.port import Port
from tests.support.gguf_bytes import gguf_bytes
from tests.support.ghost_encoder import CLS, CONTEXT_TOKENS, RANK, WIDTH, write_encoder

pytestmark = [pytest.mark.anyio, pytest.mark.journey, pytest.mark.timeout(240)]

TEXTS = ("hello world", "the cat sat on the mat", "hello world")
DOCUMENTS = ("paris", "the cat sat", "france")


@pytest.fixture
async def engine(home: Home) -> AsyncIterator[Engine]:
    write_encoder(home.models / "embedder.gguf", pooling=CLS)
    write_encoder(home.models / "ranker.gguf", pooling=RANK)
    (home.models / "writer.gguf").write_bytes(gguf_bytes())
    engine = Engine(home, EngineConfig(serve=False))
    await engine.start()
    yield engine
    await engine.close()


async def test_that_the_shelf_says_what_each_model_is_for(engine: Engine) -> None:
    shelf = {model.id: model.purpose for model in await engine.refresh_models()}
    assert shelf == {
        "embedder": Purpose.EMBED,
        "ranker": Purpose.RANK,
        "writer": Purpose.TEXT,
    }


@pytest.mark.parametrize("machine", [None, "rtx 4090, 64 gb ddr5-5600"])
async def test_that_an_encoder_is_planned_without_a_cache(
    engine: Engine, machine: str | None
) -> None:
    plan = await engine.plan("embedder", LoadWish(), machine=machine)
    assert plan.fits
    assert plan.footprint.host.kv + sum(card.kv for card in plan.footprint.cards) == 0
    assert plan.layout.micro_batch_tokens >= CONTEXT_TOKENS


async def test_that_texts_are_embedded_by_a_model_that_is_loaded_for_it(engine: Engine) -> None:
    found = await engine.embed("embedder", TEXTS)
    assert engine.loaded == "embedder"
    assert (len(found), found.dimensions, found.tokens) == (3, WIDTH, (4, 8, 4))
    first, second, third = (found.vector(index) for index in range(3))
    assert math.dist(first, third) < 1e-3 < math.dist(first, second)
    assert math.isclose(math.hypot(*first), 1, abs_tol=1e-5)
    cut = await engine.embed(None, TEXTS[:1], dimensions=4)
    assert math.isclose(math.hypot(*cut.vector(0)), 1, abs_tol=1e-5)
    long = "a " * 200
    with pytest.raises(TextTooLong, match=r"202 tokens.*96"):
        await engine.embed("embedder", [long])
    assert (await engine.embed("embedder", [long], truncate=True)).tokens == (CONTEXT_TOKENS,)


async def test_that_documents_are_ranked_and_the_models_change_places(engine: Engine) -> None:
    await engine.embed("embedder", TEXTS)
    ranks = await engine.rerank("ranker", "where is the cat?", DOCUMENTS)
    assert engine.loaded == "ranker"
    assert sorted(rank.index for rank in ranks) == [0, 1, 2]
    assert [rank.score for rank in ranks] == sorted((rank.score for rank in ranks), reverse=True)
    best = await engine.rerank(None, "where is the cat?", DOCUMENTS, top=1)
    assert best[0].index == ranks[0].index


async def test_that_a_model_for_something_else_is_refused_and_the_loaded_one_stays(
    engine: Engine,
) -> None:
    await engine.load("embedder")
    with pytest.raises(WrongPurpose, match="ranker ranks documents"):
        await engine.embed("ranker", TEXTS)
    with pytest.raises(WrongPurpose, match="writer writes text"):
        await engine.embed("writer", TEXTS)
    with pytest.raises(WrongPurpose, match="embedder gives embeddings"):
        await engine.rerank(None, "a", DOCUMENTS)
    for model in ("ranker", None):
        question = Message(role=Role.USER, content="hello")
        request = ChatRequest(messages=(question,), model=model)
        async with aclosing(engine.generate(request)) as answer:
            with pytest.raises(WrongPurpose, match="writes text"):
                await anext(answer)
    assert engine.loaded == "embedder"


async def test_that_nothing_and_too_much_are_refused(engine: Engine) -> None:
    for texts in ((), ("a",) * 3000):
        with pytest.raises(BadRequest, match="1 to 2,048"):
            await engine.embed("embedder", texts)
        with pytest.raises(BadRequest, match="1 to 2,048"):
            await engine.rerank("ranker", "a", texts)
    with pytest.raises(ModelNotFound):
        await engine.embed(None, TEXTS)


async def test_that_a_worker_that_died_is_replaced_for_the_next_text(engine: Engine) -> None:
    before = await engine.embed("embedder", TEXTS)
    for child in psutil.Process().children():
        if child.cmdline()[-1] == "engine.worker":
            child.kill()
            child.wait()
    after = await engine.embed("embedder", TEXTS)
    assert math.dist(before.vector(0), after.vector(0)) < 1e-3


async def test_that_openais_client_gets_the_same_vectors(engine: Engine) -> None:
    direct = await engine.embed("embedder", TEXTS)
    port = Port(engine)
    address = await port.open("127.0.0.1", 0, explicit=True)
    async with openai.AsyncOpenAI(base_url=f"{address}/v1", api_key="unused") as client:
        told = await client.embeddings.create(model="embedder", input=list(TEXTS))
        plain = await client.embeddings.create(
            model="embedder", input=list(TEXTS), encoding_format="float"
        )
        with pytest.raises(openai.BadRequestError) as refusal:
            await client.chat.completions.create(
                model="embedder", messages=[{"role": "user", "content": "Hi"}]
            )
    await port.close()
    assert refusal.value.code == "wrong_purpose"
    assert told.usage.prompt_tokens == sum(direct.tokens)
    for index, (row, other) in enumerate(zip(told.data, plain.data, strict=True)):
        assert math.dist(row.embedding, direct.vector(index)) < 1e-3
        assert math.dist(row.embedding, other.embedding) < 1e-3


async def test_that_a_dry_run_of_an_encoder_is_answered(tmp_path: Path) -> None:
    path = tmp_path / "ghost.gguf"
    write_encoder(path)
    spec = LoadSpec(
        path=str(path), gpu_layers=0, purpose=Purpose.EMBED, context_tokens=256, threads=1
    )
    async with DryRuns((*own_parts().worker, "--dry-run")) as runs:
        answer = await runs.ask(spec)
    assert answer.kv == 0
