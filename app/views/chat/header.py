"""The line above the conversation: its title, the model picker, and what the answer does."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QStackedWidget, QWidget
from typing_extensions import override

from app.presenters.chat.presenter import ChatPresenter
from app.presenters.machine import MachinePresenter
from app.presenters.models import ModelsPresenter
from app.theme.stylesheet import set_dress
from app.views import words
from app.views.chat.model_picker import ModelPicker
from app.views.icons import icon_button
from app.widgets.arranging import label, row
from app.widgets.elided_label import ElidedLabel


class Title(QStackedWidget):
    """A double click, or `edit`, makes it a field; Enter or leaving it renames, Esc does not."""

    renamed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = ElidedLabel()
        set_dress(self._label, "role", "title")
        self.field = _TitleField()
        self.field.setAccessibleName(self.tr("Title of the chat"))
        self._can_edit = False
        self._edits = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.addWidget(self._label)
        self.addWidget(self.field)
        self.field.given_up.connect(self._show_label)
        self.field.editingFinished.connect(self._finish)

    @property
    def text(self) -> str:
        """What it says."""
        return self._label.text()

    def say(self, title: str, *, can_edit: bool) -> None:
        """Show that; only a chat that is on disk can be renamed."""
        self._can_edit = can_edit
        self._label.setText(title)
        self._label.setAccessibleDescription(
            self.tr("A double click renames the chat") if can_edit else ""
        )

    def edit(self) -> None:
        """Let the person write another title."""
        if self._can_edit:
            self.field.setText(self._label.text())
            self._edits = True
            self.setCurrentWidget(self.field)
            self.field.selectAll()
            self.field.setFocus()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.edit()

    def _show_label(self) -> None:
        self._edits = False  # first: a field that is hidden says that it was finished
        self.setCurrentWidget(self._label)

    def _finish(self) -> None:
        if not self._edits:
            return
        self._show_label()
        title = self.field.text().strip()
        if title and title != self._label.text():
            self.renamed.emit(title)


class _TitleField(QLineEdit):
    """Esc gives up, where it would else stop an answer."""

    given_up = Signal()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event == QKeySequence.StandardKey.Cancel:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)

    @override
    def event(self, event: QEvent) -> bool:
        mine = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride
        if mine and event == QKeySequence.StandardKey.Cancel:
            event.accept()
            return True
        return super().event(event)


class Header(QWidget):
    """Title at the left, picker in the middle, numbers and panel switches at the right."""

    sidebar_wanted = Signal()
    panel_wanted = Signal()
    placement_wanted = Signal()
    settings_wanted = Signal()  # of this chat

    def __init__(
        self,
        chat: ChatPresenter,
        models: ModelsPresenter,
        machine: MachinePresenter,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._chat = chat
        self._machine = machine
        self._named = True
        self.picker = ModelPicker(models)
        sidebar = icon_button("sidebar", self.tr("Show or hide the chats"), shortcut="Ctrl+B")
        panel = icon_button("sliders", self.tr("Show or hide the hardware"), shortcut="Ctrl+H")
        goes = self.tr("Placement: what goes where")
        placement = icon_button("gpu", goes, shortcut="Ctrl+Shift+G")
        self.settings = icon_button("gear", self.tr("Chat settings"), shortcut="Ctrl+Shift+S")
        self.title_line = Title()
        self._context = label("", "badge")
        self._speed = label("", "badge")
        for badge in (self._context, self._speed):
            badge.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        left = row(sidebar, self.title_line)
        left.setStretch(1, 1)
        right = row(placement, self.settings, None, self._context, self._speed, panel)
        line = row(left, self.picker, right, margins=(12, 12, 12, 10))
        line.setStretch(0, 1)
        line.setStretch(2, 1)
        self.setLayout(line)
        sidebar.clicked.connect(self.sidebar_wanted)
        panel.clicked.connect(self.panel_wanted)
        placement.clicked.connect(self._want_placement)
        self.settings.clicked.connect(self.settings_wanted)
        self.title_line.renamed.connect(self._rename)
        chat.chat_changed.connect(self._show_title)
        machine.changed.connect(self._show_numbers)
        self._show_title()
        self._show_numbers()

    @property
    def title(self) -> str:
        """What stands at the left."""
        return self.title_line.text

    def name_chat(self, *, shown: bool) -> None:
        """The chat's title belongs beside the chat alone."""
        self._named = shown
        self._show_title()

    def _want_placement(self) -> None:
        self.placement_wanted.emit()

    def _show_title(self) -> None:
        chat = self._chat.chat
        title = (chat.title if chat else "") or self.tr("New chat")
        shown = title if self._named else ""
        self.title_line.say(shown, can_edit=self._named and chat is not None)

    def _rename(self, title: str) -> None:
        if self._chat.chat is not None:
            self._chat.rename_chat(self._chat.chat.id, title)

    def _show_numbers(self) -> None:
        streams = self._machine.streams
        self._context.setVisible(streams is not None)
        self._speed.setVisible(streams is not None and streams.streams > 0)
        if streams is not None:
            used, total = streams.context_used_tokens, streams.context_tokens
            says = self.tr("ctx {0} / {1}")
            self._context.setText(says.format(words.count(used), words.count(total)))
            self._context.setToolTip(self.tr("Context used, in tokens"))
            self._speed.setText(words.speed(streams.decode_tps))
