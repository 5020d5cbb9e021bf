"""A stretch of time as columns of pixels: the least and the most of each series in each."""

from collections import deque
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Protocol, cast

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPolygonF

_TAIL = 8

Floats = NDArray[np.float32]
Times = NDArray[np.float64]


class Strip(Protocol):
    """Several series as columns of equal duration, the newest at the right: rows are series.

    NaN is a gap, and so are columns that lie further apart than `gap_seconds`.
    """

    @property
    def low(self) -> Floats: ...
    @property
    def high(self) -> Floats: ...
    @property
    def gap_seconds(self) -> float: ...


class Columns:
    """The newest at the right. A column stands for a fixed stretch of time, wherever it is shown,
    so that what was drawn once only has to be moved."""

    def __init__(self, series: int) -> None:
        self._series = series
        self._seconds = 1.0  # of a column
        self._gap_seconds = 1.0
        self._last = 0  # the number of the rightmost column
        self.low: Floats = np.empty((series, 0), np.float32)
        self.high: Floats = np.empty((series, 0), np.float32)
        # The last columns with anything in them: their numbers, their least and their most.
        self._tails = [deque[tuple[int, float, float]](maxlen=_TAIL) for _ in range(series)]

    @property
    def count(self) -> int:
        """How many there are."""
        return self.low.shape[1]

    @property
    def highest(self) -> float:
        """The most of all; 0 where there is nothing."""
        return float(np.fmax.reduce(self.high, axis=None, initial=0.0))

    def fill(self, strip: Strip, seconds: float, until: float) -> None:
        """These columns, for that stretch of time."""
        self.low, self.high = strip.low.copy(), strip.high.copy()
        self._seconds = seconds / max(1, self.count)
        self._gap_seconds = strip.gap_seconds
        self._last = int(until // self._seconds)
        for row, tail in enumerate(self._tails):
            tail.clear()
            known = (~np.isnan(self.low[row])).nonzero()[0][-_TAIL:]
            shift = self._last - self.count + 1
            for column in known.tolist():
                low, high = float(self.low[row, column]), float(self.high[row, column])
                tail.append((column + shift, low, high))

    def push(self, at: float, values: Sequence[float | None]) -> tuple[int, bool]:
        """Add the newest; how far all moved to the left, and whether there is anything new."""
        number = int(at // self._seconds)
        moved = min(self.count, max(0, number - self._last))
        if moved:
            for kept in (self.low, self.high):
                kept[:, : self.count - moved] = kept[:, moved:]
                kept[:, self.count - moved :] = np.nan
            self._last = number
        new = moved > 0
        if not self.count:
            return 0, False
        for row, value in enumerate(values):
            if value is None:
                continue
            tail = self._tails[row]
            if tail and tail[-1][0] == self._last:
                _, low, high = tail.pop()
                new |= not low <= value <= high
                low, high = min(low, value), max(high, value)
            else:
                low = high = value
                new = True
            tail.append((self._last, low, high))
            self.low[row, -1], self.high[row, -1] = low, high
        return moved, new

    def reach(self) -> int:
        """How many columns back a line can come from."""
        return int(self._gap_seconds / self._seconds) + 2

    def seconds_ago(self, column: int) -> float:
        """How far left of the newest that column lies."""
        return (self.count - 1 - column) * self._seconds

    def nearest(self, column: int) -> int | None:
        """The column with anything in it that is closest, within what counts as no gap."""
        known = np.flatnonzero(~np.all(np.isnan(self.low), axis=0))
        if not len(known):
            return None
        found = int(known[np.argmin(np.abs(known - column))])
        return found if abs(found - column) <= self.reach() else None

    def is_rough(self, row: int, first: int, pixel: float) -> bool:
        """Whether columns are more upright strokes than points of a line: those look the same
        without smoothing, and are painted several times as fast."""
        extent = self.high[row, first:] - self.low[row, first:]
        return bool(np.count_nonzero(extent > 4 * pixel) * 2 > len(extent))

    def ends(self, row: int, first: int, top: float, height: int) -> list[QPolygonF]:
        """As `lines`, of the last columns: a tick paints no more, and arrays are slow for few."""
        tail, shift = self._tails[row], self._last - self.count + 1
        if len(tail) == _TAIL and tail[0][0] - shift > first:
            return self.lines(row, max(0, first - self.reach()), top, height)
        scale, widest = height / top, self._gap_seconds / self._seconds + 1
        lines: list[QPolygonF] = []
        before: int | None = None
        for number, low, high in tail:
            if before is None or number - before >= widest:
                lines.append(QPolygonF())
            x = number - shift + 0.5
            lines[-1].append(QPointF(x, height - low * scale))
            lines[-1].append(QPointF(x, height - high * scale))
            before = number
        return lines

    def lines(self, row: int, first: int, top: float, height: int) -> list[QPolygonF]:
        """That series from that column on, where `top` is drawn at 0 and 0 at `height`."""
        low, high = self.low[row, first:], self.high[row, first:]
        known = np.isnan(low)
        known = np.logical_not(known, out=known).nonzero()[0]
        if not len(known):
            return []
        scale = height / top
        widest = self._gap_seconds / self._seconds + 1
        if known[-1] - known[0] < max(widest, len(known)):
            return [_line(known + first, height - low[known] * scale, height - high[known] * scale)]
        beyond = known[1:] - known[:-1] >= widest
        ends = [0, *(beyond.nonzero()[0] + 1).tolist(), len(known)]
        lines: list[QPolygonF] = []
        for start, end in pairwise(ends):
            at = known[start:end]
            lines.append(_line(at + first, height - low[at] * scale, height - high[at] * scale))
        return lines


def _line(columns: NDArray[np.intp], low: Floats, high: Floats) -> QPolygonF:
    """Through the least and the most of each column."""
    polygon = QPolygonF()
    polygon.resize(2 * len(columns))
    # Filling Qt's own memory is 50 times faster than a point object for each.
    voidptr = cast("Any", shiboken6.VoidPtr)  # its stub knows one parameter of three
    memory = voidptr(polygon.data(), 32 * len(columns), True)  # noqa: FBT003
    points: Times = np.frombuffer(memory, np.float64).reshape(-1, 2, 2)
    points[:, :, 0] = columns[:, None] + 0.5
    points[:, 0, 1] = low
    points[:, 1, 1] = high
    return polygon
