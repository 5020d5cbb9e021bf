"""One Engine per home, over workers that are real processes though they run no llama.cpp."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import httpx
import psutil
import pytest

from engine.chat import ChatRequest, Delta, Finished, Message, Piece, Role
from engine.config import EngineConfig, Home, LoadWish, read_config
from engine.engine import Engine, EngineParts, own_parts
from engine.errors import HomeBusy, LoadFailed, ModelNotFound, PortInUse, TruncatedModel
from engine.events import Event, FilesHanded, Listeners, MachineRead, ServerMoved, ShelfChanged
from engine.handover.lock import is_owned, read_card
from engine.handover.visitor import Visitor, hand_over
from engine.hardware.machine import Reading
from engine.host.facts import ModelMoved, Phase
from tests.support.fake_worker import fake_worker
from tests.support.gguf_bytes import gguf_bytes
from tests.support.waiting import is_running, until

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]
QUIET = EngineConfig(serve=False)


def parts(*options: str) -> EngineParts:
    return replace(own_parts(), worker=fake_worker(*options))


@pytest.fixture
def model(home: Home) -> str:
    """A model that only a fake worker would load."""
    (home.models / "tiny.gguf").write_bytes(gguf_bytes())
    return "tiny"


@pytest.fixture
async def engine(home: Home, model: str) -> AsyncIterator[Engine]:
    engine = Engine(home, QUIET, parts=parts())
    await engine.start()
    yield engine
    await engine.close()


def asking(text: str = "hello", model: str | None = None) -> ChatRequest:
    return ChatRequest(messages=(Message(role=Role.USER, content=text),), model=model)


async def ask(engine: Engine, model: str) -> None:
    async with aclosing(engine.generate(asking(model=model))) as answer:
        async for _ in answer:
            pass


async def test_that_a_broken_file_is_refused_while_the_other_model_runs(
    engine: Engine, home: Home, model: str
) -> None:
    await engine.load(model)
    half = home.models / "half.gguf"
    half.write_bytes(gguf_bytes()[:-64])
    for refused in (lambda: engine.load(str(half)), lambda: ask(engine, "half")):
        with pytest.raises(TruncatedModel, match="half cannot be loaded") as refusal:
            await refused()
        assert refusal.value.sentence.endswith("Finish or repeat its download.")
        assert engine.loaded == model
    half.write_bytes(gguf_bytes())
    await engine.load("half")
    assert engine.loaded == "half"


async def test_that_a_model_is_found_loaded_and_asked(engine: Engine, model: str) -> None:
    heard: list[Event] = []

    async def listen() -> None:
        async with aclosing(engine.events()) as events:
            heard.extend([event async for event in events])

    listening = asyncio.create_task(listen())
    assert [one.id for one in await engine.refresh_models()] == [model]
    await engine.load(model)
    assert engine.loaded == model
    deltas = [delta async for delta in engine.generate(asking())]
    assert "".join(d.text for d in deltas if isinstance(d, Piece)) == "w0 w1 w2 w3 w4 "
    spoken = ChatRequest(messages=(Message(role=Role.USER, content="one two"),))
    assert (await engine.weigh(spoken)).messages == (2,)
    await engine.unload()
    assert engine.loaded is None
    await engine.close()
    await listening
    assert any(isinstance(event, ShelfChanged) for event in heard)
    assert ModelMoved(model=model, phase=Phase.STOPPED) in heard


async def test_that_a_file_anywhere_can_be_loaded(engine: Engine, tmp_path: Path) -> None:
    guest = tmp_path / "elsewhere.gguf"
    guest.write_bytes(gguf_bytes())
    await engine.load(str(guest))
    assert engine.loaded == "elsewhere"
    assert "elsewhere" in [one.id for one in engine.models()]


async def test_that_a_file_from_elsewhere_is_there_again_once_it_was_loaded(
    home: Home, tmp_path: Path
) -> None:
    for name in ("opened.gguf", "beside.gguf"):
        (tmp_path / name).write_bytes(gguf_bytes())
    engine = Engine(home, QUIET, parts=parts())
    await engine.start()
    await engine.load(str(tmp_path / "opened.gguf"))
    assert [one.id for one in engine.models()] == ["opened"]
    with pytest.raises(ModelNotFound):
        await engine.load(str(tmp_path / "missing.gguf"))
    await engine.close()
    again = Engine(home, QUIET, parts=parts())
    await again.start()
    assert [one.id for one in await again.refresh_models()] == ["opened"]
    (tmp_path / "opened.gguf").unlink()
    assert await again.refresh_models() == ()
    await again.close()


async def test_that_a_name_nobody_answers_to_is_not_found(engine: Engine) -> None:
    with pytest.raises(ModelNotFound):
        await engine.load("nobody")


async def test_that_a_wish_is_remembered_and_this_runs_options_are_not(
    home: Home, model: str
) -> None:
    wish = LoadWish(context_tokens=512)
    engine = Engine(home, QUIET, parts=parts())
    await engine.start()
    await engine.load(model, wish)
    await engine.close()
    stored = read_config(home.engine_toml)
    assert stored.loads == {model: wish}
    assert stored.serve is True
    again = Engine(home, stored, parts=parts())
    assert again.wish_for(model) == wish


async def test_that_adapters_named_for_this_run_are_not_remembered(home: Home, model: str) -> None:
    engine = Engine(home, QUIET, parts=parts())
    await engine.start()
    await engine.load(model, LoadWish(context_tokens=512))
    await engine.load(model, adapters={"/lora/pirate.gguf": 0.5})
    assert engine.wish_for(model).adapters == {"/lora/pirate.gguf": 0.5}
    assert engine.wish_for(model).context_tokens == 512
    await engine.close()
    assert read_config(home.engine_toml).loads == {model: LoadWish(context_tokens=512)}


async def test_that_a_wish_that_cannot_be_loaded_is_forgotten(home: Home, model: str) -> None:
    engine = Engine(home, QUIET, parts=parts("--refuse", "load_failed"))
    await engine.start()
    with pytest.raises(LoadFailed):
        await engine.load(model, LoadWish(context_tokens=512))
    await engine.close()
    assert engine.wish_for(model) == LoadWish()
    assert not home.engine_toml.exists()


async def test_that_the_port_opens_closes_and_answers(engine: Engine, model: str) -> None:
    await engine.load(model)
    address = await engine.open_port()
    assert engine.address == address
    async with httpx.AsyncClient(base_url=address, timeout=30) as client:
        body = {"model": model, "messages": [{"role": "user", "content": "hello"}]}
        reply = await client.post("/v1/chat/completions", json=body)
        assert reply.json()["choices"][0]["message"]["content"].startswith("w0 w1")
    await engine.close_port()
    assert engine.address is None


async def test_that_a_port_that_cannot_be_opened_at_the_start_is_a_fact(
    engine: Engine, tmp_path: Path
) -> None:
    address = await engine.open_port()
    taken = int(address.rpartition(":")[2])
    with pytest.raises(PortInUse):
        await second_engine(tmp_path).open_port(taken)


def second_engine(folder: Path) -> Engine:
    return Engine(Home(folder / "second"), QUIET, parts=parts())


async def test_that_readings_of_the_machine_arrive(engine: Engine) -> None:
    async with asyncio.timeout(20), aclosing(engine.events()) as events:
        async for event in events:
            if isinstance(event, MachineRead):
                break
    assert engine.machine().memory_bytes > 0


async def test_that_a_home_has_one_owner(engine: Engine, home: Home) -> None:
    second = Engine(home, QUIET, parts=parts())
    with pytest.raises(HomeBusy):
        await second.start()
    assert is_owned(home)
    await engine.close()
    assert not is_owned(home)
    await second.start()
    await second.close()


async def test_that_a_second_start_hands_its_files_over(engine: Engine, home: Home) -> None:
    async with aclosing(engine.events()) as events:
        handed = asyncio.to_thread(hand_over, home, ("a.gguf", "b.gguf"))
        handing = asyncio.create_task(handed)
        async for event in events:
            if isinstance(event, FilesHanded):
                assert event.paths == ("a.gguf", "b.gguf")
                break
        met = await handing
    assert met is not None
    assert met.took


async def test_that_nothing_is_handed_over_where_nobody_is(home: Home) -> None:
    assert not await asyncio.to_thread(hand_over, home, ("a.gguf",))


async def test_that_an_engine_without_a_window_takes_no_files(home: Home) -> None:
    engine = Engine(home, QUIET, parts=replace(parts(), window=False))
    await engine.start()
    met = await asyncio.to_thread(hand_over, home, ("a.gguf",))
    assert met is not None
    assert not met.took
    assert met.owner is not None
    assert met.owner.holder == "verb"
    with pytest.raises(HomeBusy):
        await Visitor(home).dismiss()
    await engine.close()


async def test_that_a_visitor_is_answered_though_the_port_is_closed(
    engine: Engine, home: Home, model: str
) -> None:
    visitor = Visitor(home)
    with pytest.raises(ModelNotFound):
        await told(visitor, asking())
    deltas = await told(visitor, asking(model=model))
    assert isinstance(deltas[-1], Finished)
    owner = await visitor.attach()
    assert owner.loaded == (model,)
    assert owner.address is None


async def told(visitor: Visitor, request: ChatRequest) -> list[Delta]:
    async with aclosing(visitor.generate(request)) as answer:
        return [delta async for delta in answer]


async def test_that_a_visitor_who_hangs_up_cancels(home: Home, model: str) -> None:
    engine = Engine(home, QUIET, parts=parts("--tokens", "100000", "--step", "0.01"))
    await engine.start()
    async with aclosing(Visitor(home).generate(asking(model=model))) as answer:
        async for delta in answer:
            if isinstance(delta, Piece):
                break
    # Were it not cancelled, the other model would wait for it for ever.
    (home.models / "other.gguf").write_bytes(gguf_bytes())
    short = replace(asking(model="other"), max_tokens=2)
    async with asyncio.timeout(30):
        assert [d async for d in engine.generate(short)]
    await engine.close()


async def test_that_a_stranger_without_the_token_hears_nothing(engine: Engine, home: Home) -> None:
    card = read_card(home)
    assert card is not None
    for knock in ({"token": "wrong", "verb": {"verb": "attach"}}, {"nonsense": 1}):
        reader, writer = await asyncio.open_connection("127.0.0.1", card.port)
        writer.write(json.dumps(knock).encode() + b"\n")
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()


OWNER = """
import asyncio, sys
from dataclasses import replace
from pathlib import Path
from engine.config import EngineConfig, Home
from engine.engine import Engine, own_parts
from tests.support.fake_worker import fake_worker
from tests.support.gguf_bytes import gguf_bytes

async def main():
    engine = Engine(Home(Path(sys.argv[1])), EngineConfig(serve=False),
                    parts=replace(own_parts(), worker=fake_worker()))
    await engine.start()
    await engine.load("tiny")
    print("ready", flush=True)
    await asyncio.sleep(3600)

asyncio.run(main())
"""


async def test_that_a_killed_owner_frees_its_home(home: Home, model: str) -> None:
    with subprocess.Popen(  # noqa: ASYNC220 - one line is read from it
        [sys.executable, "-c", OWNER, str(home.root)], stdout=subprocess.PIPE, cwd=ROOT
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"ready\n"
        assert is_owned(home)
        os.kill(owner.pid, signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    assert read_card(home) is not None  # stale, and in nobody's way
    assert not await asyncio.to_thread(hand_over, home, ())
    engine = Engine(home, QUIET, parts=parts())
    await engine.start()
    await engine.load(model)
    await engine.close()
    assert read_card(home) is None


async def test_that_closing_leaves_no_process(engine: Engine, model: str) -> None:
    await engine.load(model)
    children = [child.pid for child in psutil.Process().children()]
    assert len(children) >= 2
    await engine.close()
    await engine.close()
    await until(lambda: not any(is_running(pid) for pid in children))


async def test_that_a_slow_listener_loses_readings_and_nothing_else() -> None:
    listeners = Listeners()
    events = listeners.listen()
    reading = Reading(at_seconds=0.0, cpu=0.0, memory_total_bytes=1, memory_used_bytes=1, gpus=())
    for _ in range(600):
        listeners.tell(MachineRead(reading=reading))
    for number in range(700):
        listeners.tell(ServerMoved(address=str(number)))
    listeners.close()
    heard = [event async for event in events]
    kept = [event.address for event in heard if isinstance(event, ServerMoved)]
    assert kept == [str(number) for number in range(700)]
    assert len(heard) == 700
