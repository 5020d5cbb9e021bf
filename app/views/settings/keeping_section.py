"""What is kept, and copies of it."""

from PySide6.QtWidgets import QPushButton, QWidget

from app.presenters.appearance import AppearancePresenter
from app.presenters.keeping import KeepingPresenter
from app.views.chat.keeping_dialogs import KeepingDialogs
from app.views.settings.kept_rows import SwitchRow
from app.views.settings.option_row import OptionRow
from app.views.settings.section import Section
from app.widgets.arranging import row


class KeepingSection(Section):
    """Backups and imports; the dialogs ask where."""

    def __init__(self, appearance: AppearancePresenter, keeping: KeepingPresenter) -> None:
        super().__init__()
        self.entitle(self.tr("Data"))
        dialogs = KeepingDialogs(keeping, self)
        self.back_up = QPushButton(self.tr("Back up…"))
        self.restore = QPushButton(self.tr("Restore…"))
        self.take_in = QPushButton(self.tr("Import…"))
        for button in (self.back_up, self.restore, self.take_in):
            button.setAutoDefault(False)
        copies = QWidget()
        copies.setLayout(row(self.back_up, self.restore))
        self.add(
            SwitchRow(
                appearance,
                "daily_backup",
                (
                    self.tr("Daily backup"),
                    self.tr("All chats are copied once a day; copies of 14 days are kept."),
                ),
            ),
            OptionRow(
                "backup",
                (
                    self.tr("Backup of everything"),
                    self.tr("All chats, folders, presets and prompts in one file."),
                ),
                copies,
            ),
            OptionRow(
                "import",
                (
                    self.tr("Import chats"),
                    self.tr("From Fullbore's JSON or from an export of ChatGPT."),
                ),
                self.take_in,
            ),
        )
        self.back_up.clicked.connect(dialogs.back_up)
        self.restore.clicked.connect(dialogs.restore)
        self.take_in.clicked.connect(dialogs.take_in)
