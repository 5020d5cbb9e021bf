"""This machine: what was measured of it, how often it is read, and what is kept on its disk."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from app.presenters.appearance import AppearancePresenter
from app.presenters.calibration import CalibrationPresenter
from app.presenters.pack import PackPresenter
from app.presenters.settings_engine import EngineSettingsPresenter
from app.views import words
from app.views.pack.pack_card import PackCard
from app.views.settings.kept_rows import (
    ChoiceRow,
    DecimalRow,
    GigabytesRow,
    LineRow,
    SwitchRow,
)
from app.views.settings.option_row import OptionRow
from app.views.settings.section import Section
from app.widgets.arranging import column, label

_MOST_GIGABYTES = 1000


class MachineSection(Section):
    """Measuring and examining, readings, and idle conversations."""

    doctor_wanted = Signal()
    guide_wanted = Signal()

    def __init__(
        self,
        appearance: AppearancePresenter,
        calibration: CalibrationPresenter,
        engine: EngineSettingsPresenter,
        pack: PackPresenter,
    ) -> None:
        super().__init__()
        self.entitle(self.tr("This machine"))
        self._calibration = calibration
        self.measure = QPushButton()
        self.measure.setAutoDefault(False)
        self.told = label("", "dim")
        measuring = QWidget()
        measuring.setLayout(column(self.measure, self.told, spacing=2))
        speed = self.tr("A minute of measuring makes predictions of speed exact.")
        self.add(OptionRow("measured", (self.tr("Measured speed"), speed), measuring))
        self.examine = QPushButton(self.tr("Examine"))
        self.examine.setAutoDefault(False)
        self.examine.clicked.connect(self.doctor_wanted)
        finds = self.tr("Finds what is wrong with this machine, and says what to do.")
        self.add(OptionRow("doctor", (self.tr("Doctor"), finds), self.examine))
        self.guide = QPushButton(self.tr("Show it"))
        self.guide.setAutoDefault(False)
        self.guide.clicked.connect(self.guide_wanted)
        leads = self.tr("From what this machine has to models that suit it, in three pages.")
        self.add(OptionRow("guide_done", (self.tr("First-run guide"), leads), self.guide))
        self.add(
            SwitchRow(
                appearance,
                "calibration_declined",
                (
                    self.tr("Offer to measure"),
                    self.tr("A machine that was never measured is told of beside the chat."),
                ),
                inverted=True,
            )
        )
        self.add(
            DecimalRow(
                appearance,
                "price_per_kwh",
                (
                    self.tr("Price of a kWh"),
                    self.tr("In your own money; the monitor tells from it what tokens cost."),
                ),
                (0.0, 100.0),
            )
        )
        self._add_engine(engine)
        self.pack = PackCard(pack)
        self.add_widget(self.pack)
        self.add(
            LineRow(
                engine,
                "pack_source",
                (
                    self.tr("Where GPU packs come from"),
                    self.tr(
                        "The address of a folder that has all their parts. Empty: from Fullbore's"
                        " releases and NVIDIA's wheels."
                    ),
                ),
            )
        )
        self.measure.clicked.connect(self._measure)
        calibration.changed.connect(self._show)
        self._show()

    def _add_engine(self, engine: EngineSettingsPresenter) -> None:
        self.add(
            ChoiceRow(
                engine,
                "sample_seconds",
                (
                    self.tr("Readings of the hardware"),
                    self.tr("How often cards and processor are read."),
                ),
                {
                    0.2: self.tr("5 a second"),
                    0.5: self.tr("2 a second"),
                    1.0: self.tr("1 a second"),
                    2.0: self.tr("Every 2 seconds"),
                },
            ),
            GigabytesRow(
                engine,
                "kv_cache_bytes",
                (
                    self.tr("Idle conversations on disk"),
                    self.tr("What was read of them is kept there, to go on at once. 0 keeps none."),
                ),
                (0, _MOST_GIGABYTES),
            ),
        )

    def _measure(self) -> None:
        if self._calibration.measuring:
            self._calibration.cancel()
        else:
            self._calibration.measure()

    def _show(self) -> None:
        known = self._calibration
        at = known.measured_at
        if known.measuring:
            self.told.setText(self.tr("Measuring, {0}").format(words.percent(known.fraction)))
            self.measure.setText(self.tr("Stop"))
        else:
            never = self.tr("Never measured")
            day = "" if at is None else words.day(at)
            self.told.setText(never if at is None else self.tr("Measured {0}").format(day))
            self.measure.setText(self.tr("Measure") if at is None else self.tr("Measure again"))
        self.measure.setAccessibleName(self.measure.text())
        self.measure.setEnabled(known.measuring or known.possible)
