# ruff: noqa: N802 NVML's calls keep NVML's names
"""What NVIDIA's driver tells of its cards beyond what they are. Every call may fail on its own."""

import sys
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

import psutil

from engine.doctor.facts import CardFacts, DriverFacts, PairFacts
from engine.hardware.machine import Gpu
from engine.hardware.nvidia import Nvidia
from engine.hardware.nvml import ECC_UNCORRECTED, ECC_VOLATILE, NvmlLibrary

T = TypeVar("T")

_MOST_BYTES = 1 << 50
_P2P_READ = 0  # NVML_P2P_CAPS_INDEX_READ
_P2P = {0: "", 1: "chipset", 2: "hardware", 3: "topology", 4: "disabled", 5: "unsupported"}
_MOST_LINKS = 18
_NVIDIA = "0x10de"


class DoctorLibrary(NvmlLibrary, Protocol):
    """The further part of `pynvml` that is used here."""

    def nvmlDeviceGetPowerManagementDefaultLimit(self, handle: Any, /) -> int: ...
    def nvmlDeviceGetPersistenceMode(self, handle: Any, /) -> int: ...
    def nvmlDeviceGetNvLinkState(self, handle: Any, link: int, /) -> int: ...
    def nvmlDeviceGetP2PStatus(self, first: Any, second: Any, index: int, /) -> int: ...


def installed_library() -> DoctorLibrary:
    """The real NVML."""
    import pynvml  # noqa: PLC0415 # pyright: ignore[reportMissingTypeStubs]

    return cast("DoctorLibrary", cast("object", pynvml))


def driver_facts(library: DoctorLibrary, own_pids: tuple[int, ...]) -> DriverFacts:
    """All that the driver tells."""
    nvidia = Nvidia(library)
    if not nvidia.open():
        return DriverFacts(answers=False, device=_in_the_machine())
    try:
        asking = _Asking(library, own_pids)
        gpus = nvidia.gpus()
        handles = {
            gpu.index: asking.ask(lambda gpu=gpu: library.nvmlDeviceGetHandleByIndex(gpu.index))
            for gpu in gpus
        }
        return DriverFacts(
            answers=True,
            device=bool(gpus) or _in_the_machine(),
            driver=nvidia.driver(),
            cuda=nvidia.cuda(),
            cards=tuple(asking.card(gpu, handles[gpu.index]) for gpu in gpus),
            pairs=asking.pairs(handles),
        )
    finally:
        nvidia.close()


class _Asking:
    def __init__(self, library: DoctorLibrary, own_pids: tuple[int, ...]) -> None:
        self._library = library
        self._own = own_pids
        self._failures = (library.NVMLError, OSError, AttributeError, ValueError, TypeError)

    def ask(self, call: Callable[[], T]) -> T | None:
        try:
            return call()
        except self._failures:
            return None

    def card(self, gpu: Gpu, handle: object) -> CardFacts:
        library = self._library
        number = self._number
        persistence = number(lambda: library.nvmlDeviceGetPersistenceMode(handle), 0, 1)
        default = number(
            lambda: library.nvmlDeviceGetPowerManagementDefaultLimit(handle), 1, 10_000_000
        )
        return CardFacts(
            index=gpu.index,
            name=gpu.name,
            memory_bytes=gpu.memory_bytes,
            used_bytes=number(lambda: library.nvmlDeviceGetMemoryInfo(handle).used, 0, _MOST_BYTES),
            bar1_bytes=number(
                lambda: library.nvmlDeviceGetBAR1MemoryInfo(handle).bar1Total, 1, _MOST_BYTES
            ),
            capability=gpu.compute_capability,
            generation=number(lambda: library.nvmlDeviceGetCurrPcieLinkGeneration(handle), 1, 16),
            most_generation=gpu.pcie_generation,
            width=number(lambda: library.nvmlDeviceGetCurrPcieLinkWidth(handle), 1, 64),
            most_width=gpu.pcie_width,
            limit_watts=gpu.power_limit_watts,
            default_watts=None if default is None else default / 1000,
            persistence=None if persistence is None else bool(persistence),
            ecc_errors=number(
                lambda: library.nvmlDeviceGetTotalEccErrors(handle, ECC_UNCORRECTED, ECC_VOLATILE),
                0,
                1 << 60,
            ),
            display=gpu.drives_display,
            links=self._links(handle),
            holders=self._holders(handle),
        )

    def pairs(self, handles: dict[int, object]) -> tuple[PairFacts, ...]:
        found: list[PairFacts] = []
        for first, second in combinations(sorted(handles), 2):
            status = self._number(
                lambda a=first, b=second: self._library.nvmlDeviceGetP2PStatus(
                    handles[a], handles[b], _P2P_READ
                ),
                0,
                16,
            )
            if status is not None:
                why = _P2P.get(status, "unknown")
                found.append(PairFacts(first=first, second=second, reach=status == 0, why=why))
        return tuple(found)

    def _links(self, handle: object) -> int | None:
        states = [
            self._number(
                lambda link=link: self._library.nvmlDeviceGetNvLinkState(handle, link), 0, 1
            )
            for link in range(_MOST_LINKS)
        ]
        told = [state for state in states if state is not None]
        return sum(told) if told else None

    def _holders(self, handle: object) -> tuple[tuple[str, int | None], ...]:
        library = self._library
        running = self.ask(lambda: library.nvmlDeviceGetComputeRunningProcesses_v3(handle))
        if running is None:
            running = self.ask(lambda: library.nvmlDeviceGetComputeRunningProcesses_v2(handle))
        if not isinstance(running, list | tuple):
            return ()
        found: list[tuple[str, int | None]] = []
        for one in cast("list[object]", running):
            pid = getattr(one, "pid", None)
            if isinstance(pid, int) and pid not in self._own:
                used = getattr(one, "usedGpuMemory", None)
                known = isinstance(used, int) and 0 <= used < _MOST_BYTES
                found.append((_program(pid), used if known else None))
        return tuple(found)

    def _number(self, call: Callable[[], object], least: int, most: int) -> int | None:
        value = self.ask(call)
        if isinstance(value, bool) or not isinstance(value, int):
            return None
        return value if least <= value <= most else None


def _program(pid: int) -> str:
    try:
        return psutil.Process(pid).name()
    except (psutil.Error, OSError):
        return "?"


def _in_the_machine() -> bool | None:
    """Whether a card of NVIDIA's sits on the bus, for a driver that does not answer."""
    if sys.platform != "linux":
        return None
    try:
        for device in Path("/sys/bus/pci/devices").iterdir():
            maker = (device / "vendor").read_text("ascii").strip()
            kind = (device / "class").read_text("ascii").strip()
            if maker == _NVIDIA and kind.startswith("0x03"):  # a display or 3D controller
                return True
    except OSError:
        return None
    return False
