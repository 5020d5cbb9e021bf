"""A chart that only paints what is new shows the same as one that paints all."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.presenters.monitor.history import History
from app.widgets.chart import Chart, Series
from app.widgets.chart_columns import Columns, Strip

KEYS = ("a", "b")


def smooth(tick: int) -> float:
    return 0.5 + 0.3 * ((tick * 7) % 23) / 23


class Recorded:
    """A history and a chart of it."""

    def __init__(self, qtbot: QtBot, ticks: int, *, window: float = 60.0) -> None:
        self.history = History()
        self.tick = 0
        for _ in range(ticks):
            self._measure(smooth(self.tick))

        def read(seconds: float, until: float, count: int) -> Strip:
            return self.history.strip(KEYS, seconds, until, count)

        series = [
            Series(name=name, colour=QColor(colour), says="{:.2f}".format)
            for name, colour in (("a", "#6c8cff"), ("b", "#3ecf8e"))
        ]
        self.chart = Chart("Load", series, read, ceiling=1.0)
        qtbot.addWidget(self.chart)
        self.chart.resize(240, self.chart.sizeHint().height())
        self.chart.show_window(window, self.at)
        with qtbot.waitExposed(self.chart):
            self.chart.show()
        self.chart.grab()

    @property
    def at(self) -> float:
        return (self.tick - 1) / 2

    def push(self, value: float | None) -> None:
        self._measure(value)
        self.chart.push(self.at, [value, value and value / 2])

    def picture(self) -> QImage:
        return self.chart.grab().toImage()

    def painted_anew(self, window: float = 60.0) -> QImage:
        self.chart.show_window(window, self.at)
        return self.picture()

    def _measure(self, value: float | None) -> None:
        self.tick += 1
        self.history.push(self.at, {"a": value, "b": value and value / 2})


def different(first: QImage, second: QImage) -> float:
    """The share of pixels that differ."""
    arrays = [
        np.frombuffer(bytes(one.constBits()), np.uint8).reshape(one.height(), -1, 4).astype(int)
        for one in (first, second)
    ]
    return float((np.abs(arrays[0] - arrays[1]).max(axis=2) > 60).mean())


@pytest.mark.parametrize("window", [60.0, 300.0, 3600.0])
def test_that_moving_and_painting_the_new_gives_what_painting_all_gives(
    qtbot: QtBot, window: float
) -> None:
    recorded = Recorded(qtbot, 300, window=window)
    before = recorded.picture()
    for tick in range(60):
        recorded.push(0.9 if tick % 20 < 10 else 0.2)
    grown = recorded.picture()
    assert different(grown, recorded.painted_anew(window)) < 0.01
    if window < 3600:
        assert different(grown, before) > 0.01


def columns_of(history: History, count: int, seconds: float, until: float) -> Columns:
    columns = Columns(1)
    columns.fill(history.strip(["a"], seconds, until, count), seconds, until)
    return columns


def test_that_a_gap_breaks_the_line_and_the_distance_between_readings_does_not() -> None:
    history = History()
    for tick in (*range(40), *range(80, 120)):
        history.push(tick / 2, {"a": 1.0})
    columns = columns_of(history, 240, 60.0, 59.5)
    lines = columns.lines(0, 0, 2.0, 50)
    assert len(lines) == 2
    assert {round(line.at(0).y()) for line in lines} == {25}


def test_that_each_column_keeps_the_least_and_the_most() -> None:
    history = History()
    for tick in range(1200):
        history.push(tick / 2, {"a": 9.0 if tick == 700 else 1.0})
    columns = columns_of(history, 50, 600.0, 599.5)
    assert columns.highest == 9.0
    assert columns.push(600.0, [0.5])[1]
    assert float(np.nanmin(columns.low)) == 0.5


def test_that_arrow_keys_read_the_past_and_escape_comes_back(qtbot: QtBot) -> None:
    recorded = Recorded(qtbot, 200)
    recorded.push(0.75)
    chart = recorded.chart
    assert chart.words == "a 0.75 · b 0.38"
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Home)
    assert chart.words.startswith("−60 s: a ")
    assert chart.accessibleDescription() == chart.words
    QTest.keyClick(chart, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert chart.words.startswith("−57 s: a ") or chart.words.startswith("−58 s: a ")
    QTest.keyClick(chart, Qt.Key.Key_Escape)
    assert chart.words == "a 0.75 · b 0.38"


def test_that_the_pointer_shows_the_values_below_it(qtbot: QtBot) -> None:
    recorded = Recorded(qtbot, 200)
    chart = recorded.chart
    QTest.mouseMove(chart, QPoint(120, 40))
    qtbot.waitUntil(lambda: chart.words.startswith("−30 s"))
    QTest.mouseMove(chart, QPoint(60, 40))
    qtbot.waitUntil(lambda: chart.words.startswith("−45 s"))


def test_that_what_is_not_reported_is_said_so(qtbot: QtBot) -> None:
    recorded = Recorded(qtbot, 0)
    recorded.push(None)
    assert recorded.chart.words == "not reported"


def test_that_a_scale_without_ceiling_follows_what_is_shown(qtbot: QtBot) -> None:
    values: list[float] = []
    history = History()

    def read(seconds: float, until: float, count: int) -> Strip:
        return history.strip(["a"], seconds, until, count)

    says: Callable[[float], str] = "{:.0f}".format
    chart = Chart("Speed", [Series(name="", colour=QColor("red"), says=says)], read, least=10.0)
    qtbot.addWidget(chart)
    chart.resize(200, 100)
    chart.show_window(60.0, 0.0)
    with qtbot.waitExposed(chart):
        chart.show()
    for value in (3.0, 70.0, 71.0):
        values.append(value)
        history.push(float(len(values)), {"a": value})
        chart.push(float(len(values)), [value])
        chart.grab()
    assert chart.top == 80.0
