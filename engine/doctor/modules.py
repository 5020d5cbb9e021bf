"""The bars of RAM, as the firmware's tables (SMBIOS) tell; on Linux they are root's alone."""

import ctypes
import struct
import sys
from pathlib import Path

_TABLES = Path("/sys/firmware/dmi/tables/DMI")
_BAR = 17  # the type of a structure about a memory device
_RAW = 0x52534D42  # "RSMB"

Modules = tuple[tuple[int, int | None], ...]


def memory_modules() -> Modules | None:
    """Size and speed (MT/s) of each bar; None where the system does not tell."""
    try:
        tables = _windows_tables() if sys.platform == "win32" else _TABLES.read_bytes()
    except OSError:
        return None
    return modules_in(tables) if tables else None


def modules_in(tables: bytes) -> Modules | None:
    """The bars in SMBIOS's structures; None if there are none. Broken tables end early."""
    found: list[tuple[int, int | None]] = []
    place = 0
    while place + 4 <= len(tables):
        kind, length = tables[place], tables[place + 1]
        if length < 4 or place + length > len(tables):
            break
        if kind == _BAR:
            bar = _bar(tables[place : place + length])
            if bar is not None:
                found.append(bar)
        end = tables.find(b"\0\0", place + length)
        if end < 0:
            break
        place = end + 2
    return tuple(found) or None


def _bar(structure: bytes) -> tuple[int, int | None] | None:
    if len(structure) < 0x17:
        return None
    size, speed = _word(structure, 0x0C), _word(structure, 0x15)
    if size in {0, 0xFFFF}:
        return None  # an empty slot, or one that says nothing
    if size == 0x7FFF and len(structure) >= 0x20:
        count = (struct.unpack_from("<I", structure, 0x1C)[0] & 0x7FFFFFFF) << 20
    else:
        count = (size & 0x7FFF) << (10 if size & 0x8000 else 20)
    if len(structure) >= 0x22:
        speed = _word(structure, 0x20) or speed  # what it is run at, not what it could
    return count, None if speed in {0, 0xFFFF} else speed


def _word(structure: bytes, place: int) -> int:
    return int(struct.unpack_from("<H", structure, place)[0])


def _windows_tables() -> bytes | None:
    if sys.platform != "win32":
        return None
    ask = ctypes.windll.kernel32.GetSystemFirmwareTable
    ask.restype = ctypes.c_uint32
    ask.argtypes = (ctypes.c_uint32, ctypes.c_uint32, ctypes.c_void_p, ctypes.c_uint32)
    size = ask(_RAW, 0, None, 0)
    if not 8 < size < 1 << 24:
        return None
    buffer = ctypes.create_string_buffer(size)
    got = ask(_RAW, 0, buffer, size)
    return buffer.raw[8:got] if 8 < got <= size else None
