"""The sampler's thread: it tells, survives, and ends."""

import queue
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

import psutil
import pytest

from engine.hardware.machine import Reading
from engine.hardware.sampler import Sampler
from tests.support.nvml import FakeCard, FakeNvml

PERIOD_SECONDS = 0.005


class Clock:
    """Time for the sampler's patience: the real one, plus what a test adds."""

    def __init__(self) -> None:
        self.added_seconds = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.added_seconds


@contextmanager
def sampling(library: FakeNvml, clock: Clock | None = None) -> Generator["queue.Queue[Reading]"]:
    readings: queue.Queue[Reading] = queue.Queue()
    sampler = Sampler(PERIOD_SECONDS, readings.put, library=library, clock=clock or Clock())
    sampler.start()
    try:
        yield readings
    finally:
        sampler.stop()
    assert "hardware sampler" not in {thread.name for thread in threading.enumerate()}
    assert library.opened == 0


def next_with(readings: "queue.Queue[Reading]", cards: int) -> Reading:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        reading = readings.get(timeout=10)
        if len(reading.gpus) == cards:
            return reading
    pytest.fail(f"No reading with {cards} cards came.")


def test_that_readings_come_in_order_over_one_session() -> None:
    library = FakeNvml([FakeCard()] * 16)
    with sampling(library) as readings:
        first, second = next_with(readings, 16), next_with(readings, 16)
    assert first.at_seconds < second.at_seconds
    assert 0 <= first.cpu <= 1
    assert 0 < first.memory_used_bytes < first.memory_total_bytes
    assert library.sessions == 1


def test_that_it_tells_of_a_machine_without_a_driver() -> None:
    with sampling(FakeNvml(has_driver=False)) as readings:
        assert readings.get(timeout=10).gpus == ()


def test_that_a_driver_that_appears_is_found_by_and_by() -> None:
    library, clock = FakeNvml([FakeCard()], has_driver=False), Clock()
    with sampling(library, clock) as readings:
        next_with(readings, 0)
        library.has_driver = True
        clock.added_seconds += 2
        next_with(readings, 1)


def test_that_a_card_that_disappears_is_given_up_and_found_again() -> None:
    library, clock = FakeNvml([FakeCard(), FakeCard()]), Clock()
    with sampling(library, clock) as readings:
        next_with(readings, 2)
        library.cards[1].lost = True
        while next_with(readings, 2).gpus[1].memory_used_bytes is not None:
            pass
        clock.added_seconds += 2
        assert next_with(readings, 1).gpus[0].memory_used_bytes == 3 << 30


def test_that_a_dead_driver_is_asked_with_growing_patience() -> None:
    library, clock = FakeNvml([FakeCard(lost=True)], failing={"nvmlDeviceGetCount"}), Clock()
    with sampling(library, clock) as readings:
        for _ in range(20):
            readings.get(timeout=10)
    assert library.sessions == 1


def test_that_a_listener_that_raises_is_logged_once_and_told_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    told: queue.Queue[Reading] = queue.Queue()

    def tell(reading: Reading) -> None:
        told.put(reading)
        raise RuntimeError("the listener broke")

    sampler = Sampler(PERIOD_SECONDS, tell, library=FakeNvml(has_driver=False))
    sampler.start()
    for _ in range(3):
        told.get(timeout=10)
    sampler.stop()
    assert [record.getMessage() for record in caplog.records] == [
        "A reading of the hardware failed."
    ]


def test_that_stopping_is_prompt_and_may_be_repeated() -> None:
    sampler = Sampler(3600, lambda _: None, library=FakeNvml(has_driver=False))
    sampler.start()
    began = time.monotonic()
    sampler.stop()
    sampler.stop()
    assert time.monotonic() - began < 2


def test_that_a_reading_costs_less_than_half_a_percent_of_a_core_twice_a_second() -> None:
    readings: queue.Queue[Reading] = queue.Queue()
    sampler = Sampler(0.002, readings.put, library=FakeNvml([FakeCard()] * 2))
    sampler.start()
    readings.get(timeout=10)
    thread_before = psutil.Process().cpu_times()
    for _ in range(100):
        readings.get(timeout=10)
    thread_after = psutil.Process().cpu_times()
    sampler.stop()
    spent = sum(thread_after[:2]) - sum(thread_before[:2])
    assert spent / 100 * 2 < 0.005
