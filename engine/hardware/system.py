"""Processor, memory and disks, as the operating system reports them."""

import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Sequence
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


def disk_counter(folder: Path, counters: Sequence[str]) -> str | None:
    """Which of the system's disk counters counts the reads of that folder; None if unknown."""
    try:
        place = _nearest(folder).resolve()
        names = _block_names(place)
    except (OSError, psutil.Error, ValueError):
        names = ()
    for name in names:
        # macOS names the volume disk3s1s1 and counts disk3.
        fitting = [one for one in counters if name == one or name.startswith(f"{one}s")]
        if fitting:
            return max(fitting, key=len)
    # Windows and macOS count physical disks, of which most machines have one.
    return counters[0] if len(counters) == 1 and sys.platform != "linux" else None


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


def _block_names(place: Path) -> tuple[str, ...]:
    """What the devices that may hold it are called, the surest first."""
    names: list[str] = []
    if sys.platform == "linux":
        number = place.stat().st_dev
        device = Path(f"/sys/dev/block/{os.major(number)}:{os.minor(number)}")
        if device.exists():
            names.append(device.resolve().name)
    mounts = [
        part for part in psutil.disk_partitions(all=False) if place.is_relative_to(part.mountpoint)
    ]
    mounts.sort(key=lambda part: len(part.mountpoint), reverse=True)
    names += [Path(part.device).resolve().name for part in mounts[:1]]
    return tuple(names)


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
