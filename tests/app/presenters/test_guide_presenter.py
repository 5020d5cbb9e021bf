"""The first run's guide: when it comes, its steps, its three models, and the way to the chat."""

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge
from app.presenters.guide.presenter import GuidePresenter, Step
from app.presenters.guide.starting import Start
from app.settings import SettingsFile, UiSettings
from engine.config import Home
from engine.download.values import DownloadPhase, Role
from engine.errors import HubUnreachable, RepositoryNotFound
from engine.events import PackMoved
from engine.host.facts import Phase
from engine.pack.values import Pack, PackState
from tests.support.discovery import STARTER, quantization
from tests.support.engine import FakeEngine
from tests.support.plans import PlannedMachine
from tests.support.things import shelf_model

STARTER_MODEL = f"{STARTER.id}:Q4_0"


@pytest.fixture
def settings(home: Home) -> SettingsFile:
    return SettingsFile(home.ui_toml)


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(models=())


@pytest.fixture
def guide(bridge: EngineBridge, settings: SettingsFile, home: Home) -> GuidePresenter:
    return GuidePresenter(bridge, settings, home.models, room=lambda _: 10**15)


@pytest.fixture
def asked(guide: GuidePresenter) -> list[str]:
    """The models that were to be loaded."""
    models: list[str] = []
    guide.chosen.connect(models.append)
    return models


def test_that_it_comes_where_there_is_no_model(
    guide: GuidePresenter, settings: SettingsFile
) -> None:
    guide.know(())
    assert guide.open
    assert guide.step is Step.MACHINE
    guide.leave()
    assert not guide.open
    assert settings.settings.guide_done


def test_that_it_does_not_come_where_there_is_one_or_it_was_seen(
    guide: GuidePresenter, settings: SettingsFile, bridge: EngineBridge, home: Home
) -> None:
    guide.know((shelf_model("tiny"),))
    assert not guide.open
    guide.know(())  # the last one was deleted: no first run
    assert not guide.open
    settings.change(UiSettings(guide_done=True))
    other = GuidePresenter(bridge, settings, home.models)
    other.expect()
    other.know(())
    assert not other.open
    other.begin()  # asked for
    assert other.open


def test_that_it_is_expected_at_once_and_gives_way_to_a_shelf(
    guide: GuidePresenter, settings: SettingsFile
) -> None:
    guide.expect()
    assert guide.open
    guide.know((shelf_model("found elsewhere"),))
    assert not guide.open
    assert not settings.settings.guide_done


def test_that_a_file_in_the_folder_or_an_earlier_run_speaks_against_it(
    guide: GuidePresenter, settings: SettingsFile, home: Home, bridge: EngineBridge
) -> None:
    (home.models / "m.gguf").write_bytes(b"")
    guide.expect()
    assert not guide.open
    (home.models / "m.gguf").unlink()
    settings.change(UiSettings(last_model="m"))
    other = GuidePresenter(bridge, settings, home.models)
    other.expect()
    assert not other.open


def test_that_it_tells_the_machine_and_what_hinders(
    guide: GuidePresenter, bridge: EngineBridge, qtbot: QtBot
) -> None:
    bridge.start()
    guide.begin()
    qtbot.waitUntil(lambda: guide.examined and guide.machine is not None)
    assert guide.machine is not None
    assert [gpu.name for gpu in guide.machine.gpus] == ["Test card"]
    assert guide.free_bytes
    # Lanes of PCIe are not a beginner's trouble.
    assert [check.name for check in guide.problems] == ["folders"]


def test_that_cards_that_a_pack_brings_are_told_once_it_is_ready(
    guide: GuidePresenter, bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    there = engine.rig.gpus
    engine.rig = replace(engine.rig, cards=())
    bridge.start()
    guide.begin()
    qtbot.waitUntil(lambda: guide.machine is not None)
    assert guide.machine is not None
    assert not guide.machine.gpus
    engine.rig = PlannedMachine()
    bridge.tell(lambda _: engine.tell(PackMoved(pack=Pack(state=PackState.READY))))
    qtbot.waitUntil(lambda: guide.machine is not None and guide.machine.gpus == there)


def test_that_steps_go_there_and_back(guide: GuidePresenter, bridge: EngineBridge) -> None:
    bridge.start()
    guide.begin()
    guide.back()
    assert guide.step is Step.MACHINE
    guide.forward()
    guide.forward()
    assert guide.step is Step.MODELS
    guide.back()
    assert guide.step is Step.PLACES
    guide.turn(Step.MACHINE)
    assert guide.step is Step.MACHINE


def test_that_three_are_advised_and_planned(
    guide: GuidePresenter, bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    bridge.start()
    guide.advising.look()
    qtbot.waitUntil(lambda: guide.advising.known and not guide.advising.planning)
    best, big = guide.advising.rows  # the tests' Hub knows two
    assert best.advised.role is Role.BEST
    assert best.offer is not None
    assert best.offer.plan is not None
    assert best.name.startswith("someone/tiny-GGUF:")
    assert all(len(wanted) for wanted, _, _ in engine.discovery.ranked)
    assert big.failure or big.offer is not None
    asked_before = len(engine.discovery.ranked)
    guide.advising.look()  # once is enough
    assert len(engine.discovery.ranked) == asked_before


def test_that_without_the_hub_estimates_stand(
    guide: GuidePresenter, bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.discovery.failure = HubUnreachable("Nobody answers.")
    bridge.start()
    guide.advising.look()
    advising = guide.advising
    qtbot.waitUntil(lambda: advising.offline and not advising.planning)
    assert advising.rows
    assert all(row.offer is None and not row.failure for row in advising.rows)
    engine.discovery.failure = None
    advising.look_again()
    qtbot.waitUntil(lambda: advising.rows[0].offer is not None)
    assert not advising.offline


def test_that_a_repository_that_is_gone_spoils_its_own_row_alone(
    guide: GuidePresenter, bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    del engine.discovery.pages["someone/huge-GGUF"]
    bridge.start()
    guide.advising.look()
    qtbot.waitUntil(lambda: guide.advising.known and not guide.advising.planning)
    sound, gone = guide.advising.rows
    assert sound.offer is not None
    assert "no repository" in gone.failure
    assert not guide.advising.offline


def test_that_a_tiny_disk_is_advised_nothing(
    bridge: EngineBridge, settings: SettingsFile, home: Home, qtbot: QtBot
) -> None:
    guide = GuidePresenter(bridge, settings, home.models, room=lambda _: 2 * 10**9)
    bridge.start()
    guide.advising.look()
    qtbot.waitUntil(lambda: guide.advising.known)
    assert guide.advising.rows == ()


def test_that_the_starter_is_brought_and_loaded_and_then_the_chat_comes(
    guide: GuidePresenter,
    bridge: EngineBridge,
    engine: FakeEngine,
    asked: list[str],
    qtbot: QtBot,
) -> None:
    over: list[bool] = []
    guide.over.connect(lambda: over.append(True))
    bridge.start()
    guide.know(())
    guide.turn(Step.MODELS)
    guide.forward()
    qtbot.waitUntil(lambda: guide.starting.stage is Start.BRINGING)
    qtbot.waitUntil(lambda: engine.downloads.at_once == 3)  # it waits for no other
    bridge.tell(lambda _: engine.downloads.advance(STARTER_MODEL, STARTER.size_bytes // 2))
    qtbot.waitUntil(lambda: guide.starting.fraction == 0.5)
    assert guide.open
    guide.forward()  # once is enough
    bridge.tell(lambda _: engine.arrive(STARTER_MODEL))
    qtbot.waitUntil(lambda: engine.downloads.at_once == 2)
    guide.know((shelf_model(STARTER_MODEL),))
    assert asked == [STARTER_MODEL]
    guide.follow(STARTER_MODEL, Phase.LOADING)
    assert guide.open
    guide.follow(STARTER_MODEL, Phase.READY)
    assert over
    assert not guide.open


def test_that_what_is_on_the_shelf_is_talked_to_the_smallest_first(
    guide: GuidePresenter, asked: list[str]
) -> None:
    big = replace(shelf_model("big"), size_bytes=10**10)
    guide.begin()
    guide.know((big, shelf_model("small")))
    guide.turn(Step.MODELS)
    guide.forward()
    assert asked == ["small"]
    guide.fail_to_load("It does not fit.")
    assert guide.starting.failure == "It does not fit."
    assert guide.starting.stage is Start.NONE
    guide.forward()
    assert asked == ["small", "small"]


def test_that_who_is_quicker_than_the_shelf_waits_for_it(
    guide: GuidePresenter, asked: list[str]
) -> None:
    guide.begin()
    guide.turn(Step.MODELS)
    guide.forward()
    assert guide.starting.stage is Start.WAITING
    guide.know((shelf_model("tiny"),))
    assert asked == ["tiny"]


def test_that_a_loaded_model_needs_no_loading(guide: GuidePresenter, asked: list[str]) -> None:
    guide.know((shelf_model("tiny"),))
    guide.follow("tiny", Phase.READY)
    guide.begin()
    guide.turn(Step.MODELS)
    guide.forward()
    assert not guide.open
    assert not asked


@pytest.mark.parametrize("gone", [True, False])
def test_that_a_starter_that_does_not_come_is_told(
    guide: GuidePresenter,
    bridge: EngineBridge,
    engine: FakeEngine,
    qtbot: QtBot,
    *,
    gone: bool,
) -> None:
    if gone:
        engine.discovery.failure = RepositoryNotFound("It is gone.")
    bridge.start()
    guide.know(())
    guide.starting.start()
    if not gone:
        qtbot.waitUntil(lambda: guide.starting.stage is Start.BRINGING)
        bridge.tell(lambda _: engine.downloads.lose_network(STARTER_MODEL))
    qtbot.waitUntil(lambda: bool(guide.starting.failure))
    assert guide.starting.stage is Start.NONE
    engine.discovery.failure = None
    guide.starting.start()  # and it can be tried again, where it broke off
    qtbot.waitUntil(lambda: guide.starting.stage is Start.BRINGING)


def test_that_a_model_that_was_wanted_is_offered_when_it_arrives(
    guide: GuidePresenter,
    bridge: EngineBridge,
    engine: FakeEngine,
    asked: list[str],
    qtbot: QtBot,
) -> None:
    bridge.start()
    guide.advising.look()
    qtbot.waitUntil(lambda: bool(guide.advising.rows) and not guide.advising.planning)
    row = guide.advising.rows[0]
    guide.advising.fetch(row)
    qtbot.waitUntil(lambda: _phase(guide) is DownloadPhase.RUNNING)
    guide.follow(STARTER_MODEL, Phase.READY)
    bridge.tell(lambda _: engine.arrive(row.name))
    qtbot.waitUntil(lambda: _phase(guide) is DownloadPhase.DONE)
    assert guide.arrived is None  # not on the shelf yet
    guide.know((shelf_model(row.name),))
    assert guide.arrived == row.name
    guide.switch()
    assert asked == [row.name]
    assert guide.arrived is None


def test_that_no_download_begins_for_what_is_here(
    guide: GuidePresenter, bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    bridge.start()
    guide.advising.look()
    qtbot.waitUntil(lambda: bool(guide.advising.rows) and not guide.advising.planning)
    guide.know((shelf_model(guide.advising.rows[0].name),))
    guide.advising.fetch(guide.advising.rows[0])
    assert not guide.advising.wanted


def test_that_only_headers_near_the_usual_size_are_read(
    guide: GuidePresenter, bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    many = tuple(quantization(f"Q{number}", number * 10**9) for number in range(1, 30))
    known = engine.discovery.pages["someone/tiny-GGUF"]
    engine.discovery.pages["someone/tiny-GGUF"] = replace(known, quantizations=many)
    bridge.start()
    guide.advising.look()
    qtbot.waitUntil(lambda: bool(guide.advising.rows) and not guide.advising.planning)
    assert guide.advising.rows[0].offer is not None


def _phase(guide: GuidePresenter) -> DownloadPhase | None:
    offer = guide.advising.rows[0].offer
    return None if offer is None or offer.download is None else offer.download.phase


def test_that_a_silent_engine_lets_the_window_speak(
    engine: FakeEngine, guide: GuidePresenter, bridge: EngineBridge, qtbot: QtBot, tmp_path: Path
) -> None:
    engine.start_failure = RepositoryNotFound(f"{tmp_path} cannot be read.")
    guide.expect()
    assert guide.open
    bridge.start()
    qtbot.waitUntil(lambda: not guide.open)


def test_that_another_folder_has_its_own_room_and_models_are_chosen_for_it(
    bridge: EngineBridge, settings: SettingsFile, home: Home, qtbot: QtBot
) -> None:
    small = home.root / "small disk"
    guide = GuidePresenter(
        bridge, settings, home.models, room=lambda folder: 10**9 if folder == small else 10**15
    )
    bridge.start()
    guide.begin()
    qtbot.waitUntil(lambda: guide.free_bytes == 10**15)
    guide.turn(Step.MODELS)
    qtbot.waitUntil(lambda: bool(guide.advising.rows) and not guide.advising.planning)
    guide.look_in(small)
    assert guide.folder == small
    qtbot.waitUntil(lambda: guide.free_bytes == 10**9)
    qtbot.waitUntil(lambda: not guide.advising.planning and not guide.advising.rows)
