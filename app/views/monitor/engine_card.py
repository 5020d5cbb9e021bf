"""What the engine does with the machine: speed, waiting, reuse, energy."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel

from app.lists.sizes import decimal_text
from app.presenters.monitor import series
from app.presenters.monitor.presenter import MonitorPresenter
from app.theme.tokens import Tokens
from app.views import words
from app.views.monitor.chart_set import ChartSet, Line
from app.widgets.arranging import column, label, row
from engine.monitor.values import Rates

_NOTHING = "–"
_ACROSS = 2


class EngineCard(QFrame):
    """Shows what it is told. Figures of which nothing was measured are dashes."""

    def __init__(self, monitor: MonitorPresenter, tokens: Tokens) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.setAccessibleName(self.tr("Engine"))
        self._monitor = monitor
        self._charts = ChartSet(monitor, tokens)
        self._badge = label("", "badge")
        self._figures: dict[str, QLabel] = {}
        self._foot = label("", "faint", wrap=True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(3)
        for place, (key, says) in enumerate(self._names()):
            figure = label(_NOTHING)
            figure.setAlignment(Qt.AlignmentFlag.AlignRight)
            figure.setAccessibleName(says)
            self._figures[key] = figure
            line, across = divmod(place, _ACROSS)
            grid.addWidget(label(says, "dim", wrap=True), line, across * 3)
            grid.addWidget(figure, line, across * 3 + 1)
            grid.setColumnStretch(across * 3, 1)
        grid.setColumnMinimumWidth(2, 14)
        decode = Line(key=series.DECODE, name="", colour=lambda look: look.accent, says=words.speed)
        prompt = Line(key=series.PROMPT, name="", colour=lambda look: look.kv, says=words.speed)
        charts = row(
            self._charts.add(self.tr("Writing"), decode, least=10.0),
            self._charts.add(self.tr("Reading prompts"), prompt, least=100.0),
            spacing=14,
        )
        head = row(label(self.tr("Engine"), "title"), None, self._badge)
        parts = (head, charts, grid, self._foot)
        self.setLayout(column(*parts, margins=(14, 12, 14, 12), spacing=7))
        self.show_rates(None)

    @property
    def charts(self) -> ChartSet:
        """Both speeds."""
        return self._charts

    @property
    def words(self) -> str:
        """Everything it says, but for the charts."""
        figures = (f"{one.accessibleName()} {one.text()}" for one in self._figures.values())
        return "\n".join((self._badge.text(), *figures, self._foot.text()))

    def push(self, at: float, values: Mapping[str, float | None]) -> None:
        """What was just measured, for the charts."""
        self._charts.push(at, values)

    def show_rates(self, rates: Rates | None) -> None:
        """What it says now."""
        known = rates or Rates()
        busy = self.tr("{0} at once").format(known.streams)
        self._badge.setText(busy if known.streams else self.tr("idle"))
        monitor = self._monitor
        joules, tokens = known.joules_per_token, monitor.tokens_per_joule
        cost = monitor.cost_per_million
        figures = {
            "streams": str(known.streams),
            "queued": str(known.queued),
            "p50": _seconds(known.first_token_p50),
            "p95": _seconds(known.first_token_p95),
            "p99": _seconds(known.first_token_p99),
            "reuse": words.percent(known.reuse),
            "acceptance": words.percent(known.acceptance),
            "answers": f"{known.answers} / {known.failures}",
            "joules": _NOTHING if joules is None else f"{decimal_text(joules, 2)} J",
            "tokens": _NOTHING if tokens is None else decimal_text(tokens, 2),
            "cost": _NOTHING if cost is None else decimal_text(cost, 2),
        }
        for key, told in figures.items():
            if self._figures[key].text() != told:
                self._figures[key].setText(told)
        price = decimal_text(monitor.price_per_kwh, 2)
        self._foot.setText(
            self.tr("The cards' energy while answers were written, at {0} for a kWh").format(price)
        )

    def _names(self) -> tuple[tuple[str, str], ...]:
        return (
            ("streams", self.tr("Answers in progress")),
            ("queued", self.tr("Requests that wait")),
            ("p50", self.tr("First token, half within")),
            ("p95", self.tr("First token, 95 % within")),
            ("p99", self.tr("First token, 99 % within")),
            ("reuse", self.tr("Prompt taken from the cache")),
            ("acceptance", self.tr("Guesses that were right")),
            ("answers", self.tr("Answers / failures")),
            ("joules", self.tr("Energy for a token")),
            ("tokens", self.tr("Tokens for a joule")),
            ("cost", self.tr("Cost of a million tokens")),
        )


def _seconds(seconds: float | None) -> str:
    return _NOTHING if seconds is None else f"{decimal_text(seconds, 2)} s"
