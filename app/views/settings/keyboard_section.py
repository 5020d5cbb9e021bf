"""What the keyboard does."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from app.presenters.appearance import AppearancePresenter
from app.views.settings.kept_rows import ChoiceRow, SwitchRow
from app.views.settings.option_row import OptionRow
from app.views.settings.section import Section


class KeyboardSection(Section):
    """The key that sends, the shortcuts, and what is told to those who listen."""

    shortcuts_wanted = Signal()
    palette_wanted = Signal()

    def __init__(self, appearance: AppearancePresenter) -> None:
        super().__init__()
        self.entitle(self.tr("Keyboard"))
        self.shortcuts = QPushButton(self.tr("Show them"))
        self.palette_button = QPushButton(self.tr("Open it"))
        for button in (self.shortcuts, self.palette_button):
            button.setAutoDefault(False)
        self.add(
            ChoiceRow(
                appearance,
                "send_key",
                (
                    self.tr("What sends a message"),
                    self.tr("The other of Enter and Ctrl+Enter then breaks the line."),
                ),
                {"enter": "Enter", "ctrl_enter": "Ctrl+Enter"},
            ),
            OptionRow(
                "shortcuts",
                (self.tr("Shortcuts"), self.tr("Every key that does something. F1 shows them.")),
                self.shortcuts,
            ),
            OptionRow(
                "palette",
                (
                    self.tr("Command palette"),
                    self.tr("Finds every command, chat, model and setting. Ctrl+K opens it."),
                ),
                self.palette_button,
            ),
            SwitchRow(
                appearance,
                "spell_out_answers",
                (
                    self.tr("Tell of finished answers"),
                    self.tr("A screen reader hears the answer when it is complete."),
                ),
            ),
        )
        self.shortcuts.clicked.connect(self.shortcuts_wanted)
        self.palette_button.clicked.connect(self.palette_wanted)
