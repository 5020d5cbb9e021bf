"""How the window looks and speaks."""

from PySide6.QtWidgets import QComboBox, QDialog, QFormLayout, QPushButton, QWidget

from app.presenters.appearance import AppearancePresenter
from app.theme.tokens import Tokens
from app.views.icons import recolour
from app.widgets.arranging import card, column, label, row


class SettingsDialog(QDialog):
    """Each change holds at once."""

    def __init__(
        self,
        appearance: AppearancePresenter,
        about: str,
        tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setWindowTitle(self.tr("Settings"))
        self.setMinimumWidth(460)
        self.theme = _choice(
            {
                "system": self.tr("As the system"),
                "light": self.tr("Light"),
                "dark": self.tr("Dark"),
            },
            appearance.theme,
        )
        self.language = _choice(
            {"system": self.tr("As the system"), "en": "English", "zh_CN": "简体中文"},
            appearance.language,
        )
        form = QFormLayout()
        form.setContentsMargins(16, 16, 16, 16)
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(12)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for name, field in ((self.tr("&Look"), self.theme), (self.tr("L&anguage"), self.language)):
            field.setAccessibleName(name.replace("&", ""))
            form.addRow(name, field)
        done = QPushButton(self.tr("Done"))
        done.setProperty("kind", "primary")
        done.setDefault(True)
        done.clicked.connect(self.accept)
        foot = row(label(about, "faint", wrap=True), done)
        foot.setStretch(0, 1)
        self.setLayout(column(card(form), foot, margins=(18, 18, 18, 18), spacing=14))
        self.theme.activated.connect(self._choose_theme)
        self.language.activated.connect(self._choose_language)
        recolour(self, tokens)

    def _choose_theme(self) -> None:
        self._appearance.set_theme(self.theme.currentData())

    def _choose_language(self) -> None:
        self._appearance.set_language(self.language.currentData())


def _choice(words: dict[str, str], chosen: str) -> QComboBox:
    box = QComboBox()
    for value, said in words.items():
        box.addItem(said, value)
    box.setCurrentIndex(box.findData(chosen))
    return box
