"""Charts of the monitor: each knows by which names its lines are kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QColor

from app.presenters.monitor.presenter import MonitorPresenter
from app.theme.scale import scaled
from app.theme.tokens import Tokens
from app.widgets.chart import Chart, Series
from app.widgets.chart_columns import Strip

Colour = Callable[[Tokens], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a chart."""

    key: str
    name: str
    colour: Colour
    says: Callable[[float], str]


class ChartSet:
    """Makes charts, and brings them what is new."""

    def __init__(self, monitor: MonitorPresenter, tokens: Tokens) -> None:
        self._monitor, self._tokens = monitor, tokens
        self._height: int | None = None
        self._charts: list[tuple[Chart, tuple[Line, ...]]] = []

    def add(
        self, title: str, *lines: Line, ceiling: float | None = None, least: float = 1.0
    ) -> Chart:
        """Another chart; the first line lies above the others."""
        keys = tuple(line.key for line in lines)

        def read(seconds: float, until: float, count: int) -> Strip:
            return self._monitor.strip(keys, seconds, until, count)

        chart = Chart(title, self._series(lines), read, ceiling=ceiling, least=least)
        self._charts.append((chart, lines))
        self._turn(chart)
        return chart

    @property
    def charts(self) -> tuple[Chart, ...]:
        """All of them."""
        return tuple(chart for chart, _ in self._charts)

    def push(self, at: float, values: Mapping[str, float | None]) -> None:
        """What was just measured."""
        for chart, lines in self._charts:
            chart.push(at, [values.get(line.key) for line in lines])

    def turn(self, values: Mapping[str, float | None]) -> None:
        """Another stretch of time; `values` are those at its end."""
        for chart, lines in self._charts:
            self._turn(chart)
            chart.name_newest([values.get(line.key) for line in lines])

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens
        for chart, lines in self._charts:
            chart.set_series(self._series(lines))
        if self._height is not None:
            self.set_height(self._height)  # the size of letters may be what changed

    def set_height(self, pixels: int) -> None:
        """Of each plot, at a text size of 100 %."""
        self._height = pixels
        for chart, _ in self._charts:
            chart.set_height(scaled(pixels))

    def _turn(self, chart: Chart) -> None:
        chart.show_window(self._monitor.window_seconds, self._monitor.moment.at)

    def _series(self, lines: tuple[Line, ...]) -> list[Series]:
        return [
            Series(name=line.name, colour=QColor(line.colour(self._tokens)), says=line.says)
            for line in lines
        ]
