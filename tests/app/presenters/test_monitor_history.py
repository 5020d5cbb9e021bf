"""A day of measurements: nothing lost but detail, nothing invented, bounded."""

import math
from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.presenters.monitor.axis import Axis
from app.presenters.monitor.history import MOST_SERIES, History

DAY = 86_400.0


def filled(pairs: Sequence[tuple[float, float | None]]) -> History:
    history = History()
    for at, value in pairs:
        history.push(at, {"a": value})
    return history


@settings(max_examples=40, deadline=None)
@given(
    steps=st.lists(st.floats(0.2, 400.0), min_size=1, max_size=60),
    values=st.lists(st.floats(-1e6, 1e6, width=32), min_size=60, max_size=60),
    window=st.sampled_from([60.0, 600.0, 7000.0, DAY]),
)
def test_that_the_extremes_of_a_window_are_kept_at_every_resolution(
    steps: list[float], values: list[float], window: float
) -> None:
    times = [sum(steps[: place + 1]) for place in range(len(steps))]
    history = filled(list(zip(times, values, strict=False)))
    now = times[-1]
    strands = history.strands(["a"], window, now)
    # A coarse step may begin before the window does.
    inside = [v for t, v in zip(times, values, strict=False) if t >= now - window]
    low, high = np.nanmin(strands.low), np.nanmax(strands.high)
    assert low <= np.float32(min(inside))
    assert high >= np.float32(max(inside))
    assert low >= np.float32(min(values))
    assert high <= np.float32(max(values))
    assert np.all(np.diff(strands.times) >= 0)
    known = ~np.isnan(strands.mean)
    assert np.all(strands.low[known] <= strands.mean[known] + 1)
    assert np.all(strands.mean[known] <= strands.high[known] + 1)


@settings(max_examples=40, deadline=None)
@given(
    moments=st.lists(st.tuples(st.floats(-1e6, 1e9), st.floats(-1e6, 2e9)), min_size=1, max_size=40)
)
def test_that_the_axis_never_goes_back_whatever_the_clocks_do(
    moments: list[tuple[float, float]],
) -> None:
    axis = Axis()
    places = [axis.advance(monotonic, wall) for monotonic, wall in moments]
    assert places == sorted(places)


def test_that_sleep_is_a_gap_and_a_clock_set_back_is_none() -> None:
    axis = Axis()
    assert axis.advance(100.0, 5000.0) == 0.0
    assert axis.advance(100.5, 5000.5) == 0.5
    assert axis.advance(101.0, 8600.5) == 3600.5  # it slept for an hour
    assert axis.advance(101.5, 1000.0) == 3601.0  # somebody set the clock back
    assert axis.advance(102.0, 1000.5) == 3601.5


def test_that_what_was_not_measured_is_a_gap_in_every_ring() -> None:
    pairs: list[tuple[float, float | None]] = [(at / 2, 1.0) for at in range(2400)]
    pairs += [(3000 + at / 2, None) for at in range(240)]
    pairs += [(3200 + at / 2, 2.0) for at in range(20)]
    history = filled(pairs)
    for window in (300.0, 3000.0, DAY):
        strands = history.strands(["a"], window, 3209.5)
        silent = (strands.times > 3060) & (strands.times < 3100)
        assert np.all(np.isnan(strands.mean[0, silent]))
    coarse = history.strands(["a"], 3000.0, 3209.5)
    asleep = (coarse.times > 1210) & (coarse.times < 2990)
    assert asleep.any()
    assert np.all(np.isnan(coarse.low[0, asleep]))


def test_that_garbage_and_unknown_series_are_gaps() -> None:
    history = History()
    history.push(0.0, {"a": math.nan, "b": math.inf, "c": 1e300, "d": None, "e": 7.0})
    strands = history.strands(["a", "b", "c", "d", "e", "never"], 60.0, 0.0)
    assert np.isnan(strands.low[[0, 1, 2, 3, 5]]).all()
    assert strands.low[4, 0] == 7.0


def test_that_a_series_that_comes_later_has_no_past() -> None:
    history = filled([(0.0, 1.0), (1.0, 1.0)])
    history.push(2.0, {"a": 1.0, **{f"new{n}": 2.0 for n in range(40)}})
    strands = history.strands(["new39"], 60.0, 2.0)
    assert np.isnan(strands.low[0, :2]).all()
    assert strands.low[0, 2] == 2.0


def test_that_a_day_of_sixteen_cards_takes_less_than_twenty_megabytes() -> None:
    history = History()
    values: dict[str, float | None] = {f"s{n}": float(n) for n in range(16 * 6 + 20)}
    for at in range(0, int(DAY), 30):  # the rings are as large as they get at once
        history.push(float(at), values)
    assert history.size_bytes < 20e6
    strands = history.strands(["s5"], DAY, DAY)
    assert len(strands.times) <= 1441
    assert np.nanmax(strands.high) == 5.0


def test_that_the_number_of_series_is_bounded() -> None:
    history = History()
    for at in range(4):
        history.push(float(at), {f"{at}.{n}": 1.0 for n in range(300)})
    assert len(history.keys) == MOST_SERIES


def test_that_a_frozen_view_outlives_the_raw_ring() -> None:
    history = filled([(at / 2, float(at)) for at in range(4800)])
    strands = history.strands(["a"], 60.0, 300.0)  # frozen, 35 minutes ago
    assert strands.times[-1] <= 300.0
    assert np.nanmax(strands.high) >= 590
