"""The line above the conversation: its title, the model picker, and what the answer does."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.presenters.chat.presenter import ChatPresenter
from app.presenters.machine import MachinePresenter
from app.presenters.models import ModelsPresenter
from app.theme.stylesheet import set_dress
from app.views import words
from app.views.chat.model_picker import ModelPicker
from app.views.icons import icon_button
from app.widgets.arranging import label, row
from app.widgets.elided_label import ElidedLabel


class Header(QWidget):
    """Title at the left, picker in the middle, numbers and panel switches at the right."""

    sidebar_wanted = Signal()
    panel_wanted = Signal()
    placement_wanted = Signal()

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
        placement = icon_button("gpu", self.tr("Placement: what goes where"), shortcut="Ctrl+P")
        self._title = ElidedLabel()
        set_dress(self._title, "role", "title")
        self._context = label("", "badge")
        self._speed = label("", "badge")
        left = row(sidebar, self._title)
        left.setStretch(1, 1)
        right = row(placement, None, self._context, self._speed, panel)
        line = row(left, self.picker, right, margins=(12, 12, 12, 10))
        line.setStretch(0, 1)
        line.setStretch(2, 1)
        self.setLayout(line)
        sidebar.clicked.connect(self.sidebar_wanted)
        panel.clicked.connect(self.panel_wanted)
        placement.clicked.connect(self._want_placement)
        chat.chat_changed.connect(self._show_title)
        machine.changed.connect(self._show_numbers)
        self._show_title()
        self._show_numbers()

    @property
    def title(self) -> str:
        """What stands at the left."""
        return self._title.text()

    def name_chat(self, *, shown: bool) -> None:
        """The chat's title belongs beside the chat alone."""
        self._named = shown
        self._show_title()

    def _want_placement(self) -> None:
        self.placement_wanted.emit()

    def _show_title(self) -> None:
        chat = self._chat.chat
        title = (chat.title if chat else "") or self.tr("New chat")
        self._title.setText(title if self._named else "")

    def _show_numbers(self) -> None:
        streams = self._machine.streams
        self._context.setVisible(streams is not None)
        self._speed.setVisible(streams is not None and streams.streams > 0)
        if streams is not None:
            used, total = streams.context_used_tokens, streams.context_tokens
            self._context.setText(f"ctx {words.count(used)} / {words.count(total)}")
            self._context.setToolTip(self.tr("Context used, in tokens"))
            self._speed.setText(words.speed(streams.decode_tps))
