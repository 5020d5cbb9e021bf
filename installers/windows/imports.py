"""Which libraries a Windows program asks for: read from its file, so on any system."""

import struct
from collections.abc import Callable, Iterator
from pathlib import Path

_OPTIONAL_64 = 0x20B
_IMPORTS = 1  # those asked for later may be missing
_ENTRY, _NAME = 20, 12

# What every Windows 10 brings, in lower case. Those of the C++ runtime are not among it.
SYSTEM = {
    *(
        "advapi32.dll",
        "authz.dll",
        "bcrypt.dll",
        "bcryptprimitives.dll",
        "cfgmgr32.dll",
        "combase.dll",
    ),
    *("comctl32.dll", "comdlg32.dll", "credui.dll", "crypt32.dll", "cryptbase.dll", "d2d1.dll"),
    *("d3d11.dll", "d3d12.dll", "d3d9.dll", "dbghelp.dll", "dcomp.dll", "dnsapi.dll"),
    *("dwmapi.dll", "dwrite.dll", "dxgi.dll", "gdi32.dll", "hid.dll", "icuuc.dll", "imm32.dll"),
    *("iphlpapi.dll", "kernel32.dll", "mpr.dll", "msi.dll", "msvcrt.dll", "ncrypt.dll"),
    *("netapi32.dll", "normaliz.dll", "ntdll.dll", "ole32.dll", "oleaut32.dll", "opengl32.dll"),
    *("pdh.dll", "powrprof.dll", "propsys.dll", "psapi.dll", "rpcrt4.dll", "secur32.dll"),
    *("setupapi.dll", "shcore.dll", "shell32.dll", "shlwapi.dll", "synchronization.dll"),
    *("ucrtbase.dll", "uiautomationcore.dll", "user32.dll", "userenv.dll", "usp10.dll"),
    *("uxtheme.dll", "version.dll", "winhttp.dll", "wininet.dll", "winmm.dll", "winspool.drv"),
    *("winspool.dll", "wldap32.dll", "ws2_32.dll", "wtsapi32.dll"),
}


class NotAProgram(Exception):
    """The file is no Windows program or library."""


def imports_of(path: Path) -> set[str]:
    """The names of the libraries that this file needs to be loaded, in lower case."""
    content = path.read_bytes()
    try:
        return {name.lower() for name in _imports(content)}
    except (struct.error, ValueError, StopIteration) as error:
        raise NotAProgram(f"{path.name} is no Windows library: {error}") from error


def missing_libraries(folder: Path) -> dict[str, set[str]]:
    """What an assembled folder's files ask for and would not find: library → who asks.

    Windows looks beside the file, beside python.exe, and in what a package adds: its own folders.
    """
    programs = [p for p in folder.rglob("*") if p.suffix.lower() in {".dll", ".pyd", ".exe"}]
    homes: dict[str, set[str]] = {}
    for path in programs:
        homes.setdefault(_home(folder, path), set()).add(path.name.lower())
    missing: dict[str, set[str]] = {}
    for path in programs:
        there = homes[_home(folder, path)] | homes.get("python", set())
        for name in imports_of(path) - there - SYSTEM:
            if not name.startswith(("api-ms-win-", "ext-ms-")):
                missing.setdefault(name, set()).add(path.name)
    return missing


def _home(folder: Path, path: Path) -> str:
    """The package that a file belongs to; Qt's two are one, and NAME.libs is NAME's."""
    parts = path.relative_to(folder).parts
    if parts[0] != "lib":
        return parts[0]
    return {"shiboken6": "PySide6"}.get(parts[1], parts[1].removesuffix(".libs"))


def _imports(content: bytes) -> Iterator[str]:
    if content[:2] != b"MZ":
        raise ValueError("it does not begin as one")
    (pe,) = struct.unpack_from("<I", content, 0x3C)
    if content[pe : pe + 4] != b"PE\0\0":
        raise ValueError("its header is not there")
    sections, optional = struct.unpack_from("<xxH12xH", content, pe + 4)
    (kind,) = struct.unpack_from("<H", content, pe + 24)
    if kind != _OPTIONAL_64:
        raise ValueError("it is not for 64 bits")
    directory = pe + 24 + 112
    table = pe + 24 + optional
    placed = [struct.unpack_from("<8xIIII", content, table + 40 * n) for n in range(sections)]

    def at(address: int) -> int:
        """Where in the file an address of the loaded image lies."""
        for size, start, raw_size, raw in placed:
            if start <= address < start + max(size, raw_size):
                return raw + address - start
        raise ValueError("it points outside itself")

    (entry,) = struct.unpack_from("<I", content, directory + 8 * _IMPORTS)
    if entry:
        yield from _names(content, at(entry), at)


def _names(content: bytes, entry: int, at: Callable[[int], int]) -> Iterator[str]:
    while True:
        (name,) = struct.unpack_from("<I", content, entry + _NAME)
        if not name:
            return
        start = at(name)
        yield content[start : content.index(b"\0", start)].decode("ascii")
        entry += _ENTRY
