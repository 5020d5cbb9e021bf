"""The About dialog, and the line that tells of a newer version."""

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.presenters.updates import UpdatesPresenter
from app.settings import SettingsFile
from app.views.about.about_dialog import AboutDialog
from app.views.about.update_strip import UpdateStrip
from app.views.settings.kept_rows import SwitchRow
from engine.config import EngineConfig, Home
from engine.errors import UpdateFailed
from tests.app.views.conftest import Shown
from tests.support.updates import own

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")


def opened(shown: Shown, qtbot: QtBot) -> AboutDialog:
    shown.start(qtbot)
    dialog = shown.window.updates.open_about()
    qtbot.waitUntil(lambda: dialog.licences.names.count() > 20)
    return dialog


def test_that_it_tells_what_this_is_and_where_everything_lies(qtbot: QtBot, shown: Shown) -> None:
    dialog = opened(shown, qtbot)
    assert "llama-cpp-python 0.3.36" in dialog.library.text()
    assert not dialog.card.agree.isChecked()
    assert not dialog.card.check.isEnabled()
    assert shown.engine.updates.checks == []
    picture = dialog.grab().toImage()
    assert picture.format() is not QImage.Format.Format_Invalid
    dialog.accept()


def test_that_licences_are_found_by_part_licence_and_words(qtbot: QtBot, shown: Shown) -> None:
    page = opened(shown, qtbot).licences
    everything = page.found
    page.search.setText("lgpl reverse engineering debugging")
    assert "Qt" in page.found
    assert "llama.cpp" not in page.found
    page.search.setText("psf-2.0")
    assert "CPython" in page.found
    assert len(page.found) < len(everything)
    page.names.setCurrentRow(everything.index("llama.cpp"))
    assert "The ggml authors" in page.words.toPlainText()
    page.search.clear()
    assert page.found == everything


def test_that_consent_is_given_and_taken_back_in_it(qtbot: QtBot, shown: Shown) -> None:
    card = opened(shown, qtbot).card
    card.agree.click()
    qtbot.waitUntil(lambda: "9.1.0" in card.found.text())
    assert shown.engine.config.updates is True
    assert card.bring.isVisible()
    assert "60" in card.detail.text()
    card.bring.click()
    qtbot.waitUntil(card.folder.isVisible)
    assert "fullbore_9.1.0_amd64.deb" in card.detail.text()
    card.agree.click()
    qtbot.waitUntil(lambda: shown.engine.config.updates is False)
    assert not card.page.isVisible()


def test_that_a_check_that_fails_is_said_in_the_dialog_alone(qtbot: QtBot, shown: Shown) -> None:
    shown.engine.config = EngineConfig(updates=True)
    shown.engine.updates.failure = UpdateFailed("nobody could be reached.")
    dialog = opened(shown, qtbot)
    dialog.card.check.click()
    qtbot.waitUntil(lambda: "could be reached" in dialog.banner.sentence)
    assert shown.window.banner.sentence == ""
    dialog.accept()


def test_that_a_line_tells_of_a_newer_version_and_leads_to_its_news(
    qtbot: QtBot, shown: Shown
) -> None:
    shown.engine.config = EngineConfig(updates=True)
    shown.start(qtbot)
    strip = shown.window.updates
    qtbot.waitUntil(lambda: strip.words == "Fullbore 9.1.0 is there.")
    shown.screens.updates.hold(True)
    assert strip.words == ""
    shown.screens.updates.hold(False)
    dialog = strip.open_news()
    qtbot.waitUntil(lambda: "It sings" in dialog.news.toPlainText())
    assert dialog.pages.currentWidget() is dialog.news
    dialog.accept()
    strip.dismiss.click()
    assert strip.words == ""


def test_that_after_an_upgrade_a_line_offers_the_news_and_no_dialog_opens(
    qtbot: QtBot, shown: Shown, home: Home
) -> None:
    kept = SettingsFile(home.ui_toml)  # of a version that did not tell its number
    strip = UpdateStrip(UpdatesPresenter(shown.bridge, kept, own(home)), shown.look, shown.window)
    shown.start(qtbot)
    qtbot.waitUntil(lambda: strip.words == "This is Fullbore 0.1.0 now.")
    assert shown.window.findChild(AboutDialog) is None
    strip.look.click()
    dialog = shown.window.findChild(AboutDialog)
    assert dialog is not None
    assert dialog.pages.currentWidget() is dialog.news
    assert strip.words == ""
    dialog.accept()


def test_that_the_settings_and_the_palette_lead_to_it(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    settings = shown.window.open_settings()
    row = next(row for row in settings.rows if row.key == "updates")
    assert isinstance(row, SwitchRow)
    row.switch.click()
    qtbot.waitUntil(lambda: shown.screens.updates.agreed is True)
    qtbot.waitUntil(lambda: shown.screens.updates.release is not None)
    settings.about.click()
    assert shown.window.findChild(AboutDialog) is not None
    settings.accept()
    assert {"about", "news"} <= {command.key for command in shown.window.commands.fixed}
