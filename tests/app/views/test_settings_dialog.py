"""The settings: complete, searchable, and every choice holds where it is used."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.settings import UiSettings
from app.theme.tokens import FONT
from app.views.settings.kept_rows import ChoiceRow, LineRow, NumberRow, SwitchRow, TextRow
from app.views.settings.option_row import OptionRow
from app.views.settings.settings_dialog import SettingsDialog
from app.widgets.motion import is_still
from engine.config import EngineConfig
from tests.app.views.conftest import Shown

# Qt's offscreen platform says so of every window with a size of its own.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")

_REMEMBERED = {
    "last_model",
    "tray_told",
    "seen_version",
}  # not chosen in the settings: what was used last
_ELSEWHERE = {
    "loads": "the placement panel keeps a wish for each model",
    "foreign": "the dialog of folders has both kinds",
    "models_folder": "that dialog says where downloads go, too",
    "downloads_at_once": "one line has both figures of the pace",
    "alerts": "each kind of alert has a row of its own",
}


def opened(shown: Shown) -> SettingsDialog:
    dialog = shown.window.open_settings()
    assert isinstance(dialog, SettingsDialog)
    return dialog


def row(dialog: SettingsDialog, key: str) -> OptionRow:
    return next(one for one in dialog.rows if one.key == key)


def choose(dialog: SettingsDialog, key: str, value: object) -> None:
    found = row(dialog, key)
    assert isinstance(found, ChoiceRow)
    place = [known for known, _ in found.choices].index(value)
    found.box.setCurrentIndex(place)
    found.box.activated.emit(place)


def switch(dialog: SettingsDialog, key: str) -> None:
    found = row(dialog, key)
    assert isinstance(found, SwitchRow)
    found.switch.click()


def cut_in(root: QWidget) -> list[str]:
    """The texts that are seen and have less room than they are high."""
    cut: list[str] = []
    for text in root.findChildren(QLabel):
        wraps, wide = text.wordWrap(), text.width()
        needs = text.heightForWidth(wide) if wraps else text.fontMetrics().height()
        if text.isVisible() and text.text() and text.height() < needs - 1:
            cut.append(text.text())
    for kind in (QPushButton, QLineEdit):
        seen = [one for one in root.findChildren(kind) if one.isVisible()]
        low = [one for one in seen if one.height() < one.fontMetrics().height()]
        cut += [one.accessibleName() for one in low]
    return cut


def test_that_every_option_of_both_files_stands_in_the_settings(shown: Shown) -> None:
    dialog = opened(shown)
    keys = [one.key for one in dialog.rows]
    assert len(keys) == len(set(keys))
    wanted = {*UiSettings.model_fields, *EngineConfig.model_fields} - _REMEMBERED - {*_ELSEWHERE}
    assert wanted <= set(keys)
    for one in dialog.rows:
        assert one.name, one.key
        assert one.sentence.endswith((".", "compared")), one.key
        assert one.control.accessibleDescription() == one.sentence


def test_that_a_search_leaves_what_matches_and_says_when_nothing_does(shown: Shown) -> None:
    dialog = opened(shown)
    QTest.keyClicks(dialog.search, "CODE wrap")
    left = [one.key for one in dialog.rows if not one.isHidden()]
    assert left == ["wrap_code"]
    assert [one.isHidden() for one in dialog.sections].count(False) == 1
    assert dialog.nothing.isHidden()
    dialog.search.setText("zzz")
    assert all(section.isHidden() for section in dialog.sections)
    assert not dialog.nothing.isHidden()
    dialog.search.clear()
    assert not any(one.isHidden() for one in dialog.rows)


def test_that_an_option_goes_back_to_its_default(shown: Shown) -> None:
    dialog = opened(shown)
    accent = row(dialog, "accent")
    assert accent.reset.isHidden()
    choose(dialog, "accent", "rose")
    assert shown.screens.appearance.settings.accent == "rose"
    assert not accent.reset.isHidden()
    accent.reset.click()
    assert shown.screens.appearance.settings.accent == "blue"
    assert accent.reset.isHidden()
    assert isinstance(accent, ChoiceRow)
    assert accent.box.currentData() == "blue"


def test_that_accent_text_size_and_motion_hold_at_once(shown: Shown, qapp: QApplication) -> None:
    dialog = opened(shown)
    choose(dialog, "accent", "amber")
    assert shown.look.tokens.accent in qapp.styleSheet()
    dialog.appearance.text.slider.setValue(20)
    assert shown.screens.appearance.settings.text_percent == 200
    assert qapp.font().pixelSize() == 2 * FONT.plain
    assert f"font-size: {2 * FONT.title}px" in qapp.styleSheet()
    choose(dialog, "motion", "reduced")
    assert is_still()
    choose(dialog, "motion", "full")
    assert not is_still()


def test_that_the_composer_and_the_conversation_follow_the_settings(
    qtbot: QtBot, shown: Shown
) -> None:
    shown.start(qtbot)
    dialog = opened(shown)
    choose(dialog, "send_key", "ctrl_enter")
    assert "Ctrl+Enter sends" in shown.window.composer.note
    switch(dialog, "wrap_code")
    switch(dialog, "open_reasoning")
    assert shown.window.conversation.transcript.wraps_code
    assert shown.screens.appearance.settings.open_reasoning


def test_that_new_chats_begin_with_the_prompt_that_was_written(shown: Shown) -> None:
    dialog = opened(shown)
    prompt = row(dialog, "system_prompt")
    assert isinstance(prompt, TextRow)
    QTest.keyClicks(prompt.edit, "Be brief.")
    dialog.accept()  # without leaving the field first
    assert shown.screens.appearance.settings.system_prompt == "Be brief."
    shown.screens.chat.new_chat()
    assert shown.screens.chat.system_prompt == "Be brief."


def test_that_the_engine_hears_of_its_options(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    dialog = opened(shown)
    port, key = row(dialog, "port"), row(dialog, "api_key")
    assert isinstance(port, NumberRow)
    assert isinstance(key, LineRow)
    port.spin.setValue(5005)
    qtbot.waitUntil(lambda: shown.engine.config.port == 5005)
    qtbot.waitUntil(lambda: not port.reset.isHidden())
    port.reset.click()
    qtbot.waitUntil(lambda: shown.engine.config.port == EngineConfig().port)
    QTest.keyClicks(key.line, "sesame")
    QTest.keyClick(key.line, Qt.Key.Key_Return)
    assert dialog.isVisible()
    qtbot.waitUntil(lambda: shown.engine.config.api_key == "sesame")
    qtbot.waitUntil(lambda: shown.screens.server.has_key)  # the network is let in with one alone
    choose(dialog, "host", "0.0.0.0")
    qtbot.waitUntil(lambda: shown.engine.config.host == "0.0.0.0")
    assert key.line.echoMode() is not QLineEdit.EchoMode.Normal


def test_that_an_option_is_shown_when_it_is_asked_for(qtbot: QtBot, shown: Shown) -> None:
    dialog = opened(shown)
    dialog.show_option("daily_backup")
    wanted = row(dialog, "daily_backup")
    qtbot.waitUntil(lambda: not wanted.visibleRegion().isEmpty())
    dialog.activateWindow()
    qtbot.waitUntil(wanted.control.hasFocus)


@pytest.mark.parametrize("percent", [100, 200])
def test_that_no_text_of_the_window_and_of_the_settings_is_cut(
    qtbot: QtBot, shown: Shown, percent: int
) -> None:
    shown.start(qtbot)
    shown.window.resize(1280, 820)
    shown.screens.appearance.change("text_percent", percent)
    dialog = opened(shown)
    qtbot.waitUntil(dialog.isVisible)
    # Lines find their heights when the page has found its width.
    qtbot.waitUntil(lambda: [*cut_in(shown.window), *cut_in(dialog)] == [])
