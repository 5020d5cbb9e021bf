"""The desk of the GPU pack, over a real server and the real child: whole, or a sentence."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Generator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import DiskFull, DownloadCancelled, DownloadError, EngineError, HubUnreachable
from engine.hardware.machine import Machine
from engine.host.children import own_parts
from engine.pack.failures import PackFailed
from engine.pack.pack import Packs, Tools
from engine.pack.place import Place
from engine.pack.prove import Verdict
from engine.pack.values import Pack, PackKind, PackState
from tests.support.hub import Hub
from tests.support.nvml import rtx_4090
from tests.support.pack_source import BLAS, PLUGIN, RUNTIME, VERSION, PackSource, machine_with
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

ALL = {"libggml-cuda.so": PLUGIN, "libcudart.so.13": RUNTIME, "libcublas.so.13": BLAS}
MACHINE = machine_with(rtx_4090())


@pytest.fixture(autouse=True)
def no_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HF_TOKEN", "HF_ENDPOINT", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def source() -> Generator[PackSource]:
    with Hub() as hub:
        yield PackSource(hub)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "Ein Häuschen 图形 卡"


@pytest.fixture
def read_only(root: Path) -> Generator[Path]:
    root.mkdir()
    root.chmod(0o500)
    yield root
    root.chmod(0o700)


class Bench:
    """A desk, what it told, and what its proof finds."""

    def __init__(self, root: Path, source: PackSource) -> None:
        self.root, self.source = root, source
        self.told: list[Pack] = []
        self.proven: list[Path] = []
        self.found = Verdict()
        self.holds = asyncio.Event()
        self.holds.set()
        self.built_in = False
        self.room: int | None = None
        self.packs = self.desk()

    def desk(self, version: str = VERSION) -> Packs:
        async def prove(folder: Path) -> Verdict:
            self.proven.append(folder)
            await self.holds.wait()
            return self.found

        async def built_in() -> bool:
            await asyncio.sleep(0)
            return self.built_in

        tools = Tools(
            download=own_parts().download,
            prove=prove,
            built_in=built_in,
            source=lambda: self.source.address,
            free=lambda _: 10**12 if self.room is None else self.room,
            recipes=(self.source.recipe,),
            system="linux",
        )
        self.packs = Packs(self.root, version, tools, self.told.append)
        return self.packs

    async def opened(self, machine: Machine = MACHINE) -> Packs:
        self.packs.open(machine)
        await self.packs.settled()
        return self.packs

    async def refused(self, kind: type[EngineError]) -> str:
        """The sentence that an install ends with; nothing half is left of it."""
        with pytest.raises(kind) as failure:
            await self.packs.install()
        assert self.state in (PackState.OFFERED, PackState.BROKEN)
        assert failure.value.sentence == self.packs.look().failure
        self.check_nothing_half()
        return failure.value.sentence

    def check_nothing_half(self) -> None:
        folders = [one.name for one in (self.root / "gpu-pack").glob("*-*") if one.is_dir()]
        assert not folders
        assert Place(self.root, VERSION).ready is None

    @property
    def state(self) -> PackState:
        return self.packs.look().state

    @property
    def folder(self) -> Path:
        return self.root / "gpu-pack" / f"cuda13-{VERSION}"

    def content(self) -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in self.folder.iterdir()}


@pytest.fixture
async def bench(root: Path, source: PackSource) -> AsyncGenerator[Bench]:
    made = Bench(root, source)
    yield made
    await made.packs.close()


async def test_that_one_call_downloads_unpacks_proves_and_tells_workers(bench: Bench) -> None:
    packs = await bench.opened()
    offered = packs.look()
    assert (offered.state, offered.kind) == (PackState.OFFERED, PackKind.CUDA_13)
    assert offered.size_bytes == bench.source.recipe.size_bytes
    await packs.install()
    assert bench.content() == ALL
    assert bench.proven == [bench.folder]
    states = list(dict.fromkeys(pack.state for pack in bench.told))
    assert states == [
        PackState.OFFERED,
        PackState.DOWNLOADING,
        PackState.UNPACKING,
        PackState.PROVING,
        PackState.READY,
    ]
    assert packs.look().unpacked_bytes == sum(map(len, ALL.values()))
    mark = bench.root / "gpu-pack" / f"{VERSION}.ready"
    assert mark.read_text("utf-8") == bench.folder.name
    assert {one.name for one in mark.parent.iterdir()} == {mark.name, bench.folder.name}
    again = bench.desk()
    again.open(MACHINE)
    assert again.look().state is PackState.READY
    with pytest.raises(PackFailed, match="is installed"):
        await again.install()


async def test_that_it_is_removed_without_a_trace_and_offered_again(bench: Bench) -> None:
    packs = await bench.opened()
    await packs.install()
    await packs.remove()
    assert bench.state is PackState.OFFERED
    assert not (bench.root / "gpu-pack").exists()


async def test_that_a_library_that_serves_cards_itself_needs_none(bench: Bench) -> None:
    bench.built_in = True
    packs = await bench.opened()
    assert packs.look().state is PackState.NEEDLESS
    with pytest.raises(PackFailed):
        await packs.install()
    bare = bench.desk()
    bare.open(machine_with(driver=None))
    assert bare.look().state is PackState.NEEDLESS


async def test_that_a_broken_off_download_goes_on_where_it_was(bench: Bench) -> None:
    hub = bench.source.hub
    await bench.opened()
    hub.faults.hold_after_bytes = 5 << 20
    going = asyncio.create_task(bench.packs.install())
    await until(lambda: bench.packs.look().done_bytes >= 4 << 20)
    bench.packs.cancel()
    with pytest.raises(DownloadCancelled):
        await going
    held = bench.packs.look().done_bytes
    assert bench.state is PackState.OFFERED
    assert held >= 4 << 20
    bench.check_nothing_half()
    hub.resume()
    before = hub.served_bytes
    packs = bench.desk()  # as after a restart
    await bench.opened()
    assert packs.look().done_bytes == held
    await packs.install()
    assert bench.content() == ALL
    assert hub.served_bytes - before < len(BLAS) - held + (2 << 20)


async def test_that_cut_connections_are_borne(bench: Bench) -> None:
    bench.source.hub.faults.drop_after_bytes = [3 << 20, 100, 1 << 20]
    await (await bench.opened()).install()
    assert bench.content() == ALL


async def test_that_wrong_bytes_are_told_and_nothing_is_unpacked(bench: Bench) -> None:
    packs = await bench.opened()
    recipe = bench.source.recipe
    *parts, last = recipe.part
    spoiled = replace(last, sha256="0" * 64)
    bench.source.recipe = replace(recipe, part=(*parts, spoiled))
    packs = bench.desk()
    await bench.opened()
    assert packs.look().state is PackState.OFFERED
    assert "other bytes" in await bench.refused(DownloadError)


async def test_that_an_archive_that_is_none_is_told_and_fetched_anew(bench: Bench) -> None:
    source = bench.source
    members = dict(source.wheels["nvidia_cublas.whl"])
    source.wheels["nvidia_cublas.whl"] = {"nvidia/else.txt": b"not what was meant"}
    recipe = source.publish()
    parts = (recipe.part[0], replace(recipe.part[1], members=dict.fromkeys(members, 5)))
    source.recipe = replace(recipe, part=parts)
    bench.desk()
    await bench.opened()
    assert "damaged" in await bench.refused(PackFailed)
    assert not list((bench.root / "gpu-pack" / "parts").glob("*.whl"))
    source.wheels["nvidia_cublas.whl"] = members
    source.publish()
    bench.desk()
    await (await bench.opened()).install()
    assert bench.content() == ALL


@pytest.mark.parametrize("name", ["../libggml-cuda.so", "/etc/x", "a\\b.so", "C:x.so", "..", ""])
async def test_that_a_member_that_leads_astray_is_refused(bench: Bench, name: str) -> None:
    bench.source.plugin = {name or "x": PLUGIN}
    bench.source.plugin_members = {name: len(PLUGIN)}
    bench.source.publish()
    bench.desk()
    await bench.opened()
    assert "leads astray" in await bench.refused(PackFailed)
    assert not list(bench.root.parent.rglob("libggml-cuda.so"))


async def test_that_a_member_of_another_size_is_refused(bench: Bench) -> None:
    bench.source.plugin_members = {"libggml-cuda.so": 10}
    bench.source.publish()
    bench.desk()
    await bench.opened()
    assert "another size" in await bench.refused(PackFailed)


async def test_that_a_pack_of_another_version_is_refused(bench: Bench) -> None:
    bench.source.version = "9.9.9"
    bench.source.publish()
    bench.desk()
    await bench.opened()
    assert "Fullbore 9.9.9" in await bench.refused(PackFailed)


async def test_that_a_disk_without_room_is_told_before_the_first_byte(bench: Bench) -> None:
    bench.room = 1 << 20
    await bench.opened()
    sentence = await bench.refused(DiskFull)
    assert "1 MB are free" in sentence
    assert bench.source.hub.served_bytes == 0


async def test_that_a_server_that_is_gone_is_told_by_its_name(bench: Bench) -> None:
    bench.source.hub.faults.status = 404
    await bench.opened()
    assert "127.0.0.1 does not have" in await bench.refused(DownloadError)
    bench.source.hub.faults.status = None
    bench.source.hub.faults.page = b"<html>Please log in</html>"
    assert "releases" in await bench.refused(PackFailed)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root writes anywhere")
async def test_that_a_home_that_is_read_only_is_told(bench: Bench, read_only: Path) -> None:
    assert bench.root == read_only
    await bench.opened()
    assert "Make that folder writable" in await bench.refused(PackFailed)


async def test_that_a_place_that_cannot_be_a_folder_is_told(bench: Bench) -> None:
    bench.root.mkdir()
    (bench.root / "gpu-pack").write_text("in the way", "utf-8")
    await bench.opened()
    assert "Make that folder writable" in await bench.refused(PackFailed)


async def test_that_a_pack_that_fails_its_proof_is_broken_until_it_is_installed_again(
    bench: Bench,
) -> None:
    bench.found = Verdict(sentence="The card computes wrongly.", remedy="Update the driver.")
    await bench.opened()
    assert "computes wrongly" in await bench.refused(PackFailed)
    assert bench.state is PackState.BROKEN
    packs = bench.desk()  # as after a restart
    await bench.opened()
    assert packs.look().state is PackState.BROKEN
    assert "computes wrongly" in packs.look().failure
    served, bench.found = bench.source.hub.served_bytes, Verdict()
    await packs.install()
    assert bench.state is PackState.READY
    assert not packs.look().failure
    assert bench.source.hub.served_bytes - served < 5000  # the manifest alone


@pytest.mark.parametrize("state", [PackState.UNPACKING, PackState.PROVING])
async def test_that_it_can_be_stopped_in_every_state(bench: Bench, state: PackState) -> None:
    bench.holds.clear()
    await bench.opened()
    going = asyncio.create_task(bench.packs.install())
    await until(lambda: bench.state is state)
    bench.packs.cancel()
    with pytest.raises(DownloadCancelled):
        await going
    assert bench.state is PackState.OFFERED
    assert not bench.packs.look().failure
    bench.check_nothing_half()
    bench.holds.set()
    await bench.packs.install()
    assert bench.content() == ALL


async def test_that_a_desk_that_closes_leaves_nothing_half(bench: Bench) -> None:
    bench.holds.clear()
    await bench.opened()
    going = asyncio.create_task(bench.packs.install())
    await until(lambda: bench.state is PackState.PROVING)
    await bench.packs.close()
    with pytest.raises((asyncio.CancelledError, EngineError)):
        await going
    bench.check_nothing_half()


async def test_that_only_one_install_runs(bench: Bench) -> None:
    bench.holds.clear()
    await bench.opened()
    going = asyncio.create_task(bench.packs.install())
    await until(lambda: bench.state is PackState.PROVING)
    with pytest.raises(PackFailed, match="is being installed"):
        await bench.packs.install()
    with pytest.raises(PackFailed, match="is being installed"):
        await bench.packs.remove()
    bench.holds.set()
    await going
    assert bench.state is PackState.READY


async def test_that_another_version_gets_its_own_pack_and_the_old_one_goes(bench: Bench) -> None:
    await (await bench.opened()).install()
    bench.source.version = "0.2.0"
    bench.source.publish()
    packs = bench.desk("0.2.0")
    await bench.opened()
    assert packs.look().state is PackState.OFFERED
    assert bench.folder.exists()
    await packs.install()
    assert not bench.folder.exists()
    assert (bench.root / "gpu-pack" / "cuda13-0.2.0").is_dir()


async def test_that_what_a_kill_left_is_swept(bench: Bench) -> None:
    left = bench.root / "gpu-pack" / f"cuda13-{VERSION}.new"
    unproven = bench.root / "gpu-pack" / f"cuda13-{VERSION}"
    for folder in (left, unproven):
        folder.mkdir(parents=True)
        (folder / "libggml-cuda.so").write_bytes(b"half")
    await bench.opened()
    assert bench.state is PackState.OFFERED
    assert not left.exists()
    assert not unproven.exists()


async def test_that_no_network_is_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PackSource, "address", "http://127.0.0.1:9")
    await bench.opened()
    assert "does not answer" in await bench.refused(HubUnreachable)
