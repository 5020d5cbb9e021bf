"""The card that offers to measure this machine, and the settings that have it always."""

import pytest
from pytestqt.qtbot import QtBot

from app.views import words
from app.views.settings.settings_dialog import SettingsDialog
from tests.app.views.conftest import Shown

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")


def test_that_the_card_offers_measures_and_leaves(qtbot: QtBot, shown: Shown) -> None:
    card = shown.window.calibration
    assert card.isHidden()
    shown.engine.measuring.known = None
    shown.engine.measuring.holds = True
    shown.start(qtbot)
    qtbot.waitUntil(lambda: not card.isHidden())
    assert "about 30 s" in card.words
    card.measure.click()
    qtbot.waitUntil(lambda: "50 %" in card.words)
    assert card.measure.isHidden()
    card.cancel.click()
    qtbot.waitUntil(lambda: "about 30 s" in card.words)
    shown.engine.measuring.holds = False
    card.measure.click()
    qtbot.waitUntil(card.isHidden)
    assert not shown.window.banner.sentence


def test_that_the_offer_is_sent_away_and_the_settings_still_have_it(
    qtbot: QtBot, shown: Shown
) -> None:
    shown.engine.measuring.known = None
    shown.start(qtbot)
    card = shown.window.calibration
    qtbot.waitUntil(lambda: not card.isHidden())
    card.dismiss.click()
    assert card.isHidden()
    dialog = shown.window.open_settings()
    assert isinstance(dialog, SettingsDialog)
    assert dialog.measured == "Never measured"
    dialog.machine.measure.click()
    qtbot.waitUntil(lambda: dialog.measured == f"Measured {words.day('2026-01-31')}")
    assert dialog.machine.measure.text() == "Measure again"
    assert shown.engine.measuring.times == 1
    dialog.accept()
