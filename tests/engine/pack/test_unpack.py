"""Archives unpacked whole, or not at all; and what a proof makes of a pack."""

import errno
from pathlib import Path

import pytest

from engine.doctor.facts import DeviceFacts, LibraryFacts
from engine.doctor.packs import judged
from engine.errors import DiskFull
from engine.pack.catalogue import own_system, read_catalogue
from engine.pack.failures import PackFailed
from engine.pack.unpack import Archive, Stopped, unpack
from engine.pack.values import PackKind
from tests.support.pack_source import PLUGIN, RUNTIME, packed, wheel

NAME = "nvidia/cu13/lib/libcudart.so.13"


@pytest.fixture
def archives(tmp_path: Path) -> list[Archive]:
    (tmp_path / "a.whl").write_bytes(wheel({NAME: RUNTIME, "nvidia/other.h": b"x"}))
    (tmp_path / "b.tar.xz").write_bytes(packed({"libggml-cuda.so": PLUGIN}))
    return [
        Archive(file=tmp_path / "a.whl", members={NAME: len(RUNTIME)}),
        Archive(file=tmp_path / "b.tar.xz", members={"libggml-cuda.so": len(PLUGIN)}),
    ]


def test_that_only_the_wanted_members_are_unpacked(archives: list[Archive], tmp_path: Path) -> None:
    into = tmp_path / "Häuschen 卡"
    unpack(archives, into, lambda _: True)
    assert {one.name: one.read_bytes() for one in into.iterdir()} == {
        "libcudart.so.13": RUNTIME,
        "libggml-cuda.so": PLUGIN,
    }


def test_that_a_disk_that_fills_up_on_the_way_is_told_and_nothing_is_left(
    archives: list[Archive], tmp_path: Path
) -> None:
    def full(done: int) -> bool:
        if done > len(RUNTIME):
            raise OSError(errno.ENOSPC, "No space left on device")
        return True

    with pytest.raises(DiskFull, match="disk is full"):
        unpack(archives, tmp_path / "pack", full)
    assert not (tmp_path / "pack").exists()


def test_that_it_stops_when_asked_and_nothing_is_left(
    archives: list[Archive], tmp_path: Path
) -> None:
    with pytest.raises(Stopped):
        unpack(archives, tmp_path / "pack", lambda done: done <= len(RUNTIME))
    assert not (tmp_path / "pack").exists()


@pytest.mark.parametrize("ending", ["a.whl", "b.tar.xz"])
@pytest.mark.parametrize("kept", [0, 100, -100])
def test_that_a_damaged_archive_is_told(
    archives: list[Archive], tmp_path: Path, ending: str, kept: int
) -> None:
    file = tmp_path / ending
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(PackFailed, match="damaged"):
        unpack(archives, tmp_path / "pack", lambda _: True)
    assert not (tmp_path / "pack").exists()


def test_that_a_flipped_bit_of_a_wheel_is_told(archives: list[Archive], tmp_path: Path) -> None:
    file = tmp_path / "a.whl"
    body = bytearray(file.read_bytes())
    body[len(body) // 2] ^= 1
    file.write_bytes(body)
    with pytest.raises(PackFailed):
        unpack(archives, tmp_path / "pack", lambda _: True)


def card(*, error: float | None = None, failure: str = "", died: bool = False) -> LibraryFacts:
    device = DeviceFacts(
        name="CUDA0",
        description="RTX 4090",
        is_card=True,
        memory_bytes=1,
        error=error,
        failure=failure,
        died=died,
    )
    return LibraryFacts(library="llama.cpp", devices=(device,))


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (card(error=0.001), ""),
        (card(error=0.5), "50% off the known answer"),
        (card(died=True), "went down"),
        (card(failure="there is no room"), "could not be tried: there is no room"),
        (LibraryFacts(failure="no answer"), "does not start"),
        (LibraryFacts(pack_skipped="libcuda.so.1: cannot open"), "sees no card (libcuda.so.1"),
    ],
)
def test_that_only_a_card_that_computes_rightly_proves_a_pack(
    found: LibraryFacts, says: str
) -> None:
    told = judged(found)
    assert told.works == (not says)
    assert says in told.sentence
    assert bool(told.remedy) == bool(says)


def test_that_the_catalogue_has_both_cudas_for_both_systems() -> None:
    known = {
        (one.kind, one.system): one for one in read_catalogue() if one.kind is not PackKind.VULKAN
    }
    assert set(known) == {
        (kind, system)
        for kind in (PackKind.CUDA_13, PackKind.CUDA_12)
        for system in ("linux", "windows")
    }
    for recipe in known.values():
        members = " ".join(name for part in recipe.part for name in part.members)
        assert all(name in members for name in ("cudart", "cublasLt", "cublas"))
        assert recipe.size_bytes > 500_000_000
        assert all(part.url.startswith("https://files.pythonhosted.org/") for part in recipe.part)
    assert own_system() in {"linux", "windows", None}


def test_that_vulkan_needs_nothing_beside_its_plugin() -> None:
    (recipe,) = [one for one in read_catalogue() if one.kind is PackKind.VULKAN]
    assert (recipe.system, recipe.part) == ("linux", ())
    assert 0 < recipe.size_bytes < recipe.unpacked_bytes
