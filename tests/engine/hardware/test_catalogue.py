"""Cards and memory, found by the driver's names and by people's."""

import re

import pytest

from engine.hardware.catalogue import Catalogue, memory_kind, read_catalogue

GIBIBYTE = 1 << 30


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue()


@pytest.mark.parametrize(
    ("said", "name", "gigabytes"),
    [
        ("NVIDIA GeForce RTX 4090", "RTX 4090", 24),
        ("NVIDIA GeForce RTX 4090 D", "RTX 4090 D", 24),
        ("NVIDIA GeForce RTX 4060 Laptop GPU", "RTX 4060 Laptop", 8),
        ("NVIDIA GeForce RTX 2070 with Max-Q Design", "RTX 2070 Laptop", 8),
        ("NVIDIA RTX A6000", "RTX A6000", 48),
        ("NVIDIA RTX 6000 Ada Generation", "RTX 6000 Ada", 48),
        ("Quadro RTX 6000", "Quadro RTX 6000", 24),
        (
            "NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition",
            "RTX PRO 6000 Blackwell Max-Q",
            96,
        ),
        ("NVIDIA H100 80GB HBM3", "H100 SXM", 80),
        ("NVIDIA H100 PCIe", "H100 PCIe", 80),
        ("NVIDIA A100-SXM4-40GB", "A100 SXM", 40),
        ("NVIDIA A100 80GB PCIe", "A100 PCIe", 80),
        ("Tesla V100-PCIE-16GB", "V100 PCIe", 16),
        ("Tesla P40", "P40", 24),
        ("NVIDIA TITAN RTX", "TITAN RTX", 24),
        ("4090", "RTX 4090", 24),
        ("rtx4090", "RTX 4090", 24),
        ("3080ti", "RTX 3080 Ti", 12),
        ("4070tis", "RTX 4070 Ti Super", 16),
        ("RTX 3060", "RTX 3060", 12),
        ("RTX 3060 8GB", "RTX 3060", 8),
        ("5060 Ti 8 GB", "RTX 5060 Ti", 8),
        ("4090 48GB", "RTX 4090", 48),
        ("H100", "H100 SXM", 80),
    ],
)
def test_that_a_card_answers_to_its_names(
    catalogue: Catalogue, said: str, name: str, gigabytes: int
) -> None:
    found = catalogue.find(said)
    assert found is not None
    assert (found.name, found.memory_bytes) == (name, gigabytes * GIBIBYTE)


@pytest.mark.parametrize("said", ["", "RTX", "RTX 9999", "Radeon RX 7900 XTX", "NVIDIA", "6000"])
def test_that_a_name_of_no_card_finds_none(catalogue: Catalogue, said: str) -> None:
    assert catalogue.find(said) is None


def test_that_the_driver_s_bytes_tell_memory_variants_apart(catalogue: Catalogue) -> None:
    found = catalogue.find("NVIDIA GeForce RTX 3080", memory_bytes=12288 << 20)
    assert found is not None
    assert found.bytes_per_second == pytest.approx(912e9)


def test_that_an_unknown_card_is_taken_to_be_slow_and_says_so(catalogue: Catalogue) -> None:
    guess = catalogue.estimate(
        "NVIDIA Mystery 9", memory_bytes=24 * GIBIBYTE, compute_capability=(8, 9)
    )
    assert not guess.known
    assert "not in the catalogue" in guess.source
    assert guess.memory_bytes == 24 * GIBIBYTE
    assert guess.bytes_per_second <= min(
        card.bytes_per_second
        for card in catalogue.cards
        if card.compute_capability == (8, 9) and card.memory_bytes == 24 * GIBIBYTE
    )


def test_that_even_a_card_of_no_known_generation_gets_an_estimate(catalogue: Catalogue) -> None:
    for capability in (None, (3, 5), (99, 0)):
        guess = catalogue.estimate("?", memory_bytes=1, compute_capability=capability)
        assert guess.bytes_per_second > 0


def test_that_every_row_is_plausible_and_has_a_source(catalogue: Catalogue) -> None:
    assert len(catalogue.cards) > 120
    for card in catalogue.cards:
        assert 4 <= card.memory_bytes / GIBIBYTE <= 192, card
        assert 160e9 <= card.bytes_per_second <= 8e12, card
        assert 9e12 <= card.tensor_flops <= 2.5e15, card
        assert 50 <= card.power_watts <= 1000, card
        assert card.pcie_generation in {3, 4, 5}, card
        assert card.pcie_width in {8, 16}, card
        assert (6, 0) <= card.compute_capability <= (12, 0), card
        assert card.source, card
        assert catalogue.find(card.name) is not None, card
        again = catalogue.find(f"NVIDIA {card.name}", memory_bytes=card.memory_bytes)
        assert again == card


def test_that_whole_families_are_there(catalogue: Catalogue) -> None:
    names = {card.name for card in catalogue.cards}
    for generation, tiers in {
        "20": "60 60-Super 70 70-Super 80 80-Super 80-Ti",
        "30": "50 60 60-Ti 70 70-Ti 80 80-Ti 90 90-Ti",
        "40": "60 60-Ti 70 70-Super 70-Ti 70-Ti-Super 80 80-Super 90 90-D",
        "50": "50 60 60-Ti 70 70-Ti 80 90",
    }.items():
        for tier in tiers.split():
            assert f"RTX {generation}{re.sub('-', ' ', tier)}" in names


@pytest.mark.parametrize(
    ("said", "gigabytes_a_second"),
    [
        ("128 GB DDR5-5600", 89.6),
        ("DDR4-3200", 51.2),
        ("8ch DDR5-4800", 307.2),
        ("12-channel DDR5-6400", 614.4),
        ("quad channel DDR4-2933", 93.9),
        ("64 GB DDR5", 76.8),
        ("LPDDR5X-8533", 136.5),
    ],
)
def test_that_memory_has_the_rate_of_its_kind(said: str, gigabytes_a_second: float) -> None:
    kind = memory_kind(said)
    assert kind is not None
    assert kind.bytes_per_second == pytest.approx(gigabytes_a_second * 1e9, rel=0.001)


def test_that_no_kind_of_memory_is_none() -> None:
    assert memory_kind("64 GB") is None
