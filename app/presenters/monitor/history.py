"""A day of measurements in a few megabytes: raw for minutes, then coarser and coarser.

Times are on an `axis.Axis`. Where nothing was measured values are NaN.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Times = NDArray[np.float64]
_Float = TypeVar("_Float", np.float32, np.float64)

RAW_SECONDS = 600.0
RAW_SLOTS = 3000  # ten minutes at the fastest pace, five a second
COARSE: tuple[tuple[float, int], ...] = ((5.0, 1440), (60.0, 1440))  # 2 h and 24 h
LONGEST_SECONDS = 86_400.0
MOST_SERIES = 512  # garbage from a driver must not eat the memory
_RAW_GAP = 4.5  # the slowest pace is one reading in two seconds
_GROWTH = 16
_MOST = 1e30  # beyond what is measured of anything, and well within float32


@dataclass(frozen=True, slots=True, kw_only=True)
class Strands:
    """Several series over one stretch of time: rows are series, columns are `times`, rising.

    Between two times that are further apart than `gap_seconds` nothing was measured.
    """

    times: Times
    low: Floats
    mean: Floats
    high: Floats
    gap_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """Several series as columns of equal duration, the newest at the right: rows are series."""

    low: Floats
    high: Floats
    gap_seconds: float


class History:
    """Rings for every series. Series appear when they are first measured."""

    def __init__(self) -> None:
        self._strips: dict[tuple[float, float, int], Strip] = {}  # of all series
        self._rows: dict[str, int] = {}
        self._raw = _Raw()
        self._tiers = tuple(_Tier(step, slots) for step, slots in COARSE)

    @property
    def keys(self) -> tuple[str, ...]:
        """All series there are."""
        return tuple(self._rows)

    @property
    def size_bytes(self) -> int:
        """What the rings take."""
        return self._raw.size_bytes + sum(tier.size_bytes for tier in self._tiers)

    def push(self, at: float, values: Mapping[str, float | None]) -> None:
        """What was measured then. What is missing, None or not finite is a gap."""
        for key in values:
            if key not in self._rows and len(self._rows) < MOST_SERIES:
                self._rows[key] = len(self._rows)
        self._strips.clear()
        column = np.full(_roomy(len(self._rows)), np.nan, np.float32)
        for key, value in values.items():
            row = self._rows.get(key)
            if row is not None and value is not None and abs(value) < _MOST:
                column[row] = value
        self._raw.push(at, column)
        for tier in self._tiers:
            tier.push(at, column)

    def strands(self, keys: Sequence[str], seconds: float, until: float) -> Strands:
        """Those series in the time before `until`, as finely as they are kept."""
        rows = np.array([self._rows.get(key, -1) for key in keys], np.intp)
        kept = self._kept(seconds, until)
        return kept.read(rows, until - seconds, until)

    def strip(self, keys: Sequence[str], seconds: float, until: float, count: int) -> Strip:
        """Those series in `count` columns that end with the one of `until`.

        Many charts of one width ask for the same moment: all series are counted together once.
        """
        known = (seconds, until, count)
        whole = self._strips.get(known)
        if whole is None:
            strands = self.strands(self.keys, seconds, until)
            whole = self._strips[known] = _columns(strands, seconds, until, count)
        rows = np.array([self._rows.get(key, -1) for key in keys], np.intp)
        return Strip(
            low=_picked(whole.low, rows, 0, count),
            high=_picked(whole.high, rows, 0, count),
            gap_seconds=whole.gap_seconds,
        )

    def _kept(self, seconds: float, until: float) -> "_Raw | _Tier":
        """A view that was frozen a while ago may have outlived the finer rings."""
        newest = self._raw.newest
        back = seconds + max(0.0, newest - until)
        if back <= RAW_SECONDS:
            return self._raw
        for tier in self._tiers[:-1]:
            if back <= tier.seconds:
                return tier
        return self._tiers[-1]


class _Raw:
    """Each reading with its time."""

    def __init__(self) -> None:
        self._times: Times = np.zeros(RAW_SLOTS, np.float64)
        self._values: Floats = np.full((_GROWTH, RAW_SLOTS), np.nan, np.float32)
        self._count = 0

    @property
    def newest(self) -> float:
        return float(self._times[(self._count - 1) % RAW_SLOTS]) if self._count else 0.0

    @property
    def size_bytes(self) -> int:
        return self._times.nbytes + self._values.nbytes

    def push(self, at: float, column: Floats) -> None:
        self._values = _with_rows(self._values, len(column))
        slot = self._count % RAW_SLOTS
        self._times[slot] = at
        self._values[: len(column), slot] = column
        self._count += 1

    def read(self, rows: NDArray[np.intp], since: float, until: float) -> Strands:
        kept = min(self._count, RAW_SLOTS)
        first = self._count - kept
        times = _turned(self._times, first, kept)
        begin = int(np.searchsorted(times, since))
        end = max(begin, int(np.searchsorted(times, until, "right")))
        values = _picked(self._values, rows, first + begin, end - begin)
        return Strands(
            times=times[begin:end], low=values, mean=values, high=values, gap_seconds=_RAW_GAP
        )


class _Tier:
    """The least, the mean and the most of each step; a step is found by its number."""

    def __init__(self, step: float, slots: int) -> None:
        self._step, self._slots = step, slots
        self._low, self._mean, self._high = (
            np.full((_GROWTH, slots), np.nan, np.float32) for _ in range(3)
        )
        self._counts: Floats = np.zeros(_GROWTH, np.float32)  # of the newest step
        self._newest: int | None = None

    @property
    def seconds(self) -> float:
        """How far back it reaches."""
        return self._step * (self._slots - 1)

    @property
    def size_bytes(self) -> int:
        return self._low.nbytes * 3

    def push(self, at: float, column: Floats) -> None:
        wide = len(column)
        self._low, self._mean, self._high = (
            _with_rows(kept, wide) for kept in (self._low, self._mean, self._high)
        )
        if len(self._counts) < wide:
            self._counts = np.concatenate(
                (self._counts, np.zeros(wide - len(self._counts), np.float32))
            )
        number = int(at // self._step)
        self._turn_to(number)
        slot = number % self._slots
        known = ~np.isnan(column)
        self._counts[:wide] += known
        low, mean, high = (kept[:wide, slot] for kept in (self._low, self._mean, self._high))
        low[:] = np.fmin(low, column)
        high[:] = np.fmax(high, column)
        so_far = np.where(np.isnan(mean), 0, mean)
        share = np.maximum(1, self._counts[:wide])
        mean[:] = np.where(known, so_far + (column - so_far) / share, mean)

    def read(self, rows: NDArray[np.intp], since: float, until: float) -> Strands:
        newest = -1 if self._newest is None else self._newest
        first = max(0, newest - self._slots + 1, int(since // self._step))
        last = min(newest, int(until // self._step))
        numbers = np.arange(first, last + 1)
        count = len(numbers)
        times: Times = (numbers + 0.5).astype(np.float64) * self._step
        if len(times):
            # The middle of the step that is not over lies in the future.
            times[-1] = min(times[-1], until)
        return Strands(
            times=times,
            low=_picked(self._low, rows, first, count),
            mean=_picked(self._mean, rows, first, count),
            high=_picked(self._high, rows, first, count),
            gap_seconds=2 * self._step,
        )

    def _turn_to(self, number: int) -> None:
        """Empty all steps from the newest one on."""
        if self._newest is not None and number <= self._newest:
            return
        passed = self._slots if self._newest is None else min(self._slots, number - self._newest)
        slots = np.arange(number - passed + 1, number + 1) % self._slots
        for kept in (self._low, self._mean, self._high):
            kept[:, slots] = np.nan
        self._counts[:] = 0
        self._newest = number


def _columns(strands: Strands, seconds: float, until: float, count: int) -> Strip:
    """The least and the most of what falls into each column.

    A column stands for a fixed stretch of time, wherever it is shown.
    """
    each = seconds / count
    series = max(1, len(strands.low))  # a row for those that are never there
    low = np.full((series, count), np.nan, np.float32)
    high = low.copy()
    places = (strands.times / each).astype(np.int64)
    places += count - 1 - int(until // each)
    # Times rise, so what is shown stands together, and so does what falls into one column.
    begin, end = np.searchsorted(places, (0, count))
    places = places[begin:end]
    if len(places) and len(strands.low):
        new = np.empty(len(places), np.bool_)
        new[0] = True
        np.not_equal(places[1:], places[:-1], out=new[1:])
        starts = new.nonzero()[0]
        where = places[starts]
        low[:, where] = np.fmin.reduceat(strands.low[:, begin:end], starts, axis=1)
        high[:, where] = np.fmax.reduceat(strands.high[:, begin:end], starts, axis=1)
    return Strip(low=low, high=high, gap_seconds=strands.gap_seconds)


def _roomy(rows: int) -> int:
    return max(_GROWTH, -(-rows // _GROWTH) * _GROWTH)


def _with_rows(kept: Floats, rows: int) -> Floats:
    """Series that appear later have no past."""
    if len(kept) >= rows:
        return kept
    more = np.full((rows - len(kept), kept.shape[1]), np.nan, np.float32)
    return np.concatenate((kept, more))


def _picked(kept: Floats, rows: NDArray[np.intp], first: int, count: int) -> Floats:
    """So many slots from that number on, around the ring's end. Rows that are not there (−1) are
    gaps all along."""
    picked = kept[np.maximum(rows, 0)]
    missing = rows < 0
    if missing.any():
        picked[missing] = np.nan
    return _turned(picked, first, count)


def _turned(ring: NDArray[_Float], first: int, count: int) -> NDArray[_Float]:
    """Along the last axis, in whole pieces: that is several times as fast as slot by slot."""
    slots = ring.shape[-1]
    start = first % slots
    if start + count <= slots:
        return ring[..., start : start + count]
    return np.concatenate((ring[..., start:], ring[..., : start + count - slots]), axis=-1)
