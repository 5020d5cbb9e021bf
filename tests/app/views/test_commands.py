"""The table of commands, the palette over it, and the list of shortcuts."""

from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.views.commands.command import Command, best, match, scattered, spelled
from app.views.commands.palette import CommandPalette
from app.views.commands.shortcuts_dialog import ShortcutsDialog
from tests.app.views.conftest import Shown
from tests.support.engine import shelf_model

# Qt's offscreen platform says so of every window with a size of its own.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")

_PORTABLE = QKeySequence.SequenceFormat.PortableText
_CONTROL = Qt.KeyboardModifier.ControlModifier


def command(says: str, group: str = "") -> Command:
    return Command(key=says, group=group, says=says, act=lambda: None)


def found(says: list[str], typed: str, recent: list[str] | None = None) -> list[str]:
    commands = [command(one) for one in says]
    return [one.key for one in best(commands, typed, recent or [], most=9)]


def type_into(palette: CommandPalette, words: str) -> list[str]:
    palette.field.setText(words)
    return [row.says for row in palette.rows.rows]


def keys_of(shown: Shown) -> list[tuple[str, Qt.ShortcutContext]]:
    """Every key that Qt listens for in the window, and where it counts."""
    window = shown.window
    keys: list[tuple[str, Qt.ShortcutContext]] = []
    for action in window.findChildren(QAction):
        keys += [(one.toString(_PORTABLE), action.shortcutContext()) for one in action.shortcuts()]
    for shortcut in window.findChildren(QShortcut):
        keys.append((shortcut.key().toString(_PORTABLE), shortcut.context()))
    for button in window.findChildren(QAbstractButton):
        keys.append((button.shortcut().toString(_PORTABLE), Qt.ShortcutContext.WindowShortcut))
    return [(key, context) for key, context in keys if key]


def test_that_the_start_of_a_word_counts_more_than_its_middle_and_both_more_than_letters() -> None:
    start = match(["set"], "open settings")
    inside = match(["ettin"], "open settings")
    letters = match(["osgs"], "open settings")
    assert start is not None
    assert inside is not None
    assert letters is not None
    assert start > inside > letters
    assert match(["xyz"], "open settings") is None
    assert match(["chat"], "rename", "chats") is not None


def test_that_chinese_words_are_found_by_their_characters() -> None:
    assert found(["打开设置", "新对话", "主题:深色"], "设置") == ["打开设置"]
    assert found(["打开设置", "新对话", "主题:深色"], "主深") == ["主题:深色"]
    assert scattered("新话", "新对话")


def test_that_what_was_used_last_comes_first_among_equals() -> None:
    assert found(["theme a", "theme b", "theme c"], "theme", ["theme c"])[0] == "theme c"
    assert found(["one", "two", "three"], "", ["three", "two"]) == ["three", "two", "one"]
    assert found(["my theme", "theme"], "the", ["nothing"])[0] == "theme"


def test_that_every_key_of_the_window_is_in_the_table(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    shown.window.open_discover()
    shown.window.open_library()
    listed = {key for one in shown.window.commands.keys for key in one.keys}
    assert {key for key, _ in keys_of(shown)} <= listed


def test_that_no_key_is_given_twice(qtbot: QtBot, shown: Shown) -> None:
    shown.start(qtbot)
    shown.window.open_discover()
    shown.window.open_library()
    everywhere = Qt.ShortcutContext.WindowShortcut
    counted = Counter(key for key, context in keys_of(shown) if context is everywhere)
    assert {key: times for key, times in counted.items() if times > 1} == {}
    assert "Ctrl+K" in counted
    table = Counter(key for one in shown.window.commands.fixed for key in one.keys)
    assert {key: times for key, times in table.items() if times > 1} == {}
    every = Counter(one.key for one in shown.window.commands.fixed)
    assert max(every.values()) == 1


@pytest.mark.parametrize("key", [Qt.Key.Key_K, Qt.Key.Key_P])
def test_that_the_palette_opens_finds_and_does_by_keyboard(
    qtbot: QtBot, shown: Shown, key: Qt.Key
) -> None:
    shown.window.activateWindow()
    qtbot.waitUntil(shown.window.isActiveWindow)
    QTest.keyClick(shown.window, key, _CONTROL)
    qtbot.waitUntil(lambda: bool(shown.window.findChildren(CommandPalette)))
    palette = shown.window.findChildren(CommandPalette)[0]
    QTest.keyClicks(palette.field, "libr")
    assert palette.rows.rows[0].key == "library"
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown.window.library is not None)
    assert shown.window.state.recent == ("library",)
    again = shown.window.open_palette()
    assert again.rows.rows[0].key == "library"
    again.reject()


def test_that_arrows_go_round_the_palette_and_esc_closes_it(qtbot: QtBot, shown: Shown) -> None:
    palette = shown.window.open_palette()
    first = palette.list.currentIndex().row()
    QTest.keyClick(palette.field, Qt.Key.Key_Up)
    assert palette.list.currentIndex().row() == palette.rows.rowCount() - 1
    QTest.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.list.currentIndex().row() == first
    assert palette.field.accessibleDescription().startswith(palette.rows.rows[0].says)
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not shown.window.findChildren(CommandPalette))


def test_that_the_palette_finds_models_chats_presets_and_settings(
    qtbot: QtBot, shown: Shown
) -> None:
    shown.engine.shelf = (shelf_model("first"), shelf_model("second"))
    shown.start(qtbot)
    assert shown.screens.chat.send("What is a zebra crossing?")
    qtbot.waitUntil(lambda: bool(shown.screens.chats.chats))
    palette = shown.window.open_palette()
    assert "Load second" in type_into(palette, "second")
    assert "What is a zebra crossing?" in type_into(palette, "zebra")
    assert "Preset: Default" in type_into(palette, "preset")
    assert "Export as Markdown" in type_into(palette, "markdown")
    assert "Theme: Dark" in type_into(palette, "theme dark")
    assert "Wrap code" in type_into(palette, "wrap")
    assert type_into(palette, "qqqq") == []
    assert not palette.nothing.isHidden()
    palette.field.setText("theme dark")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown.look.tokens.dark)


def test_that_f1_lists_every_key(qtbot: QtBot, shown: Shown) -> None:
    shown.window.activateWindow()
    qtbot.waitUntil(shown.window.isActiveWindow)
    QTest.keyClick(shown.window, Qt.Key.Key_F1)
    qtbot.waitUntil(lambda: bool(shown.window.findChildren(ShortcutsDialog)))
    dialog = shown.window.findChildren(ShortcutsDialog)[0]
    wanted = [
        " ".join((one.says, *(spelled(key) for key in one.keys)))
        for one in shown.window.commands.keys
    ]
    assert sorted(dialog.shown) == sorted(wanted)
    dialog.search.setText("ctrl+k")
    assert dialog.shown == ("Command palette Ctrl+K Ctrl+P",)
    dialog.reject()


def test_that_new_chat_works_while_the_chats_are_hidden(qtbot: QtBot, shown: Shown) -> None:
    shown.window.open_library()
    shown.window.turn_sidebar()
    shown.window.activateWindow()
    qtbot.waitUntil(shown.window.isActiveWindow)
    QTest.keyClick(shown.window, Qt.Key.Key_N, _CONTROL)
    qtbot.waitUntil(lambda: shown.window.header.title == "New chat")


def test_that_the_text_grows_and_shrinks_by_keyboard(qtbot: QtBot, shown: Shown) -> None:
    look = shown.screens.appearance
    shown.window.activateWindow()
    qtbot.waitUntil(shown.window.isActiveWindow)
    QTest.keyClick(shown.window, Qt.Key.Key_Plus, _CONTROL)
    assert look.settings.text_percent == 110
    for _ in range(20):
        QTest.keyClick(shown.window, Qt.Key.Key_Minus, _CONTROL)
    assert look.settings.text_percent == 80
    QTest.keyClick(shown.window, Qt.Key.Key_0, _CONTROL)
    assert look.settings.text_percent == 100
