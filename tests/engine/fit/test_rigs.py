"""This machine and machines out of a sentence, as the planner sees them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import BadRequest
from engine.fit.rigs import DISPLAY_RESERVE_BYTES, HEADLESS_RESERVE_BYTES, parse_rig, rig_of
from engine.hardware.calibration import BoardCalibration, Calibration, CardCalibration
from engine.hardware.catalogue import read_catalogue
from engine.hardware.machine import Cpu, Gpu, GpuReading, Machine, Reading

CATALOGUE = read_catalogue()
GIBIBYTE = 1 << 30

GPU = Gpu(
    index=0,
    name="NVIDIA GeForce RTX 4090",
    uuid="GPU-1",
    memory_bytes=24564 << 20,
    compute_capability=(8, 9),
    pcie_generation=4,
    pcie_width=16,
    power_limit_watts=400.0,
)
H100 = replace(
    GPU,
    index=1,
    name="NVIDIA H100 80GB HBM3",
    uuid="GPU-2",
    memory_bytes=81559 << 20,
    compute_capability=(9, 0),
)
MACHINE = Machine(
    gpus=(GPU, H100),
    cpu=Cpu(name="AMD Ryzen 9 7950X", physical_cores=16, logical_cores=32),
    memory_bytes=64 * GIBIBYTE,
    disks=(),
    driver="580",
    cuda=(13, 0),
    system="Linux",
)


def reading(*used: int | None) -> Reading:
    return Reading(
        at_seconds=0.0,
        cpu=0.1,
        memory_total_bytes=64 * GIBIBYTE,
        memory_used_bytes=14 * GIBIBYTE,
        gpus=tuple(
            GpuReading(
                index=number,
                name="",
                memory_total_bytes=None,
                memory_used_bytes=count,
                utilization=None,
                temperature_celsius=None,
                power_watts=None,
                power_limit_watts=None,
            )
            for number, count in enumerate(used)
        ),
    )


CALIBRATION = Calibration(
    at="2026-01-01T00:00:00Z",
    library="x",
    cards=(
        CardCalibration(
            uuid="GPU-1",
            name="NVIDIA GeForce RTX 4090",
            bytes_per_second=920e9,
            type_rates={"Q4_K": 900e9, "IQ2_XXS": 500e9},
            flops=140e12,
            link_bytes_per_second=24e9,
            layer_seconds=40e-6,
            expert_layer_seconds=60e-6,
            residual_loaded_bytes=400_000_000,
            residual_peak_bytes=None,
        ),
    ),
    board=BoardCalibration(
        threads=14,
        read_rates={1: 20e9, 8: 62e9, 16: 60e9},
        type_rates={"Q4_K": 58e9, "IQ2_XXS": 21e9, "Q8_0": 70e9},
        flops=900e9,
        layer_seconds=30e-6,
        disk_bytes_per_second=None,
    ),
    corrections={"gpu": 0.97},
)


def test_that_this_machine_s_cards_come_from_driver_and_catalogue() -> None:
    rig = rig_of(MACHINE, reading(900 << 20, 3 << 20), None, CATALOGUE, reserve_bytes={})
    first, second = rig.cards
    assert rig.owned
    assert rig.title == "NVIDIA GeForce RTX 4090, NVIDIA H100 80GB HBM3, 64 GB RAM"
    assert (first.memory_bytes, first.used_bytes) == (24564 << 20, 900 << 20)
    assert 0.8 * 1008e9 < first.bytes_per_second < 1008e9
    assert first.power_watts == 400.0
    assert first.link_bytes_per_second == pytest.approx(25.2e9, rel=0.01)
    assert not first.measured
    # The one shows the desktop, the other computes.
    assert (first.drives_display, first.reserve_bytes) == (True, DISPLAY_RESERVE_BYTES)
    assert (second.drives_display, second.reserve_bytes) == (False, HEADLESS_RESERVE_BYTES)
    assert second.residual_peak_bytes > second.residual_loaded_bytes > 500_000_000
    assert rig.board.free_bytes == 50 * GIBIBYTE
    assert not rig.board.measured


def test_that_a_reserve_of_the_person_replaces_ours() -> None:
    rig = rig_of(MACHINE, reading(0, 0), None, CATALOGUE, reserve_bytes={0: 3 * GIBIBYTE, 1: 0})
    assert [card.reserve_bytes for card in rig.cards] == [3 * GIBIBYTE, 0]


def test_that_what_was_measured_is_taken_and_the_rest_is_not_lost() -> None:
    rig = rig_of(MACHINE, None, CALIBRATION, CATALOGUE, reserve_bytes={})
    first, second = rig.cards
    assert first.measured
    assert (first.bytes_per_second, first.type_rates["IQ2_XXS"]) == (920e9, 500e9)
    assert (first.layer_seconds, first.expert_layer_seconds) == (40e-6, 60e-6)
    assert first.residual_loaded_bytes == 400_000_000
    assert first.residual_peak_bytes > 500_000_000
    assert not second.measured
    assert rig.board.measured
    assert rig.board.bytes_per_second == 62e9
    assert rig.board.type_rates["IQ2_XXS"] == 21e9
    assert rig.board.type_rates["Q8_0"] == 62e9  # the cache's speed is not the RAM's
    assert rig.board.type_rates["IQ3_S"] == 58e9  # not timed
    assert rig.board.disk_bytes_per_second > 1e9
    assert rig.corrections == {"gpu": 0.97}


def test_that_a_card_hidden_by_its_driver_is_found_by_name() -> None:
    hidden = replace(MACHINE, gpus=(replace(GPU, uuid=None),))
    assert rig_of(hidden, None, CALIBRATION, CATALOGUE, reserve_bytes={}).cards[0].measured


def test_that_an_unknown_card_is_taken_to_be_slow_and_one_without_memory_is_left_out() -> None:
    odd = replace(GPU, name="NVIDIA Mystery", uuid=None)
    machine = replace(MACHINE, gpus=(odd, replace(GPU, index=1, memory_bytes=None)))
    rig = rig_of(machine, None, None, CATALOGUE, reserve_bytes={})
    assert [card.name for card in rig.cards] == ["NVIDIA Mystery"]
    assert rig.cards[0].bytes_per_second < 500e9
    assert rig.cards[0].memory_bytes == 24564 << 20


@pytest.mark.parametrize(
    ("text", "title", "cards"),
    [
        (
            "2x RTX 4090, 128 GB DDR5-5600",
            "2 × RTX 4090, 128 GB DDR5-5600",
            ["RTX 4090", "RTX 4090"],
        ),
        (
            "RTX 3090 + RTX 3060 12GB, 64 GB DDR4-3200",
            "RTX 3090, RTX 3060, 64 GB DDR4-3200",
            ["RTX 3090", "RTX 3060"],
        ),
        ("2x3090 with 64GB RAM", "2 × RTX 3090, 64 GB RAM", ["RTX 3090", "RTX 3090"]),
        ("no gpu, 32 GB", "no card, 32 GB RAM", []),
        ("CPU only; 1 TB 8-channel DDR5-4800", "no card, 1024 GB DDR5-4800 × 8 channels", []),
        (
            "H100 and 768 GB of DDR5-6400 (12 channels)",
            "H100 SXM, 768 GB DDR5-6400 × 12 channels",
            ["H100 SXM"],
        ),
        ("Ryzen 9 9950X, 4090, 96GB DDR5", "RTX 4090, 96 GB DDR5-4800", ["RTX 4090"]),
        ("3060", "RTX 3060, 32 GB RAM (assumed)", ["RTX 3060"]),
    ],
)
def test_that_a_machine_can_be_said(text: str, title: str, cards: list[str]) -> None:
    rig = parse_rig(text, CATALOGUE)
    assert rig.title == title
    assert [card.name for card in rig.cards] == cards
    assert [card.number for card in rig.cards] == list(range(len(cards)))
    assert not rig.owned
    assert not any(card.measured for card in rig.cards)
    assert 0 < rig.board.free_bytes < rig.board.memory_bytes


def test_that_memory_link_cores_and_disk_count() -> None:
    rig = parse_rig("3090, 64 GB DDR5-6400, PCIe 3.0 x8, 24 cores, nvme 7 GB/s", CATALOGUE)
    slow = parse_rig("3090, 64 GB DDR4-3200", CATALOGUE)
    assert rig.board.bytes_per_second == pytest.approx(2 * slow.board.bytes_per_second)
    assert rig.cards[0].link_bytes_per_second < slow.cards[0].link_bytes_per_second / 3
    assert rig.board.threads == 24
    assert rig.board.disk_bytes_per_second == 7e9


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("2x RTX 9999, 64 GB", '"2x RTX 9999"'),
        ("RX 7900 XTX", '"RX 7900 XTX"'),
        ("4090, lots of memory", '"lots of memory"'),
        ("", "No machine"),
        (" , ,", "No machine"),
    ],
)
def test_that_what_was_not_understood_is_named(text: str, named: str) -> None:
    with pytest.raises(BadRequest) as refused:
        parse_rig(text, CATALOGUE)
    assert named in str(refused.value)
    assert "2x RTX 4090" in refused.value.remedy


@given(st.text(alphabet="234x+, GBgbDR5-6 RTXrtx0.9pcie/coresnvm\n", max_size=40))
def test_that_any_sentence_gives_a_machine_or_a_refusal(text: str) -> None:
    try:
        rig = parse_rig(text, CATALOGUE)
    except BadRequest:
        return
    assert rig.board.bytes_per_second > 0
    assert len(rig.cards) < 1000
