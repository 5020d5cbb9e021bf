"""What the child does, step by step; what a step raises is told, and the others go on."""

import http.client
import platform
import socket
import stat
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryFile

import psutil

from engine.doctor.cards import DoctorLibrary, driver_facts, installed_library
from engine.doctor.disk import opening, reading
from engine.doctor.facts import (
    Asked,
    FolderFacts,
    FoldersFacts,
    Lost,
    MemoryFacts,
    PortFacts,
    ProgramsFacts,
    SystemFacts,
)
from engine.doctor.modules import memory_modules
from engine.hardware.system import system_name

QUICK = ("system", "driver", "memory", "folders", "port", "programs")
ALL = (*QUICK, "opening", "reading")

# How long each may take. Disks that sleep take ten seconds to wake.
LIMITS = {"reading": 60.0, "opening": 45.0, "driver": 20.0, "folders": 15.0}
LIMIT_SECONDS = 10.0

_PROGRAMS = {
    "ollama": "Ollama",
    "ollama_llama_server": "Ollama",
    "llama-server": "llama-server",
    "llama-cli": "llama-cli",
    "lm studio": "LM Studio",
    "lm-studio": "LM Studio",
    "lms": "LM Studio",
    "koboldcpp": "KoboldCpp",
    "jan": "Jan",
    "gpt4all": "GPT4All",
    "vllm": "vLLM",
    "tabbyapi": "TabbyAPI",
    "localai": "LocalAI",
    "comfyui": "ComfyUI",
}


class Steps:
    """The steps, by name."""

    def __init__(
        self, asked: Asked, variables: Mapping[str, str], *, library: DoctorLibrary | None = None
    ) -> None:
        self._asked = asked
        self._variables = dict(variables)
        self._library = library
        self._steps: dict[str, Callable[[], object]] = {
            "system": self._system,
            "driver": self._driver,
            "memory": _memory,
            "folders": self._folders,
            "port": self._port,
            "programs": self._programs,
            "opening": self._opening,
            "reading": self._reading,
        }

    def take(self, step: str) -> dict[str, object]:
        """What it found, by the step's name; or that it failed."""
        try:
            return {step: self._steps[step]()}
        except Exception as problem:  # noqa: BLE001 one step's outermost: the others go on
            sys.stderr.write(f"{step}: {problem!r}\n")
            return {"lost": Lost(step=step, how="failed")}

    def _system(self) -> SystemFacts:
        return SystemFacts(
            system=system_name(),
            glibc=_glibc(),
            python=platform.python_version(),
            machine=platform.machine(),
            bundle=bool(getattr(sys, "frozen", False)),
            now=time.time(),
            variables=self._variables,
        )

    def _driver(self) -> object:
        return driver_facts(self._library or installed_library(), self._asked.own_pids)

    def _folders(self) -> FoldersFacts:
        folders = tuple(
            FolderFacts(name=name, path=path, there=Path(path).is_dir(), writable=_writable(path))
            for name, path in self._asked.folders.items()
        )
        place = _nearest(Path(self._asked.folders["models"]))
        usage = psutil.disk_usage(str(place))
        return FoldersFacts(
            folders=folders,
            open_secrets=tuple(path for path in self._asked.secrets if _open_to_others(path)),
            free_bytes=usage.free,
            total_bytes=usage.total,
            file_system=_file_system(place),
        )

    def _port(self) -> PortFacts:
        host, port = self._asked.host, self._asked.port
        free = _can_bind(host, port)
        return PortFacts(port=port, free=free, answers=not free and _answers(port))

    def _programs(self) -> ProgramsFacts:
        held: dict[str, int] = {}
        for process in psutil.process_iter(["pid", "name", "memory_info"]):
            found: dict[str, object] = process.info  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType, reportUnknownMemberType]
            if process.pid in self._asked.own_pids:
                continue
            name = str(found.get("name") or "").lower().removesuffix(".exe")
            known = _PROGRAMS.get(name)
            if known is not None:
                used = getattr(found.get("memory_info"), "rss", 0)
                held[known] = held.get(known, 0) + int(used)
        return ProgramsFacts(programs=tuple(sorted(held.items())))

    def _opening(self) -> object:
        return None if self._asked.file is None else opening(Path(self._asked.file))

    def _reading(self) -> object:
        file = None if self._asked.file is None else Path(self._asked.file)
        return reading(file, Path(self._asked.folders["models"]))


def _memory() -> MemoryFacts:
    memory, swap = psutil.virtual_memory(), psutil.swap_memory()
    return MemoryFacts(
        total_bytes=memory.total,
        free_bytes=memory.available,
        swap_bytes=swap.total,
        swap_used_bytes=swap.used,
        modules=memory_modules(),
    )


def _glibc() -> tuple[int, int] | None:
    name, version = platform.libc_ver()
    numbers = version.split(".")
    if name != "glibc" or len(numbers) < 2:
        return None
    return int(numbers[0]), int(numbers[1])


def _writable(path: str) -> bool:
    """By writing: what permissions say is not what a full or a read-only disk does."""
    place = Path(path)
    try:
        with TemporaryFile(dir=place if place.is_dir() else _nearest(place)) as file:
            file.write(b"x")
            file.flush()
    except OSError:
        return False
    return True


def _nearest(folder: Path) -> Path:
    return next((place for place in (folder, *folder.parents) if place.is_dir()), folder)


def _open_to_others(path: str) -> bool:
    # Windows keeps a person's folder from others by itself.
    if sys.platform == "win32":
        return False
    with suppress(OSError):
        file = Path(path)
        if not file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
            return False
        # Nobody gets there through a folder that is closed to others.
        return all(place.stat().st_mode & stat.S_IXOTH for place in file.absolute().parents)
    return False


def _file_system(place: Path) -> str | None:
    """The kind of the mount that is deepest above it."""
    best, kind = -1, None
    for mount in psutil.disk_partitions(all=True):
        there = Path(mount.mountpoint)
        if (there == place or there in place.parents) and len(there.parts) > best:
            best, kind = len(there.parts), mount.fstype or None
    return kind


def _can_bind(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as door:
        if sys.platform != "win32":  # there it would take a port that is in use
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except OSError:
            return False
    return True


def _answers(port: int) -> bool:
    """Whether what holds the port answers as Fullbore's does."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        line.request("GET", "/health")
        return line.getresponse().read(64).replace(b" ", b"") == b'{"status":"ok"}'
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()
