"""Alerts: raised in time, once, never flapping, whatever clocks and readings do."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config import AlertSettings, LoadWish
from engine.hardware.machine import Cpu, GpuReading, Machine, Reading, Throttle
from engine.host.outcome import Outcome
from engine.monitor.alerts import Alerts, rule_of
from engine.monitor.signs import Facts
from engine.monitor.values import Alert, AlertKind, Rates
from tests.support.plans import PlannedMachine, plan_by_arithmetic
from tests.support.things import GIB, reading, shelf_model

MB = 1_000_000
STEP = 0.5
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


class Watched:
    """Alerts on a clock of their own, half a second a reading."""

    def __init__(self, settings: AlertSettings | None = None) -> None:
        self.settings = settings or AlertSettings()
        self.at = 1000.0
        self.wall = BEGIN
        self.told: list[Alert] = []
        self.alerts = Alerts(lambda: self.settings, lambda: self.wall)

    def see(self, facts: Facts, seconds: float = STEP) -> None:
        """These facts hold for so long."""
        for _ in range(max(1, round(seconds / STEP))):
            at = replace(facts.reading, at_seconds=self.at)
            self.told += self.alerts.look(replace(facts, reading=at))
            self.at += STEP
            self.wall += timedelta(seconds=STEP)

    @property
    def kinds(self) -> list[AlertKind]:
        return [alert.kind for alert in self.alerts.raised]


def with_card(**changes: Any) -> Facts:
    card: GpuReading = replace(reading(0).gpus[0], **changes)
    return Facts(reading=replace(reading(0), gpus=(card,)))


def with_computer(**changes: Any) -> Reading:
    return replace(reading(0), **changes)


def outcome(*, on_card: bool = True, decode_tps: float | None = None) -> Outcome:
    wish = LoadWish() if on_card else LoadWish(devices=())
    plan = plan_by_arithmetic(shelf_model("tiny"), wish, PlannedMachine(), exact=True)
    if not on_card:
        layout = replace(plan.layout, cards=(), layer_counts=(), shares=())
        plan = replace(plan, layout=layout, footprint=replace(plan.footprint, cards=()))
    return Outcome(plan=plan, cards=(), decode_tps=decode_tps)


def machine() -> Machine:
    return Machine(
        gpus=PlannedMachine().gpus,
        cpu=Cpu(name="Test", physical_cores=4, logical_cores=8),
        memory_bytes=64 * GIB,
        disks=(),
        driver=None,
        cuda=None,
        system="Test",
    )


CALM = Facts(reading=reading(0), machine=machine())
HOT = with_card(temperature_celsius=84.0)

# What raises a kind, told until it should be raised.
WRONG: dict[AlertKind, list[Facts]] = {
    AlertKind.MEMORY_HIGH: [with_card(memory_used_bytes=21 * GIB)],
    AlertKind.MEMORY_SHORT: [with_card(memory_used_bytes=24 * GIB - 400 * MB)],
    AlertKind.HOT: [HOT],
    AlertKind.THROTTLED: [with_card(throttles=frozenset({Throttle.HEAT}))],
    AlertKind.POWER_LIMITED: [
        replace(
            with_card(throttles=frozenset({Throttle.POWER})),
            outcome=outcome(),
            rates=Rates(streams=1, decode_tps=1.0),
        )
    ],
    AlertKind.LINK_NARROW: [
        replace(with_card(pcie_width=4, pcie_generation=4, utilization=0.9), machine=machine())
    ],
    AlertKind.SPILLED: [with_card(spilled_bytes=0), with_card(spilled_bytes=300 * MB)],
    AlertKind.SWAPPING: [
        Facts(reading=with_computer(swap_used_bytes=0), loaded=True),
        Facts(reading=with_computer(swap_used_bytes=300 * MB), loaded=True),
    ],
    AlertKind.ON_PROCESSOR: [
        Facts(reading=reading(0), loaded=True, outcome=outcome(on_card=False))
    ],
}


@pytest.mark.parametrize("kind", list(WRONG))
def test_that_each_kind_is_raised_after_its_time_told_once_and_ended_once(kind: AlertKind) -> None:
    watched = Watched()
    seconds = rule_of(watched.settings, kind).seconds
    *before, wrong = WRONG[kind]
    for facts in before:
        watched.see(facts)
    watched.see(wrong, seconds)
    if seconds:
        assert kind not in watched.kinds
    watched.see(wrong, 3)
    assert kind in watched.kinds
    raised = [alert for alert in watched.told if alert.kind is kind]
    assert len(raised) == 1
    assert str(raised[0].sentence).endswith(".")
    assert str(raised[0].remedy).endswith(".")
    calm = replace(CALM, reading=replace(wrong.reading, swap_used_bytes=0, gpus=reading(0).gpus))
    watched.see(calm, 320 + seconds)
    assert watched.kinds == []
    told = [alert for alert in watched.told if alert.kind is kind]
    assert [alert.ended_at is None for alert in told] == [True, False]
    assert told[1].began_at == told[0].began_at


def test_that_three_slow_answers_in_a_row_are_told_and_a_good_one_ends_it() -> None:
    watched = Watched()
    slow = outcome()
    expected = slow.plan.pace.decode_tps.expected
    for answer, share in enumerate((0.4, 0.41, 0.42)):
        assert AlertKind.SLOW not in watched.kinds, answer
        told = replace(slow, decode_tps=share * expected)
        watched.see(Facts(reading=reading(0), outcome=told, loaded=True), 20)
    assert watched.kinds == [AlertKind.SLOW]
    good = replace(slow, decode_tps=0.95 * expected)
    watched.see(Facts(reading=reading(0), outcome=good, loaded=True), 6)
    assert watched.kinds == []


def test_that_failed_answers_are_told_while_they_are_more_than_a_few_of_five_minutes() -> None:
    watched = Watched()
    watched.see(CALM)
    for failed in [False] * 40 + [True, True]:
        watched.alerts.answered(failed=failed)
    watched.see(CALM, 2)
    assert watched.kinds == []
    watched.alerts.answered(failed=True)
    watched.see(CALM)
    assert watched.kinds == [AlertKind.FAILING]
    assert str(watched.told[0].sentence) == "3 of the last 43 answers failed."
    watched.see(CALM, 310)
    assert watched.kinds == []


def test_that_one_slow_answer_seen_for_an_hour_is_one_answer() -> None:
    watched = Watched()
    slow = outcome()
    told = replace(slow, decode_tps=0.1 * slow.plan.pace.decode_tps.expected)
    watched.see(Facts(reading=reading(0), outcome=told, loaded=True), 600)
    assert watched.kinds == []


def test_that_a_card_filled_as_planned_is_in_no_trouble_and_beyond_the_plan_it_is() -> None:
    watched = Watched()
    loaded = outcome()
    (card,) = loaded.plan.footprint.cards
    full = card.used + card.total
    total = round(full / 0.99)  # by plan, nearly nothing is left
    facts = with_card(memory_total_bytes=total, memory_used_bytes=full)
    watched.see(replace(facts, outcome=loaded, loaded=True), 60)
    assert watched.kinds == []
    watched.see(facts, 60)
    assert AlertKind.MEMORY_HIGH in watched.kinds
    watched = Watched()
    roomy = with_card(memory_total_bytes=full + 2 * GIB, memory_used_bytes=full + GIB)
    high = AlertSettings.model_validate({"memory_high": {"threshold": 50}})
    watched.settings = high
    watched.see(replace(roomy, outcome=loaded, loaded=True), 60)
    assert watched.kinds == [AlertKind.MEMORY_HIGH]


def test_that_an_idle_card_s_narrow_link_is_no_trouble() -> None:
    watched = Watched()
    idle = with_card(pcie_width=1, pcie_generation=1, utilization=0.02)
    watched.see(replace(idle, machine=machine()), 60)
    assert watched.kinds == []


def test_that_the_driver_s_own_limit_counts_where_it_is_known() -> None:
    watched = Watched()
    watched.see(with_card(temperature_celsius=84.0, slowdown_celsius=98.0), 60)
    assert watched.kinds == []
    watched.see(with_card(temperature_celsius=93.0, slowdown_celsius=98.0), 15)
    assert watched.kinds == [AlertKind.HOT]


def test_that_swapping_without_a_model_is_none_of_our_business() -> None:
    watched = Watched()
    for used in range(10):
        watched.see(Facts(reading=with_computer(swap_used_bytes=used * 100 * MB)), 5)
    assert watched.kinds == []


def test_that_a_kind_turned_off_ends_at_once_and_stays_quiet() -> None:
    watched = Watched()
    watched.see(HOT, 20)
    assert watched.kinds == [AlertKind.HOT]
    watched.settings = AlertSettings.model_validate({"hot": {"on": False}})
    watched.see(HOT, 60)
    assert watched.kinds == []
    assert [alert.ended_at is None for alert in watched.told] == [True, False]


def test_that_two_cards_have_alerts_of_their_own_and_one_that_vanishes_ends_its() -> None:
    watched = Watched()
    cards = tuple(replace(HOT.reading.gpus[0], index=number) for number in range(2))
    watched.see(replace(HOT, reading=replace(HOT.reading, gpus=cards)), 20)
    assert {alert.card for alert in watched.alerts.raised} == {0, 1}
    watched.see(replace(HOT, reading=replace(HOT.reading, gpus=cards[:1])), 2)
    assert {alert.card for alert in watched.alerts.raised} == {0, 1}
    watched.see(replace(HOT, reading=replace(HOT.reading, gpus=cards[:1])), 15)
    assert [alert.card for alert in watched.alerts.raised] == [0]


def test_that_what_is_not_reported_gives_no_sign() -> None:
    watched = Watched()
    nothing = with_card(
        memory_total_bytes=None, memory_used_bytes=None, utilization=None, temperature_celsius=None
    )
    watched.see(nothing, 120)
    assert watched.told == []


def test_that_a_suspended_machine_s_night_does_not_count_as_seen() -> None:
    watched = Watched()
    watched.see(HOT, 5)
    watched.at += 8 * 3600
    watched.see(HOT, 5)
    assert watched.told == []
    watched.see(HOT, 10)
    assert watched.kinds == [AlertKind.HOT]


def test_that_a_wall_clock_put_back_ends_no_alert_before_it_began() -> None:
    watched = Watched()
    watched.see(HOT, 20)
    watched.wall -= timedelta(days=1)
    watched.see(CALM, 20)
    began, ended = watched.told
    assert ended.ended_at == began.began_at


NUMBERS = st.floats(min_value=-50, max_value=150, allow_nan=False)
STEPS = st.floats(min_value=-100, max_value=100, allow_nan=False)


@given(st.lists(st.tuples(NUMBERS, STEPS), max_size=80))
def test_that_beginnings_and_ends_alternate_under_any_heat_and_any_clock(
    course: list[tuple[float, float]],
) -> None:
    watched = Watched()
    for celsius, step in course:
        watched.at += step
        watched.see(with_card(temperature_celsius=celsius))
    told = [alert.ended_at is None for alert in watched.told]
    assert told == [place % 2 == 0 for place in range(len(told))]
    assert bool(watched.kinds) == (len(told) % 2 == 1)


@given(st.lists(st.floats(min_value=-1.4, max_value=1.4), min_size=1, max_size=200))
def test_that_noise_about_the_threshold_never_flaps(noise: Iterable[float]) -> None:
    watched = Watched()
    for tremble in noise:
        watched.see(with_card(temperature_celsius=83.0 + tremble))
    assert len(watched.told) <= 1


@given(st.lists(st.booleans(), max_size=150))
def test_that_nothing_is_raised_or_ended_before_its_time(course: list[bool]) -> None:
    watched = Watched()
    same, last = 0, None
    for wrong in course:
        same = same + 1 if wrong is last else 0
        last = wrong
        before = len(watched.told)
        watched.see(HOT if wrong else CALM)
        if len(watched.told) > before:
            assert same * STEP >= rule_of(watched.settings, AlertKind.HOT).seconds
            assert (watched.told[-1].ended_at is None) is wrong
