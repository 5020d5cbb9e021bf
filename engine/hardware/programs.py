"""The programs that hold memory of a card, and what they are called."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePath, PureWindowsPath

import psutil

from engine.hardware.bounds import size, whole
from engine.hardware.machine import GpuProcess

_MOST_PID = (1 << 32) - 1


class Programs:
    """Names by process number, asked once for each process that is seen.

    `ask_driver` is the second source: another user's program may be hidden from us.
    """

    def __init__(self, ask_driver: Callable[[int], str | None]) -> None:
        self._ask_driver = ask_driver
        self._names = dict[int, str]()

    def named(self, records: Iterable[object]) -> tuple[GpuProcess, ...]:
        """The driver's records, one for each process, by process number.

        A program that draws and computes stands in both of the driver's lists with the same
        bytes; Windows' own driver model (WDDM) does not tell the driver how many they are.
        """
        found = dict[int, int | None]()
        for record in records:
            pid = whole(getattr(record, "pid", None), 1, _MOST_PID)
            if pid is not None:
                used = size(record, "usedGpuMemory")
                before = found.get(pid)
                found[pid] = used if before is None else max(before, used or 0)
        return tuple(
            GpuProcess(pid=pid, name=self._name(pid), used_bytes=used)
            for pid, used in sorted(found.items())
        )

    def keep(self, cards: Iterable[Sequence[GpuProcess] | None]) -> None:
        """Forget the processes that hold nothing any more: their numbers may come again."""
        live = {process.pid for processes in cards for process in processes or ()}
        self._names = {pid: name for pid, name in self._names.items() if pid in live}

    def _name(self, pid: int) -> str:
        known = self._names.get(pid)
        if known is None:
            known = self._names[pid] = _system_s(pid) or self._driver_s(pid) or f"PID {pid}"
        return known

    def _driver_s(self, pid: int) -> str | None:
        path = self._ask_driver(pid)
        return None if path is None else _file_name(path)


def _system_s(pid: int) -> str | None:
    try:
        return psutil.Process(pid).name().strip() or None
    except (psutil.Error, OSError, ValueError, OverflowError):
        return None


def _file_name(path: str) -> str:
    # A command line may follow a path on Linux; a Windows path may hold blanks.
    if "\\" in path:
        return PureWindowsPath(path).name
    return PurePath(path.split(" -", 1)[0]).name or path
