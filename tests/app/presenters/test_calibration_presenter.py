"""The offer to measure this machine, over the fake engine."""

import pytest
from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge
from app.presenters.calibration import CalibrationPresenter
from app.settings import SettingsFile
from engine.config import Home
from engine.errors import CalibrationFailed
from engine.events import Event
from engine.host.facts import ModelMoved, Phase, StreamsMoved
from tests.support.engine import FakeEngine


@pytest.fixture
def calibration(bridge: EngineBridge, home: Home, engine: FakeEngine) -> CalibrationPresenter:
    """Of a machine that was never measured; the engine is not started yet."""
    engine.measuring.known = None
    return CalibrationPresenter(bridge, SettingsFile(home.ui_toml))


def started(bridge: EngineBridge, calibration: CalibrationPresenter, qtbot: QtBot) -> None:
    with qtbot.waitSignal(calibration.changed):
        bridge.start()


def tell(bridge: EngineBridge, engine: FakeEngine, event: Event) -> None:
    bridge.tell(lambda _: engine.tell(event))


def streams(count: int) -> StreamsMoved:
    return StreamsMoved(
        model="tiny", streams=count, decode_tps=9.0, context_used_tokens=1, context_tokens=9
    )


def test_that_a_machine_that_was_never_measured_is_offered_it(
    bridge: EngineBridge, calibration: CalibrationPresenter, qtbot: QtBot
) -> None:
    assert not calibration.offered  # nothing is known yet
    started(bridge, calibration, qtbot)
    assert calibration.offered
    assert calibration.measured_at is None
    calibration.measure()
    assert calibration.measuring
    assert not calibration.offered
    qtbot.waitUntil(lambda: not calibration.measuring)
    assert calibration.measured_at == "2026-01-31"
    assert not calibration.offered


def test_that_a_machine_that_was_measured_is_left_alone(
    bridge: EngineBridge, calibration: CalibrationPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.measuring.known = FakeEngine().measuring.known
    started(bridge, calibration, qtbot)
    assert not calibration.offered
    assert calibration.possible


def test_that_an_offer_sent_away_stays_away_and_measuring_stays_possible(
    bridge: EngineBridge, calibration: CalibrationPresenter, home: Home, qtbot: QtBot
) -> None:
    started(bridge, calibration, qtbot)
    calibration.decline()
    assert not calibration.offered
    assert calibration.possible
    assert SettingsFile(home.ui_toml).settings.calibration_declined


def test_that_measuring_tells_how_far_it_is_and_can_be_stopped(
    bridge: EngineBridge, calibration: CalibrationPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.measuring.holds = True
    failures: list[str] = []
    calibration.failed.connect(failures.append)
    started(bridge, calibration, qtbot)
    calibration.measure()
    calibration.measure()
    qtbot.waitUntil(lambda: calibration.fraction == 0.5)
    calibration.cancel()
    qtbot.waitUntil(lambda: not calibration.measuring)
    assert calibration.offered
    assert engine.measuring.times == 1
    assert not failures  # the person knows: they stopped it


def test_that_nothing_is_measured_while_an_answer_is_written(
    bridge: EngineBridge, calibration: CalibrationPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    started(bridge, calibration, qtbot)
    tell(bridge, engine, streams(1))
    qtbot.waitUntil(lambda: not calibration.possible)
    calibration.measure()
    assert not calibration.measuring
    tell(bridge, engine, streams(0))
    qtbot.waitUntil(lambda: calibration.possible)
    tell(bridge, engine, streams(2))
    qtbot.waitUntil(lambda: not calibration.possible)
    tell(bridge, engine, ModelMoved(model="tiny", phase=Phase.STOPPED))
    qtbot.waitUntil(lambda: calibration.possible)
    assert engine.measuring.times == 0


def test_that_a_measuring_that_fails_says_so_once(
    bridge: EngineBridge,
    calibration: CalibrationPresenter,
    engine: FakeEngine,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fail() -> None:
        raise CalibrationFailed("The calibration measured nothing.")

    monkeypatch.setattr(engine.measuring, "calibrate", fail)
    started(bridge, calibration, qtbot)
    failures: list[str] = []
    calibration.failed.connect(failures.append)
    calibration.measure()
    qtbot.waitUntil(lambda: bool(failures))
    assert "measured nothing" in failures[0]
    assert len(failures) == 1
    assert calibration.offered
