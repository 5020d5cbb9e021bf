"""The speed of a transfer."""

import pytest

from engine.download.pace import Pace


def test_that_bytes_held_before_do_not_count_as_speed() -> None:
    pace = Pace(100.0, 5_000_000)
    assert pace.mark(101.0, 6_000_000) == pytest.approx(1_000_000)


def test_that_the_speed_is_that_of_the_last_seconds() -> None:
    pace = Pace(0.0, 0)
    for second in range(1, 11):
        pace.mark(float(second), second * 100)
    assert pace.mark(11.0, 1000 + 1300) > 400


def test_that_it_tells_ten_times_a_second() -> None:
    pace = Pace(0.0, 0)
    assert not pace.due(0.05)
    assert pace.due(0.1)


def test_that_no_time_is_no_speed() -> None:
    assert Pace(1.0, 0).mark(1.0, 10) == 0.0
