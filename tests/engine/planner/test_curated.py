"""The first page of Discover: what is on it, and in what order."""

import pytest

from engine.fit.rigs import parse_rig
from engine.hardware.catalogue import read_catalogue
from engine.planner.curated import best_first, read_curated
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
