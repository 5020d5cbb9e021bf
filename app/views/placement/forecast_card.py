"""How fast it will be, and beside it how fast it was."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from app.lists.sizes import decimal_text, whole_text
from app.presenters.placement.presenter import PlacementPresenter
from app.views import sayings, words
from app.views.placement import said
from app.widgets.arranging import column, label, row
from app.widgets.range_bar import RangeBar
from engine.fit.plan import Pace, Quality
from engine.host.outcome import Outcome


class ForecastCard(QFrame):
    """Speeds with their intervals, time to load, energy and quality."""

    def __init__(self, placement: PlacementPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._placement = placement
        self.decode = label("–", "figure")
        self._range = RangeBar()
        self._low, self._high = label("", "faint"), label("", "faint")
        self._values: dict[str, QLabel] = {}
        self._warning = label("", "warn", wrap=True)
        self._rows = QGridLayout()
        self._rows.setContentsMargins(0, 4, 0, 0)
        self._rows.setVerticalSpacing(5)
        self._rows.setColumnStretch(0, 1)
        for key, name in (
            ("prompt", self.tr("Reading a prompt")),
            ("load", self.tr("Time to load")),
            ("energy", self.tr("Energy")),
            ("quality", self.tr("Bits a weight")),
            ("perplexity", self.tr("Perplexity")),
        ):
            self._add(key, name)
        self._arrange()
        placement.changed.connect(self.show_forecast)
        placement.outcome_changed.connect(self.show_forecast)
        self.show_forecast()

    def show_forecast(self) -> None:
        """Show the newest plan's."""
        plan, outcome = self._placement.plan, self._placement.outcome
        self.setVisible(plan is not None)
        if plan is None:
            return
        self._show_pace(plan.pace)
        self._show_quality(plan.quality)
        same = outcome is not None and outcome.plan.layout == plan.layout
        self._range.show_measured(outcome.decode_tps if outcome and same else None)

    def _show_pace(self, pace: Pace) -> None:
        decode, prompt = pace.decode_tps, pace.prompt_tps
        self.decode.setText(_figure(decode.expected))
        self._range.show_range(decode.low, decode.expected, decode.high)
        self._range.setAccessibleName(self.tr("Speed of an answer"))
        interval = self.tr("{0} to {1} tok/s").format(_figure(decode.low), _figure(decode.high))
        self._range.setAccessibleDescription(interval)
        self._range.setToolTip(interval)
        self._low.setText(_figure(decode.low))
        self._high.setText(_figure(decode.high))
        self._values["prompt"].setText(f"{_figure(prompt.expected)} tok/s")
        self._values["prompt"].setToolTip(
            self.tr("{0} to {1} tok/s").format(_figure(prompt.low), _figure(prompt.high))
        )
        self._values["load"].setText(words.duration(pace.load_seconds))
        joules = pace.joules_per_token
        self._values["energy"].setText(
            "–" if joules is None else self.tr("{0} J a token").format(_figure(joules))
        )

    def _show_quality(self, quality: Quality) -> None:
        self._values["quality"].setText(f"{quality.bits_per_weight:.2f}")
        increase = quality.perplexity_increase
        self._values["perplexity"].setText("–" if increase is None else f"{increase:+.1%}")
        for key in ("quality", "perplexity"):
            self._values[key].setToolTip(quality.source)
        self._warning.setVisible(quality.warning is not None)
        self._warning.setText(sayings.told(quality.warning))

    def _add(self, key: str, name: str) -> None:
        value = label("–")
        value.setAccessibleName(name)
        at = self._rows.rowCount()
        self._rows.addWidget(label(name, "dim"), at, 0)
        self._rows.addWidget(value, at, 1, Qt.AlignmentFlag.AlignRight)
        self._values[key] = value

    def _arrange(self) -> None:
        self.decode.setAccessibleName(self.tr("Speed of an answer"))
        badge = label(self.tr("predicted"), "badge")
        head = row(self.decode, label("tok/s", "dim"), None, badge)
        head.setAlignment(badge, Qt.AlignmentFlag.AlignVCenter)
        ends = row(self._low, None, self._high)
        self.setLayout(
            column(
                head,
                self._range,
                ends,
                self._rows,
                self._warning,
                margins=(14, 10, 14, 12),
                spacing=4,
            )
        )


class OutcomeCard(QFrame):
    """Predicted beside measured, while the model is loaded."""

    def __init__(self, placement: PlacementPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._placement = placement
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(5)
        self._grid.setHorizontalSpacing(12)
        self._grid.setColumnStretch(0, 1)
        self._cells: list[QLabel] = []
        self.setLayout(
            column(
                label(self.tr("Predicted and measured"), "title"),
                self._grid,
                margins=(14, 10, 14, 12),
                spacing=8,
            )
        )
        placement.outcome_changed.connect(self.show_outcome)
        self.show_outcome()

    @property
    def words(self) -> str:
        """Everything it says."""
        return " ".join(cell.text() for cell in self._cells)

    def show_outcome(self) -> None:
        """Show the loaded model's; nothing where it is not loaded."""
        outcome = self._placement.outcome
        self.setVisible(outcome is not None)
        for cell in self._cells:
            cell.deleteLater()
        self._cells.clear()
        if outcome is None:
            return
        head = ("", self.tr("predicted"), self.tr("measured"), "")
        for at, cells in enumerate((head, *self._lines(outcome))):
            for across, text in enumerate(cells):
                cell = label(
                    text, "faint" if at == 0 or across == 3 else "dim" if across == 0 else ""
                )
                self._grid.addWidget(cell, at, across)
                self._cells.append(cell)

    def _lines(self, outcome: Outcome) -> list[tuple[str, str, str, str]]:
        lines: list[tuple[str, str, str, str]] = []
        held = dict(outcome.cards)
        for card in outcome.plan.footprint.cards:
            actual = held.get(card.number)
            if actual is not None:
                name = said.place_name(card.number)
                predicted = words.memory(card.loaded)
                lines.append((name, predicted, words.memory(actual), _off(card.loaded, actual)))
        pace = outcome.plan.pace
        for name, expected, measured in (
            (self.tr("Answer"), pace.decode_tps.expected, outcome.decode_tps),
            (self.tr("Prompt"), pace.prompt_tps.expected, outcome.prompt_tps),
        ):
            if measured is None:
                lines.append((name, f"{_figure(expected)} tok/s", self.tr("not yet"), ""))
            else:
                predicted = f"{_figure(expected)} tok/s"
                lines.append(
                    (name, predicted, f"{_figure(measured)} tok/s", _off(expected, measured))
                )
        return lines


def _figure(number: float) -> str:
    """With as many digits as can be told apart."""
    return (
        whole_text(round(number))
        if number >= 100
        else decimal_text(number, 1 if number >= 1 else 2)
    )


def _off(predicted: float, measured: float) -> str:
    return f"{(measured - predicted) / predicted:+.1%}" if predicted else ""
