"""A chat's own settings, and its title in the header."""

from dataclasses import fields

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog, QMessageBox
from pytestqt.qtbot import QtBot

from app.views.chat.chat_settings_dialog import ChatSettingsDialog
from engine.chat import Sampling
from tests.app.views.conftest import Shown

# Qt's offscreen platform says so of every window with a size of its own.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")


def ask(qtbot: QtBot, shown: Shown, question: str) -> None:
    before = len(shown.screens.chat.messages)
    shown.screens.chat.send(question)
    chat = shown.screens.chat
    qtbot.waitUntil(lambda: len(chat.messages) == before + 2 and not chat.busy)


def opened(shown: Shown) -> ChatSettingsDialog:
    dialog = shown.window.open_chat_settings()
    assert isinstance(dialog, ChatSettingsDialog)
    return dialog


def test_that_every_knob_of_sampling_is_there(shown: Shown) -> None:
    dialog = opened(shown)
    names = {field.name for field in fields(Sampling)}
    assert set(dialog.knobs.fields) | {"logit_bias", "dry_breakers"} == names
    assert set(dialog.knobs.resets) == names
    for field in dialog.knobs.fields.values():
        assert field.accessibleName()
        assert field.accessibleDescription()
    dialog.close()


def test_that_a_changed_knob_makes_a_preset_and_the_model_is_asked_so(
    qtbot: QtBot, shown: Shown
) -> None:
    shown.start(qtbot)
    ask(qtbot, shown, "First")
    dialog = opened(shown)
    assert not dialog.knobs.resets["temperature"].isEnabled()
    dialog.knobs.fields["temperature"].setValue(2)
    dialog.knobs.fields["seed"].setValue(7)
    dialog.knobs.bias.setText("42: -5, 7=2.5")
    dialog.knobs.bias.editingFinished.emit()
    (preset,) = shown.screens.presets.presets
    wanted = Sampling(temperature=2, seed=7, logit_bias={42: -5.0, 7: 2.5})
    assert preset.sampling == wanted
    assert shown.screens.chat.preset_id == preset.id
    dialog.knobs.resets["temperature"].click()
    assert shown.screens.presets.presets[0].sampling.temperature == Sampling().temperature
    dialog.close()
    ask(qtbot, shown, "Second")
    asked = next(one for one in shown.engine.asked if one.messages[-1].content == "Second")
    assert asked.sampling.seed == 7


def test_that_breakers_are_written_as_people_type_them(qtbot: QtBot, shown: Shown) -> None:
    dialog = opened(shown)
    assert dialog.knobs.breakers.text() == '\\n : " *'
    told: list[Sampling] = []
    dialog.knobs.changed.connect(told.append)
    dialog.knobs.breakers.setText("\\n \\s;")
    dialog.knobs.breakers.editingFinished.emit()
    assert told[-1].dry_breakers == ("\n", " ;")
    dialog.close()


def test_that_presets_are_chosen_saved_renamed_and_deleted(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    ask(qtbot, shown, "First")
    assert shown.screens.presets.add("Bold", Sampling(temperature=2))
    dialog = opened(shown)
    assert not dialog.delete.isEnabled()
    dialog.preset.setCurrentIndex(dialog.preset.findText("Bold"))
    dialog.preset.activated.emit(dialog.preset.currentIndex())
    assert dialog.knobs.fields["temperature"].value() == 2
    dialog.save_as.click()
    asks = dialog.findChild(QInputDialog)
    assert isinstance(asks, QInputDialog)
    asks.setTextValue("Bolder")
    asks.accept()
    assert [one.name for one in shown.screens.presets.presets] == ["Bold", "Bolder"]
    assert dialog.preset.currentText() == "Bolder"
    dialog.delete.click()
    question = dialog.findChild(QMessageBox)
    assert isinstance(question, QMessageBox)
    next(button for button in question.buttons() if button.text() == "Delete").click()
    qtbot.waitUntil(lambda: dialog.preset.currentText() == "Default")
    assert shown.screens.chat.preset_id is None
    dialog.close()


def test_that_the_system_prompt_is_kept_when_the_dialog_closes(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    ask(qtbot, shown, "First")
    dialog = opened(shown)
    QTest.keyClicks(dialog.prompt, "You are terse.")
    dialog.overflow.setCurrentIndex(dialog.overflow.findData("drop_oldest"))
    dialog.overflow.activated.emit(dialog.overflow.currentIndex())
    dialog.finish.click()
    assert shown.screens.chat.system_prompt == "You are terse."
    assert shown.screens.chat.overflow == "drop_oldest"
    ask(qtbot, shown, "Second")
    asked = next(one for one in shown.engine.asked if one.messages[-1].content == "Second")
    assert asked.messages[0].content == "You are terse."
    again = opened(shown)
    assert again.prompt.toPlainText() == "You are terse."
    assert again.overflow.currentData() == "drop_oldest"
    again.close()


def test_that_a_double_click_renames_the_chat(qtbot: QtBot, shown: Shown) -> None:
    line = shown.window.header.title_line
    line.edit()
    assert line.field.isHidden()  # a new chat has no title yet
    shown.start(qtbot)
    ask(qtbot, shown, "First")
    QTest.mouseDClick(line, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    assert line.field.isVisible()
    line.field.setText("Apples")
    QTest.keyClick(line.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown.window.header.title == "Apples")
    assert shown.screens.chat.chat is not None
    assert shown.screens.chat.chat.title == "Apples"
    line.edit()
    line.field.setText("Pears")
    QTest.keyClick(line.field, Qt.Key.Key_Escape)
    assert line.field.isHidden()
    assert shown.window.header.title == "Apples"
