"""The GPU pack of this machine, over the fake engine."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge
from app.presenters.pack import PackPresenter
from engine.errors import DiskFull
from engine.pack.values import PackState
from tests.support.engine import FakeEngine
from tests.support.packs import OFFERED


@pytest.fixture
def pack(bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot) -> PackPresenter:
    engine.pack.now = OFFERED
    made = PackPresenter(bridge)
    with qtbot.waitSignal(made.changed):
        bridge.start()
    return made


def test_that_a_machine_without_a_card_has_nothing_to_show(
    bridge: EngineBridge, qtbot: QtBot
) -> None:
    made = PackPresenter(bridge)
    with qtbot.waitSignal(made.changed):
        bridge.start()
    assert not made.concerns
    assert not made.installable


def test_that_it_is_offered_and_installed_by_one_click(pack: PackPresenter, qtbot: QtBot) -> None:
    assert pack.offered
    assert not pack.removable
    pack.install()
    qtbot.waitUntil(lambda: pack.pack is not None and pack.pack.state is PackState.READY)
    assert pack.removable
    assert not pack.installable
    pack.remove()
    qtbot.waitUntil(lambda: pack.offered)


def test_that_it_can_be_stopped_on_its_way_and_keeps_what_has_arrived(
    pack: PackPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    told: list[str] = []
    pack.failed.connect(told.append)
    engine.pack.holds = True
    pack.install()
    qtbot.waitUntil(lambda: pack.busy)
    assert pack.fraction == 0.5
    pack.cancel()
    qtbot.waitUntil(lambda: pack.offered)
    assert pack.removable  # half of it lies there
    assert not told


def test_that_a_failure_is_told_with_its_remedy(
    pack: PackPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.pack.failure = DiskFull("The disk is full; what has arrived is kept.")
    told: list[str] = []
    pack.failed.connect(told.append)
    pack.install()
    qtbot.waitUntil(lambda: bool(told))
    assert "disk is full" in told[0]
    qtbot.waitUntil(lambda: "disk is full" in pack.failure)
    assert pack.installable


def test_that_the_bar_of_unpacking_goes_by_what_is_unpacked(
    pack: PackPresenter, bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    quarter = OFFERED.unpacked_bytes // 4
    unpacking = replace(OFFERED, state=PackState.UNPACKING, done_bytes=quarter)
    bridge.tell(lambda _: engine.pack.move(unpacking))
    qtbot.waitUntil(lambda: pack.busy)
    assert pack.fraction == 0.25
