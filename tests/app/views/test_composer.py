"""The composer: growing, sending, drafts, attachments, prompts, the meter and the queue."""

from pathlib import Path
from time import thread_time

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from app.text.files import MOST_TEXT_BYTES
from app.views.chat.attachments_drop import AttachmentsDrop
from app.views.chat.snippets_dialog import SnippetsDialog
from engine.chat import Role
from tests.app.views.conftest import Shown
from tests.support.pace import allowed

# Qt's offscreen platform says so of every window with a size of its own.
pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints"),
    pytest.mark.usefixtures("few_objects"),
]

CTRL = Qt.KeyboardModifier.ControlModifier


def said(shown: Shown) -> list[str]:
    return [message.content for message in shown.screens.chat.messages]


def paste(shown: Shown, source: QMimeData) -> None:
    shown.window.composer.edit.insertFromMimeData(source)


def text_of(words: str) -> QMimeData:
    source = QMimeData()
    source.setText(words)
    return source


def files_of(*paths: Path) -> QMimeData:
    source = QMimeData()
    source.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return source


def test_that_the_field_grows_to_a_share_of_the_window_and_then_scrolls(shown: Shown) -> None:
    edit = shown.window.composer.edit
    edit.write("line\n" * 5)
    assert edit.height() < 200
    edit.write("line\n" * 200)
    share = edit.height() / shown.window.height()
    assert 0.34 <= share <= 0.4
    assert edit.verticalScrollBar().maximum() > 0
    shown.window.resize(shown.window.width(), 500)
    QApplication.processEvents()
    assert edit.height() <= 200


def test_that_ctrl_enter_sends_where_the_person_chose_it(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    composer = shown.window.composer
    composer.set_send_key("ctrl_enter")
    QTest.keyClicks(composer.edit, "one")
    QTest.keyClick(composer.edit, Qt.Key.Key_Return)
    QTest.keyClicks(composer.edit, "two")
    assert composer.edit.toPlainText() == "one\ntwo"
    assert "Ctrl+Enter" in composer.note
    QTest.keyClick(composer.edit, Qt.Key.Key_Return, CTRL)
    assert said(shown)[0] == "one\ntwo"


@pytest.mark.parametrize("key", ["enter", "ctrl_enter"])
def test_that_nothing_is_sent_while_an_input_method_composes(shown: Shown, key: str) -> None:
    composer = shown.window.composer
    composer.set_send_key("enter" if key == "enter" else "ctrl_enter")
    QTest.keyClicks(composer.edit, "before ")
    QApplication.sendEvent(composer.edit, QInputMethodEvent("ni hao", []))
    for modifier in (Qt.KeyboardModifier.NoModifier, CTRL, Qt.KeyboardModifier.KeypadModifier):
        QTest.keyClick(composer.edit, Qt.Key.Key_Return, modifier)
        QTest.keyClick(composer.edit, Qt.Key.Key_Enter, modifier)
    assert shown.screens.chat.messages == ()


def test_that_each_chat_keeps_its_draft(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    edit = shown.window.composer.edit
    QTest.keyClicks(edit, "Question")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(said(shown)) == 2 and not shown.screens.chat.busy)
    first = shown.screens.chat.chat
    assert first is not None
    QTest.keyClicks(edit, "half a thought")
    shown.screens.chat.new_chat()
    assert edit.toPlainText() == ""
    QTest.keyClicks(edit, "another")
    shown.screens.chat.open_chat(first.id)
    assert edit.toPlainText() == "half a thought"
    shown.screens.chat.new_chat()
    assert edit.toPlainText() == "another"


def test_that_up_in_an_empty_field_asks_for_the_last_question(qtbot: QtBot, shown: Shown) -> None:
    composer = shown.window.composer
    with qtbot.waitSignal(composer.edit_last_wanted):
        QTest.keyClick(composer.edit, Qt.Key.Key_Up)
    QTest.keyClicks(composer.edit, "text")
    with qtbot.assertNotEmitted(composer.edit_last_wanted):
        QTest.keyClick(composer.edit, Qt.Key.Key_Up)


def test_that_up_puts_an_editor_in_the_place_of_the_last_question(
    qtbot: QtBot, shown: Shown
) -> None:
    shown.start(qtbot)
    edit = shown.window.composer.edit
    QTest.keyClicks(edit, "Question")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(said(shown)) == 2 and not shown.screens.chat.busy)
    QTest.keyClick(edit, Qt.Key.Key_Up)

    qtbot.waitUntil(lambda: not edit.hasFocus())


# Attachments


def test_that_pasted_files_become_chips_with_size_and_tokens(
    qtbot: QtBot, shown: Shown, tmp_path: Path
) -> None:
    shown.start(qtbot)
    (tmp_path / "notes.py").write_text("x" * 4000, "utf-8")
    paste(shown, files_of(tmp_path / "notes.py"))
    bar = shown.window.composer.attached
    qtbot.waitUntil(lambda: bar.words == ("notes.py, 4 kB · 1,004 tokens",))
    assert shown.window.composer.edit.toPlainText() == ""
    bar.chips[0].setFocus()
    QTest.keyClick(bar.chips[0], Qt.Key.Key_Delete)
    assert bar.words == ()
    assert bar.isHidden()
    qtbot.waitUntil(shown.window.composer.edit.hasFocus)


def test_that_arrows_walk_along_the_chips_and_the_cross_takes_back(
    qtbot: QtBot, shown: Shown, tmp_path: Path
) -> None:
    shown.start(qtbot)
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("x", "utf-8")
    paste(shown, files_of(tmp_path / "a.txt", tmp_path / "b.txt"))
    bar = shown.window.composer.attached
    qtbot.waitUntil(lambda: all("tokens" in words for words in bar.words) and len(bar.words) == 2)
    bar.chips[0].setFocus()
    QTest.keyClick(bar.chips[0], Qt.Key.Key_Right)
    assert bar.chips[1].hasFocus()
    bar.chips[0].remove.click()
    assert [words.split(",")[0] for words in bar.words] == ["b.txt"]


def test_that_a_question_with_a_file_alone_can_be_sent(
    qtbot: QtBot, shown: Shown, tmp_path: Path
) -> None:
    shown.start(qtbot)
    (tmp_path / "notes.txt").write_text("remember the milk", "utf-8")
    paste(shown, files_of(tmp_path / "notes.txt"))
    composer = shown.window.composer
    qtbot.waitUntil(composer.button.isEnabled)
    composer.button.click()
    qtbot.waitUntil(lambda: len(said(shown)) == 2 and not shown.screens.chat.busy)
    question = shown.screens.chat.messages[0]
    assert [file.name for file in question.attachments] == ["notes.txt"]
    assert "remember the milk" in shown.engine.asked[0].messages[-1].content
    assert composer.attached.words == ()
    shown.screens.chat.new_chat()
    assert composer.attached.words == ()


def test_that_a_pasted_picture_becomes_a_file(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    image = QImage(3000, 100, QImage.Format.Format_RGB32)
    image.fill(QColor("orange"))
    source = QMimeData()
    source.setImageData(image)
    paste(shown, source)
    qtbot.waitUntil(lambda: len(shown.screens.attachments.attachments) == 1)
    kept = QImage.fromData(shown.screens.attachments.attachments[0].body or b"")
    assert kept.width() == 2048


def test_that_a_long_text_becomes_a_file_and_a_huge_one_a_sentence(
    qtbot: QtBot, shown: Shown
) -> None:
    shown.start(qtbot)
    paste(shown, text_of("short"))
    assert shown.window.composer.edit.toPlainText() == "short"
    paste(shown, text_of("a line of words\n" * 20_000))
    qtbot.waitUntil(lambda: len(shown.screens.attachments.attachments) == 1)
    assert shown.screens.attachments.attachments[0].name == "Pasted text"
    huge = text_of("x" * 100_000_000)
    began = thread_time()
    paste(shown, huge)
    assert thread_time() - began < allowed(1.0)
    assert "too long" in shown.window.banner.sentence
    assert shown.window.composer.edit.toPlainText() == "short"


def test_that_a_text_up_to_the_limit_is_taken(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    paste(shown, text_of("x" * MOST_TEXT_BYTES))
    qtbot.waitUntil(lambda: len(shown.screens.attachments.attachments) == 1)


def test_that_what_is_no_character_does_not_come_in(shown: Shown) -> None:
    paste(shown, text_of("a\0b"))
    assert "\0" not in shown.window.composer.edit.toPlainText()


def test_that_files_are_dropped_anywhere_on_the_conversation(
    qtbot: QtBot, shown: Shown, tmp_path: Path
) -> None:
    shown.start(qtbot)
    (tmp_path / "a.txt").write_text("x", "utf-8")
    drop = shown.window.findChild(AttachmentsDrop)
    assert isinstance(drop, AttachmentsDrop)
    place = drop.parent()
    assert place is not None
    source = files_of(tmp_path / "a.txt", tmp_path)
    enters = QDragEnterEvent(
        QPoint(10, 10),
        Qt.DropAction.CopyAction,
        source,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(place, enters)
    assert enters.isAccepted()
    assert drop.veil.isVisible()
    event = QDropEvent(
        QPointF(10, 10),
        Qt.DropAction.CopyAction,
        source,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QEvent.Type.Drop,
    )
    QApplication.sendEvent(place, event)
    assert event.isAccepted()
    assert drop.veil.isHidden()
    qtbot.waitUntil(lambda: len(shown.screens.attachments.attachments) == 1)
    qtbot.waitUntil(lambda: "folder" in shown.window.banner.sentence)


# Prompts


def test_that_a_slash_offers_prompts_and_enter_writes_one(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    for name, text in (("review", "Review this:\n"), ("translate", "Translate this:\n")):
        assert shown.screens.snippets.add(name, text)
    composer = shown.window.composer
    composer.edit.setFocus()
    qtbot.waitUntil(composer.edit.hasFocus)
    QTest.keyClicks(composer.edit, "/")
    assert [one.name for one in composer.popup.offered] == ["review", "translate"]
    QTest.keyClick(composer.edit, Qt.Key.Key_Down)
    QTest.keyClick(composer.edit, Qt.Key.Key_Up)
    QTest.keyClicks(composer.edit, "tr")
    assert [one.name for one in composer.popup.offered] == ["translate"]
    QTest.keyClick(composer.edit, Qt.Key.Key_Return)
    assert composer.edit.toPlainText() == "Translate this:\n"
    assert composer.popup.isHidden()
    assert said(shown) == []
    QTest.keyClicks(composer.edit, "/rev")
    QTest.keyClick(composer.edit, Qt.Key.Key_Tab)
    assert composer.edit.toPlainText() == "Translate this:\nReview this:\n"


def test_that_escape_closes_the_prompts_and_a_path_is_no_prompt(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    assert shown.screens.snippets.add("review", "Review this:\n")
    composer = shown.window.composer
    composer.edit.setFocus()
    qtbot.waitUntil(composer.edit.hasFocus)
    QTest.keyClicks(composer.edit, "/r")
    assert composer.popup.isVisible()
    QTest.keyClick(composer.edit, Qt.Key.Key_Escape)
    assert composer.popup.isHidden()
    QTest.keyClicks(composer.edit, "e")
    assert composer.popup.isHidden()
    composer.edit.clear()
    QTest.keyClicks(composer.edit, "/usr/bin")
    assert composer.popup.isHidden()
    QTest.keyClick(composer.edit, Qt.Key.Key_Return)
    assert said(shown)[0] == "/usr/bin"


def test_that_prompts_are_written_changed_and_deleted_in_their_dialog(
    qtbot: QtBot, shown: Shown
) -> None:
    dialog = shown.window.open_prompts()
    assert isinstance(dialog, SnippetsDialog)
    assert not dialog.save.isEnabled()
    QTest.keyClicks(dialog.name, "fix")
    QTest.keyClicks(dialog.text, "Fix this")
    dialog.save.click()
    assert [one.name for one in shown.screens.snippets.snippets] == ["fix"]
    assert not dialog.save.isEnabled()
    QTest.keyClicks(dialog.text, "!")
    QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    assert shown.screens.snippets.snippets[0].text.count("!") == 1
    dialog.delete.click()
    question = dialog.findChild(QMessageBox)
    assert isinstance(question, QMessageBox)
    next(button for button in question.buttons() if button.text() == "Delete").click()
    qtbot.waitUntil(lambda: shown.screens.snippets.snippets == ())
    dialog.close()


# Meter and queue


def test_that_the_meter_shows_what_fills_the_context_before_sending(
    qtbot: QtBot, shown: Shown
) -> None:
    shown.start(qtbot)
    meter = shown.window.composer.meter
    paste(shown, text_of("x" * 6000))
    qtbot.waitUntil(lambda: meter.isVisible() and meter.numbers.startswith("1.5k of 4k"))
    assert "Your question: 1,504 tokens" in meter.toolTip()
    assert meter.trouble == ""


def test_that_what_does_not_fit_is_said_and_the_person_chooses(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    composer = shown.window.composer
    paste(shown, text_of("first " * 1600))
    QTest.keyClick(composer.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(said(shown)) == 2 and not shown.screens.chat.busy)
    paste(shown, text_of("second " * 1300))
    qtbot.waitUntil(lambda: "does not fit" in composer.meter.trouble)
    QTest.keyClick(composer.edit, Qt.Key.Key_Return)
    assert len(said(shown)) == 2  # it is not sent, and stays
    assert composer.edit.toPlainText()
    assert composer.meter.choice.text() == "Leave out the oldest turns"
    composer.meter.choice.click()
    assert shown.screens.chat.overflow == "drop_oldest"
    qtbot.waitUntil(lambda: "Left out" in composer.meter.trouble)
    QTest.keyClick(composer.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(said(shown)) == 4 and not shown.screens.chat.busy)
    assert [m.role for m in shown.engine.asked[-1].messages][-1] is Role.USER


def test_that_questions_wait_and_can_be_taken_back(qtbot: QtBot, shown: Shown) -> None:
    shown.engine.endless = True
    shown.start(qtbot)
    composer = shown.window.composer
    for question in ("First", "Second", "Third"):
        QTest.keyClicks(composer.edit, question)
        QTest.keyClick(composer.edit, Qt.Key.Key_Return)
    QTest.keyClicks(composer.edit, "x")
    assert "Counted once" in composer.meter.numbers
    composer.edit.clear()
    names = [chip.accessibleName() for chip in composer.queue.chips]
    assert [name.split(",")[0] for name in names] == ["Second", "Third"]
    chip = composer.queue.chips[0]
    chip.setFocus()
    QTest.keyClick(chip, Qt.Key.Key_Delete)
    assert composer.edit.toPlainText() == "Second"
    assert len(composer.queue.chips) == 1
    composer.queue.chips[0].remove.click()
    assert composer.edit.toPlainText() == "Third\n\nSecond"
    assert composer.queue.isHidden()
    shown.screens.chat.stop()
    qtbot.waitUntil(lambda: not shown.screens.chat.busy)
