"""This machine: what was measured of it, and how other programs reach it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from app.presenters.appearance import AppearancePresenter
from app.presenters.calibration import CalibrationPresenter
from app.presenters.settings_engine import EngineSettingsPresenter
from app.views import words
from app.views.settings.kept_rows import (
    ChoiceRow,
    DecimalRow,
    GigabytesRow,
    LineRow,
    NumberRow,
    SwitchRow,
)
from app.views.settings.option_row import OptionRow
from app.views.settings.section import Section
from app.widgets.arranging import column, label
from engine.config import MOST_STREAMS

_PORTS = (1, 65535)
_MOST_WAITING = 100_000
_MOST_GIGABYTES = 1000


class MachineSection(Section):
    """The port, its key, and how many are answered at once."""

    doctor_wanted = Signal()

    def __init__(
        self,
        appearance: AppearancePresenter,
        calibration: CalibrationPresenter,
        engine: EngineSettingsPresenter,
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
        self._add_port(engine)
        self.measure.clicked.connect(self._measure)
        calibration.changed.connect(self._show)
        self._show()

    def _add_port(self, engine: EngineSettingsPresenter) -> None:
        self.add(
            SwitchRow(
                engine,
                "serve",
                (
                    self.tr("Open the local port at the start"),
                    self.tr("Other programs can then ask your models as they would ask OpenAI's."),
                ),
            ),
            ChoiceRow(
                engine,
                "host",
                (
                    self.tr("Who reaches the port"),
                    self.tr("Set a key before you let in others. Counts when the port opens next."),
                ),
                {
                    "127.0.0.1": self.tr("This computer alone"),
                    "0.0.0.0": self.tr("The whole network"),  # noqa: S104 (the person's choice)
                },
            ),
            NumberRow(
                engine,
                "port",
                (self.tr("Port"), self.tr("Its number. Counts when the port opens next.")),
                _PORTS,
            ),
            LineRow(
                engine,
                "api_key",
                (
                    self.tr("Key"),
                    self.tr(
                        "What programs must say to be let in; empty: nothing. From next start."
                    ),
                ),
                secret=True,
            ),
            NumberRow(
                engine,
                "streams",
                (
                    self.tr("Answers at once"),
                    self.tr("How many a model gives side by side at most. From next start."),
                ),
                (1, MOST_STREAMS),
            ),
            NumberRow(
                engine,
                "queue_limit",
                (
                    self.tr("Requests that wait"),
                    self.tr("How many may wait for one model; more are told to come later."),
                ),
                (1, _MOST_WAITING),
            ),
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
