"""What is told, from when on, and how."""

from typing import Final

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QSpinBox, QWidget
from typing_extensions import override

from app.presenters.appearance import AppearancePresenter
from app.presenters.settings_engine import EngineSettingsPresenter
from app.views.monitor import alert_words
from app.views.settings.kept_rows import KeptRow, SwitchRow
from app.views.settings.section import Section
from app.widgets.arranging import row
from app.widgets.toggle_switch import ToggleSwitch
from engine.config import ALERT_BOUNDS, AlertRule
from engine.monitor.values import AlertKind

_UNITS: Final = {
    AlertKind.MEMORY_HIGH: " %",
    AlertKind.MEMORY_SHORT: " MB",
    AlertKind.HOT: " °C",
    AlertKind.POWER_LIMITED: " %",
    AlertKind.SPILLED: " MB",
    AlertKind.SWAPPING: " MB",
    AlertKind.SLOW: " %",
    AlertKind.FAILING: " %",
}
_MOST_SECONDS = 3600


class AlertsSection(Section):
    """Where alerts are told, and a row for each kind."""

    def __init__(self, appearance: AppearancePresenter, engine: EngineSettingsPresenter) -> None:
        super().__init__()
        self.entitle(self.tr("Alerts"))
        self.add(
            SwitchRow(
                appearance,
                "notify",
                (
                    self.tr("Notes on the desktop"),
                    self.tr("Alerts are told while you look at other windows."),
                ),
            ),
        )
        self.add(*(AlertRow(engine, kind, self._sentence(kind)) for kind in AlertKind))

    def _sentence(self, kind: AlertKind) -> str:
        sentences = {
            AlertKind.MEMORY_HIGH: self.tr(
                "More of a card is used than this, and was not planned."
            ),
            AlertKind.MEMORY_SHORT: self.tr("Less of a card is free, and was not planned."),
            AlertKind.HOT: self.tr("A card is that close to the heat at which it slows down."),
            AlertKind.THROTTLED: self.tr("Heat or the power supply slows a card down."),
            AlertKind.POWER_LIMITED: self.tr(
                "A card is at its power limit, and answers come at less of the foretold speed."
            ),
            AlertKind.LINK_NARROW: self.tr("A busy card's link is slower than it could be."),
            AlertKind.SPILLED: self.tr("Windows moves that much of a card's memory to RAM."),
            AlertKind.SWAPPING: self.tr(
                "That much more is swapped out within a minute while a model is loaded."
            ),
            AlertKind.SLOW: self.tr("Three answers in a row come at less of the foretold speed."),
            AlertKind.FAILING: self.tr("More of the answers of five minutes fail."),
            AlertKind.ON_PROCESSOR: self.tr("A card has room for the model, but does not have it."),
        }
        return sentences[kind]


class AlertRow(KeptRow):
    """A switch; how much it takes, and for how long. All three lie in one field of the file."""

    def __init__(self, kept: EngineSettingsPresenter, kind: AlertKind, sentence: str) -> None:
        self._kind = kind
        name = alert_words.kind_name(kind)
        self.switch = ToggleSwitch(name)
        self._showing = False
        self.threshold = self._spin(
            QCoreApplication.translate("AlertRow", "{0}: threshold").format(name),
            _UNITS.get(kind, ""),
        )
        low, high = ALERT_BOUNDS.get(kind.value, (0, 0))
        self.threshold.setRange(int(low), int(high))
        self.seconds = self._spin(
            QCoreApplication.translate("AlertRow", "{0}: for how long").format(name), " s"
        )
        self.seconds.setRange(0, _MOST_SECONDS)
        control = QWidget()
        control.setLayout(row(self.switch, self.threshold, self.seconds, None, spacing=12))
        self.threshold.setVisible(kind in _UNITS)
        control.setFocusProxy(self.switch)
        super().__init__(kept, f"alerts.{kind.value}", (name, sentence), control, below=True)
        self.switch.toggled.connect(self._take)
        self.threshold.valueChanged.connect(self._take)
        self.seconds.valueChanged.connect(self._take)
        self.start()

    @override
    def show_value(self, value: object) -> None:
        if not isinstance(value, AlertRule):
            return
        self._showing = True
        if self.switch.isChecked() != value.on:
            self.switch.setChecked(value.on)
        if value.threshold is not None:
            self.threshold.setValue(round(value.threshold))
        self.seconds.setValue(round(value.seconds))
        for spin in (self.threshold, self.seconds):
            spin.setEnabled(value.on)
        self._showing = False

    def _take(self) -> None:
        if self._showing:
            return
        rule = AlertRule(
            on=self.switch.isChecked(),
            threshold=self.threshold.value() if self._kind in _UNITS else None,
            seconds=self.seconds.value(),
        )
        if rule != self._kept.value_of(self.key):
            self.choose(rule)

    @override
    def choose(self, value: object) -> None:
        super().choose(value.model_dump() if isinstance(value, AlertRule) else value)

    @staticmethod
    def _spin(says: str, unit: str) -> QSpinBox:
        spin = QSpinBox()
        spin.setAccessibleName(says)
        spin.setSuffix(unit)
        spin.setKeyboardTracking(False)
        spin.lineEdit().setTextMargins(8, 0, 0, 0)
        spin.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the page scrolls, not the number
        return spin
