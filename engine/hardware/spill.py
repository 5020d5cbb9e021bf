"""What Windows keeps in RAM of what programs gave to a card.

Under WDDM a card that is full takes no harm: Windows moves memory to RAM ("shared GPU memory"),
where it is many times slower. The performance counters tell how much by adapter, adapters are
named in the registry, and cards of one name cannot be told apart. RAM that a program locked for
its card counts as well, so that what matters is the change. No counters are normal: None.
"""

import ctypes
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from engine.hardware.bounds import MOST_BYTES, whole
from engine.hardware.machine import GpuReading
from engine.hardware.thrift import Thrift

_COUNTER = r"\GPU Adapter Memory(*)\Shared Usage"
_ADAPTERS = r"SOFTWARE\Microsoft\DirectX"
_NVIDIA = 0x10DE
_AS_LARGE = 0x400  # PDH_FMT_LARGE
_MORE = 0x800007D2  # PDH_MORE_DATA
_MOST_BUFFER = 1 << 20
_INSTANCE = re.compile(r"luid_0x([0-9a-f]{1,8})_0x([0-9a-f]{1,8})_phys_\d+", re.IGNORECASE)


class Value(ctypes.Structure):
    """PDH_FMT_COUNTERVALUE with the union's large number."""

    _fields_: ClassVar = [("status", ctypes.c_uint32), ("large", ctypes.c_int64)]


class Item(ctypes.Structure):
    """PDH_FMT_COUNTERVALUE_ITEM_W."""

    _fields_: ClassVar = [("name", ctypes.c_wchar_p), ("value", Value)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """A card as Windows calls it; the number is new after every start."""

    name: str
    luid: int


class Counters:
    """The counters of one open query. `pdh` is pdh.dll; what it refuses is an empty answer."""

    def __init__(self, pdh: Any) -> None:
        self._pdh = pdh
        self._query = ctypes.c_void_p()
        self._counter = ctypes.c_void_p()
        self._is_open = False

    def open(self) -> bool:
        """Begin. False where these counters do not exist: before Windows 10 1709."""
        if self._pdh.PdhOpenQueryW(None, None, ctypes.byref(self._query)):
            return False
        if self._pdh.PdhAddEnglishCounterW(
            self._query, _COUNTER, None, ctypes.byref(self._counter)
        ):
            self._pdh.PdhCloseQuery(self._query)
            return False
        self._is_open = True
        return True

    def close(self) -> None:
        """End."""
        if self._is_open:
            self._is_open = False
            self._pdh.PdhCloseQuery(self._query)

    def read(self) -> dict[int, int]:
        """Bytes in RAM by adapter."""
        if not self._is_open or self._pdh.PdhCollectQueryData(self._query):
            return {}
        size, count = ctypes.c_uint32(0), ctypes.c_uint32(0)
        if self._array(size, count, None) != _MORE or not 0 < size.value <= _MOST_BUFFER:
            return {}
        room = (ctypes.c_char * size.value)()
        if self._array(size, count, room):  # an adapter came in between: the next time, then
            return {}
        fitting = min(count.value, len(room) // ctypes.sizeof(Item))
        items = (Item * fitting).from_buffer(room)
        return used_by_adapter([(item.name, item.value.status, item.value.large) for item in items])

    def _array(self, size: ctypes.c_uint32, count: ctypes.c_uint32, room: Any) -> int:
        status: int = self._pdh.PdhGetFormattedCounterArrayW(
            self._counter, _AS_LARGE, ctypes.byref(size), ctypes.byref(count), room
        )
        return status & 0xFFFFFFFF


def used_by_adapter(rows: Sequence[tuple[str | None, int, int]]) -> dict[int, int]:
    """Bytes by adapter, of the counters' rows of instance, status and number."""
    used = dict[int, int]()
    for name, status, large in rows:
        match = _INSTANCE.fullmatch(name or "")
        size = whole(large, 0, MOST_BYTES)
        if match and status in {0, 1} and size is not None:  # PDH_CSTATUS_VALID_DATA, _NEW_DATA
            luid = int(match[1], 16) << 32 | int(match[2], 16)
            used[luid] = used.get(luid, 0) + size
    return used


def beside(
    readings: Sequence[GpuReading], adapters: Sequence[Adapter], used: Mapping[int, int]
) -> tuple[GpuReading, ...]:
    """The readings, with what is in RAM of those cards whose name only one of them has."""
    told: list[GpuReading] = []
    for reading in readings:
        # Old adapters stay in the registry; their numbers have no counters.
        places = {one.luid for one in adapters if one.name == reading.name and one.luid in used}
        alone = sum(other.name == reading.name for other in readings) == 1
        spilled = used[places.pop()] if alone and len(places) == 1 else None
        told.append(replace(reading, spilled_bytes=spilled))
    return tuple(told)


class Spill:
    """Adds it to readings; used by one thread."""

    def __init__(
        self,
        counters: Counters | None,
        adapters: Callable[[], Sequence[Adapter]],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._counters = counters if counters is not None and counters.open() else None
        self._find_adapters = adapters
        self._clock = clock
        self._adapters: Sequence[Adapter] = ()
        self._used: Mapping[int, int] = {}
        self._turn = Thrift(1.0, 0.0003)

    def close(self) -> None:
        """End the query."""
        if self._counters is not None:
            self._counters.close()

    def beside(self, readings: tuple[GpuReading, ...]) -> tuple[GpuReading, ...]:
        """The readings, and what is in RAM."""
        if self._counters is None or not readings:
            return readings
        now = self._clock()
        if self._turn.is_due(now):
            with self._turn.asking(now):
                before, self._used = self._used.keys(), self._counters.read()
                if self._used.keys() - before:
                    self._adapters = self._find_adapters()
        return beside(readings, self._adapters, self._used)


def installed_spill(clock: Callable[[], float] = time.monotonic) -> Spill:
    """That of this system; without counters it adds nothing."""
    return Spill(_installed_counters(), _registered_adapters, clock=clock)


def _installed_counters() -> Counters | None:
    if sys.platform != "win32":
        return None
    try:
        pdh = ctypes.WinDLL("pdh.dll")
        pointer, number = ctypes.c_void_p, ctypes.c_uint32
        text = ctypes.c_wchar_p
        for name, arguments in {
            "PdhOpenQueryW": (text, pointer, pointer),
            "PdhAddEnglishCounterW": (pointer, text, pointer, pointer),
            "PdhCollectQueryData": (pointer,),
            "PdhGetFormattedCounterArrayW": (pointer, number, pointer, pointer, pointer),
            "PdhCloseQuery": (pointer,),
        }.items():
            function = getattr(pdh, name)
            function.argtypes, function.restype = arguments, number
    except (OSError, AttributeError):
        return None
    return Counters(pdh)


def _registered_adapters() -> tuple[Adapter, ...]:
    if sys.platform != "win32":
        return ()
    import winreg  # noqa: PLC0415 exists on Windows alone

    found: list[Adapter] = []
    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _ADAPTERS) as adapters:
            for place in range(winreg.QueryInfoKey(adapters)[0]):
                try:
                    with winreg.OpenKey(adapters, winreg.EnumKey(adapters, place)) as one:
                        vendor, name, luid = (
                            winreg.QueryValueEx(one, field)[0]
                            for field in ("VendorId", "Description", "AdapterLuid")
                        )
                except OSError:  # a key that is no adapter
                    continue
                if vendor == _NVIDIA and isinstance(luid, int):
                    found.append(Adapter(name=str(name).strip(), luid=luid))
    except OSError:
        return ()
    return tuple(found)
