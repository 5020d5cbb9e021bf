"""Stops a step in its middle, once nobody wants its result any more."""

import ctypes
import sys
from collections.abc import Iterable
from threading import Lock


class Brake:
    """Set by the reader thread, read by llama.cpp between the nodes of its graph.

    llama.cpp asks its abort callback thousands of times a step; a Python one would cost a tenth
    of it. `strlen` is a callback in C that answers true as soon as our string is not empty.
    """

    def __init__(self) -> None:
        self._flag = ctypes.create_string_buffer(2)
        self._lock = Lock()
        self._running: frozenset[int] = frozenset()
        self._cancelled: set[int] = set()
        library = ctypes.cdll.msvcrt if sys.platform == "win32" else ctypes.CDLL(None)
        self._strlen = library.strlen

    @property
    def question(self) -> int:
        """The address of the callback."""
        return ctypes.cast(self._strlen, ctypes.c_void_p).value or 0

    @property
    def flag(self) -> int:
        """The address of what the callback looks at."""
        return ctypes.addressof(self._flag)

    def begin(self, ids: Iterable[int]) -> None:
        """A step for these requests begins."""
        with self._lock:
            self._running = frozenset(ids)
            self._pull()

    def end(self) -> None:
        """It is launched, and nobody asks any more: a processor is done, a card does not look.

        What was cancelled has been dealt with or will be, by its command.
        """
        with self._lock:
            self._running = frozenset()
            self._cancelled.clear()
            self._flag[0] = 0

    def cancel(self, request: int) -> None:
        """Called by the reader thread. While another request shares the step, it goes on."""
        with self._lock:
            self._cancelled.add(request)
            self._pull()

    def _pull(self) -> None:
        if self._running and self._running <= self._cancelled:
            self._flag[0] = 1
