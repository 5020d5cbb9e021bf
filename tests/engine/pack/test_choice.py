"""Which pack fits which driver and cards."""

from dataclasses import replace

import pytest

from engine.hardware.others import OtherCard
from engine.pack.choice import choose
from engine.pack.values import PackKind, PackState
from tests.support.nvml import FakeCard
from tests.support.pack_source import machine_with

CUDA = (PackKind.CUDA_13, PackKind.CUDA_12)
NEW = FakeCard(name="NVIDIA GeForce RTX 4090", capability=(8, 9))
TURING = FakeCard(name="NVIDIA GeForce RTX 2060", capability=(7, 5))
PASCAL = FakeCard(name="NVIDIA GeForce GTX 1080", uuid="GPU-1080", capability=(6, 1))
KEPLER = FakeCard(name="NVIDIA GeForce GTX 780", uuid="GPU-780", capability=(3, 5))


@pytest.mark.parametrize(
    ("driver", "cards", "kind"),
    [
        ("580.65.06", (NEW,), PackKind.CUDA_13),
        ("581.29", (TURING,), PackKind.CUDA_13),
        ("575.51.03", (NEW,), PackKind.CUDA_12),
        ("525.60.13", (NEW,), PackKind.CUDA_12),
        ("580.65.06", (PASCAL,), PackKind.CUDA_12),
        ("580.65.06", (NEW, PASCAL), PackKind.CUDA_12),
        ("580.65.06", (NEW, KEPLER), PackKind.CUDA_13),
    ],
)
def test_that_driver_and_cards_decide(
    driver: str, cards: tuple[FakeCard, ...], kind: PackKind
) -> None:
    machine = machine_with(*cards, driver=driver)
    found = choose(machine, CUDA)
    assert (found.state, found.kind) == (PackState.OFFERED, kind)
    assert cards[0].name in str(found.reason)


@pytest.mark.parametrize(
    ("driver", "card", "says", "do"),
    [
        ("470.256.02", NEW, "driver 470.256.02 is too old", "Update NVIDIA's driver"),
        ("580.65.06", KEPLER, "GTX 780 is too old", "processor"),
    ],
)
def test_that_what_is_too_old_is_told_with_a_remedy(
    driver: str, card: FakeCard, says: str, do: str
) -> None:
    found = choose(machine_with(card, driver=driver), CUDA)
    assert found.state is PackState.REFUSED
    assert says in str(found.reason)
    assert do in str(found.remedy)


def test_that_without_a_pack_for_old_drivers_a_newer_driver_is_the_remedy() -> None:
    machine = machine_with(NEW, driver="570.86.10")
    found = choose(machine, (PackKind.CUDA_13,))
    assert found.state is PackState.REFUSED
    assert "at least 580" in str(found.reason)
    old = choose(machine_with(PASCAL, driver="580.65.06"), (PackKind.CUDA_13,))
    assert "GTX 1080 is too old" in str(old.reason)


def test_that_nothing_is_offered_where_nothing_is_needed() -> None:
    machine = machine_with(NEW, driver="580.65.06")
    assert choose(machine, CUDA, built_in=True).state is PackState.NEEDLESS
    assert choose(machine, ()).state is PackState.NEEDLESS
    bare = machine_with(driver=None)
    assert choose(bare, CUDA).state is PackState.NEEDLESS
    empty = machine_with()
    assert choose(empty, CUDA).state is PackState.NEEDLESS


def test_that_other_cards_are_served_through_vulkan_where_a_plugin_is_made() -> None:
    bare = machine_with(driver=None)
    card = OtherCard(name="AMD GPU", memory_bytes=16 << 30)
    found = choose(replace(bare, others=(card,)), (*CUDA, PackKind.VULKAN))
    assert (found.state, found.kind) == (PackState.OFFERED, PackKind.VULKAN)
    assert "AMD GPU" in str(found.reason)
    assert choose(replace(bare, others=(card,)), CUDA).state is PackState.NEEDLESS
    both = replace(machine_with(NEW), others=(card,))
    assert choose(both, (*CUDA, PackKind.VULKAN)).kind is PackKind.CUDA_13


def test_that_a_machine_without_any_card_is_offered_nothing() -> None:
    """A processor that plays a card, as Mesa's llvmpipe does, is on no bus."""
    bare = machine_with(driver=None)
    assert choose(replace(bare, others=()), (*CUDA, PackKind.VULKAN)).state is PackState.NEEDLESS
