"""The first run's guide as it is seen: its pages, its keys, and what it leads to."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel
from pytestqt.qtbot import QtBot

from app.presenters.guide.presenter import Step
from app.views.guide.guide_screen import GuideScreen
from engine.errors import HubUnreachable
from engine.library.files import ForeignFolder, Origin
from engine.pack.values import PackState
from tests.app.views.conftest import Shown
from tests.support.discovery import STARTER
from tests.support.engine import FakeEngine
from tests.support.packs import OFFERED
from tests.support.plans import PlannedMachine

STARTER_MODEL = f"{STARTER.id}:Q4_0"


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(models=())


@pytest.fixture
def opened(shown: Shown, qtbot: QtBot) -> GuideScreen:
    """The guide at its first page; a test sets the engine's knobs, and starts the bridge."""
    shown.window.guide.open()
    screen = shown.window.guide.screen
    assert screen is not None
    qtbot.waitUntil(screen.isVisible)
    return screen


def test_that_it_takes_the_whole_window_and_escape_leaves_it(
    shown: Shown, opened: GuideScreen
) -> None:
    assert not shown.window.sidebar.isVisible()
    assert opened.size() == shown.window.size()
    QTest.keyClick(opened.next, Qt.Key.Key_Escape)
    assert not opened.isVisible()
    assert shown.window.sidebar.isVisible()
    assert shown.screens.appearance.settings.guide_done


def test_that_enter_goes_from_page_to_page_and_into_the_chat(
    shown: Shown, opened: GuideScreen, qtbot: QtBot
) -> None:
    shown.bridge.start()
    qtbot.waitUntil(lambda: shown.screens.models.shelf_known)
    for page in (opened.machine, opened.places, opened.models):
        assert page.isVisible()
        assert opened.next.hasFocus() or not shown.window.isActiveWindow()
        QTest.keyClick(opened.next, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "on its way" in opened.models.words)
    shown.bridge.tell(lambda _: shown.engine.arrive(STARTER_MODEL))
    qtbot.waitUntil(shown.window.composer.isVisible)
    assert shown.screens.models.current == STARTER_MODEL
    assert shown.window.focusWidget() is shown.window.composer.edit


def test_that_enter_presses_the_button_that_has_the_keyboard(
    shown: Shown, opened: GuideScreen
) -> None:
    shown.screens.guide.turn(Step.PLACES)
    opened.back.setFocus()
    QTest.keyClick(opened.back, Qt.Key.Key_Return)
    assert shown.screens.guide.step is Step.MACHINE


def test_that_tab_reaches_what_is_seen_and_nothing_behind_it(
    shown: Shown, opened: GuideScreen
) -> None:
    reached: list[object] = []
    for _ in range(40):
        QTest.keyClick(shown.window, Qt.Key.Key_Tab)
        focused = shown.window.focusWidget()
        assert focused is not None
        assert opened.isAncestorOf(focused)
        assert focused.isVisible()
        reached.append(focused)
    assert {opened.skip, opened.next, opened.language, opened.theme} <= set(reached)


@pytest.mark.parametrize("step", list(Step))
def test_that_everything_has_a_name_and_fits_a_narrow_window(
    step: Step, shown: Shown, opened: GuideScreen, qtbot: QtBot
) -> None:
    shown.engine.pack.now = OFFERED
    shown.bridge.start()
    shown.window.resize(700, 600)
    shown.screens.guide.turn(step)
    qtbot.waitUntil(lambda: shown.screens.guide.machine is not None)
    qtbot.waitUntil(lambda: not shown.screens.guide.advising.planning)
    for control in (*opened.findChildren(QAbstractButton), *opened.findChildren(QComboBox)):
        if control.isVisible():
            text = control.text() if isinstance(control, QAbstractButton) else ""
            assert control.accessibleName() or text, control
    view = opened.area.viewport().width()
    for part in opened.area.findChildren(QLabel):
        if part.isVisible():
            assert part.mapTo(opened.area.viewport(), part.rect().topRight()).x() <= view


def test_that_the_machine_is_told_with_its_card_and_the_pack(
    shown: Shown, opened: GuideScreen, qtbot: QtBot
) -> None:
    shown.engine.pack.now = OFFERED
    shown.bridge.start()
    page = opened.machine
    qtbot.waitUntil(lambda: "Test card" in page.words and page.pack.isVisible())
    assert "64.0 GB of RAM" in page.words
    qtbot.waitUntil(lambda: bool(page.problems))
    assert "Give yourself the right" in page.problems[0]
    assert page.pack.install.isVisible()
    page.pack.install.click()
    qtbot.waitUntil(lambda: shown.engine.pack.now.state is PackState.READY)


def test_that_a_machine_without_a_card_is_told_so(
    shown: Shown, opened: GuideScreen, qtbot: QtBot
) -> None:
    shown.engine.rig = PlannedMachine(cards=())
    shown.engine.doctor.checks = ()
    shown.bridge.start()
    page = opened.machine
    qtbot.waitUntil(lambda: "No graphics card" in page.words)
    qtbot.waitUntil(page.well.isVisible)
    assert page.pack.isHidden()
    assert not page.problems


def test_that_measuring_is_offered_and_begins_by_a_click_alone(
    shown: Shown, opened: GuideScreen, qtbot: QtBot
) -> None:
    shown.engine.measuring.known = None
    shown.engine.measuring.holds = True
    shown.bridge.start()
    card = opened.machine.calibration
    qtbot.waitUntil(card.isVisible)
    assert not shown.engine.measuring.times
    card.measure.click()
    qtbot.waitUntil(lambda: "50 %" in card.words)
    opened.next.click()  # it goes on meanwhile
    assert shown.screens.calibration.measuring
    shown.screens.calibration.cancel()
    qtbot.waitUntil(lambda: not shown.screens.calibration.measuring)


def test_that_the_hub_is_tried_and_a_mirror_is_a_switch_away(
    shown: Shown, opened: GuideScreen, qtbot: QtBot
) -> None:
    shown.bridge.start()
    shown.screens.guide.turn(Step.PLACES)
    page = opened.places
    qtbot.waitUntil(lambda: "answered" in page.words)
    page.mirror.click()
    qtbot.waitUntil(lambda: shown.engine.config.hub_endpoint == "https://hf-mirror.com")
    qtbot.waitUntil(lambda: "hf-mirror.com speaks" in page.words)
    page.mirror.click()
    qtbot.waitUntil(lambda: shown.engine.config.hub_endpoint is None)


def test_that_other_programs_models_are_one_click_away(
    shown: Shown, opened: GuideScreen, qtbot: QtBot
) -> None:
    found = ForeignFolder(
        origin=Origin.OLLAMA, path=Path("ollama"), models=3, size_bytes=10**10, used=False
    )
    shown.engine.keeper.found = (found,)
    shown.bridge.start()
    shown.screens.guide.turn(Step.PLACES)
    qtbot.waitUntil(lambda: len(opened.places.switches) == 1)
    opened.places.switches[0].click()
    qtbot.waitUntil(lambda: shown.engine.keeper.found[0].used)


def test_that_each_advised_model_says_how_it_would_run_and_is_fetched_by_its_button(
    shown: Shown, opened: GuideScreen, qtbot: QtBot
) -> None:
    shown.bridge.start()
    shown.screens.guide.turn(Step.MODELS)
    card = opened.models.cards[0]
    qtbot.waitUntil(lambda: "tok/s" in card.words and card.button.isEnabled())
    assert "estimate" not in card.words
    assert "Best for this computer" in card.words
    card.button.click()
    qtbot.waitUntil(lambda: bool(shown.screens.downloads.downloads))
    (row,) = shown.screens.downloads.downloads
    shown.bridge.tell(lambda _: shown.engine.downloads.advance(row.id, row.total_bytes // 2))
    qtbot.waitUntil(lambda: card.button.text() == "50 %")
    shown.bridge.tell(lambda _: shown.engine.arrive(row.id))
    qtbot.waitUntil(lambda: card.button.text() == "It is here")
    assert row.id in opened.models.words  # one may chat with it at once


def test_that_without_a_network_estimates_are_told_as_such(
    shown: Shown, opened: GuideScreen, qtbot: QtBot
) -> None:
    shown.engine.discovery.failure = HubUnreachable("Nobody answers.")
    shown.bridge.start()
    shown.screens.guide.turn(Step.MODELS)
    card = opened.models.cards[0]
    qtbot.waitUntil(lambda: "could not be asked" in opened.models.words)
    assert "estimate" in card.words
    assert not card.button.isEnabled()
    opened.next.click()
    qtbot.waitUntil(lambda: "Nobody answers" in opened.models.words)
    shown.engine.discovery.failure = None
    opened.models.again.click()
    qtbot.waitUntil(card.button.isEnabled)


def test_that_a_model_that_arrives_is_offered_beside_the_chat(
    shown: Shown, opened: GuideScreen, qtbot: QtBot
) -> None:
    shown.bridge.start()
    qtbot.waitUntil(lambda: shown.screens.models.shelf_known)
    shown.screens.guide.turn(Step.MODELS)
    qtbot.waitUntil(lambda: "Q4_K_M" in opened.models.cards[0].words)
    opened.models.cards[0].button.click()
    opened.next.click()
    qtbot.waitUntil(lambda: len(shown.screens.downloads.downloads) == 2)
    shown.bridge.tell(lambda _: shown.engine.arrive(STARTER_MODEL))
    qtbot.waitUntil(lambda: shown.screens.models.current == STARTER_MODEL)
    (wanted,) = shown.screens.guide.advising.wanted
    strip = shown.window.guide.arrival
    assert strip.isHidden()
    shown.bridge.tell(lambda _: shown.engine.arrive(wanted))
    qtbot.waitUntil(strip.isVisible)
    strip.switch.click()
    qtbot.waitUntil(lambda: shown.screens.models.current == wanted)
    assert strip.isHidden()


def test_that_turning_to_another_screen_ends_it(shown: Shown, opened: GuideScreen) -> None:
    shown.window.open_discover()
    assert not opened.isVisible()
    assert not shown.screens.guide.open


def test_that_the_palette_and_the_settings_show_it_again(shown: Shown, qtbot: QtBot) -> None:
    command = next(one for one in shown.window.commands.fixed if one.key == "guide")
    command.act()
    assert shown.screens.guide.open
    shown.screens.guide.leave()
    dialog = shown.window.open_settings()
    dialog.machine.guide.click()
    qtbot.waitUntil(lambda: shown.screens.guide.open)


def test_that_theme_and_language_are_chosen_there(shown: Shown, opened: GuideScreen) -> None:
    opened.theme.setCurrentIndex(opened.theme.findData("dark"))
    opened.theme.activated.emit(opened.theme.currentIndex())
    assert shown.window.is_dark
    opened.language.setCurrentIndex(opened.language.findData("zh_CN"))
    opened.language.activated.emit(opened.language.currentIndex())
    assert shown.screens.appearance.language == "zh_CN"


# Qt's offscreen plugin warns so where a dialog has a smallest size.
@pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")
def test_that_downloads_can_be_sent_to_another_folder(
    shown: Shown, opened: GuideScreen, qtbot: QtBot, tmp_path: Path
) -> None:
    shown.bridge.start()
    shown.screens.guide.turn(Step.PLACES)
    there = tmp_path / "large disk"
    there.mkdir()
    qtbot.waitUntil(lambda: "free for models" in opened.places.words)
    chooser = opened.places.choose_another()
    chooser.fileSelected.emit(str(there))
    chooser.reject()
    qtbot.waitUntil(lambda: str(there) in opened.places.words)
    qtbot.waitUntil(lambda: "free for models" in opened.places.words)
    assert shown.screens.library.models_folder == there
