"""On how many threads answers are written: an eighth of the cores stays free, or none. Pure.

llama.cpp's threads wait for each other at every matrix. Alone on a machine, all cores write up to a
tenth faster than with some left free; beside other programs one thread that is held up holds up
all, and they write many times slower. Which it is just now is measured while answers are written:
now and then the other number is tried for a few steps, and the faster one stays.
"""

from collections import deque
from collections.abc import Callable
from statistics import median

from engine.protocol.load import LoadSpec
from engine.worker.placing import OthersWork, physical_cores, spare_some

_COMPARED = 8  # steps with each number
_WORTH = 0.98  # of the time so far: what is as fast stays as it is
_HELD_UP = 1.5  # times the usual step
_TWICE = 2  # held up so often in a row: another program has come
_STANDS = 3.0  # times the usual step: such a trial is not worth a second one
_BUSY = 0.75  # cores that others keep busy: it would stand still, and need not be tried
_FIRST_PATIENCE, _MOST_PATIENCE = 64, 4096  # steps between two trials
_LATER, _MUCH_LATER = 2, 8  # times that, after one that failed


def threads_of(spec: LoadSpec, layers: int, cores: int | None = None) -> "Threads | None":
    """For a model of so many layers, where our own rule alone keeps some cores from it."""
    cores = cores or physical_cores()
    spared = spare_some(cores)
    if spared == cores or (spec.threads or spared) != spared:
        return None
    return None if spec.all_on_cards(layers) else Threads(spared, cores, OthersWork())


class Threads:
    """Chooses between two numbers, by how long steps take."""

    def __init__(self, usual: int, most: int, others: Callable[[], float] = lambda: 0.0) -> None:
        """`others` tells how many cores other programs kept busy since it was last asked."""
        self.usual = usual
        self.now = usual
        self._most = most
        self._others = others
        self._writers = 0
        self._seconds = deque[float](maxlen=_COMPARED)  # of the last steps with what is settled on
        self._tried: list[float] | None = None  # seconds of the steps of a trial
        self._fresh = False  # the number has just changed: threads come or go in this step
        self._held_up = 0
        self._patience = self._steps_left = _FIRST_PATIENCE

    def saw(self, writers: int, seconds: float) -> None:
        """A step in which so many wrote, and nothing else was computed, took so long.

        `now` may be another number from the next step on.
        """
        if writers != self._writers:
            self._writers = writers
            self._seconds.clear()
            if self._tried is not None:
                self._end_trial()
        elif self._fresh:
            self._fresh = False
            if self._tried is not None:
                self._give_up_if_slow(_STANDS, seconds)
        elif self._tried is None:
            self._go_on(seconds)
        else:
            self._try_on(self._tried, seconds)

    def _go_on(self, seconds: float) -> None:
        full = len(self._seconds) == _COMPARED
        slow = full and seconds > _HELD_UP * median(self._seconds)
        self._held_up = self._held_up + 1 if slow else 0
        self._steps_left -= 1
        if not slow:
            self._seconds.append(seconds)
        elif self._held_up == _TWICE:
            self._held_up = 0
            self._seconds.clear()
            if self.now == self._most:
                self._end_trial()
        if full and not slow and self._steps_left <= 0:
            if self.now == self.usual and self._others() > _BUSY:
                self._steps_left = self._patience
            else:
                self._tried = []
                self._turn()

    def _try_on(self, tried: list[float], seconds: float) -> None:
        tried.append(seconds)
        if self._give_up_if_slow(_HELD_UP, seconds) or len(tried) < _COMPARED:
            return
        if median(tried) < _WORTH * median(self._seconds):
            self._seconds.extend(tried)
            self._tried = None
            self._patience = self._steps_left = _FIRST_PATIENCE
        else:
            self._end_trial()

    def _give_up_if_slow(self, times: float, seconds: float) -> bool:
        before = median(self._seconds)
        slow = seconds > times * before
        if slow:
            self._end_trial(_MUCH_LATER if seconds > _STANDS * before else _LATER)
        return slow

    def _end_trial(self, later: int = _LATER) -> None:
        """Back to the other number, and there so many times longer than before."""
        self._tried = None
        self._patience = min(later * self._patience, _MOST_PATIENCE)
        self._steps_left = self._patience
        self._turn()

    def _turn(self) -> None:
        self.now = self.usual if self.now == self._most else self._most
        self._fresh = True
