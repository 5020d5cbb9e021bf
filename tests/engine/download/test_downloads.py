"""Downloads with the real client, in its real child process, against a Hub on this machine."""

import asyncio
import os
import random
import shutil
import socket
import sys
import time
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from engine.download.downloads import Downloads
from engine.download.values import Download, DownloadPhase, Quantization
from engine.download.wire import Fetch, questions
from engine.errors import (
    DiskFull,
    DownloadCancelled,
    DownloadError,
    GatedRepository,
    HubUnreachable,
    RepositoryNotFound,
)
from engine.library.shelf import scan
from tests.support.gguf_bytes import TINY, gguf_bytes
from tests.support.hub import Hub

pytestmark = pytest.mark.anyio

REPOSITORY = "owner/tiny-GGUF"
FILE = "tiny-F16.gguf"


@pytest.fixture(autouse=True)
def no_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    for name in ("HF_TOKEN", "HF_ENDPOINT", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def hub() -> Generator[Hub]:
    with Hub() as hub:
        yield hub


class Bench:
    """Downloads into a folder, and the facts it told."""

    def __init__(self, endpoint: str, models: Path) -> None:
        self.told: list[Download] = []
        self.downloads = Downloads(endpoint, models, self.told.append)


@asynccontextmanager
async def bench(endpoint: str, models: Path) -> AsyncGenerator[Bench]:
    bench = Bench(endpoint, models)
    try:
        yield bench
    finally:
        await bench.downloads.close()


async def until(is_so: Callable[[], bool]) -> None:
    """Until the world outside has come so far."""
    async with asyncio.timeout(20):
        while not is_so():
            await asyncio.sleep(0.01)


def arrived_bytes(it: Bench) -> int:
    return it.told[-1].received_bytes if it.told else 0


def large_model() -> bytes:
    """A few megabytes that do not compress and are not alike."""
    body = gguf_bytes(tensors={"token_embd.weight": (1, (1024, 1024))})
    return body[: -(1 << 21)] + random.Random(11).randbytes(1 << 21)


def offer(file: str = FILE, size_bytes: int = 4096) -> Quantization:
    return Quantization(label="F16", files=(file,), size_bytes=size_bytes)


async def test_that_a_search_finds_repositories_with_gguf(hub: Hub, tmp_path: Path) -> None:
    hub.add("owner/Small-GGUF", {}).downloads = 5
    hub.add("owner/small-other-GGUF", {}, gated=True).downloads = 50
    hub.add("owner/small-torch", {}).tags = ("pytorch",)
    hub.add("owner/unrelated", {})
    async with bench(hub.address, tmp_path) as it:
        hits = await it.downloads.search("small")
    assert [(hit.id, hit.downloads, hit.gated) for hit in hits] == [
        ("owner/small-other-GGUF", 50, True),
        ("owner/Small-GGUF", 5, False),
    ]
    assert hits[0].likes == 3


async def test_that_quantizations_are_listed_with_sizes(hub: Hub, tmp_path: Path) -> None:
    hub.add(REPOSITORY, {FILE: bytes(500), "tiny-Q4_0.gguf": bytes(300), "README.md": b"hello"})
    async with bench(hub.address, tmp_path) as it:
        found = await it.downloads.quantizations(REPOSITORY)
    assert [(one.label, one.size_bytes) for one in found] == [("Q4_0", 300), ("F16", 500)]


async def test_that_a_download_ends_on_the_shelf(hub: Hub, tmp_path: Path) -> None:
    hub.add(REPOSITORY, {FILE: large_model()})
    async with bench(hub.address, tmp_path) as it:
        (quantization,) = await it.downloads.quantizations(REPOSITORY)
        (path,) = await it.downloads.download(REPOSITORY, quantization)
        first, last = it.told[0], it.told[-1]
    assert path == tmp_path / "owner" / "tiny-GGUF" / FILE
    assert path.read_bytes() == large_model()
    assert (first.phase, last.phase) == (DownloadPhase.RUNNING, DownloadPhase.DONE)
    assert last.received_bytes == last.total_bytes == len(large_model())
    assert any(one.bytes_per_second > 0 for one in it.told)
    (model,) = scan([tmp_path])
    assert (model.id, model.broken) == (last.id, None)
    assert list(path.parent.iterdir()) == [path]


async def test_that_all_shards_arrive(hub: Hub, tmp_path: Path) -> None:
    shards = {
        f"Q8_0/m-Q8_0-0000{n}-of-00002.gguf": gguf_bytes(
            {**TINY, "split.no": n - 1, "split.count": 2}
        )
        for n in (1, 2)
    }
    hub.add(REPOSITORY, shards)
    async with bench(hub.address, tmp_path) as it:
        (quantization,) = await it.downloads.quantizations(REPOSITORY)
        paths = await it.downloads.download(REPOSITORY, quantization)
    (model,) = scan([tmp_path])
    assert (model.id, model.files, model.broken) == (f"{REPOSITORY}:Q8_0", paths, None)


async def test_that_a_cancelled_download_goes_on_where_it_stopped(hub: Hub, tmp_path: Path) -> None:
    body = large_model()
    hub.add(REPOSITORY, {FILE: body})
    hub.faults.hold_after_bytes = len(body) // 2
    async with bench(hub.address, tmp_path) as it:
        running = asyncio.ensure_future(it.downloads.download(REPOSITORY, offer()))
        await until(lambda: arrived_bytes(it) > len(body) // 4)
        it.downloads.cancel(f"{REPOSITORY}:F16")
        with pytest.raises(DownloadCancelled):
            await running
        assert it.told[-1].phase is DownloadPhase.CANCELLED
        assert scan([tmp_path]) == ()
        hub.resume()
        (path,) = await it.downloads.download(REPOSITORY, offer())
    assert path.read_bytes() == body
    assert hub.served[-1].start > len(body) // 4
    assert hub.served_bytes < 1.5 * len(body)
    assert it.told[-1].phase is DownloadPhase.DONE


async def test_that_a_dropped_connection_is_taken_up_again(hub: Hub, tmp_path: Path) -> None:
    body = large_model()
    hub.add(REPOSITORY, {FILE: body})
    hub.faults.drop_after_bytes = [len(body) // 3, len(body) // 3]
    async with bench(hub.address, tmp_path) as it:
        (path,) = await it.downloads.download(REPOSITORY, offer())
    assert path.read_bytes() == body
    assert [answer.start > 0 for answer in hub.served] == [False, True, True]
    assert hub.served_bytes < 1.5 * len(body)


async def test_that_a_server_without_ranges_sends_everything_again(
    hub: Hub, tmp_path: Path
) -> None:
    body = large_model()
    hub.add(REPOSITORY, {FILE: body})
    hub.faults.drop_after_bytes = [len(body) // 3]
    hub.faults.ignore_ranges = True
    async with bench(hub.address, tmp_path) as it:
        (path,) = await it.downloads.download(REPOSITORY, offer())
    assert path.read_bytes() == body


async def test_that_bytes_wrong_twice_are_put_aside_and_said_so(hub: Hub, tmp_path: Path) -> None:
    hub.add(REPOSITORY, {FILE: large_model()})
    hub.faults.wrong_bytes = True
    async with bench(hub.address, tmp_path) as it:
        with pytest.raises(DownloadError, match="wrong bytes"):
            await it.downloads.download(REPOSITORY, offer())
        failed = it.told[-1]
        aside = tmp_path / REPOSITORY / f"{FILE}.damaged"
        assert aside.read_bytes() == bytes(len(large_model()))
        assert list(aside.parent.iterdir()) == [aside]
        hub.faults.wrong_bytes = False
        (path,) = await it.downloads.download(REPOSITORY, offer())
    assert failed.phase is DownloadPhase.FAILED
    assert failed.failure is not None
    assert "Try again" in failed.failure
    assert path.read_bytes() == large_model()
    assert [answer.start for answer in hub.served] == [0, 0, 0]
    assert list(path.parent.iterdir()) == [path]


async def test_that_what_is_here_already_is_not_transferred_again(hub: Hub, tmp_path: Path) -> None:
    hub.add(REPOSITORY, {FILE: gguf_bytes()})
    async with bench(hub.address, tmp_path) as it:
        once = await it.downloads.download(REPOSITORY, offer())
        assert await it.downloads.download(REPOSITORY, offer()) == once
    assert len(hub.served) == 1


async def test_that_a_broken_file_is_brought_again(hub: Hub, tmp_path: Path) -> None:
    hub.add(REPOSITORY, {FILE: gguf_bytes()})
    place = tmp_path / REPOSITORY / FILE
    place.parent.mkdir(parents=True)
    place.write_bytes(bytes(len(gguf_bytes())))
    async with bench(hub.address, tmp_path) as it:
        assert await it.downloads.download(REPOSITORY, offer()) == (place,)
    assert place.read_bytes() == gguf_bytes()


async def test_that_a_new_version_does_not_go_on_with_an_old_part(hub: Hub, tmp_path: Path) -> None:
    body = large_model()
    hub.add(REPOSITORY, {FILE: bytes(len(body))})
    hub.faults.hold_after_bytes = len(body) // 2
    async with bench(hub.address, tmp_path) as it:
        running = asyncio.ensure_future(it.downloads.download(REPOSITORY, offer()))
        await until(lambda: arrived_bytes(it) > 0)
        it.downloads.cancel(f"{REPOSITORY}:F16")
        with pytest.raises(DownloadCancelled):
            await running
        hub.resume()
        hub.add(REPOSITORY, {FILE: body})
        (path,) = await it.downloads.download(REPOSITORY, offer())
    assert path.read_bytes() == body
    assert list(path.parent.iterdir()) == [path]


async def test_that_asked_for_twice_it_is_brought_once(hub: Hub, tmp_path: Path) -> None:
    hub.add(REPOSITORY, {FILE: gguf_bytes()})
    async with bench(hub.address, tmp_path) as it:
        one, two = await asyncio.gather(
            it.downloads.download(REPOSITORY, offer()), it.downloads.download(REPOSITORY, offer())
        )
    assert one == two
    assert len(hub.served) == 1


async def test_that_closing_ends_transfers_and_their_processes(hub: Hub, tmp_path: Path) -> None:
    hub.add(REPOSITORY, {FILE: large_model()})
    hub.faults.hold_after_bytes = 1 << 20
    before = set(psutil.Process().children())
    async with bench(hub.address, tmp_path) as it:
        running = asyncio.ensure_future(it.downloads.download(REPOSITORY, offer()))
        await until(lambda: arrived_bytes(it) > 0)
        assert set(psutil.Process().children()) - before
        await it.downloads.close()
        with pytest.raises(DownloadCancelled):
            await running
        assert not set(psutil.Process().children()) - before


async def test_that_the_end_of_its_stdin_ends_the_child(hub: Hub, tmp_path: Path) -> None:
    hub.add(REPOSITORY, {FILE: large_model()})
    hub.faults.hold_after_bytes = 1 << 20
    wish = Fetch(
        repository=REPOSITORY,
        endpoint=hub.address,
        files=(FILE,),
        targets=(str(tmp_path / FILE),),
    )
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "engine.download",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(questions.dump_json(wish) + b"\n")
    assert b"received" in await child.stdout.readline()
    child.stdin.close()
    async with asyncio.timeout(10):
        assert await child.wait() == 0


async def test_that_a_gated_repository_asks_for_a_login(hub: Hub, tmp_path: Path) -> None:
    hub.add(REPOSITORY, {FILE: gguf_bytes()}, gated=True)
    async with bench(hub.address, tmp_path) as it:
        assert len(await it.downloads.quantizations(REPOSITORY)) == 1
        with pytest.raises(GatedRepository, match=REPOSITORY):
            await it.downloads.download(REPOSITORY, offer())
        assert it.told[-1].phase is DownloadPhase.FAILED


async def test_that_what_the_hub_does_not_have_is_not_found(hub: Hub, tmp_path: Path) -> None:
    hub.add(REPOSITORY, {})
    async with bench(hub.address, tmp_path) as it:
        with pytest.raises(RepositoryNotFound, match="owner/none"):
            await it.downloads.quantizations("owner/none")
        with pytest.raises(RepositoryNotFound, match="no longer has that file"):
            await it.downloads.download(REPOSITORY, offer())


async def test_that_no_answer_is_an_unreachable_hub(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: nobody can answer there
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        async with bench(address, tmp_path) as it:
            with pytest.raises(HubUnreachable):
                await it.downloads.search("x")
            with pytest.raises(HubUnreachable):
                await it.downloads.download(REPOSITORY, offer())


async def test_that_a_hub_out_of_order_is_said_so(hub: Hub, tmp_path: Path) -> None:
    hub.faults.status = 503
    async with bench(hub.address, tmp_path) as it:
        with pytest.raises(HubUnreachable, match="503"):
            await it.downloads.quantizations(REPOSITORY)


async def test_that_a_page_in_the_hubs_place_is_no_hub(hub: Hub, tmp_path: Path) -> None:
    hub.faults.page = b"<html>Please log in</html>"
    async with bench(hub.address, tmp_path) as it:
        with pytest.raises(HubUnreachable, match="could not be read"):
            await it.downloads.search("x")
        with pytest.raises(HubUnreachable):
            await it.downloads.download(REPOSITORY, offer())


async def test_that_progress_is_told_at_most_ten_times_a_second(hub: Hub, tmp_path: Path) -> None:
    body = large_model()
    hub.add(REPOSITORY, {FILE: body})
    hub.faults.bytes_per_second = 4e6
    async with bench(hub.address, tmp_path) as it:
        started = time.monotonic()
        await it.downloads.download(REPOSITORY, offer())
        seconds = time.monotonic() - started
    # Besides those on the way: the start, what was held, the end of the file, the end of all.
    assert 5 < len(it.told) < 10 * seconds + 4
    received = [one.received_bytes for one in it.told]
    assert received == sorted(received)


async def test_that_a_child_that_breaks_is_a_failed_download(tmp_path: Path) -> None:
    told: list[Download] = []
    command = (sys.executable, "-c", "raise RuntimeError('broken')")
    downloads = Downloads(None, tmp_path, told.append, command=command)
    with pytest.raises(DownloadError, match="RuntimeError: broken"):
        await downloads.download(REPOSITORY, offer())
    assert told[-1].phase is DownloadPhase.FAILED


async def test_that_a_download_that_cannot_fit_is_not_begun(hub: Hub, tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    hub.add(REPOSITORY, {FILE: gguf_bytes()}).announced_bytes[FILE] = 2 * free
    async with bench(hub.address, tmp_path) as it:
        with pytest.raises(DiskFull, match="GB more"):
            await it.downloads.download(REPOSITORY, offer())
    assert hub.served == []


async def test_that_names_with_tricks_are_refused_before_anything_is_asked(
    hub: Hub, tmp_path: Path
) -> None:
    hub.add(REPOSITORY, {"../../evil.gguf": gguf_bytes()})
    async with bench(hub.address, tmp_path / "models") as it:
        with pytest.raises(DownloadError, match="written anywhere"):
            await it.downloads.download(REPOSITORY, offer("../../evil.gguf"))
        assert await it.downloads.quantizations(REPOSITORY) == ()
    assert not [path for path, _, files in os.walk(tmp_path) if "evil.gguf" in files]
