"""Vulkan's pack from the offer to the plan: cards that no driver tells of."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.doctor.facts import DeviceFacts, LibraryFacts
from engine.doctor.packs import judged
from engine.fit.rigs import rig_of
from engine.hardware.catalogue import read_catalogue
from engine.hardware.others import OtherCard
from engine.hardware.sampler import read_once
from engine.host.children import own_parts
from engine.pack.cards import served, supposed, with_cards
from engine.pack.pack import Packs, Tools
from engine.pack.place import this_version
from engine.pack.prove import SeenCard, Verdict
from engine.pack.values import PackKind, PackState
from tests.support.hub import Hub
from tests.support.nvml import FakeNvml, rtx_4090
from tests.support.pack_source import PLUGIN, PackSource, machine_with

pytestmark = pytest.mark.anyio

GIBIBYTE = 1 << 30
LISTED = OtherCard(name="AMD GPU", memory_bytes=16 * GIBIBYTE)
SEEN = SeenCard(name="AMD Radeon RX 7600 XT (RADV NAVI33)", memory_bytes=16 * GIBIBYTE)
MACHINE = replace(machine_with(driver=None), others=(LISTED,))


@pytest.fixture
def source() -> Generator[PackSource]:
    with Hub() as hub:
        made = PackSource(hub)
        made.kind, made.version, made.wheels = PackKind.VULKAN, this_version(), {}
        made.plugin = {"libggml-vulkan.so": PLUGIN}
        made.plugin_members = {"libggml-vulkan.so": len(PLUGIN)}
        made.publish()
        yield made


class Desk:
    """A desk whose proof finds what it is told to, and how often it was asked."""

    def __init__(self, root: Path, source: PackSource) -> None:
        self.found, self.proofs = Verdict(cards=(SEEN,)), 0
        self._root, self._source = root, source
        self.packs = self.fresh()

    def fresh(self) -> Packs:
        async def prove(_: Path) -> Verdict:
            self.proofs += 1
            return self.found

        async def built_in() -> bool:
            return False

        tools = Tools(
            download=own_parts().download,
            prove=prove,
            built_in=built_in,
            source=lambda: self._source.address,
            recipes=(self._source.recipe,),
            system="linux",
        )
        self.packs = Packs(self._root, this_version(), tools, lambda _: None)
        return self.packs


async def ready(root: Path, source: PackSource) -> Desk:
    desk = Desk(root, source)
    desk.packs.open(MACHINE)
    await desk.packs.settled()
    await desk.packs.install()
    return desk


async def test_that_the_pack_brings_its_cards_into_the_machine(
    tmp_path: Path, source: PackSource
) -> None:
    desk = Desk(tmp_path, source)
    desk.packs.open(MACHINE)
    offered = await desk.packs.settled()
    assert (offered.state, offered.kind) == (PackState.OFFERED, PackKind.VULKAN)
    assert desk.packs.complete(MACHINE) == served(MACHINE, tmp_path) == MACHINE
    await desk.packs.install()
    for whole in (desk.packs.complete(MACHINE), served(MACHINE, tmp_path)):
        (gpu,) = whole.gpus
        assert (gpu.index, gpu.name, gpu.memory_bytes) == (0, SEEN.name, SEEN.memory_bytes)
    await desk.packs.remove()
    assert desk.packs.complete(MACHINE) == served(MACHINE, tmp_path) == MACHINE


async def test_that_a_later_start_asks_nobody(tmp_path: Path, source: PackSource) -> None:
    desk = await ready(tmp_path, source)
    later = desk.fresh()
    later.open(MACHINE)
    assert (await later.settled()).state is PackState.READY
    assert desk.proofs == 1
    assert later.complete(MACHINE).gpus[0].name == SEEN.name


async def test_that_other_cards_than_at_the_proof_are_proven_anew(
    tmp_path: Path, source: PackSource
) -> None:
    desk = await ready(tmp_path, source)
    two = replace(MACHINE, others=(LISTED, LISTED))
    assert not served(two, tmp_path).gpus
    desk.found = Verdict(cards=(SEEN, SEEN))
    later = desk.fresh()
    later.open(two)
    await later.settled()
    assert desk.proofs == 2
    assert [gpu.index for gpu in later.complete(two).gpus] == [0, 1]
    desk.found = Verdict(sentence="With the GPU pack llama.cpp sees no card.", remedy="Look.")
    last = desk.fresh()
    last.open(MACHINE)
    broken = await last.settled()
    assert (broken.state, broken.failure) == (PackState.BROKEN, desk.found.sentence)
    assert not last.complete(MACHINE).gpus


def test_that_cards_of_nvidia_stand_alone() -> None:
    machine = machine_with(rtx_4090())
    assert with_cards(machine, (SEEN,)) == machine
    silent = read_once(FakeNvml(has_driver=False))
    assert supposed(silent, machine, {}) == silent  # what its driver does not tell, nobody does


def test_that_room_is_left_on_a_card_that_nobody_reads() -> None:
    machine = with_cards(MACHINE, (SEEN,))
    reading = read_once(FakeNvml(has_driver=False))
    ours = 3 * GIBIBYTE
    told = supposed(reading, machine, {0: ours})
    (card,) = rig_of(machine, told, None, read_catalogue(), reserve_bytes={}).cards
    assert card.used_bytes > ours + 500_000_000
    assert not card.measured
    assert not card.listed
    assert card.bytes_per_second < 400e9  # no faster than the slowest with as much memory


def device(*, card: bool, integrated: bool = False, error: float = 0.001) -> DeviceFacts:
    return DeviceFacts(
        name="Vulkan0",
        description=SEEN.name if not integrated else "AMD Radeon 780M",
        is_card=card,
        is_integrated=integrated,
        memory_bytes=SEEN.memory_bytes,
        error=error,
    )


def test_that_graphics_inside_the_processor_are_no_card_for_vulkan() -> None:
    board, inside, own = (
        device(card=False),
        device(card=True, integrated=True),
        device(card=True),
    )
    found = judged(LibraryFacts(library="llama.cpp", devices=(inside, own, board)), vulkan=True)
    assert found.works
    assert found.cards == (SEEN,)
    alone = judged(LibraryFacts(library="llama.cpp", devices=(inside, board)), vulkan=True)
    assert "sees no card" in alone.sentence
    assert "Vulkan driver" in alone.remedy
