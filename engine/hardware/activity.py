"""How busy the machine is besides its cards, as the operating system reports it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psutil

from engine.hardware import system
from engine.hardware.machine import GpuReading, ProcessReading, Reading
from engine.hardware.thrift import Thrift

T = TypeVar("T")

# What psutil raises, and warns of where warnings are errors, if the system hides a number.
_FAILURES = (psutil.Error, OSError, RuntimeError, ValueError, KeyError, IndexError, Warning)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What is ours: the folder of the models, and the processes that run them.

    `worker_pids` is called from the sampler's thread.
    """

    models: Path | None = None
    worker_pids: Callable[[], Sequence[int]] = tuple


class Activity:
    """Reads the machine; used by one thread. Shares of the processor need two readings."""

    def __init__(self, watched: Watched, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._watched = watched
        self._clock = clock
        self._cores: tuple[float, ...] = ()
        self._cores_turn = Thrift(0.0, 0.001)  # with a hundred cores this takes a millisecond
        self._has_mark = False
        self._swap: tuple[int, int] | None = None
        self._swap_turn = Thrift(1.0, 0.0003)
        self._disk = _DiskReads(watched.models)
        self._disk_turn = Thrift(1.0, 0.0003)
        self._workers = dict[int, _Worker]()

    def begin(self) -> None:
        """Set the marks that the first reading measures from."""
        self._read_cores()

    def read(self, gpus: tuple[GpuReading, ...]) -> Reading:
        """The machine now, with these cards."""
        now = self._clock()
        if self._cores_turn.is_due(now):
            with self._cores_turn.asking(now):
                self._read_cores()
        if self._swap_turn.is_due(now):
            with self._swap_turn.asking(now):
                self._swap = _asked(_swap)
        if self._disk_turn.is_due(now):
            with self._disk_turn.asking(now):
                self._disk.read(now)
        memory = psutil.virtual_memory()
        return Reading(
            at_seconds=now,
            cpu=sum(self._cores) / len(self._cores) if self._cores else 0.0,
            memory_total_bytes=memory.total,
            memory_used_bytes=memory.total - memory.available,
            gpus=gpus,
            cores=self._cores,
            swap_total_bytes=self._swap[0] if self._swap else None,
            swap_used_bytes=self._swap[1] if self._swap else None,
            disk_read_bps=self._disk.bytes_per_second,
            workers=self._read_workers(now),
        )

    def _read_cores(self) -> None:
        shares = psutil.cpu_percent(None, percpu=True)
        if self._has_mark:  # what the first call answers means nothing
            self._cores = tuple(min(1.0, max(0.0, share / 100)) for share in shares)
        self._has_mark = True

    def _read_workers(self, now: float) -> tuple[ProcessReading, ...]:
        try:
            pids = tuple(self._watched.worker_pids())
        except RuntimeError:  # the engine's thread added a worker while they were listed
            pids = tuple(self._workers)
        self._workers = {pid: self._workers.get(pid) or _Worker(pid) for pid in pids}
        readings = (worker.read(now) for worker in self._workers.values())
        return tuple(reading for reading in readings if reading is not None)


class _Worker:
    """One of our processes; its first look at it has no rate yet and is not told."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._process: psutil.Process | None = None
        self._mark: tuple[float, float] | None = None

    def read(self, now: float) -> ProcessReading | None:
        try:
            process = self._process = self._process or psutil.Process(self._pid)
            with process.oneshot():
                times = process.cpu_times()
                memory_bytes = process.memory_info().rss
        except _FAILURES:
            self._process = self._mark = None
            return None
        spent, before = times.user + times.system, self._mark
        if before is not None and now <= before[0]:
            return None
        self._mark = (now, spent)
        if before is None:
            return None
        cores = max(0.0, spent - before[1]) / (now - before[0])
        return ProcessReading(pid=self._pid, cpu=cores, memory_bytes=memory_bytes)


class _DiskReads:
    """What is read from the disk that has a folder."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._name: str | None = None
        self._mark: tuple[float, int] | None = None
        self.bytes_per_second: float | None = None

    def read(self, now: float) -> None:
        self.bytes_per_second = None
        counters = _asked(lambda: psutil.disk_io_counters(perdisk=True, nowrap=False))
        if self._folder is None or not counters:
            self._mark = None
            return
        if self._name is None:
            self._name = system.disk_counter(self._folder, tuple(counters))
        counter = counters.get(self._name or "")
        before, self._mark = self._mark, (now, counter.read_bytes) if counter else None
        if before and self._mark and now > before[0] and self._mark[1] >= before[1]:
            self.bytes_per_second = (self._mark[1] - before[1]) / (now - before[0])


def _swap() -> tuple[int, int]:
    swap = psutil.swap_memory()
    return swap.total, swap.used


def _asked(ask: Callable[[], T]) -> T | None:
    try:
        return ask()
    except _FAILURES:
        return None
