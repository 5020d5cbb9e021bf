"""The Engine's verbs for several models, over workers that run no llama.cpp."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace

import pytest
from psutil import Process

from engine.chat import ChatRequest, Message, Role
from engine.config import EngineConfig, Home, LoadWish
from engine.engine import Engine, own_parts
from engine.errors import EngineError, ModelError, ModelNotFound
from engine.host.facts import Phase
from engine.terminal.desk import keeping
from tests.support.fake_worker import fake_worker
from tests.support.gguf_bytes import gguf_bytes
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

MODELS = ("one", "two", "three")
CONFIG = EngineConfig(serve=False, aliases={"gpt-4o": "two"}, most_models=3)


@pytest.fixture
async def engine(home: Home) -> AsyncIterator[Engine]:
    for model in MODELS:
        (home.models / f"{model}.gguf").write_bytes(gguf_bytes())
    engine = Engine(home, CONFIG, parts=replace(own_parts(), worker=fake_worker()))
    await engine.start()
    yield engine
    await engine.close()


async def ask(engine: Engine, model: str | None) -> None:
    request = ChatRequest(messages=(Message(role=Role.USER, content="hello"),), model=model)
    async with aclosing(engine.generate(request)) as answer:
        async for _ in answer:
            pass


def there(engine: Engine) -> set[str]:
    return {one.model for one in engine.residents()}


async def test_that_models_are_asked_by_id_file_name_and_alias(engine: Engine) -> None:
    await engine.load("one")
    await ask(engine, "gpt-4o")
    await ask(engine, "THREE.gguf")
    assert there(engine) == set(MODELS)
    assert engine.loaded == "one"
    with pytest.raises(ModelNotFound):
        await ask(engine, "nobody")


async def test_that_a_clients_model_leaves_when_its_time_is_over(engine: Engine) -> None:
    await engine.load("one")
    await engine.load("gpt-4o", keep_seconds=60)
    await ask(engine, "three")
    leaves = {one.model: one.leaves_at is not None for one in engine.residents()}
    assert leaves == {"one": False, "two": True, "three": True}
    assert engine.loaded == "one"
    await engine.keep("two", 0)
    await until(lambda: there(engine) == {"one", "three"})
    await engine.configure(idle_seconds=0.05)
    await until(lambda: there(engine) == {"one"})


async def test_that_one_of_them_is_unloaded_or_all(engine: Engine) -> None:
    for model in MODELS:
        await ask(engine, model)
    await engine.unload("gpt-4o")
    assert there(engine) == {"one", "three"}
    await engine.unload()
    assert there(engine) == set()
    assert engine.loaded is None


async def test_that_a_pinned_model_stays_and_none_of_the_loaded_is_deleted(engine: Engine) -> None:
    await engine.configure(pinned=("gpt-4o",), most_models=1)
    await ask(engine, "two")
    with pytest.raises(ModelError, match="pinned"):
        await ask(engine, "one")
    await engine.configure(most_models=2)
    await engine.load("one")
    for model in ("one", "two"):
        with pytest.raises(ModelError, match="is loaded"):
            await engine.keeper.delete(model)
    assert {one.model for one in engine.residents() if one.pinned} == {"two"}


async def test_that_replicas_are_wished_for_and_remembered(engine: Engine) -> None:
    wish = LoadWish(replicas=2, devices=(), context_tokens=512)
    await engine.load("one", wish)
    (pair,) = engine.residents()
    assert (pair.phase, pair.replicas) == (Phase.READY, 2)
    assert engine.wish_for("one") == wish


async def test_that_closing_ends_all_their_processes(engine: Engine) -> None:
    await engine.load("one", LoadWish(replicas=2, devices=()))
    await ask(engine, "two")
    assert len(Process().children()) >= 3
    await engine.close()
    assert not Process().children()


async def test_that_no_model_it_has_loaded_is_deleted_by_another_process(
    engine: Engine, home: Home
) -> None:
    await engine.load("one")
    await ask(engine, "two")
    async with keeping(home, CONFIG) as (_, keeper):
        for model in ("one", "two"):
            with pytest.raises(EngineError, match="loaded"):
                await keeper.delete(model)
    assert (home.models / "two.gguf").exists()
