"""Processor, memory and disks, as the operating system reports them."""

import platform
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import psutil

from engine.hardware.machine import Cpu, Disk


def cpu() -> Cpu:
    """The processor; where the system does not count its cores, the threads stand in."""
    logical = psutil.cpu_count(logical=True) or 1
    return Cpu(
        name=_cpu_name() or platform.processor() or platform.machine() or "unknown",
        physical_cores=psutil.cpu_count(logical=False) or logical,
        logical_cores=logical,
    )


def memory_bytes() -> int:
    """All of the RAM."""
    return psutil.virtual_memory().total


def disks(folders: Iterable[Path]) -> tuple[Disk, ...]:
    """The file systems of those folders, in order; a folder that cannot be asked is left out.

    A folder that does not exist yet stands for its nearest ancestor that does.
    """
    found: list[Disk] = []
    for folder in folders:
        try:
            usage = psutil.disk_usage(str(_nearest(folder)))
        except OSError:
            continue
        found.append(Disk(path=str(folder), total_bytes=usage.total, free_bytes=usage.free))
    return tuple(found)


def system_name() -> str:
    """The operating system, as its makers call it."""
    if sys.platform == "linux":
        try:
            return platform.freedesktop_os_release()["PRETTY_NAME"]
        except (OSError, KeyError):
            pass
    return f"{platform.system()} {platform.release()}".strip() or "unknown"


def cpu_name_in(cpuinfo: str) -> str | None:
    """The first processor's name in the text of /proc/cpuinfo; None on most ARM machines."""
    for line in cpuinfo.splitlines():
        key, _, value = line.partition(":")
        if key.strip() in {"model name", "Model"} and value.strip():
            return " ".join(value.split())
    return None


def _nearest(folder: Path) -> Path:
    return next((place for place in (folder, *folder.parents) if place.exists()), folder)


def _cpu_name() -> str | None:
    try:
        if sys.platform == "linux":
            return cpu_name_in(Path("/proc/cpuinfo").read_text("utf-8", "replace"))
        if sys.platform == "darwin":
            return _sysctl("machdep.cpu.brand_string")
        if sys.platform == "win32":
            return _registry_cpu_name()
    except (OSError, subprocess.SubprocessError):
        pass
    return None


def _sysctl(name: str) -> str | None:
    answer = subprocess.run(
        ["/usr/sbin/sysctl", "-n", name],
        capture_output=True,
        timeout=2,
        check=True,
        encoding="utf-8",
    )
    return answer.stdout.strip() or None


def _registry_cpu_name() -> str | None:
    if sys.platform != "win32":
        return None
    import winreg  # noqa: PLC0415 exists on Windows alone

    place = r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"
    with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, place) as key:
        value, _ = winreg.QueryValueEx(key, "ProcessorNameString")
    return str(value).strip() or None
