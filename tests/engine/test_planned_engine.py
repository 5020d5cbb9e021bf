"""The Engine plans what it loads, and measures its machine when nothing else runs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace

import pytest
from psutil import Process

from engine.chat import ChatRequest, Finished, Message, Piece, Role
from engine.config import EngineConfig, Home, LoadWish, read_config
from engine.engine import Engine, own_parts
from engine.errors import BadRequest, CalibrationFailed, EngineError, UnknownArchitecture
from engine.events import CalibrationMoved, Event
from engine.host.facts import ModelMoved, Phase
from tests.support.gguf_bytes import TINY, gguf_bytes
from tests.support.ghosts import write_ghost
from tests.support.measured_worker import measured_worker
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

MODEL = "tiny"
ASKING = ChatRequest(messages=(Message(role=Role.USER, content="hello"),))


def engine_of(home: Home, *options: str, ends: str = "done") -> Engine:
    parts = replace(own_parts(), worker=measured_worker(*options, ends=ends))
    return Engine(home, EngineConfig(serve=False), parts=parts)


@pytest.fixture
async def engine(home: Home) -> AsyncIterator[Engine]:
    (home.models / f"{MODEL}.gguf").write_bytes(gguf_bytes())
    engine = engine_of(home)
    await engine.start()
    yield engine
    await engine.close()


async def heard(engine: Engine, verb: Callable[[], Awaitable[object]]) -> list[Event]:
    """The facts while that is done."""
    found: list[Event] = []
    events = engine.events()

    async def listen() -> None:
        async for event in events:
            found.append(event)  # noqa: PERF401 - it is cancelled, and what came till then counts

    listening = asyncio.create_task(listen())
    try:
        await verb()
    finally:
        listening.cancel()
        await asyncio.wait({listening})
        await events.aclose()
    return found


async def test_that_a_model_is_planned_here_and_for_a_machine_that_is_named(
    engine: Engine, home: Home
) -> None:
    write_ghost("llama-8b:Q4_K_M", home.models / "ghost.gguf", whole=False)
    here = await engine.plan("ghost", LoadWish(context_tokens=2048))
    assert here.layout.context_tokens == 2048
    assert here.model == "ghost"
    there = await engine.plan("ghost", LoadWish(), machine="RTX 4090, 64 GB DDR5-5600")
    assert [card.name for card in there.footprint.cards] == ["RTX 4090"]
    assert there.fits
    assert there.layout.streams == EngineConfig().streams
    with pytest.raises(BadRequest):
        await engine.plan("ghost", LoadWish(), machine="a Voodoo 5")


async def test_that_a_load_goes_by_its_plan_and_the_wish_is_remembered(
    engine: Engine, home: Home
) -> None:
    wish = LoadWish(context_tokens=1024, streams=3)
    plan = await engine.plan(MODEL, wish)
    await engine.load(MODEL, wish)
    outcome = engine.outcome(MODEL)
    assert outcome is not None
    assert outcome.plan.layout == plan.layout
    assert outcome.plan.layout.context_tokens == 1024
    assert engine.wish_for(MODEL) == wish
    assert read_config(home.engine_toml).loads == {MODEL: wish}
    await engine.unload()
    assert engine.outcome(MODEL) is None
    await engine.load(MODEL)  # by the wish that was remembered
    outcome = engine.outcome(MODEL)
    assert outcome is not None
    assert outcome.plan.layout.streams == 3


@pytest.mark.parametrize("strange", ["nobody", "odd"])
async def test_that_what_cannot_be_planned_is_refused_while_the_other_model_runs(
    engine: Engine, home: Home, strange: str
) -> None:
    nobody = gguf_bytes({**TINY, "general.architecture": "nobody"})
    odd = gguf_bytes(
        tensors={"token_embd.weight": (1, (64, 32)), "blk.0.ffn_up_exps.weight": (1, (64, 32, 4))}
    )
    (home.models / "strange.gguf").write_bytes(nobody if strange == "nobody" else odd)
    await engine.load(MODEL)
    refusal = UnknownArchitecture if strange == "nobody" else EngineError
    sentence = "does not know the architecture 'nobody'" if strange == "nobody" else "unlike any"
    for refused in (
        lambda: engine.load("strange"),
        lambda: answered(engine, replace(ASKING, model="strange")),
    ):
        facts = await heard(engine, lambda attempt=refused: refuses(attempt, refusal, sentence))
        assert engine.loaded == MODEL
        assert not [fact for fact in facts if isinstance(fact, ModelMoved)]
    assert await answered(engine, ASKING)


async def refuses(
    verb: Callable[[], Awaitable[object]], refusal: type[EngineError], sentence: str
) -> None:
    with pytest.raises(refusal, match=sentence):
        await verb()


async def answered(engine: Engine, request: ChatRequest) -> str:
    async with aclosing(engine.generate(request)) as answer:
        return "".join([delta.text async for delta in answer if isinstance(delta, Piece)])


async def test_that_the_machine_is_measured_and_the_model_comes_back(
    engine: Engine, home: Home
) -> None:
    assert engine.needs_calibration
    await engine.load(MODEL)
    before = (await engine.plan(MODEL, LoadWish())).pace
    facts = await heard(engine, engine.calibrate)
    steps = [fact.fraction for fact in facts if isinstance(fact, CalibrationMoved)]
    assert steps == [0.0, 0.5, 0.6, 1.0]
    phases = [fact.phase for fact in facts if isinstance(fact, ModelMoved)]
    assert phases[:2] == [Phase.STOPPING, Phase.STOPPED]
    assert phases[-1] is Phase.READY
    assert engine.loaded == MODEL
    assert engine.calibration is not None
    assert engine.calibration.board.read_rates == {1: 20e9, 4: 45e9}
    assert not engine.needs_calibration
    assert (await engine.plan(MODEL, LoadWish())).pace != before
    await engine.close()
    again = engine_of(home)
    await again.start()
    assert again.calibration == engine.calibration
    await again.close()


async def test_that_nothing_is_measured_while_an_answer_is_written(home: Home) -> None:
    (home.models / f"{MODEL}.gguf").write_bytes(gguf_bytes())
    engine = engine_of(home, "--tokens", "100000", "--step", "0.01")
    await engine.start()
    await engine.load(MODEL)
    async with aclosing(engine.generate(ASKING)) as answer:
        async for delta in answer:
            if isinstance(delta, Piece):
                break
        with pytest.raises(CalibrationFailed, match="An answer is being written"):
            await engine.calibrate()
        assert engine.loaded == MODEL
        assert isinstance(await anext(answer), Piece)
    await engine.close()


async def test_that_a_measurement_can_be_stopped_and_requests_wait_for_its_end(
    home: Home,
) -> None:
    (home.models / f"{MODEL}.gguf").write_bytes(gguf_bytes())
    engine = engine_of(home, ends="hangs")
    await engine.start()
    await engine.load(MODEL)
    events = engine.events()
    measuring = asyncio.create_task(engine.calibrate())
    async with asyncio.timeout(20):
        async for event in events:
            if isinstance(event, CalibrationMoved):
                break
    await events.aclose()
    assert engine.loaded is None
    with pytest.raises(CalibrationFailed, match="already"):
        await engine.calibrate()
    waiting = asyncio.create_task(answered(engine, replace(ASKING, model=MODEL)))
    engine.cancel_calibration()
    with pytest.raises(CalibrationFailed, match="was stopped"):
        await measuring
    assert engine.calibration is None
    assert (await waiting).startswith("w0 ")
    assert engine.loaded == MODEL
    await engine.close()


async def test_that_closing_ends_a_measurement_and_loads_nothing_again(home: Home) -> None:
    (home.models / f"{MODEL}.gguf").write_bytes(gguf_bytes())
    engine = engine_of(home, ends="hangs")
    await engine.start()
    await engine.load(MODEL)
    events = engine.events()
    measuring = asyncio.create_task(engine.calibrate())
    async with asyncio.timeout(20):
        async for event in events:
            if isinstance(event, CalibrationMoved):
                break
    await events.aclose()
    await engine.close()
    await until(measuring.done)
    assert isinstance(measuring.exception(), CalibrationFailed)
    assert engine.loaded is None
    assert not Process().children()


async def test_that_a_lone_long_answer_teaches_and_a_crowded_one_does_not(home: Home) -> None:
    (home.models / f"{MODEL}.gguf").write_bytes(gguf_bytes())
    engine = engine_of(home, "--tokens", "80", "--step", "0.0005")
    await engine.start()
    await engine.calibrate()
    await engine.load(MODEL)

    def corrections() -> dict[str, float]:
        assert engine.calibration is not None
        return engine.calibration.corrections

    async def whole() -> Finished:
        async with aclosing(engine.generate(ASKING)) as answer:
            *_, last = [delta async for delta in answer]
        assert isinstance(last, Finished)
        return last

    await asyncio.gather(whole(), whole())
    assert corrections() == {}
    await whole()
    await until(lambda: corrections() != {})
    outcome = engine.outcome(MODEL)
    assert outcome is not None
    assert outcome.decode_tps
    assert set(corrections()) == {"cpu"}
    await engine.close()
