# ruff: noqa: N802 NVML's calls keep NVML's names
"""A fake NVML: the part of the `pynvml` module the product calls, with cards that can misbehave.

It keeps NVML's rules: nothing works before `nvmlInit` or after `nvmlShutdown`, a handle belongs
to one session, values come in NVML's units (bytes, percent, milliwatts).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


class FakeNvmlError(Exception):
    """What NVML's calls raise."""


@dataclass(kw_only=True)
class FakeCard:
    name: str = "NVIDIA GeForce RTX 4090"
    uuid: str = "GPU-00000000-0000-0000-0000-000000000000"
    total: int = 24 << 30
    used: int = 3 << 30
    utilization: int = 37
    temperature: int = 55
    milliwatts: int = 120_500
    limit_milliwatts: int = 450_000
    capability: tuple[int, int] = (8, 9)
    generation: int = 4
    width: int = 16
    display: int = 0
    lost: bool = False


@dataclass(frozen=True)
class FakeHandle:
    index: int
    session: int


@dataclass
class FakeRecord:
    """A C structure, as ctypes shows one."""

    total: Any = None
    used: Any = None
    gpu: Any = None


@dataclass
class FakeNvml:
    """`failing` holds names of calls that raise; `garbage` what a call answers instead."""

    cards: list[FakeCard] = field(default_factory=list[FakeCard])
    has_driver: bool = True
    failing: set[str] = field(default_factory=set[str])
    garbage: dict[str, object] = field(default_factory=dict[str, object])
    opened: int = 0
    sessions: int = 0
    calls: int = 0

    NVMLError: type[Exception] = FakeNvmlError

    def nvmlInit(self) -> None:
        if not self.has_driver:
            raise FakeNvmlError("NVML Shared Library Not Found")
        self.opened += 1
        self.sessions += 1

    def nvmlShutdown(self) -> None:
        if not self.opened:
            raise FakeNvmlError("Uninitialized")
        self.opened -= 1

    def nvmlSystemGetDriverVersion(self) -> str:
        return self._call("nvmlSystemGetDriverVersion", lambda: "580.95.05")

    def nvmlSystemGetCudaDriverVersion_v2(self) -> int:
        return self._call("nvmlSystemGetCudaDriverVersion_v2", lambda: 13000)

    def nvmlDeviceGetCount(self) -> int:
        return self._call("nvmlDeviceGetCount", lambda: len(self.cards))

    def nvmlDeviceGetHandleByIndex(self, index: int, /) -> object:
        def handle() -> FakeHandle:
            if self.cards[index].lost:
                raise FakeNvmlError("GPU is lost")
            return FakeHandle(index, self.sessions)

        return self._call("nvmlDeviceGetHandleByIndex", handle)

    def nvmlDeviceGetName(self, handle: FakeHandle, /) -> str:
        return self._of("nvmlDeviceGetName", handle, lambda card: card.name)

    def nvmlDeviceGetUUID(self, handle: FakeHandle, /) -> str:
        return self._of("nvmlDeviceGetUUID", handle, lambda card: card.uuid)

    def nvmlDeviceGetMemoryInfo(self, handle: FakeHandle, /) -> Any:
        return self._of(
            "nvmlDeviceGetMemoryInfo",
            handle,
            lambda card: FakeRecord(total=card.total, used=card.used),
        )

    def nvmlDeviceGetCudaComputeCapability(self, handle: FakeHandle, /) -> Any:
        return self._of("nvmlDeviceGetCudaComputeCapability", handle, lambda card: card.capability)

    def nvmlDeviceGetMaxPcieLinkGeneration(self, handle: FakeHandle, /) -> int:
        return self._of("nvmlDeviceGetMaxPcieLinkGeneration", handle, lambda card: card.generation)

    def nvmlDeviceGetMaxPcieLinkWidth(self, handle: FakeHandle, /) -> int:
        return self._of("nvmlDeviceGetMaxPcieLinkWidth", handle, lambda card: card.width)

    def nvmlDeviceGetUtilizationRates(self, handle: FakeHandle, /) -> Any:
        return self._of(
            "nvmlDeviceGetUtilizationRates", handle, lambda card: FakeRecord(gpu=card.utilization)
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

    def _of(self, name: str, handle: FakeHandle, value: Callable[[FakeCard], Any]) -> Any:
        def ask() -> Any:
            assert handle.session == self.sessions, "a handle of an earlier session"
            card = self.cards[handle.index]
            if card.lost:
                raise FakeNvmlError("GPU is lost")
            return value(card)

        return self._call(name, ask)

    def _call(self, name: str, ask: Callable[[], Any]) -> Any:
        self.calls += 1
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


DEVICE_CALLS = tuple(name for name in vars(FakeNvml) if name.startswith("nvmlDeviceGet"))
