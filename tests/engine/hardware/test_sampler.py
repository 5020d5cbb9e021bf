"""The sampler's thread: it tells, survives, and ends."""

import os
import queue
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

import psutil
import pytest

from engine.hardware.activity import Watched
from engine.hardware.machine import Reading
from engine.hardware.sampler import Sampler
from tests.support.nvml import DEVICE_CALLS, FakeCard, FakeNvml, rtx_3090, rtx_4090
from tests.support.pace import allowed

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


def test_that_a_card_that_comes_back_is_found_and_keeps_its_number() -> None:
    first, second = rtx_4090(), rtx_3090()
    library, clock = FakeNvml([first, second]), Clock()
    with sampling(library, clock) as readings:
        next_with(readings, 2)
        library.cards.remove(first)
        while next_with(readings, 2).gpus[0].memory_used_bytes is not None:
            pass
        clock.added_seconds += 2
        (left,) = next_with(readings, 1).gpus
        assert (left.index, left.name) == (1, second.name)
        library.cards.insert(0, first)
        clock.added_seconds += 70
        assert [gpu.index for gpu in next_with(readings, 2).gpus] == [0, 1]


def test_that_a_driver_that_restarts_is_opened_again() -> None:
    library, clock = FakeNvml([rtx_4090()]), Clock()
    with sampling(library, clock) as readings:
        next_with(readings, 1)
        library.failing.update(DEVICE_CALLS)
        library.has_driver = False
        while next_with(readings, 1).gpus[0].memory_used_bytes is not None:
            pass
        clock.added_seconds += 2
        next_with(readings, 0)
        library.failing.clear()
        library.has_driver = True
        clock.added_seconds += 70
        assert next_with(readings, 1).gpus[0].memory_used_bytes is not None


def test_that_its_period_can_be_changed_while_it_waits() -> None:
    readings: queue.Queue[Reading] = queue.Queue()
    sampler = Sampler(3600, readings.put, library=FakeNvml(has_driver=False))
    sampler.start()
    readings.get(timeout=10)
    sampler.set_period(PERIOD_SECONDS)
    for _ in range(3):
        readings.get(timeout=10)
    sampler.stop()


def test_that_a_sleep_of_the_machine_is_a_gap_and_is_not_caught_up() -> None:
    readings, clock = queue.Queue[Reading](), Clock()
    sampler = Sampler(0.05, readings.put, library=FakeNvml([rtx_4090()]), clock=clock)
    sampler.start()
    before = readings.get(timeout=10)
    clock.added_seconds += 3600
    while (first := readings.get(timeout=10)).at_seconds < before.at_seconds + 3600:
        pass
    last = [readings.get(timeout=10) for _ in range(4)][-1]
    sampler.stop()
    assert last.at_seconds - first.at_seconds > 0.1  # four periods; caught up, no time at all


def test_that_a_clock_that_jumps_back_stops_nothing() -> None:
    clock = Clock()
    clock.added_seconds = 5000
    with sampling(FakeNvml([rtx_4090()]), clock) as readings:
        early = next_with(readings, 1).at_seconds
        clock.added_seconds = 0
        while next_with(readings, 1).at_seconds > early:
            pass
        next_with(readings, 1)


def test_that_what_goes_over_pcie_comes_with_a_later_reading() -> None:
    with sampling(FakeNvml([rtx_4090()])) as readings:
        while next_with(readings, 1).gpus[0].pcie_received_bps is None:
            pass


def test_that_every_call_may_answer_nonsense_for_a_while() -> None:
    library = FakeNvml([rtx_4090()] * 16, garbage=dict.fromkeys(DEVICE_CALLS[2:], 2**70))
    clock = Clock()
    with sampling(library, clock) as readings:
        next_with(readings, 16)
        library.garbage.clear()
        clock.added_seconds += 70
        while next_with(readings, 16).gpus[15].memory_used_bytes is None:
            pass


def test_that_our_workers_are_among_the_readings() -> None:
    readings: queue.Queue[Reading] = queue.Queue()
    watched = Watched(worker_pids=lambda: (os.getpid(),))
    sampler = Sampler(
        PERIOD_SECONDS, readings.put, watched=watched, library=FakeNvml(has_driver=False)
    )
    sampler.start()
    told = [readings.get(timeout=10) for _ in range(2)]
    sampler.stop()
    assert [worker.pid for worker in told[1].workers] == [os.getpid()]


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
    cost = sum(thread_after[:2]) - sum(thread_before[:2])
    assert cost / 100 * 2 < allowed(0.005)
