"""The queue of downloads: order, turns, pauses, limits, and its life beyond a restart."""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from engine.download.downloads import Downloads
from engine.download.queue import Line, next_to_start, promised_bytes, read_queue, write_queue
from engine.download.values import Download, DownloadPhase, Quantization
from engine.errors import DiskFull, DownloadCancelled
from tests.support.hub import Hub
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

REPOSITORY = "owner/some-GGUF"
SIZE = 3 << 20
NAMES = ("a", "b", "c")
BODIES = {f"{name}.gguf": random.Random(name).randbytes(SIZE) for name in NAMES}


@pytest.fixture(autouse=True)
def no_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    for name in ("HF_TOKEN", "HF_ENDPOINT", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def hub() -> Generator[Hub]:
    with Hub() as hub:
        hub.add(REPOSITORY, BODIES)
        yield hub


def wanted(name: str) -> Quantization:
    return Quantization(label=name, files=(f"{name}.gguf",), size_bytes=SIZE)


def id_of(name: str) -> str:
    return f"{REPOSITORY}:{name}"


class Bench:
    def __init__(self, hub: Hub, folder: Path, *, at_once: int) -> None:
        self.told: list[Download] = []
        self.folder = folder
        self.downloads = Downloads(hub.address, folder / "models", self.told.append)
        self.downloads.set_at_once(at_once)
        self.downloads.restore(folder / "downloads.json")

    def phase(self, name: str) -> DownloadPhase | None:
        """What was told of it last."""
        return next((one.phase for one in reversed(self.told) if one.id == id_of(name)), None)

    def received(self, name: str) -> int:
        return next((one.received_bytes for one in reversed(self.told) if one.id == id_of(name)), 0)

    def order(self) -> str:
        return "".join(one.id[-1] for one in self.downloads.all())

    async def enqueue(self, *names: str) -> None:
        for name in names:
            await self.downloads.enqueue(REPOSITORY, wanted(name))


@asynccontextmanager
async def bench(hub: Hub, folder: Path, *, at_once: int = 1) -> AsyncGenerator[Bench]:
    bench = Bench(hub, folder, at_once=at_once)
    try:
        yield bench
    finally:
        await bench.downloads.close()


async def test_that_each_waits_for_its_turn_in_the_queues_order(hub: Hub, tmp_path: Path) -> None:
    hub.faults.hold_after_bytes = 1 << 20
    async with bench(hub, tmp_path) as it:
        await it.enqueue("a", "b", "c")
        phases = [one.phase for one in it.downloads.all()]
        assert phases == [DownloadPhase.RUNNING, DownloadPhase.QUEUED, DownloadPhase.QUEUED]
        it.downloads.move(id_of("c"), 1)
        assert it.order() == "acb"
        hub.resume()
        await asyncio.gather(*(it.downloads.wait(id_of(name)) for name in NAMES))
    begun = [one.id[-1] for one in it.told if one.phase is DownloadPhase.RUNNING]
    assert list(dict.fromkeys(begun)) == ["a", "c", "b"]


async def test_that_as_many_run_as_were_asked_for(hub: Hub, tmp_path: Path) -> None:
    hub.faults.hold_after_bytes = 1 << 20
    async with bench(hub, tmp_path, at_once=2) as it:
        await it.enqueue("a", "b", "c")
        assert [one.phase for one in it.downloads.all()].count(DownloadPhase.RUNNING) == 2
        it.downloads.set_at_once(3)
        assert [one.phase for one in it.downloads.all()].count(DownloadPhase.RUNNING) == 3


async def test_that_a_paused_one_gives_its_turn_away_and_goes_on_later(
    hub: Hub, tmp_path: Path
) -> None:
    hub.faults.hold_after_bytes = 1 << 20
    async with bench(hub, tmp_path) as it:
        await it.enqueue("a", "b")
        waiting = asyncio.ensure_future(it.downloads.wait(id_of("a")))
        await until(lambda: it.received("a") > 0)
        it.downloads.pause(id_of("a"))
        await until(lambda: it.phase("b") is DownloadPhase.RUNNING)
        assert it.phase("a") is DownloadPhase.PAUSED
        hub.resume()
        await it.downloads.wait(id_of("b"))
        assert not waiting.done()
        it.downloads.resume(id_of("a"))
        (path,) = await waiting
    assert path.read_bytes() == BODIES["a.gguf"]
    assert hub.served_bytes < 3 * SIZE


async def test_that_removing_deletes_what_arrived_and_nothing_else(
    hub: Hub, tmp_path: Path
) -> None:
    async with bench(hub, tmp_path) as it:
        (whole,) = await it.downloads.download(REPOSITORY, wanted("a"))
        hub.faults.hold_after_bytes = 1 << 20
        await it.enqueue("b")
        waiting = asyncio.ensure_future(it.downloads.wait(id_of("b")))
        await until(lambda: it.received("b") > 0)
        await it.downloads.remove(id_of("a"))
        await it.downloads.remove(id_of("b"))
        with pytest.raises(DownloadCancelled):
            await waiting
        assert it.downloads.all() == ()
    assert list(whole.parent.iterdir()) == [whole]


async def test_that_the_queue_goes_on_after_a_restart_as_it_was(hub: Hub, tmp_path: Path) -> None:
    hub.faults.hold_after_bytes = 1 << 20
    async with bench(hub, tmp_path) as it:
        await it.enqueue("a", "b", "c")
        it.downloads.pause(id_of("c"))
        await until(lambda: it.received("a") > 0)
    hub.resume()
    async with bench(hub, tmp_path) as it:
        assert it.order() == "abc"
        for name in ("a", "b"):
            (path,) = await it.downloads.wait(id_of(name))
            assert path.read_bytes() == BODIES[path.name]
        assert it.phase("c") is DownloadPhase.PAUSED
    async with bench(hub, tmp_path) as it:
        assert it.order() == "c"
    assert hub.served_bytes < 3 * SIZE


async def test_that_a_cancelled_one_may_be_asked_for_again(hub: Hub, tmp_path: Path) -> None:
    hub.faults.hold_after_bytes = 1 << 20
    async with bench(hub, tmp_path) as it:
        await it.enqueue("a")
        it.downloads.cancel(id_of("a"))
        hub.resume()
        (path,) = await it.downloads.download(REPOSITORY, wanted("a"))
    assert path.read_bytes() == BODIES["a.gguf"]


async def test_that_a_limit_is_shared_and_may_change_on_the_way(hub: Hub, tmp_path: Path) -> None:
    async with bench(hub, tmp_path, at_once=2) as it:
        it.downloads.set_limit(500_000)
        began = time.monotonic()
        await it.enqueue("a", "b")
        await until(lambda: it.received("a") + it.received("b") > 1_000_000)
        assert time.monotonic() - began > 1.2
        it.downloads.set_limit(None)
        await asyncio.gather(*(it.downloads.wait(id_of(name)) for name in ("a", "b")))
        assert time.monotonic() - began < 2 * SIZE / 500_000  # what the limit would have taken


async def test_that_room_promised_to_others_is_not_promised_again(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    huge = Quantization(label="b", files=("b.gguf",), size_bytes=1 << 60)
    hub.faults.hold_after_bytes = 1 << 20
    async with bench(hub, tmp_path, at_once=2) as it:
        await it.downloads.enqueue(REPOSITORY, huge)
        with pytest.raises(DiskFull, match="other downloads still need"):
            await it.downloads.download(REPOSITORY, wanted("a"))


def line(name: str, phase: DownloadPhase, received: int = 0) -> Line:
    download = Download(id=id_of(name), phase=phase, received_bytes=received, total_bytes=100)
    return Line(repository=REPOSITORY, quantization=wanted(name), download=download)


def test_that_only_those_before_it_and_those_that_run_take_its_room() -> None:
    lines = (
        line("a", DownloadPhase.QUEUED, 40),
        line("b", DownloadPhase.QUEUED),
        line("c", DownloadPhase.RUNNING, 10),
        line("d", DownloadPhase.QUEUED),
    )
    assert promised_bytes(lines, id_of("b")) == 60 + 90
    assert next_to_start(lines, 1) is None
    assert next_to_start(lines, 2) == id_of("a")


def test_that_a_queue_is_read_as_it_was_written(tmp_path: Path) -> None:
    place = tmp_path / "downloads.json"
    phases = (DownloadPhase.VERIFYING, DownloadPhase.PAUSED, DownloadPhase.DONE)
    write_queue(place, [line(name, phase, 7) for name, phase in zip(NAMES, phases, strict=True)])
    assert [(one.download.id[-1], one.download.phase) for one in read_queue(place)] == [
        ("a", DownloadPhase.QUEUED),
        ("b", DownloadPhase.PAUSED),
    ]


def test_that_a_broken_queue_is_put_aside(tmp_path: Path) -> None:
    place = tmp_path / "downloads.json"
    place.write_bytes(b"[{")
    assert read_queue(place) == ()
    assert (tmp_path / "downloads.broken").read_bytes() == b"[{"
