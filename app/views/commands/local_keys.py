"""Keys that count in one place alone: in the list of chats, in a message, in a field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QKeySequence

from app.views.commands.command import LocalKeys

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.views.main_window import MainWindow


def local_keys(window: MainWindow) -> tuple[LocalKeys, ...]:
    """What lists and fields do by themselves, as they are in that window."""
    chats = QCoreApplication.translate("LocalKeys", "In the list of chats")
    return (
        *_of_actions(window.sidebar.chats, chats),
        *_writing(),
        *_reading(),
        *_lists(),
    )


def _of_actions(widget: QWidget, group: str) -> tuple[LocalKeys, ...]:
    """The actions that a widget has keep their own words and keys."""
    return tuple(
        LocalKeys(group=group, says=action.text().replace("&", ""), keys=_keys_of(action))
        for action in widget.actions()
        if action.shortcuts()
    )


def _keys_of(action: QAction) -> tuple[str, ...]:
    portable = QKeySequence.SequenceFormat.PortableText
    return tuple(keys.toString(portable) for keys in action.shortcuts())


def _writing() -> tuple[LocalKeys, ...]:
    group = QCoreApplication.translate("LocalKeys", "While writing")
    return (
        _keys(
            group,
            QCoreApplication.translate("LocalKeys", "Send, or break the line: see the settings"),
            "Return",
        ),
        _keys(group, QCoreApplication.translate("LocalKeys", "Break the line"), "Shift+Return"),
        _keys(group, QCoreApplication.translate("LocalKeys", "Write a prompt of the library"), "/"),
        _keys(
            group,
            QCoreApplication.translate("LocalKeys", "Edit the last question, in an empty field"),
            "Up",
        ),
        _keys(
            group,
            QCoreApplication.translate("LocalKeys", "Stop the answer"),
            _name(Qt.Key.Key_Escape),
        ),
    )


def _reading() -> tuple[LocalKeys, ...]:
    group = QCoreApplication.translate("LocalKeys", "In the conversation")
    return (
        _keys(group, QCoreApplication.translate("LocalKeys", "Next message"), "Alt+Down", "J"),
        _keys(group, QCoreApplication.translate("LocalKeys", "Message before"), "Alt+Up", "K"),
        _keys(group, QCoreApplication.translate("LocalKeys", "Go through what can be done"), "Tab"),
        _keys(group, QCoreApplication.translate("LocalKeys", "Copy as Markdown"), "Ctrl+C"),
        _keys(group, QCoreApplication.translate("LocalKeys", "Select everything"), "Ctrl+A"),
        _keys(
            group,
            QCoreApplication.translate("LocalKeys", "To the begin, to the end"),
            "Home",
            "End",
        ),
        _keys(
            group,
            QCoreApplication.translate("LocalKeys", "Next and previous hit of a search"),
            "Return",
            "Shift+Return",
        ),
    )


def _lists() -> tuple[LocalKeys, ...]:
    group = QCoreApplication.translate("LocalKeys", "In lists of models and downloads")
    return (
        _keys(group, QCoreApplication.translate("LocalKeys", "Open, or chat with it"), "Return"),
        _keys(group, QCoreApplication.translate("LocalKeys", "Delete, or remove"), "Del"),
        _keys(
            group, QCoreApplication.translate("LocalKeys", "Pause a download, or go on"), "Space"
        ),
        _keys(
            group,
            QCoreApplication.translate("LocalKeys", "Move a download in the queue"),
            "Alt+Up",
            "Alt+Down",
        ),
        _keys(
            group, QCoreApplication.translate("LocalKeys", "Save a prompt of the library"), "Ctrl+S"
        ),
    )


def _keys(group: str, says: str, *keys: str) -> LocalKeys:
    return LocalKeys(group=group, says=says, keys=keys)


def _name(key: Qt.Key) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)
