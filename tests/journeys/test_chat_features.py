"""A person uses everything the chat has, with the real window and the real model."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import TimeoutError as QtTimeout
from pytestqt.qtbot import QtBot

from app.main import Fullbore
from app.presenters.keeping import Form
from app.settings import SettingsFile, UiSettings
from app.starting import version
from engine.chat import Role
from engine.config import Home
from tests.journeys.windows import answer, ask, wait_for_answer, wait_for_model, window
from tests.support.homes import home_with

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]

SHORT = "Answer with one word: what colour is the sky?"


@pytest.fixture
def home(tmp_path: Path, model_file: Path) -> Home:
    made = home_with(model_file, tmp_path / "home")
    choose(made, make_titles=False)
    return made


def choose(home: Home, *, make_titles: bool) -> None:
    """As somebody who knows this version: its news are not shown first."""
    home.ui_toml.unlink(missing_ok=True)
    chosen = UiSettings(make_titles=make_titles, guide_done=True, seen_version=version())
    SettingsFile(home.ui_toml).change(chosen)


def short_answer(qtbot: QtBot, fullbore: Fullbore, question: str) -> str:
    """An answer, stopped when it has a few words: the small model likes to go on."""
    ask(fullbore, question)
    return few_words(qtbot, fullbore)


def few_words(qtbot: QtBot, fullbore: Fullbore) -> str:
    chat = fullbore.screens.chat
    qtbot.waitUntil(lambda: not chat.busy or len(answer(fullbore)) > 12, timeout=40_000)
    if chat.busy:
        QTest.keyClick(fullbore.window.composer.edit, Qt.Key.Key_Escape)
    return wait_for_answer(qtbot, fullbore)


def test_that_a_conversation_branches_and_every_branch_is_kept(
    qtbot: QtBot, qapp: QApplication, home: Home
) -> None:
    with window(qapp, home) as fullbore:
        chat = fullbore.screens.chat
        wait_for_model(qtbot, fullbore)
        first = short_answer(qtbot, fullbore, SHORT)
        assert first

        # Another answer stands beside the first, with arrows between them.
        answered = chat.messages[-1].id
        assert answered is not None
        fullbore.window.conversation.transcript.verb_wanted.emit("regenerate", answered)
        few_words(qtbot, fullbore)
        second = chat.messages[-1]
        assert second.id is not None
        assert len(chat.versions[second.id]) == 2
        chat.turn(second.id, -1)
        assert chat.messages[-1].content == first

        # The question is changed in its place: a version of its own, with its own answer.
        QTest.keyClick(fullbore.window.composer.edit, Qt.Key.Key_Up)
        editor = qapp.focusWidget()
        assert editor is not None
        assert editor is not fullbore.window.composer.edit
        QTest.keyClicks(editor, " And the sea?")
        QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        few_words(qtbot, fullbore)
        question = chat.messages[0]
        assert question.content.endswith("And the sea?")
        assert question.id is not None
        assert len(chat.versions[question.id]) == 2

        # An answer that was cut goes on where it ended.
        before = chat.messages[-1].content
        assert chat.continue_answer()
        few_words(qtbot, fullbore)
        assert chat.messages[-1].content.startswith(before)


def test_that_a_message_is_deleted_and_comes_back_and_a_chat_is_forked(
    qtbot: QtBot, qapp: QApplication, home: Home
) -> None:
    with window(qapp, home) as fullbore:
        chat = fullbore.screens.chat
        wait_for_model(qtbot, fullbore)
        short_answer(qtbot, fullbore, SHORT)
        question = chat.messages[0]
        assert question.id is not None
        said = len(chat.messages)
        last = chat.messages[-1].id
        assert last is not None
        chat.delete_message(last)
        assert len(chat.messages) < said
        chat.undo()
        assert len(chat.messages) == said

        # A copy of the chat goes its own way.
        number = chat.chat.id if chat.chat else None
        chat.fork(question.id)
        assert chat.chat is not None
        assert chat.chat.id != number
        assert [message.role for message in chat.messages] == [Role.USER]

    with window(qapp, home) as fullbore:
        qtbot.waitUntil(lambda: len(fullbore.screens.chats.chats) == 2, timeout=10_000)


def test_that_a_model_names_the_chat(qtbot: QtBot, qapp: QApplication, home: Home) -> None:
    choose(home, make_titles=True)
    with window(qapp, home) as fullbore:
        wait_for_model(qtbot, fullbore)
        short_answer(qtbot, fullbore, SHORT)
        plain = fullbore.screens.chats.chats[0].title

        def named() -> bool:
            title = fullbore.screens.chats.chats[0].title
            return bool(title) and title != plain

        try:
            qtbot.waitUntil(named, timeout=20_000)
        except QtTimeout:
            # A small model may say nothing that is fit for a title: then the question's words stay.
            assert fullbore.screens.chats.chats[0].title == plain


def test_that_a_file_and_a_prompt_of_the_library_are_asked_with(
    qtbot: QtBot, qapp: QApplication, home: Home, tmp_path: Path
) -> None:
    notes = tmp_path / "notes.py"
    notes.write_text("print('forty two')\n" * 20, "utf-8")
    with window(qapp, home) as fullbore:
        screens, composer = fullbore.screens, fullbore.window.composer
        wait_for_model(qtbot, fullbore)
        screens.snippets.add("explain", "Explain this in one word.")
        screens.attachments.add_files([notes])
        qtbot.waitUntil(lambda: len(screens.attachments.attachments) == 1, timeout=5_000)
        qtbot.waitUntil(lambda: screens.chat.meter.attachments > 0, timeout=10_000)
        QTest.keyClicks(composer.edit, "/exp")
        QTest.keyClick(composer.edit, Qt.Key.Key_Return)
        assert composer.edit.toPlainText().strip() == "Explain this in one word."
        QTest.keyClick(composer.edit, Qt.Key.Key_Return)
        few_words(qtbot, fullbore)
        question = screens.chat.messages[0]
        assert [file.name for file in question.attachments] == ["notes.py"]
        cost = screens.chat.messages[-1].statistics
        assert cost is not None
        assert (cost.prompt_tokens or 0) > 100, "the file was told to the model"
        assert cost.model


def test_that_chats_are_found_sorted_exported_and_kept(
    qtbot: QtBot, qapp: QApplication, home: Home, tmp_path: Path
) -> None:
    with window(qapp, home) as fullbore:
        screens, shown = fullbore.screens, fullbore.window
        wait_for_model(qtbot, fullbore)
        shown.composer.edit.setPlainText("显存估算 in one word?")  # keys type Latin letters alone
        QTest.keyClick(shown.composer.edit, Qt.Key.Key_Return)
        few_words(qtbot, fullbore)
        chat = screens.chat.chat
        assert chat is not None

        # A word of two Chinese characters finds it.
        panel = shown.sidebar.panel
        panel.search.setText("显存")
        qtbot.waitUntil(lambda: bool(screens.chats.finding.found.rows), timeout=5_000)
        QTest.keyClick(panel.search, Qt.Key.Key_Escape)

        # Into a folder, pinned, to the trash and back.
        folder = screens.chats.new_folder("Work", [chat.id])
        assert folder is not None
        assert screens.chats.chats[0].folder_id == folder
        screens.chats.pin([chat.id], on=True)
        assert screens.chats.chats[0].pinned
        screens.chats.trash([chat.id])
        assert screens.chats.chats == ()
        screens.chats.undo()
        assert len(screens.chats.chats) == 1
        screens.chats.open(chat.id)

        # Found in the conversation itself; copied as Markdown.
        assert shown.conversation.open_find()
        shown.conversation.find_bar.field.setText("显存")
        qtbot.waitUntil(lambda: "1" in shown.conversation.find_bar.count.text(), timeout=5_000)
        QTest.keyClick(shown.conversation.find_bar.field, Qt.Key.Key_Escape)
        transcript = shown.conversation.transcript
        transcript.setFocus()
        QTest.keyClick(transcript, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(transcript, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert "显存估算" in QGuiApplication.clipboard().text()


def test_that_chats_leave_as_files_and_come_back(
    qtbot: QtBot, qapp: QApplication, home: Home, tmp_path: Path
) -> None:
    with window(qapp, home) as fullbore:
        screens = fullbore.screens
        wait_for_model(qtbot, fullbore)
        short_answer(qtbot, fullbore, SHORT)
        chat = screens.chat.chat
        assert chat is not None
        for form in Form:
            file = tmp_path / f"chat{form.value.suffix}"
            screens.keeping.export([chat.id], form, file)
            qtbot.waitUntil(lambda: not screens.keeping.busy, timeout=20_000)
            assert file.stat().st_size > 100
        assert json.loads((tmp_path / "chat.json").read_text("utf-8"))
        screens.keeping.take_in(tmp_path / "chat.json")
        qtbot.waitUntil(lambda: len(screens.chats.chats) == 2, timeout=10_000)
        backup = tmp_path / "all.sqlite"
        screens.keeping.back_up(backup)
        qtbot.waitUntil(lambda: not screens.keeping.busy, timeout=20_000)
        assert backup.stat().st_size > 1000
