"""The offer to measure this machine, how far that is, and a way to stop it."""

from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from app.presenters.calibration import CalibrationPresenter
from app.views import words
from app.views.icons import icon_button
from app.widgets.arranging import column, label, row
from app.widgets.meter_bar import MeterBar


class CalibrationCard(QFrame):
    """Hidden where there is nothing to offer or to show."""

    def __init__(self, calibration: CalibrationPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._calibration = calibration
        self._title = label("", "title")
        self._says = label("", "dim", wrap=True)
        self._bar = MeterBar()
        self.measure = QPushButton(self.tr("Measure"))
        self.dismiss = icon_button("x", self.tr("Not now"))
        self.cancel = icon_button("x", self.tr("Stop measuring"))
        self.setLayout(
            column(
                row(self._title, None, self.dismiss, self.cancel, spacing=4),
                self._says,
                self._bar,
                row(self.measure, None),
                margins=(12, 9, 10, 11),
                spacing=7,
            )
        )
        self.measure.clicked.connect(calibration.measure)
        self.dismiss.clicked.connect(calibration.decline)
        self.cancel.clicked.connect(calibration.cancel)
        calibration.changed.connect(self._show)
        self._show()

    @property
    def words(self) -> str:
        """Everything it says."""
        return f"{self._title.text()} {self._says.text()}"

    def _show(self) -> None:
        known = self._calibration
        self.setVisible(known.offered or known.measuring)
        for part in (self.measure, self.dismiss):
            part.setVisible(not known.measuring)
        for part in (self.cancel, self._bar):
            part.setVisible(known.measuring)
        if known.measuring:
            share = words.percent(known.fraction)
            self._title.setText(self.tr("Measuring this machine"))
            self._says.setText(self.tr("{0} · the model comes back afterwards").format(share))
            self._bar.set_fraction(known.fraction)
            self._bar.setAccessibleName(f"{self._title.text()} {share}")
        else:
            self._title.setText(self.tr("Measure this machine"))
            self._says.setText(self.tr("So that predictions fit it. It takes about 30 s."))
            self.measure.setEnabled(known.possible)
            waits = self.tr("Wait until the answer is written")
            self.measure.setToolTip("" if known.possible else waits)
        self.setAccessibleName(self.words)
