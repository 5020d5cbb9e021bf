# ruff: noqa: N802 NVML's calls keep NVML's names
"""A fake NVML: the part of the `pynvml` module the product calls, with cards that can misbehave.

It keeps NVML's rules: nothing works before `nvmlInit` or after `nvmlShutdown`, a handle belongs
to one session, the cards are counted once a session and anew in the next, values come in NVML's
units (bytes, percent, milliwatts, KB a second). `rtx_4090` and its neighbours answer like
such cards; None is a value that such a card refuses.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


class FakeNvmlError(Exception):
    """What NVML's calls raise."""


@dataclass(frozen=True)
class FakeProcess:
    """A row of a list of processes, as NVML gives it; WDDM has no bytes."""

    pid: int
    usedGpuMemory: int | None  # noqa: N815 NVML's name


@dataclass(kw_only=True)
class FakeCard:
    name: str = "NVIDIA GeForce RTX 4090"
    uuid: str = "GPU-00000000-0000-0000-0000-000000000000"
    total: int = 24 << 30
    used: int = 3 << 30
    reserved: int | None = 449_970_176
    bar1: int = 32 << 30
    utilization: int = 37
    memory_utilization: int | None = 12
    temperature: int = 55
    slowdown: int | None = 100
    milliwatts: int = 120_500
    limit_milliwatts: int = 450_000
    reasons: int | None = 0
    clocks: tuple[int, int] = (2520, 10_501)
    fan: int | None = 31
    capability: tuple[int, int] = (8, 9)
    generation: int = 4
    width: int = 16
    generation_now: int = 4
    width_now: int = 16
    received_kilobytes: int | None = 12_450
    sent_kilobytes: int | None = 1_300
    ecc_errors: int | None = None
    compute: tuple[FakeProcess, ...] = ()
    graphics: tuple[FakeProcess, ...] = ()
    driver_model: int | None = None
    display: int = 0
    lost: bool = False


def rtx_4090(**changes: Any) -> FakeCard:
    """At work under a desktop."""
    own: dict[str, Any] = {"uuid": "GPU-4090", "display": 1, "reasons": 0x4, "utilization": 98}
    own |= {"milliwatts": 449_310, "temperature": 71}
    return FakeCard(**{**own, **changes})


def rtx_3090(**changes: Any) -> FakeCard:
    """Idle in the second slot: the link sleeps at generation 1, and has half of its lanes."""
    own: dict[str, Any] = {
        "name": "NVIDIA GeForce RTX 3090",
        "uuid": "GPU-3090",
        "used": 279 << 20,
        "reserved": 305_594_368,
        "bar1": 256 << 20,
        "utilization": 0,
        "memory_utilization": 0,
        "temperature": 34,
        "slowdown": 95,
        "milliwatts": 17_884,
        "limit_milliwatts": 350_000,
        "reasons": 0x1,
        "clocks": (210, 405),
        "fan": 0,
        "capability": (8, 6),
        "generation_now": 1,
        "width_now": 8,
    }
    return FakeCard(**{**own, **changes})


def tesla_p40(**changes: Any) -> FakeCard:
    """A card for servers in somebody's desktop: no fan of its own, ECC, and too hot."""
    own: dict[str, Any] = {
        "name": "Tesla P40",
        "uuid": "GPU-P40",
        "total": 24_032_378_880,
        "reserved": None,
        "temperature": 93,
        "slowdown": 92,
        "milliwatts": 142_770,
        "limit_milliwatts": 250_000,
        "reasons": 0x48,
        "clocks": (885, 3615),
        "fan": None,
        "capability": (6, 1),
        "generation": 3,
        "generation_now": 3,
        "ecc_errors": 0,
    }
    return FakeCard(**{**own, **changes})


def h100(**changes: Any) -> FakeCard:
    """In a server: its fans belong to the server, and ECC is always on."""
    own: dict[str, Any] = {
        "name": "NVIDIA H100 80GB HBM3",
        "uuid": "GPU-H100",
        "total": 85_520_809_984,
        "used": 5_545_721_856,
        "reserved": 650_117_120,
        "bar1": 128 << 30,
        "temperature": 38,
        "slowdown": 87,
        "milliwatts": 312_440,
        "limit_milliwatts": 700_000,
        "clocks": (1980, 2619),
        "fan": None,
        "capability": (9, 0),
        "generation": 5,
        "generation_now": 5,
        "ecc_errors": 0,
    }
    return FakeCard(**{**own, **changes})


def on_windows(card: FakeCard) -> FakeCard:
    """The same under WDDM, which keeps the programs' bytes to itself."""
    card.driver_model = 0
    card.compute = tuple(FakeProcess(one.pid, None) for one in card.compute)
    card.graphics = tuple(FakeProcess(one.pid, None) for one in card.graphics)
    return card


@dataclass(frozen=True)
class FakeHandle:
    index: int
    session: int


@dataclass
class FakeRecord:
    """A C structure, as ctypes shows one."""

    total: Any = None
    used: Any = None
    reserved: Any = None
    bar1Total: Any = None  # noqa: N815 NVML's name
    gpu: Any = None
    memory: Any = None


@dataclass
class FakeNvml:
    """`failing` holds names of calls that raise; `garbage` what a call answers instead.

    `absent` holds names of functions that the library is too old to have. Cards taken out of
    `cards`, or put in, are noticed by the next session, as with the real one. Counting PCIe
    traffic blocks for `link_seconds`.
    """

    cards: list[FakeCard] = field(default_factory=list[FakeCard])
    has_driver: bool = True
    failing: set[str] = field(default_factory=set[str])
    garbage: dict[str, object] = field(default_factory=dict[str, object])
    absent: set[str] = field(default_factory=set[str])
    names: dict[int, str] = field(default_factory=dict[int, str])
    seen: list[FakeCard] = field(default_factory=list[FakeCard])
    asked: Counter[str] = field(default_factory=Counter[str])
    link_seconds: float = 0.0
    opened: int = 0
    sessions: int = 0
    calls: int = 0

    NVMLError: type[Exception] = FakeNvmlError

    def nvmlInit(self) -> None:
        if not self.has_driver:
            raise FakeNvmlError("NVML Shared Library Not Found")
        self.opened += 1
        self.sessions += 1
        self.seen = list(self.cards)

    def nvmlShutdown(self) -> None:
        if not self.opened:
            raise FakeNvmlError("Uninitialized")
        self.opened -= 1

    def nvmlSystemGetDriverVersion(self) -> str:
        return self._call("nvmlSystemGetDriverVersion", lambda: "580.95.05")

    def nvmlSystemGetCudaDriverVersion_v2(self) -> int:
        return self._call("nvmlSystemGetCudaDriverVersion_v2", lambda: 13000)

    def nvmlDeviceGetCount(self) -> int:
        return self._call("nvmlDeviceGetCount", lambda: len(self.seen))

    def nvmlDeviceGetHandleByIndex(self, index: int, /) -> object:
        def handle() -> FakeHandle:
            if self._gone(self.seen[index]):
                raise FakeNvmlError("GPU is lost")
            return FakeHandle(index, self.sessions)

        return self._call("nvmlDeviceGetHandleByIndex", handle)

    def nvmlDeviceGetName(self, handle: FakeHandle, /) -> str:
        return self._of("nvmlDeviceGetName", handle, lambda card: card.name)

    def nvmlDeviceGetUUID(self, handle: FakeHandle, /) -> str:
        return self._of("nvmlDeviceGetUUID", handle, lambda card: card.uuid)

    def nvmlDeviceGetMemoryInfo(self, handle: FakeHandle, version: int | None = None, /) -> Any:
        def memory(card: FakeCard) -> FakeRecord:
            if version is None:
                return FakeRecord(total=card.total, used=card.used)
            assert version == 0x2000028, "the size and the number of nvmlMemory_v2_t"
            reserved: int = told(card.reserved)
            return FakeRecord(total=card.total, used=card.used - reserved, reserved=reserved)

        return self._of("nvmlDeviceGetMemoryInfo", handle, memory)

    def nvmlDeviceGetBAR1MemoryInfo(self, handle: FakeHandle, /) -> Any:
        return self._of(
            "nvmlDeviceGetBAR1MemoryInfo", handle, lambda card: FakeRecord(bar1Total=card.bar1)
        )

    def nvmlDeviceGetCudaComputeCapability(self, handle: FakeHandle, /) -> Any:
        return self._of("nvmlDeviceGetCudaComputeCapability", handle, lambda card: card.capability)

    def nvmlDeviceGetMaxPcieLinkGeneration(self, handle: FakeHandle, /) -> int:
        return self._of("nvmlDeviceGetMaxPcieLinkGeneration", handle, lambda card: card.generation)

    def nvmlDeviceGetMaxPcieLinkWidth(self, handle: FakeHandle, /) -> int:
        return self._of("nvmlDeviceGetMaxPcieLinkWidth", handle, lambda card: card.width)

    def nvmlDeviceGetUtilizationRates(self, handle: FakeHandle, /) -> Any:
        return self._of(
            "nvmlDeviceGetUtilizationRates",
            handle,
            lambda card: FakeRecord(gpu=card.utilization, memory=card.memory_utilization),
        )

    def nvmlDeviceGetTemperature(self, handle: FakeHandle, sensor: int, /) -> int:
        assert sensor == 0, "only the core's sensor exists"
        return self._of("nvmlDeviceGetTemperature", handle, lambda card: card.temperature)

    def nvmlDeviceGetPowerUsage(self, handle: FakeHandle, /) -> int:
        return self._of("nvmlDeviceGetPowerUsage", handle, lambda card: card.milliwatts)

    def nvmlDeviceGetDisplayActive(self, handle: FakeHandle, /) -> int:
        return self._of("nvmlDeviceGetDisplayActive", handle, lambda card: card.display)

    def nvmlDeviceGetEnforcedPowerLimit(self, handle: FakeHandle, /) -> int:
        return self._of(
            "nvmlDeviceGetEnforcedPowerLimit", handle, lambda card: card.limit_milliwatts
        )

    def nvmlSystemGetProcessName(self, pid: int, /) -> str:
        return self._call("nvmlSystemGetProcessName", lambda: told(self.names.get(pid)))

    def nvmlDeviceGetTemperatureThreshold(self, handle: FakeHandle, threshold: int, /) -> Any:
        return self._of(
            "nvmlDeviceGetTemperatureThreshold",
            handle,
            lambda card: told(card.slowdown if threshold == 1 else None),
        )

    def nvmlDeviceGetCurrentClocksEventReasons(self, handle: FakeHandle, /) -> Any:
        return self._of(
            "nvmlDeviceGetCurrentClocksEventReasons", handle, lambda card: told(card.reasons)
        )

    def nvmlDeviceGetCurrentClocksThrottleReasons(self, handle: FakeHandle, /) -> Any:
        return self._of(
            "nvmlDeviceGetCurrentClocksThrottleReasons", handle, lambda card: told(card.reasons)
        )

    def nvmlDeviceGetClockInfo(self, handle: FakeHandle, clock: int, /) -> Any:
        return self._of(
            "nvmlDeviceGetClockInfo", handle, lambda card: card.clocks[{0: 0, 2: 1}[clock]]
        )

    def nvmlDeviceGetFanSpeed(self, handle: FakeHandle, /) -> Any:
        return self._of("nvmlDeviceGetFanSpeed", handle, lambda card: told(card.fan))

    def nvmlDeviceGetCurrPcieLinkGeneration(self, handle: FakeHandle, /) -> Any:
        return self._of(
            "nvmlDeviceGetCurrPcieLinkGeneration", handle, lambda card: card.generation_now
        )

    def nvmlDeviceGetCurrPcieLinkWidth(self, handle: FakeHandle, /) -> Any:
        return self._of("nvmlDeviceGetCurrPcieLinkWidth", handle, lambda card: card.width_now)

    def nvmlDeviceGetPcieThroughput(self, handle: FakeHandle, counter: int, /) -> Any:
        def traffic(card: FakeCard) -> int:
            time.sleep(self.link_seconds)
            return told((card.sent_kilobytes, card.received_kilobytes)[counter])

        return self._of("nvmlDeviceGetPcieThroughput", handle, traffic)

    def nvmlDeviceGetTotalEccErrors(self, handle: FakeHandle, error: int, counter: int, /) -> Any:
        assert (error, counter) == (1, 0), "not corrected, since the driver was loaded"
        return self._of("nvmlDeviceGetTotalEccErrors", handle, lambda card: told(card.ecc_errors))

    def nvmlDeviceGetComputeRunningProcesses_v3(self, handle: FakeHandle, /) -> Any:
        return self._of(
            "nvmlDeviceGetComputeRunningProcesses_v3", handle, lambda card: list(card.compute)
        )

    def nvmlDeviceGetComputeRunningProcesses_v2(self, handle: FakeHandle, /) -> Any:
        return self._of(
            "nvmlDeviceGetComputeRunningProcesses_v2", handle, lambda card: list(card.compute)
        )

    def nvmlDeviceGetGraphicsRunningProcesses_v3(self, handle: FakeHandle, /) -> Any:
        return self._of(
            "nvmlDeviceGetGraphicsRunningProcesses_v3", handle, lambda card: list(card.graphics)
        )

    def nvmlDeviceGetGraphicsRunningProcesses_v2(self, handle: FakeHandle, /) -> Any:
        return self._of(
            "nvmlDeviceGetGraphicsRunningProcesses_v2", handle, lambda card: list(card.graphics)
        )

    def nvmlDeviceGetDriverModel(self, handle: FakeHandle, /) -> Any:
        return self._of(
            "nvmlDeviceGetDriverModel", handle, lambda card: [told(card.driver_model)] * 2
        )

    def _of(self, name: str, handle: FakeHandle, value: Callable[[FakeCard], Any]) -> Any:
        def ask() -> Any:
            assert handle.session == self.sessions, "a handle of an earlier session"
            card = self.seen[handle.index]
            if self._gone(card):
                raise FakeNvmlError("GPU is lost")
            return value(card)

        return self._call(name, ask)

    def _gone(self, card: FakeCard) -> bool:
        return card.lost or not any(card is one for one in self.cards)

    def _call(self, name: str, ask: Callable[[], Any]) -> Any:
        self.calls += 1
        self.asked[name] += 1
        if name in self.absent:
            raise AttributeError(name)
        if not self.opened:
            raise FakeNvmlError("Uninitialized")
        if name in self.failing:
            raise FakeNvmlError("Not Supported")
        if name in self.garbage:
            answer = self.garbage[name]
            if isinstance(answer, Exception):
                raise answer
            return answer
        return ask()


def told(value: Any) -> Any:
    """The value, which a card that has none refuses."""
    if value is None:
        raise FakeNvmlError("Not Supported")
    return value


DEVICE_CALLS = tuple(name for name in vars(FakeNvml) if name.startswith("nvmlDeviceGet"))
