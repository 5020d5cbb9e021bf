"""How this chat is asked: its system prompt, its sampling, and what is done when it is too long."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFrame,
    QInputDialog,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)

from app.presenters.chat.presenter import ChatPresenter
from app.presenters.presets import LONGEST_NAME, PresetsPresenter
from app.store.values import Overflow
from app.theme.tokens import Tokens
from app.views.chat.chat_settings_knobs import ChatSettingsKnobs
from app.views.icons import icon_button, recolour
from app.widgets.arranging import card, column, label, row
from app.widgets.delete_question import DeleteQuestion
from engine.chat import Sampling

_SIZE = (620, 720)
_PROMPT_HEIGHT = 110
_PAUSE_MS = 400


class ChatSettingsDialog(QDialog):
    """Each change holds at once, from the next answer on."""

    def __init__(
        self,
        chat: ChatPresenter,
        presets: PresetsPresenter,
        tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._chat = chat
        self._presets = presets
        self.setWindowTitle(self.tr("Chat settings"))
        self.resize(*_SIZE)
        self._about = label("", "dim", wrap=True)
        self.prompt = QPlainTextEdit()
        self.prompt.setTabChangesFocus(True)
        self.prompt.setFixedHeight(_PROMPT_HEIGHT)
        self.prompt.setPlaceholderText(self.tr("You are …"))
        self.prompt.setAccessibleName(self.tr("System prompt"))
        self.overflow = QComboBox()
        self.overflow.setAccessibleName(self.tr("When the chat is too long"))
        self.preset = QComboBox()
        self.preset.setAccessibleName(self.tr("Preset"))
        self.save_as = icon_button("plus", self.tr("Save as a new preset…"))
        self.rename = icon_button("pencil", self.tr("Rename the preset…"))
        self.delete = icon_button("trash", self.tr("Delete the preset…"))
        self._preset_says = label("", "dim", wrap=True)
        self.knobs = ChatSettingsKnobs()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self.finish = QPushButton(self.tr("Done"))
        self._fill()
        self._arrange()
        self._connect()
        self._show()
        recolour(self, tokens)

    def _fill(self) -> None:
        self.overflow.addItem(self.tr("As the settings say"), None)
        self.overflow.addItem(self.tr("Say so, and send nothing"), "refuse")
        self.overflow.addItem(self.tr("Leave out the oldest turns"), "drop_oldest")
        self.prompt.setPlainText(self._chat.system_prompt)

    def _arrange(self) -> None:
        self.finish.setProperty("kind", "primary")
        self.finish.setDefault(True)
        prompt = column(
            label(self.tr("System prompt")),
            label(self.tr("Who the model is, and how it answers: told before every turn."), "dim"),
            self.prompt,
            margins=(16, 14, 16, 16),
        )
        overflow = column(
            label(self.tr("When the chat is too long")),
            label(self.tr("What is done when it no longer fits the model's context."), "dim"),
            self.overflow,
            margins=(16, 14, 16, 16),
        )
        choice = row(self.preset, self.save_as, self.rename, self.delete)
        choice.setStretch(0, 1)
        sampling = column(
            label(self.tr("Sampling")),
            self._preset_says,
            choice,
            self.knobs,
            margins=(16, 14, 16, 16),
            spacing=10,
        )
        inside = QWidget()
        inside.setProperty("kind", "clear")
        parts = (card(prompt), card(overflow), card(sampling), None)
        inside.setLayout(column(*parts, margins=(0, 0, 8, 0), spacing=12))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.viewport().setProperty("kind", "clear")
        scroll.setWidget(inside)
        foot = row(self._about, self.finish)
        foot.setStretch(0, 1)
        self.setLayout(column(scroll, foot, margins=(18, 18, 18, 18), spacing=14))

    def _connect(self) -> None:
        self.prompt.textChanged.connect(self._pause.start)
        self._pause.timeout.connect(self._change_prompt)
        self.finished.connect(self._change_prompt)
        self.overflow.activated.connect(self._change_overflow)
        self.preset.activated.connect(self._choose_preset)
        self.save_as.clicked.connect(self._ask_for_new)
        self.rename.clicked.connect(self._ask_for_name)
        self.delete.clicked.connect(self._ask_to_delete)
        self.knobs.changed.connect(self._change_sampling)
        self.finish.clicked.connect(self.accept)
        self._presets.changed.connect(self._show)
        self._chat.terms_changed.connect(self._show)
        self._chat.chat_changed.connect(self._follow)

    def _follow(self) -> None:
        """Another chat is shown behind the dialog."""
        if not self._pause.isActive() and self.prompt.toPlainText() != self._chat.system_prompt:
            self.prompt.setPlainText(self._chat.system_prompt)
        self._show()

    def _show(self) -> None:
        chat = self._chat.chat
        named = chat.model if chat else None
        self._about.setText(self.tr("Answered last by {0}").format(named) if named else "")
        self.overflow.setCurrentIndex(max(0, self.overflow.findData(self._own_overflow)))
        self.preset.clear()
        self.preset.addItem(self.tr("Default"), None)
        for preset in self._presets.presets:
            self.preset.addItem(preset.name, preset.id)
        chosen = self._presets.preset(self._chat.preset_id)
        self.preset.setCurrentIndex(self.preset.findData(chosen.id) if chosen else 0)
        self.rename.setEnabled(chosen is not None)
        self.delete.setEnabled(chosen is not None)
        self._preset_says.setText(
            self.tr("A changed knob changes this preset, in every chat that uses it.")
            if chosen
            else self.tr("The default stays as it is: a changed knob makes a preset of your own.")
        )
        self.knobs.show_sampling(chosen.sampling if chosen else Sampling())

    @property
    def _own_overflow(self) -> Overflow | None:
        """None: as the settings say."""
        chat = self._chat.chat
        return chat.overflow if chat else self._chat.overflow

    def _change_prompt(self) -> None:
        """Once the person pauses."""
        self._pause.stop()
        if self.prompt.toPlainText() != self._chat.system_prompt:
            self._chat.set_system_prompt(self.prompt.toPlainText())

    def _change_overflow(self) -> None:
        self._chat.set_overflow(self.overflow.currentData())

    def _choose_preset(self) -> None:
        self._chat.set_preset(self.preset.currentData())

    def _change_sampling(self, sampling: Sampling) -> None:
        chosen = self._presets.preset(self._chat.preset_id)
        if chosen is not None:
            self._presets.change(chosen.id, sampling)
        else:
            self._keep(self.tr("My preset"), sampling)

    def _keep(self, name: str, sampling: Sampling) -> None:
        made = self._presets.add(name, sampling)
        if made is not None:
            self._chat.set_preset(made.id)

    def _ask_for_new(self) -> None:
        chosen = self._presets.preset(self._chat.preset_id)
        sampling = chosen.sampling if chosen else Sampling()
        dialog = self._name_dialog(self.tr("Save as a new preset"), "")
        dialog.textValueSelected.connect(lambda name: self._keep(str(name), sampling))  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
        dialog.open()

    def _ask_for_name(self) -> None:
        chosen = self._presets.preset(self._chat.preset_id)
        if chosen is None:
            return
        dialog = self._name_dialog(self.tr("Rename the preset"), chosen.name)
        dialog.textValueSelected.connect(lambda name: self._presets.rename(chosen.id, str(name)))  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
        dialog.open()

    def _name_dialog(self, title: str, name: str) -> QInputDialog:
        dialog = QInputDialog(self)
        dialog.setWindowTitle(title)
        dialog.setLabelText(self.tr("Name"))
        dialog.setTextValue(name[:LONGEST_NAME])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog

    def _ask_to_delete(self) -> None:
        chosen = self._presets.preset(self._chat.preset_id)
        if chosen is None:
            return
        says = self.tr("Delete “{0}” for good? Its chats use the default then.")
        question = DeleteQuestion(self, self.tr("Delete preset"), says.format(chosen.name))

        def gone() -> None:
            self._chat.set_preset(None)
            self._presets.delete(chosen.id)

        question.confirmed.connect(gone)
        question.open()
