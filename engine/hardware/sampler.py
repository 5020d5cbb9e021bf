"""How busy is the machine? One thread that asks, a few times a second."""

import logging
import threading
import time
from collections.abc import Callable

import psutil

from engine.hardware.machine import GpuReading, Reading
from engine.hardware.nvidia import Nvidia, NvmlLibrary, installed_library

_log = logging.getLogger(__name__)

_FIRST_WAIT_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 60.0
# A driver that hangs must not hang the program's end: after this the thread is left to die.
_JOIN_SECONDS = 5.0


def read_once(library: NvmlLibrary | None = None) -> Reading:
    """One reading, now. The processor's share is 0: it takes two readings to know it."""
    cards = Nvidia(library or installed_library())
    cards.open()
    try:
        return _reading(time.monotonic(), cpu=0.0, gpus=cards.read())
    finally:
        cards.close()


class Sampler:
    """Tells a Reading every period, from its own thread, between `start` and `stop`.

    A driver that is missing or breaks is asked again after 1 s, 2 s, 4 s … at most 60 s;
    meanwhile the readings go on without cards.
    """

    def __init__(
        self,
        period_seconds: float,
        tell: Callable[[Reading], None],
        *,
        library: NvmlLibrary | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._period_seconds = period_seconds
        self._tell = tell
        self._library = library
        self._clock = clock
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin. Once in a life."""
        assert self._thread is None, "this sampler was started already"
        self._thread = threading.Thread(target=self._run, name="hardware sampler", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for the thread; nothing is told afterwards. May be called twice."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(_JOIN_SECONDS)

    def _run(self) -> None:
        cards = _Cards(self._library or installed_library(), self._clock)
        psutil.cpu_percent(None)  # the first call only sets the mark the next one measures from
        last_failure = ""
        due = self._clock() + min(self._period_seconds, 0.1)
        try:
            while not self._stopping.wait(max(0.0, due - self._clock())):
                try:
                    self._sample(cards)
                except Exception as bug:  # noqa: BLE001 this thread's outermost loop
                    # The next reading may be well again. The same failure is logged once.
                    if repr(bug) != last_failure:
                        last_failure = repr(bug)
                        _log.exception("A reading of the hardware failed.")
                # After a sleep of the machine, go on from now instead of catching up.
                due = max(due + self._period_seconds, self._clock())
        finally:
            cards.close()

    def _sample(self, cards: "_Cards") -> None:
        cpu = min(1.0, max(0.0, psutil.cpu_percent(None) / 100))
        reading = _reading(self._clock(), cpu=cpu, gpus=cards.read())
        if not self._stopping.is_set():
            self._tell(reading)


def _reading(at_seconds: float, *, cpu: float, gpus: tuple[GpuReading, ...]) -> Reading:
    memory = psutil.virtual_memory()
    return Reading(
        at_seconds=at_seconds,
        cpu=cpu,
        memory_total_bytes=memory.total,
        memory_used_bytes=memory.total - memory.available,
        gpus=gpus,
    )


class _Cards:
    """The one NVML session, opened again with growing patience."""

    def __init__(self, library: NvmlLibrary, clock: Callable[[], float]) -> None:
        self._nvidia = Nvidia(library)
        self._clock = clock
        self._is_open = False
        self._wait_seconds = _FIRST_WAIT_SECONDS
        self._next_try = clock()

    def read(self) -> tuple[GpuReading, ...]:
        """The cards now. One that fell silent stays in the list, empty, until the next try."""
        if not self._is_open or self._nvidia.stale:
            self._try_to_open()
        if not self._is_open:
            return ()
        readings = self._nvidia.read()
        if readings and not self._nvidia.stale:
            self._wait_seconds = _FIRST_WAIT_SECONDS
        return readings

    def close(self) -> None:
        self._nvidia.close()
        self._is_open = False

    def _try_to_open(self) -> None:
        if self._clock() < self._next_try:
            return
        self._next_try = self._clock() + self._wait_seconds
        self._wait_seconds = min(self._wait_seconds * 2, _LONGEST_WAIT_SECONDS)
        self.close()
        self._is_open = self._nvidia.open()
