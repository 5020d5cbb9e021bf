"""The first page of Discover: what is on it, and in what order."""

import pytest

from engine.download.values import Advised, Role
from engine.fit.rigs import parse_rig
from engine.hardware.catalogue import read_catalogue
from engine.planner.curated import advise, best_first, read_curated, starter
from engine.planner.estimate import Fit, estimate

SMALL, MIDDLE = "16 GB DDR4-3200", "RTX 3060, 32 GB DDR4-3200"
PAIR, SERVER = "2x RTX 3090, 128 GB DDR4-3200", "4x RTX 4090, 512 GB 8ch DDR4-3200"


def leading(machine: str) -> list[str]:
    rig = parse_rig(machine, read_catalogue())
    return [one.title for one in best_first(read_curated(), rig)]


def test_that_every_entry_is_whole_and_adds_up() -> None:
    known = read_curated()
    assert len(known) >= 12
    assert len({one.id for one in known}) == len(known)
    for one in known:
        assert one.id.count("/") == 1
        assert 0 < one.active_parameters <= one.parameters
        assert 1.5 < one.size_bytes * 8 / one.parameters < 8  # bits a weight
        assert one.source.startswith("https://")
        assert one.date.startswith("2026-")
        assert one.why.endswith(".")


@pytest.mark.parametrize("machine", [SMALL, MIDDLE, PAIR, SERVER])
def test_that_what_fits_comes_before_what_does_not(machine: str) -> None:
    rig = parse_rig(machine, read_catalogue())
    shown = best_first(read_curated(), rig)
    fits = [estimate(one.size_bytes, rig) is not Fit.NEITHER for one in shown]
    assert fits[0]
    assert fits == sorted(fits, reverse=True)


def test_that_a_larger_machine_is_led_by_a_larger_model() -> None:
    sizes = {one.title: one.parameters for one in read_curated()}
    leaders = [sizes[leading(machine)[0]] for machine in (SMALL, MIDDLE, PAIR, SERVER)]
    assert leaders == sorted(leaders)
    assert len(set(leaders)) == len(leaders)


def test_that_slow_ones_stand_behind_those_at_reading_speed() -> None:
    order = leading(MIDDLE)  # dense and beyond the card: some 3 tokens a second
    assert order.index("Gemma 4 31B") > order.index("Llama 3.2 1B")


def advised(machine: str, disk_bytes: int = 10**15) -> dict[Role, Advised]:
    rig = parse_rig(machine, read_catalogue())
    return {one.role: one for one in advise(read_curated(), rig, disk_bytes)}


@pytest.mark.parametrize("machine", [SMALL, MIDDLE, PAIR, SERVER])
def test_that_every_machine_has_a_best_one_and_each_role_another_model(machine: str) -> None:
    found = advised(machine)
    assert Role.BEST in found
    ids = [one.curated.id for one in found.values()]
    assert len(set(ids)) == len(ids)
    sizes = [found[role].curated.parameters for role in Role if role in found]
    assert sizes == sorted(sizes)
    assert not any(one.curated.starter for one in found.values())


def test_that_the_big_one_has_its_experts_in_ram_and_the_best_lies_on_the_card() -> None:
    found = advised("RTX 4090, 96 GB DDR5-5600")
    assert found[Role.BEST].on_cards
    big = found[Role.BIG]
    assert not big.on_cards
    assert big.curated.active_parameters < big.curated.parameters
    assert found[Role.QUICK].curated.size_bytes < found[Role.BEST].curated.size_bytes


def test_that_a_small_disk_gets_what_it_has_room_for() -> None:
    found = advised(SERVER, disk_bytes=3_000_000_000)
    assert found
    assert all(one.curated.size_bytes <= 3_000_000_000 for one in found.values())
    assert not advised(SERVER, disk_bytes=1000)


def test_that_there_is_a_starter_and_it_is_small() -> None:
    found = starter(read_curated())
    assert found is not None
    assert found.size_bytes < 400_000_000
