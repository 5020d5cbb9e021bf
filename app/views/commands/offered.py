"""Commands that come and go: models, chats, presets, and every option of the settings."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from app.lists import chats_words
from app.presenters.keeping import Form
from app.views.commands.command import Command
from app.views.settings.kept_rows import ChoiceRow
from app.views.settings.settings_dialog import SettingsDialog

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.theme.tokens import Tokens
    from app.views.main_window import MainWindow
    from app.views.screens import Screens

_DIRECT = ("theme", "accent", "language", "motion", "overflow", "send_key")


class Offered(QObject):
    """What the palette finds besides the table, as things stand when it is opened."""

    def __init__(self, window: MainWindow, screens: Screens, tokens: Tokens) -> None:
        super().__init__(window)
        self._window = window
        self._screens = screens
        self._plain = (
            *self._models(),
            *self._presets(),
            *self._exports(),
            *self._options(tokens),
        )
        self._chats = tuple(self._of_chats())

    def all(self, typed: str) -> tuple[Command, ...]:
        """There may be thousands of chats: they are found by words alone."""
        return (*self._plain, *self._chats) if typed.strip() else self._plain

    def _models(self) -> Iterable[Command]:
        group, models = self.tr("Models"), self._screens.models
        for model in models.models:
            if model.broken is None:
                yield Command(
                    key=f"model:{model.id}",
                    group=group,
                    says=self.tr("Load {0}").format(model.id),
                    act=partial(models.choose, model.id),
                )
        if models.current is not None:
            unload = self.tr("Unload the model")
            yield Command(key="unload", group=group, says=unload, act=models.unload)

    def _presets(self) -> Iterable[Command]:
        group, chat = self.tr("This chat"), self._screens.chat
        names = [(None, self.tr("Default"))]
        for number, name in (
            *names,
            *((one.id, one.name) for one in self._screens.presets.presets),
        ):
            yield Command(
                key=f"preset:{number}",
                group=group,
                says=self.tr("Preset: {0}").format(name),
                act=partial(chat.set_preset, number),
            )

    def _exports(self) -> Iterable[Command]:
        shown = self._screens.chat.chat
        if shown is None:
            return
        for form in Form:
            yield Command(
                key=f"export:{form.name}",
                group=self.tr("This chat"),
                says=self.tr("Export as {0}").format(form.value.name),
                act=partial(self._window.sidebar.panel.dialogs.export, (shown.id,), form),
            )

    def _of_chats(self) -> Iterable[Command]:
        group = self.tr("Chats")
        for chat in self._screens.chats.chats:
            yield Command(
                key=f"chat:{chat.id}",
                group=group,
                says=chats_words.title(chat),
                act=partial(self._open_chat, chat.id),
            )

    def _open_chat(self, number: int) -> None:
        self._window.open_chat()
        self._screens.chats.open(number)

    def _options(self, tokens: Tokens) -> Iterable[Command]:
        """The settings' own rows say what there is to set; those of few words are set at once."""
        dialog = SettingsDialog(self._screens, "", tokens)
        for section in dialog.sections:
            for row in section.rows:
                yield Command(
                    key=f"option:{row.key}",
                    group=_in_settings(section.title),
                    says=row.name,
                    act=partial(self._show_option, row.key),
                )
                if isinstance(row, ChoiceRow) and row.key in _DIRECT:
                    for value, says in row.choices:
                        yield Command(
                            key=f"option:{row.key}:{value}",
                            group=_in_settings(section.title),
                            says=f"{row.name}: {says}",
                            act=partial(self._screens.appearance.change, row.key, value),
                        )
        dialog.deleteLater()

    def _show_option(self, key: str) -> None:
        self._window.open_settings().show_option(key)


def _in_settings(section: str) -> str:
    return QCoreApplication.translate("Offered", "Settings · {0}").format(section)
