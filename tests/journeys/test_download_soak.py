"""The bars of a download: speed, memory, a hundred kills, and wrong bytes.

Run by `sh installers/test.sh --soak`; the output is kept in docs/reliability.md.
"""

import asyncio
import hashlib
import random
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from engine.download.downloads import Downloads
from engine.download.values import Download, DownloadPhase, Quantization
from tests.support.hub import Hub
from tests.support.waiting import is_running, until

pytestmark = [pytest.mark.soak, pytest.mark.anyio, pytest.mark.timeout(1800)]

REPOSITORY, FILE = "owner/large-GGUF", "large-Q8_0.gguf"
SIZE = 2_000_000_000
LINE = 125e6
KILLS = 100
WANTED = Quantization(label="Q8_0", files=(FILE,), size_bytes=SIZE)


@pytest.fixture(scope="module")
def body() -> bytes:
    """Two gigabytes that are nowhere alike."""
    dice = random.Random(8)
    return b"".join(dice.randbytes(1_000_000) for _ in range(SIZE // 1_000_000))


@pytest.fixture
def hub(body: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Hub]:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    with Hub() as hub:
        hub.add(REPOSITORY, {FILE: body})
        hub.faults.line_bytes_per_second = LINE
        yield hub


class Watch:
    """Downloads into a folder, and what was seen of them."""

    def __init__(self, hub: Hub, models: Path) -> None:
        self.downloads = Downloads(hub.address, models, self._hear)
        self.latest: Download | None = None
        self.furthest = 0
        self.largest_rss = 0
        self.first_byte: float | None = None
        self.last_byte: float | None = None
        self.phases: list[DownloadPhase] = []

    def children(self) -> list[psutil.Process]:
        return [one for one in psutil.Process().children() if is_running(one.pid)]

    def _hear(self, download: Download) -> None:
        self.latest = download
        if download.phase not in self.phases:
            self.phases.append(download.phase)
        if download.phase is DownloadPhase.RUNNING:
            self._progress(download)
        for child in psutil.Process().children():
            try:
                self.largest_rss = max(self.largest_rss, child.memory_info().rss)
            except psutil.NoSuchProcess:
                continue

    def _progress(self, download: Download) -> None:
        now = time.monotonic()
        self.furthest = max(self.furthest, download.received_bytes)
        if self.first_byte is None and download.received_bytes:
            self.first_byte, self.first_count = now, download.received_bytes
        if self.last_byte is None and download.received_bytes >= SIZE:
            self.last_byte = now


@asynccontextmanager
async def watch(hub: Hub, models: Path) -> AsyncGenerator[Watch]:
    it = Watch(hub, models)
    try:
        yield it
    finally:
        await it.downloads.close()


def is_identical(path: Path, body: bytes) -> bool:
    with path.open("rb") as content:
        found = hashlib.file_digest(content, "sha256").digest()
    path.unlink()
    return found == hashlib.sha256(body).digest()


async def test_that_a_download_fills_the_line_in_little_memory(
    hub: Hub, tmp_path: Path, body: bytes
) -> None:
    async with watch(hub, tmp_path) as it:
        began = time.monotonic()
        (path,) = await it.downloads.download(REPOSITORY, WANTED)
        seconds = time.monotonic() - began
        assert is_identical(path, body)
    assert it.first_byte is not None
    assert it.last_byte is not None
    share = (SIZE - it.first_count) / (it.last_byte - it.first_byte) / LINE
    rss = it.largest_rss / 1e6
    print(
        f"\ndownload: {SIZE / 1e9:.1f} GB at {share:.3f} of a line of {LINE / 1e6:.0f} MB/s, "
        f"{seconds:.1f} s from the click to the verified file; {rss:.0f} MB of memory at most"
    )
    assert share >= 0.95
    assert rss < 150


async def test_that_a_hundred_kills_and_broken_connections_cost_a_tenth(
    hub: Hub, tmp_path: Path, body: bytes
) -> None:
    dice = random.Random(4)
    async with watch(hub, tmp_path) as it:
        running = asyncio.ensure_future(it.downloads.download(REPOSITORY, WANTED))
        kills = before = 0
        for share in sorted(dice.random() for _ in range(KILLS)):
            least = max(share * SIZE, before + 1)
            await until(lambda least=least: it.furthest >= least, seconds=120)
            hub.faults.drop_after_bytes.append(dice.randrange(8 << 20))
            await until(lambda: bool(it.children()), seconds=30)
            for child in it.children():
                child.kill()
                kills += 1
            before = it.furthest
        (path,) = await running
        assert is_identical(path, body)
    fetched = hub.served_bytes / SIZE
    print(
        f"\nkills: {kills} children killed and {KILLS} connections broken; fetched {fetched:.3f} ×"
    )
    assert kills >= KILLS
    assert fetched <= 1.1


async def test_that_bytes_wrong_once_are_repaired_for_twice_the_size(
    hub: Hub, tmp_path: Path, body: bytes
) -> None:
    dice = random.Random(6)
    hub.faults.line_bytes_per_second = None
    hub.faults.wrong_spots = {(FILE, dice.randrange(SIZE)) for _ in range(5)}
    async with watch(hub, tmp_path) as it:
        (path,) = await it.downloads.download(REPOSITORY, WANTED)
        assert is_identical(path, body)
    fetched = hub.served_bytes / SIZE
    print(f"\nrepair: 5 wrong bytes served once; fetched {fetched:.3f} ×")
    assert DownloadPhase.REPAIRING in it.phases
    assert fetched <= 2.1
