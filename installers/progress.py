"""Shows how far a build is, from the lines that pip, cmake and ninja print."""

import re
import time
from collections.abc import Callable
from typing import TextIO

_STEP = re.compile(r"\[(\d+)/(\d+)\]")
_WORTH_TELLING = re.compile(
    r"^\s*(Collecting \S+|Downloading \S+ \([\d.]+ [kMG]?B\)"
    r"|Installing build dependencies|Building wheel for \S+|Successfully installed .*)"
)


class Progress:
    """One line that moves on a terminal; elsewhere a line now and then.

    `clock` gives seconds; `pause_s` is how long at least lies between two lines of a count.
    """

    def __init__(self, out: TextIO, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._out = out
        self._clock = clock
        self._start = clock()
        self._terminal = out.isatty()
        self._pause_s = 0.2 if self._terminal else 10.0
        self._last_told = -self._pause_s
        self._counting = False

    def saw(self, line: str) -> None:
        """Take one line of the build's output."""
        step = _STEP.search(line)
        if step:
            self._count(int(step[1]), int(step[2]))
            return
        worth = _WORTH_TELLING.match(line)
        if worth and not line.rstrip().endswith("finished with status 'done'"):
            self._close_count()
            self._out.write(f"  {worth[1]}\n")
            self._out.flush()

    def end(self) -> None:
        """Leave the moving line as it is and begin a new one."""
        self._close_count()

    def _count(self, done: int, total: int) -> None:
        now = self._clock()
        if now - self._last_told < self._pause_s and done < total:
            return
        self._last_told = now
        elapsed = int(now - self._start)
        text = f"  compiling {done} of {total}, {elapsed // 60}:{elapsed % 60:02d}"
        self._out.write(f"\r\033[K{text}" if self._terminal else f"{text}\n")
        self._out.flush()
        self._counting = self._terminal

    def _close_count(self) -> None:
        if self._counting:
            self._out.write("\n")
            self._out.flush()
        self._counting = False
