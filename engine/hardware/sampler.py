"""How busy is the machine? One thread that asks, a few times a second."""

import logging
import threading
import time
from collections.abc import Callable

from engine.hardware.activity import Activity, Watched
from engine.hardware.machine import GpuReading, Reading
from engine.hardware.nvidia import Nvidia, installed_library
from engine.hardware.nvml import NvmlLibrary
from engine.hardware.spill import installed_spill

_log = logging.getLogger(__name__)

_FIRST_READING_SECONDS = 0.1
_FIRST_WAIT_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 60.0
# A driver that hangs must not hang the program's end: after this the thread is left to die.
_JOIN_SECONDS = 5.0


def read_once(library: NvmlLibrary | None = None) -> Reading:
    """One reading, now. The processor's share is 0: it takes two readings to know it."""
    cards = Nvidia(library or installed_library())
    cards.open()
    try:
        return Activity(Watched()).read(cards.read())
    finally:
        cards.close()


class Sampler:
    """Tells a Reading every period, from its own thread, between `start` and `stop`.

    A driver that is missing or breaks, or that lost a card, is asked again after 1 s, 2 s, 4 s …
    at most 60 s; meanwhile the readings go on without what is gone.
    """

    def __init__(
        self,
        period_seconds: float,
        tell: Callable[[Reading], None],
        *,
        watched: Watched | None = None,
        library: NvmlLibrary | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._period_seconds = period_seconds
        self._tell = tell
        self._watched = watched or Watched()
        self._library = library
        self._clock = clock
        self._waking = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin. Once in a life."""
        assert self._thread is None, "this sampler was started already"
        self._thread = threading.Thread(target=self._run, name="hardware sampler", daemon=True)
        self._thread.start()

    def set_period(self, seconds: float) -> None:
        """Tell that often from now on. From any thread."""
        if seconds != self._period_seconds:
            self._period_seconds = seconds
            self._waking.set()

    def stop(self) -> None:
        """End, and wait for the thread; nothing is told afterwards. May be called twice."""
        self._stopping = True
        self._waking.set()
        if self._thread is not None:
            self._thread.join(_JOIN_SECONDS)

    def _run(self) -> None:
        cards = _Cards(self._library or installed_library(), self._clock)
        activity = Activity(self._watched, clock=self._clock)
        last_failure = ""
        due = self._clock() + min(self._period_seconds, _FIRST_READING_SECONDS)
        try:
            activity.begin()
            while not self._stopping:
                if self._waking.wait(self._until(due)):
                    self._waking.clear()
                    due = min(due, self._clock() + self._period_seconds)
                    continue
                try:
                    self._sample(cards, activity)
                except Exception as bug:  # noqa: BLE001 this thread's outermost loop
                    # The next reading may be well again. The same failure is logged once.
                    if repr(bug) != last_failure:
                        last_failure = repr(bug)
                        _log.exception("A reading of the hardware failed.")
                due = self._next(due)
        finally:
            cards.close()

    def _until(self, due: float) -> float:
        # Never longer than a period, also if the clock jumped back.
        return min(max(0.0, due - self._clock()), self._period_seconds)

    def _next(self, due: float) -> float:
        """In step with the last; after a sleep of the machine from now on, without catching up."""
        now, due = self._clock(), due + self._period_seconds
        return due if now < due <= now + self._period_seconds else now + self._period_seconds

    def _sample(self, cards: "_Cards", activity: Activity) -> None:
        reading = activity.read(cards.read())
        if not self._stopping:
            self._tell(reading)
            cards.measure_links()


class _Cards:
    """The one NVML session, opened again with growing patience."""

    def __init__(self, library: NvmlLibrary, clock: Callable[[], float]) -> None:
        self._nvidia = Nvidia(library, clock=clock)
        self._spill = installed_spill(clock)
        self._clock = clock
        self._is_open = False
        self._wait_seconds = _FIRST_WAIT_SECONDS
        self._next_try = clock()

    def read(self) -> tuple[GpuReading, ...]:
        """The cards now. One that fell silent stays in the list, empty, until the next try."""
        if not self._is_open or self._nvidia.stale or self._nvidia.missing:
            self._try_to_open()
        if not self._is_open:
            return ()
        readings = self._nvidia.read()
        if readings and not self._nvidia.stale and not self._nvidia.missing:
            self._wait_seconds = _FIRST_WAIT_SECONDS
        return self._spill.beside(readings)

    def measure_links(self) -> None:
        """Count the PCIe traffic of a card, if it is time; after the reading, as it blocks."""
        if self._is_open and not self._nvidia.stale:
            self._nvidia.measure_links()

    def close(self) -> None:
        """End for good."""
        self._spill.close()
        self._nvidia.close()

    def _try_to_open(self) -> None:
        if self._clock() < self._next_try:
            return
        self._next_try = self._clock() + self._wait_seconds
        self._wait_seconds = min(self._wait_seconds * 2, _LONGEST_WAIT_SECONDS)
        self._nvidia.close()
        self._is_open = self._nvidia.open()
