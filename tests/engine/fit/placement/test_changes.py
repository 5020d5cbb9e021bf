from dataclasses import replace

import pytest

from engine.config import LoadWish
from engine.fit.placement.changes import electricity_per_million, replacements, upgrade_cards
from engine.fit.placement.planner import plan
from engine.fit.rigs import parse_rig
from engine.hardware.catalogue import read_catalogue
from tests.engine.fit.placement.models import parts_named

CATALOGUE = read_catalogue()
GB = 1 << 30


def test_that_more_ram_is_advised_where_experts_come_from_disk() -> None:
    rig = parse_rig("RTX 4090, 64 GB DDR5-5600", CATALOGUE)
    chosen = plan(parts_named("deepseek-r1-671b"), rig, LoadWish(), model="r1")
    (ram,) = (change for change in chosen.changes if str(change.what).endswith("GB more RAM"))
    assert ram.decode_tps > 4 * chosen.pace.decode_tps.expected


def test_that_a_second_card_is_advised_where_one_is_too_small() -> None:
    rig = parse_rig("RTX 3090, 64 GB DDR4-3200", CATALOGUE)
    chosen = plan(parts_named("llama-70b"), rig, LoadWish(), model="70b")
    whats = [str(change.what) for change in chosen.changes]
    assert "one more RTX 3090" in whats


def test_that_other_programs_are_to_be_closed_where_they_stand_in_the_way() -> None:
    rig = parse_rig("RTX 4090, 64 GB DDR5-5600", CATALOGUE)
    busy = replace(rig, cards=(replace(rig.cards[0], used_bytes=12 * GB),))
    chosen = plan(parts_named("qwen3-32b"), busy, LoadWish(), model="32b")
    assert "close other programs (12.0 GB)" in [str(change.what) for change in chosen.changes]


def test_that_a_fast_plan_needs_no_change() -> None:
    rig = parse_rig("RTX 4090, 64 GB DDR5-5600", CATALOGUE)
    assert plan(parts_named("qwen2-7b"), rig, LoadWish(), model="7b").changes == ()


def test_that_larger_cards_may_take_the_place_of_a_small_one() -> None:
    rig = parse_rig("RTX 3060 12GB, 64 GB DDR4-3200", CATALOGUE)
    upgrades = upgrade_cards(CATALOGUE)
    changes = replacements(parts_named("llama-70b"), rig, LoadWish(), 8, upgrades)
    whats = [str(change.what) for change in changes]
    assert "RTX 4090 in place of RTX 3060" in whats
    assert "RTX PRO 6000 Blackwell in place of RTX 3060" in whats
    assert all(change.fits for change in changes)


def test_that_a_fast_plan_needs_no_larger_card() -> None:
    rig = parse_rig("RTX 3060 12GB, 64 GB DDR4-3200", CATALOGUE)
    upgrades = upgrade_cards(CATALOGUE)
    assert replacements(parts_named("qwen2-7b"), rig, LoadWish(), 8, upgrades) == ()


def test_that_what_stays_a_crawl_is_no_advice() -> None:
    rig = parse_rig("RTX 4090, 64 GB DDR5-5600", CATALOGUE)
    upgrades = upgrade_cards(CATALOGUE)
    changes = replacements(parts_named("deepseek-r1-671b"), rig, LoadWish(), 8, upgrades)
    assert all(change.decode_tps >= 0.5 for change in changes)


def test_that_electricity_is_priced_by_the_kilowatt_hour() -> None:
    assert electricity_per_million(3.6, 0.30) == pytest.approx(0.30)
