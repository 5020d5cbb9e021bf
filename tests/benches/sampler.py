"""What the hardware sampler takes of one core, twice a second, with a fake NVML of many cards.

    python -m tests.benches.sampler [SECONDS]

Each fake counts PCIe traffic 20 ms long, as NVML does; the time of the fake's own calls is in the
numbers. Where there is a driver, the last row is of the real one.
"""

import os
import sys
import threading
import time
from pathlib import Path

from engine.hardware.activity import Watched
from engine.hardware.machine import Reading
from engine.hardware.nvidia import Nvidia, installed_library
from engine.hardware.nvml import NvmlLibrary
from engine.hardware.sampler import Sampler
from tests.support.nvml import FakeNvml, FakeProcess, h100, rtx_3090, rtx_4090, tesla_p40

PERIOD_SECONDS = 0.5
BAR = 0.005


class Spent:
    """A sampler's readings, and the time of its thread up to each of them."""

    def __init__(self, library: NvmlLibrary) -> None:
        self._marks: list[tuple[float, float]] = []
        self._enough = threading.Event()
        self._until = float("inf")
        watched = Watched(models=Path.home(), worker_pids=lambda: (os.getpid(),))
        self._sampler = Sampler(PERIOD_SECONDS, self._told, watched=watched, library=library)

    def measure(self, seconds: float) -> None:
        """Begin; the first reading, which opens everything, is not counted."""
        self._until = time.monotonic() + seconds
        self._sampler.start()

    def share(self) -> float:
        """Of one core, once the time is over."""
        self._enough.wait()
        self._sampler.stop()
        first, last = self._marks[0], self._marks[-1]
        return (last[1] - first[1]) / (last[0] - first[0])

    def _told(self, reading: Reading) -> None:
        self._marks.append((reading.at_seconds, time.thread_time()))
        if reading.at_seconds >= self._until:
            self._enough.set()


def rig(cards: int) -> FakeNvml:
    """So many cards of all kinds, each with programs."""
    kinds = (rtx_4090, rtx_3090, tesla_p40, h100)
    programs = tuple(FakeProcess(os.getpid() + more, 1 << 30) for more in range(5))
    made = [
        kinds[number % len(kinds)](uuid=f"GPU-{number}", compute=programs, graphics=programs[:2])
        for number in range(cards)
    ]
    return FakeNvml(made, has_driver=cards > 0, link_seconds=0.02)


def real_driver() -> NvmlLibrary | None:
    """The installed NVML, if it opens."""
    nvidia = Nvidia(installed_library())
    if not nvidia.open():
        return None
    nvidia.close()
    return installed_library()


def main() -> int:
    """Measure all at once, and print; 1 if the bar is missed."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 30.0
    libraries: dict[str, NvmlLibrary] = {f"{cards} cards": rig(cards) for cards in (0, 1, 2, 8, 16)}
    real = real_driver()
    if real is not None:
        libraries["the real driver"] = real
    running = {name: Spent(library) for name, library in libraries.items()}
    for spent in running.values():
        spent.measure(seconds)
    shares = {name: spent.share() for name, spent in running.items()}
    print(f"{os.cpu_count()} logical cores, {seconds:.0f} s, {1 / PERIOD_SECONDS:.0f} Hz")
    for name, share in shares.items():
        print(f"{name:16} {share:7.3%} of a core{'' if share <= BAR else '   over the bar'}")
    return int(any(share > BAR for share in shares.values()))


if __name__ == "__main__":
    sys.exit(main())
