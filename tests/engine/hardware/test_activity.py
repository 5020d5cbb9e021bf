"""The machine besides its cards, on whatever machine the tests run."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import psutil
import pytest

from engine.hardware import system
from engine.hardware.activity import Activity, Watched

MISSING_PID = 4_194_305  # one more than Linux gives out


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


def test_that_every_core_is_told_from_the_second_look_on() -> None:
    activity = Activity(Watched(), clock=Clock())
    assert activity.read(()).cores == ()
    reading = activity.read(())
    assert len(reading.cores) == psutil.cpu_count()
    assert all(0 <= core <= 1 for core in reading.cores)
    assert reading.cpu == pytest.approx(sum(reading.cores) / len(reading.cores))


def test_that_swap_is_told_where_the_system_tells() -> None:
    reading = Activity(Watched(), clock=Clock()).read(())
    if reading.swap_total_bytes is not None:
        assert reading.swap_used_bytes is not None
        assert 0 <= reading.swap_used_bytes <= reading.swap_total_bytes


def test_that_our_own_processes_are_told_with_their_cores_and_memory() -> None:
    activity = Activity(Watched(worker_pids=lambda: [os.getpid(), MISSING_PID]), clock=Clock())
    assert activity.read(()).workers == ()  # no time has passed to have a rate over
    _ = sum(number * number for number in range(300_000))
    (worker,) = activity.read(()).workers
    assert worker.pid == os.getpid()
    assert 0 <= worker.cpu < 64
    assert worker.memory_bytes > 1 << 20


def test_that_a_worker_that_ended_is_told_no_more() -> None:
    pids = [os.getpid()]
    activity = Activity(Watched(worker_pids=lambda: pids), clock=Clock())
    activity.read(())
    assert activity.read(()).workers
    pids.clear()
    assert activity.read(()).workers == ()


def test_that_workers_that_come_while_they_are_listed_do_no_harm() -> None:
    calls = list[int]()

    def pids() -> Sequence[int]:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("dictionary changed size during iteration")
        return (os.getpid(),)

    activity = Activity(Watched(worker_pids=pids), clock=Clock())
    activity.read(())
    assert [worker.pid for worker in activity.read(()).workers] == [os.getpid()]


def test_that_a_clock_that_stands_still_makes_no_rates() -> None:
    activity = Activity(Watched(worker_pids=lambda: (os.getpid(),)), clock=lambda: 5.0)
    activity.read(())
    assert activity.read(()).workers == ()


def test_that_reads_of_the_models_disk_are_told_or_unknown(tmp_path: Path) -> None:
    activity = Activity(Watched(models=tmp_path / "not yet"), clock=Clock())
    assert activity.read(()).disk_read_bps is None
    rate = activity.read(()).disk_read_bps
    assert rate is None or rate >= 0


def test_that_without_a_folder_no_disk_is_told() -> None:
    activity = Activity(Watched(), clock=Clock())
    activity.read(())
    assert activity.read(()).disk_read_bps is None


def test_that_a_disk_that_no_counter_counts_is_unknown(tmp_path: Path) -> None:
    assert system.disk_counter(tmp_path, ("nowhere0", "nowhere1")) is None


@pytest.mark.skipif(sys.platform != "linux", reason="Linux names the device of a file system")
def test_that_the_device_of_the_folder_is_its_counter(tmp_path: Path) -> None:
    number = tmp_path.stat().st_dev
    device = Path(f"/sys/dev/block/{os.major(number)}:{os.minor(number)}")
    if not device.exists():
        pytest.skip("The folder for tests lies on no block device.")
    name = device.resolve().name
    assert system.disk_counter(tmp_path, ("nowhere0", name)) == name
