"""The table of commands: what the window can do, by which words and which keys.

Keys are given here alone. A button that had a key of its own gives it up: a button's key works
only while the button is seen, and the window's always.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton

from app.views.commands.command import Command, LocalKeys
from app.views.commands.local_keys import local_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.views.main_window import MainWindow
    from app.views.screens import Screens


class Commands(QObject):
    """Makes the window's actions."""

    def __init__(self, window: MainWindow, screens: Screens) -> None:
        super().__init__(window)
        self._window = window
        self._screens = screens
        self.fixed: tuple[Command, ...] = (
            *self._general(),
            *self._places(),
            *self._of_chats(),
            *self._of_this_chat(),
            *self._view(),
        )
        for command in self.fixed:
            if command.keys:
                window.addAction(self._action(command))

    @property
    def keys(self) -> tuple[Command | LocalKeys, ...]:
        """Every command that has keys, then the keys that count in one place alone."""
        return (*(one for one in self.fixed if one.keys), *local_keys(self._window))

    def _action(self, command: Command) -> QAction:
        action = QAction(command.says, self)
        action.setObjectName(command.key)
        action.setShortcuts([QKeySequence(keys) for keys in command.keys])
        # Commands take nothing: not the state that an action would tell.
        action.triggered.connect(lambda: command.act())  # noqa: PLW0108
        return action

    def _general(self) -> Iterable[Command]:
        group, window = self.tr("Fullbore"), self._window
        make = partial(_command, group)
        yield make("palette", self.tr("Command palette"), window.open_palette, "Ctrl+K", "Ctrl+P")
        yield make("shortcuts", self.tr("Shortcuts"), window.open_shortcuts, "F1", "Ctrl+/")
        yield make("settings", self.tr("Settings"), window.open_settings, "Ctrl+,")
        guide = self.tr("Show the first-run guide")
        yield make("guide", guide, window.guide.open)
        about = self.tr("About Fullbore, updates and licences")
        yield make("about", about, window.updates.open_about)
        yield make("news", self.tr("What's new"), window.updates.open_news)
        yield make("quit", self.tr("Quit"), window.companions.quit, "Ctrl+Q")

    def _places(self) -> Iterable[Command]:
        group, window = self.tr("Go to"), self._window
        make = partial(_command, group)
        yield make("chat", self.tr("Chat"), window.open_chat, "Ctrl+1", "Ctrl+L")
        yield make("discover", self.tr("Discover"), window.open_discover, "Ctrl+D", "Ctrl+G")
        yield make("library", self.tr("Library"), window.open_library, "Ctrl+Shift+L")
        yield make("monitor", self.tr("Monitor"), window.open_monitor, "Ctrl+Shift+M")
        yield make("server", self.tr("Server"), window.open_server, "Ctrl+Shift+O")
        goes = self.tr("Placement: what goes where")
        yield make("placement", goes, window.open_placement, "Ctrl+Shift+G")
        yield make("alerts", self.tr("Alerts"), window.alerts.open_all)
        doctor = self.tr("Doctor: what is wrong with this machine")
        yield make("doctor", doctor, window.open_doctor)
        yield make("find", self.tr("Find on this page"), window.search, "Ctrl+F")
        yield make("model", self.tr("Choose a model"), self._choose_model, "Ctrl+M")

    def _of_chats(self) -> Iterable[Command]:
        group, panel = self.tr("Chats"), self._window.sidebar.panel
        make = partial(_command, group)
        new = self._window.sidebar.new_chat
        yield make("new-chat", self.tr("New chat"), new.click, "Ctrl+N")
        seek = self.tr("Search all chats")
        yield make("search-chats", seek, self._search_chats, "Ctrl+Shift+F")
        yield make("rename", self.tr("Rename the chat"), panel.menu.rename.trigger)
        yield make("new-folder", self.tr("New folder"), panel.menu.new_folder.trigger)
        yield make("import", self.tr("Import chats"), panel.dialogs.take_in)
        yield make("back-up", self.tr("Back up all chats"), panel.dialogs.back_up)
        yield make("restore", self.tr("Restore a backup"), panel.dialogs.restore)

    def _of_this_chat(self) -> Iterable[Command]:
        group, window, chat = self.tr("This chat"), self._window, self._screens.chat
        make = partial(_command, group)
        knobs = self.tr("Chat settings")
        yield make("chat-settings", knobs, window.open_chat_settings, "Ctrl+Shift+S")
        yield make("attach", self.tr("Attach files"), window.composer.ask_for_files, "Ctrl+U")
        yield make("prompts", self.tr("Prompt library"), window.open_prompts, "Ctrl+Shift+U")
        yield make("stop", self.tr("Stop the answer"), chat.stop)
        yield make("again", self.tr("Answer again"), self._answer_again, "Ctrl+R")
        goes_on = self.tr("Continue the answer")
        yield make("continue", goes_on, self._continue, "Ctrl+Shift+Return")
        edits = self.tr("Edit the last question")
        yield make("edit-last", edits, window.conversation.edit_last_question, "Ctrl+Shift+Up")

    def _view(self) -> Iterable[Command]:
        group, window, look = self.tr("View"), self._window, self._screens.appearance
        make = partial(_command, group)
        yield make("sidebar", self.tr("Show or hide the chats"), window.turn_sidebar, "Ctrl+B")
        yield make("panel", self.tr("Show or hide the hardware"), window.turn_panel, "Ctrl+H")
        mini = self.tr("Show or hide the small monitor")
        yield make("mini", mini, window.companions.turn_mini, "Ctrl+Shift+H")
        turn = self.tr("Turn light and dark")
        yield make("turn-theme", turn, self._turn_theme, "Ctrl+Shift+D")
        larger = self.tr("Larger text")
        yield make("larger", larger, partial(self._resize, 10), "Ctrl++", "Ctrl+=")
        yield make("smaller", self.tr("Smaller text"), partial(self._resize, -10), "Ctrl+-")
        plain = self.tr("Text as it was made")
        yield make("plain", plain, partial(look.change, "text_percent", 100), "Ctrl+0")

    def _choose_model(self) -> None:
        picker = self._window.header.picker
        picker.menu().popup(picker.mapToGlobal(QPoint(0, picker.height())))

    def _search_chats(self) -> None:
        if self._window.sidebar.isHidden():
            self._window.turn_sidebar()
        self._window.sidebar.search.setFocus()

    def _answer_again(self) -> None:
        chat = self._screens.chat
        last = chat.messages[-1] if chat.messages else None
        if last is not None and last.id is not None:
            chat.regenerate(last.id)

    def _continue(self) -> None:
        if self._screens.chat.can_continue:
            self._screens.chat.continue_answer()

    def _turn_theme(self) -> None:
        self._screens.appearance.set_theme("light" if self._window.is_dark else "dark")

    def _resize(self, percent: int) -> None:
        look = self._screens.appearance
        wanted = max(80, min(200, look.settings.text_percent + percent))
        look.change("text_percent", wanted)


def release_keys(buttons: Iterable[QAbstractButton]) -> None:
    """The table's actions have these keys now; a key that is given twice does nothing."""
    for button in buttons:
        button.setShortcut(QKeySequence())


def _command(group: str, key: str, says: str, act: Callable[[], object], *keys: str) -> Command:
    return Command(key=key, group=group, says=says, act=act, keys=keys)
