"""Consent, the check, the notice that waits for an answer, and news once after an upgrade."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge
from app.presenters.updates import UpdatesPresenter
from app.settings import SettingsFile, UiSettings
from app.text.changelog import news_of
from engine.config import EngineConfig, Home
from engine.errors import UpdateFailed
from tests.support.engine import FakeEngine
from tests.support.updates import NEXT, own

CHANGELOG = """# Changelog

## [Unreleased]
- soon

## [0.2.0] - 2026-12-01
### Added
- two

## [0.1.0] - 2026-11-22
- one
"""


@pytest.fixture
def updates(bridge: EngineBridge, home: Home) -> UpdatesPresenter:
    return UpdatesPresenter(bridge, SettingsFile(home.ui_toml), own(home))


def agreed(engine: FakeEngine, bridge: EngineBridge, updates: UpdatesPresenter, q: QtBot) -> None:
    engine.config = EngineConfig(updates=True)
    bridge.start()
    q.waitUntil(lambda: updates.release is not None)


def test_that_nothing_is_asked_before_the_person_agreed(
    qtbot: QtBot, bridge: EngineBridge, engine: FakeEngine, updates: UpdatesPresenter
) -> None:
    with qtbot.waitSignal(updates.changed):
        bridge.start()
    updates.check()
    assert updates.agreed is None
    assert engine.updates.checks == []
    updates.agree(on=True)
    qtbot.waitUntil(lambda: updates.release == NEXT)
    assert engine.config.updates is True
    updates.agree(on=False)
    assert updates.release is None
    qtbot.waitUntil(lambda: engine.config.updates is False)


def test_that_the_notice_waits_until_the_chat_was_answered(
    qtbot: QtBot, bridge: EngineBridge, engine: FakeEngine, updates: UpdatesPresenter
) -> None:
    updates.hold(True)
    agreed(engine, bridge, updates, qtbot)
    assert updates.offered is None
    updates.hold(False)
    assert updates.offered == NEXT
    updates.dismiss()
    assert updates.offered is None
    assert updates.release == NEXT  # About still tells of it


def test_that_a_failure_of_the_daily_look_is_silent_and_of_a_click_is_said(
    qtbot: QtBot, bridge: EngineBridge, engine: FakeEngine, updates: UpdatesPresenter
) -> None:
    said: list[str] = []
    updates.failed.connect(said.append)
    engine.config = EngineConfig(updates=True)
    engine.updates.failure = UpdateFailed("nobody could be reached.")
    bridge.start()
    qtbot.waitUntil(lambda: engine.updates.checks == [False])
    with qtbot.waitSignal(updates.failed):
        updates.check()
    assert len(said) == 1
    assert said[0].startswith("nobody could be reached.")
    assert not updates.checking
    engine.updates.failure, engine.updates.release = None, None
    updates.check()
    qtbot.waitUntil(lambda: updates.said == "This is the newest version.")


def test_that_its_file_is_fetched_on_request_alone(
    qtbot: QtBot, bridge: EngineBridge, engine: FakeEngine, home: Home, updates: UpdatesPresenter
) -> None:
    agreed(engine, bridge, updates, qtbot)
    assert engine.updates.brought == []
    engine.updates.holds = True
    updates.bring()
    qtbot.waitUntil(lambda: updates.fraction == 0.5)
    updates.cancel()
    assert not updates.bringing
    engine.updates.holds = False
    updates.bring()
    qtbot.waitUntil(lambda: updates.brought is not None)
    assert updates.brought == home.root / "Downloads" / "fullbore_9.1.0_amd64.deb"
    engine.updates.failure = UpdateFailed("Less came.")
    with qtbot.waitSignal(updates.failed):
        updates.bring()
    assert not updates.bringing


@pytest.mark.parametrize(
    ("before", "greeted"),
    [
        (None, False),  # a first start
        (UiSettings(), True),  # of a version that did not remember
        (UiSettings(seen_version="0.0.9"), True),
        (UiSettings(seen_version="0.1.0"), False),
    ],
)
def test_that_news_are_offered_once_after_an_upgrade(
    qtbot: QtBot, bridge: EngineBridge, home: Home, before: UiSettings | None, greeted: bool
) -> None:
    if before is not None:
        SettingsFile(home.ui_toml).change(before)
    updates = UpdatesPresenter(bridge, SettingsFile(home.ui_toml), own(home))
    bridge.start()
    qtbot.waitUntil(lambda: SettingsFile(home.ui_toml).settings.seen_version == "0.1.0")
    assert updates.updated is greeted
    updates.hold(True)
    assert not updates.updated
    updates.hold(False)
    updates.dismiss()
    assert not updates.updated


@pytest.mark.parametrize(
    ("version", "news"),
    [("0.2.0", "### Added\n- two"), ("0.1.0", "- one"), ("0.3.0.dev1", "- soon")],
)
def test_that_news_are_those_of_the_version(version: str, news: str) -> None:
    assert news_of(CHANGELOG, version) == news
    assert news_of("", version) == ""


def test_that_parts_and_news_come_with_the_program(
    updates: UpdatesPresenter, home: Home, tmp_path: Path
) -> None:
    assert "first Fullbore" in updates.news
    assert any(part.name == "Qt" for part in updates.parts())
    assert updates.home == home.root
