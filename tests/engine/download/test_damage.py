"""What can go wrong with a transfer: each fault ends in the very same bytes, or in a sentence."""

import asyncio
import hashlib
import random
import sys
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import keyring.core
import psutil
import pytest

from engine.download import token
from engine.download.downloads import Downloads
from engine.download.values import Download, DownloadPhase, Quantization
from engine.errors import DownloadError, HubUnreachable
from tests.support.hub import Hub
from tests.support.keyrings import BACKEND, FileKeyring
from tests.support.keyrings import FILE as FILE_OF_KEYRING
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

REPOSITORY = "owner/large-GGUF"
FILE = "large-Q8_0.gguf"
ID = f"{REPOSITORY}:Q8_0"
SIZE = (20 << 20) + 12_345
BODY = random.Random(5).randbytes(SIZE)
WANTED = Quantization(label="Q8_0", files=(FILE,), size_bytes=SIZE)


@pytest.fixture(autouse=True)
def no_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    for name in ("HF_TOKEN", "HF_ENDPOINT", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def hub() -> Generator[Hub]:
    with Hub() as hub:
        hub.add(REPOSITORY, {FILE: BODY})
        yield hub


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


class Bench:
    def __init__(self, hub: Hub, models: Path) -> None:
        self.told: list[Download] = []
        self.models = models
        self.downloads = Downloads(hub.address, models, self.told.append)

    @property
    def place(self) -> Path:
        return self.models / REPOSITORY / FILE

    @property
    def arrived_bytes(self) -> int:
        return self.told[-1].received_bytes if self.told else 0

    async def bring(self) -> None:
        """The whole file, and nothing beside it."""
        (path,) = await self.downloads.download(REPOSITORY, WANTED)
        assert path == self.place
        assert path.read_bytes() == BODY
        assert list(path.parent.iterdir()) == [path]
        assert self.told[-1].phase is DownloadPhase.DONE


@asynccontextmanager
async def bench(hub: Hub, models: Path) -> AsyncGenerator[Bench]:
    bench = Bench(hub, models)
    try:
        yield bench
    finally:
        hub.resume()
        await bench.downloads.close()


def is_whole(place: Path) -> bool:
    return place.exists() and place.read_bytes() == BODY


def link(place: Path, target: Path) -> None:
    target.mkdir()
    place.parent.mkdir()
    place.symlink_to(target, target_is_directory=True)


def put_file(place: Path) -> None:
    place.parent.mkdir()
    place.write_bytes(b"a file in the folder's place")


def take_away(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))


def damage(models: Path) -> None:
    """What a power cut leaves: blocks that never reached the disk, and a torn record."""
    (part,) = models.rglob("*.incomplete")
    (journal,) = models.rglob("*.journal")
    with part.open("r+b") as content:
        content.write(bytes(600_000))
    with journal.open("ab") as records:
        records.write(b"a torn record")


async def test_that_a_large_file_comes_over_several_connections(hub: Hub, models: Path) -> None:
    async with bench(hub, models) as it:
        await it.bring()
    assert len(hub.served) > 3
    assert hub.served_bytes == SIZE
    assert sum("/resolve/" in path for path in hub.paths) < 3 + 6  # the redirect is kept


def _dropped(hub: Hub) -> None:
    hub.faults.drop_after_bytes = [900_000, 10, 2_000_000, 0, 0, 333_333, 1_000_000]


def _asked_too_often(hub: Hub) -> None:
    hub.faults.content_status = [429, 200, 429, 429]
    hub.faults.retry_after = "1"


def _out_of_order(hub: Hub) -> None:
    hub.faults.content_status = [500, 503, 200, 502]


def _short_lengths(hub: Hub) -> None:
    hub.faults.short_lengths = 100_000


def _no_ranges(hub: Hub) -> None:
    hub.faults.ignore_ranges = True


def _no_ranges_and_dropped(hub: Hub) -> None:
    hub.faults.ignore_ranges = True
    hub.faults.drop_after_bytes = [0] * 6 + [3_000_000, 9_000_000]


@pytest.mark.parametrize(
    ("fault", "most"),
    [
        (_dropped, 1.1),
        (_asked_too_often, 1.01),
        (_out_of_order, 1.01),
        (_short_lengths, 1.01),
        (_no_ranges, 2.0),
        (_no_ranges_and_dropped, 2.5),
    ],
)
async def test_that_a_fault_costs_little_and_changes_no_byte(
    hub: Hub, models: Path, fault: Callable[[Hub], None], most: float
) -> None:
    fault(hub)
    async with bench(hub, models) as it:
        await it.bring()
    assert hub.served_bytes <= most * SIZE


async def test_that_an_address_that_expired_is_asked_for_again(hub: Hub, models: Path) -> None:
    hub.faults.bytes_per_second = 8e6
    hub.faults.content_status = [200] * 6 + [403]
    hub.faults.drop_after_bytes = [1 << 20]
    async with bench(hub, models) as it:
        await it.bring()
    assert hub.faults.content_status == []


@pytest.mark.parametrize("spots", [(12,), (300_000, 5_000_000, SIZE - 1)])
async def test_that_bytes_wrong_once_are_repaired(
    hub: Hub, models: Path, spots: tuple[int, ...]
) -> None:
    hub.faults.wrong_spots = {(FILE, spot) for spot in spots}
    async with bench(hub, models) as it:
        await it.bring()
    assert hub.faults.wrong_spots == set()
    assert hub.served_bytes <= 2.1 * SIZE
    assert DownloadPhase.REPAIRING in {one.phase for one in it.told}


async def test_that_a_second_fetch_damaged_elsewhere_is_decided_by_a_third(
    hub: Hub, models: Path
) -> None:
    hub.faults.wrong_spots = {(FILE, 4_000_000)}
    async with bench(hub, models) as it:
        running = asyncio.ensure_future(it.bring())
        await until(lambda: DownloadPhase.REPAIRING in {one.phase for one in it.told})
        hub.faults.wrong_spots = {(FILE, SIZE - 5)}
        await running
    assert hub.served_bytes <= 2.1 * SIZE


async def test_that_a_second_source_repairs_what_the_first_always_damages(
    hub: Hub, models: Path
) -> None:
    with Hub() as mirror:
        mirror.add(REPOSITORY, {FILE: BODY})
        hub.faults.wrong_bytes = True
        async with bench(hub, models) as it:
            it.downloads.set_second_source(mirror.address)
            await it.bring()
        assert mirror.served_bytes == SIZE
    assert hub.served_bytes <= SIZE


async def test_that_a_second_source_takes_over_where_the_first_is_silent(
    hub: Hub, models: Path
) -> None:
    known = replace(WANTED, hashes=(hashlib.sha256(BODY).hexdigest(),))
    with Hub() as mirror:
        mirror.add(REPOSITORY, {FILE: BODY})
        hub.faults.status = 503
        async with bench(hub, models) as it:
            it.downloads.set_second_source(mirror.address)
            with pytest.raises(HubUnreachable):  # nobody knows a hash to compare with
                await it.downloads.download(REPOSITORY, WANTED)
            assert mirror.served == []
            await it.downloads.download(REPOSITORY, known)
        assert is_whole(it.place)


async def test_that_a_login_reaches_the_hub_and_nobody_else(
    hub: Hub, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "hf_secret"  # not one
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", BACKEND)
    monkeypatch.setenv(FILE_OF_KEYRING, str(tmp_path / "keyring.json"))
    monkeypatch.setattr(keyring.core, "_keyring_backend", FileKeyring())
    token.keep(secret, hub.address)
    repository = hub.add(REPOSITORY, {FILE: BODY}, gated=True)
    repository.token = secret
    hub.faults.wrong_bytes = True
    with Hub() as mirror:
        mirror.add(REPOSITORY, {FILE: BODY})
        async with bench(hub, models) as it:
            it.downloads.set_second_source(mirror.address)
            await it.bring()
        assert mirror.served_bytes == SIZE
        assert set(mirror.authorizations) == {None}
    asked = list(zip(hub.paths, hub.authorizations, strict=True))
    assert {given for path, given in asked if "/resolve/" in path} == {f"Bearer {secret}"}
    assert {given for path, given in asked if "/content/" in path} == {None}
    assert not any(secret in path for path in hub.paths)


async def test_that_two_of_us_never_write_the_same_part(hub: Hub, models: Path) -> None:
    hub.faults.hold_after_bytes = 1 << 20
    async with bench(hub, models) as it, bench(hub, models) as other:
        running = asyncio.ensure_future(it.bring())
        await until(lambda: it.arrived_bytes > 1 << 20)
        with pytest.raises(DownloadError, match="by another Fullbore"):
            await other.downloads.download(REPOSITORY, WANTED)
        hub.resume()
        await running


async def test_that_a_version_that_changed_while_it_rested_is_said(hub: Hub, models: Path) -> None:
    hub.repositories[REPOSITORY].files[FILE] = bytes(SIZE)
    hub.faults.hold_after_bytes = 1 << 20
    async with bench(hub, models) as it:
        await it.downloads.enqueue(REPOSITORY, WANTED)
        await until(lambda: it.arrived_bytes > 1 << 20)
        it.downloads.pause(ID)
        await until(lambda: it.told[-1].phase is DownloadPhase.PAUSED)
        hub.repositories[REPOSITORY].files[FILE] = BODY
        hub.resume()
        await it.bring()
    assert it.told[-1].note is not None
    assert "was changed on the Hub" in it.told[-1].note


async def test_that_a_version_that_changes_on_the_way_is_fetched_anew(
    hub: Hub, models: Path
) -> None:
    hub.repositories[REPOSITORY].files[FILE] = bytes(SIZE + 1000)
    hub.faults.hold_after_bytes = 1 << 20
    hub.faults.drop_after_bytes = [1 << 21]
    async with bench(hub, models) as it:
        running = asyncio.ensure_future(it.bring())
        await until(lambda: it.arrived_bytes > 1 << 20)
        hub.repositories[REPOSITORY].files[FILE] = BODY
        hub.resume()
        await running
    assert it.told[-1].note is not None
    assert "was changed on the Hub" in it.told[-1].note


async def test_that_a_server_with_another_size_than_the_hub_is_refused(
    hub: Hub, models: Path
) -> None:
    hub.faults.wrong_total = 7
    async with bench(hub, models) as it:
        with pytest.raises(DownloadError, match="another large-Q8_0"):
            await it.downloads.download(REPOSITORY, WANTED)


async def test_that_a_server_that_sends_other_stretches_is_refused(hub: Hub, models: Path) -> None:
    hub.faults.shift_ranges = 3
    async with bench(hub, models) as it:
        with pytest.raises(DownloadError, match="another part of the file"):
            await it.downloads.download(REPOSITORY, WANTED)


async def test_that_killed_children_cost_nothing_but_time(hub: Hub, models: Path) -> None:
    hub.faults.line_bytes_per_second = 10e6
    dice = random.Random(3)
    async with bench(hub, models) as it:
        running = asyncio.ensure_future(it.bring())
        for share in sorted(dice.random() for _ in range(3)):
            await until(lambda share=share: it.arrived_bytes > share * SIZE)
            for child in psutil.Process().children():
                child.kill()
        await running
    assert hub.served_bytes < 1.5 * SIZE


async def test_that_blocks_damaged_on_this_disk_are_fetched_again(hub: Hub, models: Path) -> None:
    """As after a power cut: the journal tells of blocks that never reached the disk."""
    hub.faults.hold_after_bytes = 3 << 20
    async with bench(hub, models) as it:
        running = asyncio.ensure_future(it.downloads.download(REPOSITORY, WANTED))
        await until(lambda: it.arrived_bytes > 8 << 20)
        it.downloads.pause(ID)
        await until(lambda: it.told[-1].phase is DownloadPhase.PAUSED)
        damage(models)
        hub.resume()
        it.downloads.resume(ID)
        await running
        await it.bring()
    assert hub.served_bytes < 1.4 * SIZE


async def test_that_no_link_leads_out_of_the_models_folder(
    hub: Hub, models: Path, tmp_path: Path
) -> None:
    link(models / "owner", tmp_path / "outside")
    async with bench(hub, models) as it:
        with pytest.raises(DownloadError, match="leads out of the models folder"):
            await it.downloads.download(REPOSITORY, WANTED)
    assert list((tmp_path / "outside").iterdir()) == []


async def test_that_a_folder_that_cannot_be_written_is_a_sentence(hub: Hub, models: Path) -> None:
    put_file(models / "owner")
    async with bench(hub, models) as it:
        with pytest.raises(DownloadError, match="could not be written"):
            await it.downloads.download(REPOSITORY, WANTED)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps the folders of open files")
async def test_that_a_folder_that_vanishes_is_a_sentence(hub: Hub, models: Path) -> None:
    hub.faults.hold_after_bytes = 1 << 20
    async with bench(hub, models) as it:
        running = asyncio.ensure_future(it.downloads.download(REPOSITORY, WANTED))
        await until(lambda: it.arrived_bytes > 1 << 20)
        take_away(models)
        hub.resume()
        with pytest.raises(DownloadError, match="could not be written"):
            await running


@pytest.mark.skipif(
    sys.platform == "win32" or not Path("/dev/full").exists(), reason="needs a device that is full"
)
async def test_that_a_disk_that_fills_on_the_way_is_told(hub: Hub, models: Path) -> None:
    """A limit on the size of files stands for the disk: bytes that came before it stay."""
    command = (
        sys.executable,
        "-c",
        "import resource, runpy, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({SIZE // 2}, {SIZE // 2}));"
        "runpy.run_module('engine.download', run_name='__main__')",
    )
    told: list[Download] = []
    downloads = Downloads(hub.address, models, told.append, command=command)
    with pytest.raises(DownloadError, match="could not be written"):
        await downloads.download(REPOSITORY, WANTED)
    await downloads.close()
    assert not is_whole(models / REPOSITORY / FILE)
