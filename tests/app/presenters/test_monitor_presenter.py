"""The monitor's presenter: a window over a day, standing still, and what energy costs."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge
from app.presenters.monitor import series
from app.presenters.monitor.presenter import MonitorPresenter
from app.settings import SettingsFile
from engine.events import MachineRead, RatesRead, UsageRead
from tests.support.engine import FakeEngine
from tests.support.monitoring import minutes, rates, reading, usage


class Wall:
    """A clock on the wall, which anybody may set."""

    def __init__(self) -> None:
        self.now = 1_780_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def monitor(bridge: EngineBridge, settings: SettingsFile, wall: Wall) -> MonitorPresenter:
    return MonitorPresenter(bridge, settings, wall=wall)


def test_that_readings_usage_and_rates_arrive_from_the_engine(
    qtbot: QtBot, engine: FakeEngine, bridge: EngineBridge, monitor: MonitorPresenter
) -> None:
    with qtbot.waitSignal(bridge.ready):
        bridge.start()
    for event in minutes(2, ticks=40):
        bridge.tell(lambda _, event=event: engine.tell(event))
    qtbot.waitUntil(lambda: len(monitor.moment.usage) == 2)
    assert [card.name for card in monitor.cards] == [
        "NVIDIA GeForce RTX 4090",
        "NVIDIA GeForce RTX 3090",
    ]
    assert monitor.cards[0].usage == usage(0)
    key = series.of_card(1, series.HEAT)
    strip = monitor.strip([key, series.DECODE], 60.0, monitor.moment.at, 120)
    assert np.nanmax(strip.high[0]) > 55
    assert np.nanmax(strip.high[1]) > 70


def test_that_pausing_freezes_the_view_and_goes_on_recording(
    bridge: EngineBridge, monitor: MonitorPresenter
) -> None:
    for tick in range(10):
        bridge.happened.emit(MachineRead(reading=reading(tick, 1)))
    monitor.pause(wanted=True)
    frozen = monitor.moment
    for tick in range(10, 30):
        bridge.happened.emit(MachineRead(reading=reading(tick, 1)))
    assert monitor.moment is frozen
    assert monitor.live.at > frozen.at
    monitor.pause(wanted=False)
    assert monitor.moment.at == pytest.approx(frozen.at + 10)
    strip = monitor.strip([series.CPU], 60.0, monitor.moment.at, 120)
    assert np.count_nonzero(~np.isnan(strip.low)) == 30


def test_that_energy_is_told_as_tokens_and_money_at_the_price_that_is_set(
    bridge: EngineBridge, monitor: MonitorPresenter, settings: SettingsFile
) -> None:
    assert monitor.cost_per_million is None
    bridge.happened.emit(RatesRead(rates=replace(rates(0), joules_per_token=3.6)))
    settings.change(settings.settings.model_copy(update={"price_per_kwh": 0.5}))
    assert monitor.tokens_per_joule == pytest.approx(1 / 3.6)
    assert monitor.cost_per_million == pytest.approx(0.5)  # 3.6 J are a millionth of a kWh
    bridge.happened.emit(RatesRead(rates=replace(rates(0), joules_per_token=0.0)))
    assert monitor.cost_per_million is None


def test_that_a_card_that_disappears_stays_without_a_reading(
    bridge: EngineBridge, monitor: MonitorPresenter
) -> None:
    bridge.happened.emit(MachineRead(reading=reading(0, 2)))
    bridge.happened.emit(UsageRead(cards=(usage(0), usage(1))))
    bridge.happened.emit(MachineRead(reading=reading(1, 1)))
    bridge.happened.emit(UsageRead(cards=(usage(0),)))
    gone = monitor.cards[1]
    assert gone.reading is None
    assert gone.usage is None


def test_that_the_table_has_what_the_window_shows_and_sleep_is_no_row(
    qtbot: QtBot, bridge: EngineBridge, monitor: MonitorPresenter, wall: Wall, tmp_path: Path
) -> None:
    bridge.start()
    for tick in range(20):
        bridge.happened.emit(MachineRead(reading=reading(tick, 1)))
        wall.now += 0.5 if tick != 9 else 30.0  # it slept
    file = tmp_path / "measured.csv"
    with qtbot.waitSignal(monitor.exported):
        monitor.export(file)
    rows = list(csv.DictReader(file.read_text("utf-8").splitlines()))
    assert len(rows) == 20
    assert "gpu0_temperature_celsius" in rows[0]
    assert float(rows[-1]["gpu0_power_watts"]) > 200


def test_that_a_table_that_cannot_be_written_is_said(
    qtbot: QtBot, bridge: EngineBridge, monitor: MonitorPresenter, tmp_path: Path
) -> None:
    bridge.start()
    said: list[str] = []
    monitor.failed.connect(said.append)
    monitor.export(tmp_path / "nowhere" / "measured.csv")
    qtbot.waitUntil(lambda: bool(said))
    assert "could not be written" in said[0]
