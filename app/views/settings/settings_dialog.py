"""How the window looks and speaks."""

from PySide6.QtWidgets import QComboBox, QDialog, QFormLayout, QPushButton, QWidget

from app.presenters.appearance import AppearancePresenter
from app.presenters.calibration import CalibrationPresenter
from app.theme.tokens import Tokens
from app.views import words
from app.views.icons import recolour
from app.widgets.arranging import card, column, label, row


class SettingsDialog(QDialog):
    """Each change holds at once."""

    def __init__(
        self,
        appearance: AppearancePresenter,
        calibration: CalibrationPresenter,
        about: str,
        tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._calibration = calibration
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
        self.measure = QPushButton()
        self.measure.setAutoDefault(False)
        self._measured = label("", "dim")
        line = row(self._measured, None, self.measure)
        form.addRow(self.tr("This machine"), line)
        done = QPushButton(self.tr("Done"))
        done.setProperty("kind", "primary")
        done.setDefault(True)
        done.clicked.connect(self.accept)
        foot = row(label(about, "faint", wrap=True), done)
        foot.setStretch(0, 1)
        self._sections = column(card(form), spacing=14)
        self.setLayout(column(self._sections, foot, margins=(18, 18, 18, 18), spacing=14))
        self.theme.activated.connect(self._choose_theme)
        self.language.activated.connect(self._choose_language)
        self.measure.clicked.connect(self._measure)
        calibration.changed.connect(self._show_calibration)
        self._show_calibration()
        recolour(self, tokens)

    @property
    def measured(self) -> str:
        """What it says of the machine."""
        return self._measured.text()

    def add(self, section: QWidget) -> None:
        """Show that too, below what is there."""
        self._sections.addWidget(section)

    def _measure(self) -> None:
        if self._calibration.measuring:
            self._calibration.cancel()
        else:
            self._calibration.measure()

    def _show_calibration(self) -> None:
        known = self._calibration
        at = known.measured_at
        if known.measuring:
            self._measured.setText(self.tr("Measuring, {0}").format(words.percent(known.fraction)))
            self.measure.setText(self.tr("Stop"))
        else:
            never = self.tr("Never measured")
            self._measured.setText(never if at is None else self.tr("Measured {0}").format(at))
            self.measure.setText(self.tr("Measure") if at is None else self.tr("Measure again"))
        self.measure.setEnabled(known.measuring or known.possible)

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
