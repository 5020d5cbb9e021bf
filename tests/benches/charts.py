"""What the monitor's charts cost the window's thread: `python -m tests.benches.charts`.

Eight cards with six series each in four charts, over the windows there are: CPU milliseconds of
that thread for a tick (a reading is pushed to all of them, and painted), and for painting all anew.
"""

import os
import sys
from statistics import median, quantiles
from time import thread_time

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from app.presenters.monitor.history import History
from app.theme.stylesheet import dress
from app.theme.tokens import DARK
from app.widgets.chart import Chart, Read, Series

CARDS = 8
CHARTS = (("memory",), ("sm", "controller"), ("power",), ("heat", "fan"))
KEYS = tuple(f"{card}.{name}" for card in range(CARDS) for names in CHARTS for name in names)
COLOURS = ("#6c8cff", "#3ecf8e")
SIZE = (1400, 1400)
TICKS = 200
WINDOWS = (60.0, 600.0, 7200.0, 86_400.0)
DAY_TICKS = 2 * 86_400
PUSHED = 4_000  # the coarse rings hold no more of a day than this fills


def main() -> int:
    """Print one row for each window."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication([])
    dress(app, DARK, 100)
    history = filled()
    charts = shown(history)
    print(f"history: {history.size_bytes / 1e6:.1f} MB for {len(KEYS)} series")
    print("window    tick median   p99      all anew")
    for window in WINDOWS:
        print(row(app, history, charts, window))
    return 0


def value(tick: int, number: int) -> float:
    """Something that moves, and is the same each time."""
    return 0.5 + 0.3 * (((tick * 37 + number * 101) % 97) / 97 - 0.5) + 0.1 * ((tick // 50) % 3)


def filled() -> History:
    """A day at two readings a second, of which the last hour is whole."""
    history = History()
    whole = range(DAY_TICKS - 7200, DAY_TICKS)
    sparse = range(0, DAY_TICKS - 7200, DAY_TICKS // PUSHED)
    for tick in (*sparse, *whole):
        history.push(tick / 2, {key: value(tick, n) for n, key in enumerate(KEYS)})
    return history


def shown(history: History) -> list[tuple[Chart, tuple[str, ...]]]:
    """A window full of charts."""
    window = QWidget()
    grid = QGridLayout(window)
    charts: list[tuple[Chart, tuple[str, ...]]] = []
    for card in range(CARDS):
        for place, names in enumerate(CHARTS):
            keys = tuple(f"{card}.{name}" for name in names)
            series = [
                Series(name=name, colour=QColor(colour), says="{:.2f}".format)
                for name, colour in zip(names, COLOURS, strict=False)
            ]

            chart = Chart(names[0], series, reader(history, keys), ceiling=1.0)
            grid.addWidget(chart, card, place)
            charts.append((chart, keys))
    window.resize(*SIZE)
    window.show()
    charts[0][0].window().setObjectName("bench")
    globals()["_window"] = window
    return charts


def reader(history: History, keys: tuple[str, ...]) -> Read:
    """Reads those series."""
    return lambda seconds, until, count: history.strip(keys, seconds, until, count)


def row(
    app: QApplication,
    history: History,
    charts: list[tuple[Chart, tuple[str, ...]]],
    window: float,
) -> str:
    """One window's costs."""
    anew: list[float] = []
    for _ in range(20):
        begun = thread_time()
        for chart, _keys in charts:
            chart.show_window(window, DAY_TICKS / 2)
        app.processEvents()
        anew.append((thread_time() - begun) * 1e3)
    ticks: list[float] = []
    for tick in range(DAY_TICKS, DAY_TICKS + TICKS):
        numbers = {key: value(tick, n) for n, key in enumerate(KEYS)}
        begun = thread_time()
        for chart, keys in charts:
            chart.push(tick / 2, [numbers[key] for key in keys])
        app.processEvents()
        ticks.append((thread_time() - begun) * 1e3)
    late = quantiles(ticks, n=100)[98]
    return f"{window:8.0f}s  {median(ticks):6.2f} ms  {late:6.2f} ms  {median(anew):6.2f} ms"


if __name__ == "__main__":
    sys.exit(main())
