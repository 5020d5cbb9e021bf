# ruff: noqa: N802 NVML's calls keep NVML's names
"""NVIDIA's cards, as NVML reports them.

Every single call may fail, on its own and at any time: then that one value is None, "not
reported", and the others stand. No library, no driver and no cards are all normal.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast

from engine.hardware.machine import Gpu, GpuReading

T = TypeVar("T")

_TEMPERATURE_GPU = 0  # NVML_TEMPERATURE_GPU
_MOST_BYTES = 1 << 50  # more than any card has: NVML says "not available" with all bits set
_MOST_MILLIWATTS = 10_000_000
_MOST_CARDS = 256


class NvmlLibrary(Protocol):
    """The part of the `pynvml` module that is used here. A handle is opaque."""

    NVMLError: type[Exception]

    def nvmlInit(self) -> None: ...
    def nvmlShutdown(self) -> None: ...
    def nvmlSystemGetDriverVersion(self) -> str: ...
    def nvmlSystemGetCudaDriverVersion_v2(self) -> int: ...
    def nvmlDeviceGetCount(self) -> int: ...
    def nvmlDeviceGetHandleByIndex(self, index: int, /) -> object: ...
    def nvmlDeviceGetName(self, handle: Any, /) -> str: ...
    def nvmlDeviceGetUUID(self, handle: Any, /) -> str: ...
    def nvmlDeviceGetMemoryInfo(self, handle: Any, /) -> Any: ...
    def nvmlDeviceGetCudaComputeCapability(self, handle: Any, /) -> Any: ...
    def nvmlDeviceGetMaxPcieLinkGeneration(self, handle: Any, /) -> int: ...
    def nvmlDeviceGetMaxPcieLinkWidth(self, handle: Any, /) -> int: ...
    def nvmlDeviceGetUtilizationRates(self, handle: Any, /) -> Any: ...
    def nvmlDeviceGetTemperature(self, handle: Any, sensor: int, /) -> int: ...
    def nvmlDeviceGetPowerUsage(self, handle: Any, /) -> int: ...
    def nvmlDeviceGetEnforcedPowerLimit(self, handle: Any, /) -> int: ...
    def nvmlDeviceGetDisplayActive(self, handle: Any, /) -> int: ...


def installed_library() -> NvmlLibrary:
    """The real NVML. Importing it needs no driver; opening it does."""
    import pynvml  # noqa: PLC0415 # pyright: ignore[reportMissingTypeStubs] 27 ms, off the start

    return cast("NvmlLibrary", cast("object", pynvml))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Card:
    index: int
    name: str
    handle: object


class Nvidia:
    """One session with NVML; used by one thread at a time.

    `open` finds the cards, and says whether there is a driver at all. `stale` turns true when a
    card stops answering: close, and open again.
    """

    def __init__(self, library: NvmlLibrary) -> None:
        self._library = library
        # What NVML raises, and what ctypes does when a driver is too old or answers garbage.
        self._failures = (library.NVMLError, OSError, AttributeError, ValueError, TypeError)
        self._cards: tuple[_Card, ...] = ()
        self._is_open = False
        self.stale = False

    def open(self) -> bool:
        """Start the session. False without a driver."""
        try:
            self._library.nvmlInit()
        except self._failures:
            return False
        self._is_open = True
        self.stale = False
        self._cards = self._find_cards()
        return True

    def close(self) -> None:
        """End the session, if there is one."""
        if not self._is_open:
            return
        self._is_open = False
        self._cards = ()
        self._ask(self._library.nvmlShutdown)

    def driver(self) -> str | None:
        """The driver's version."""
        return _text(self._ask(self._library.nvmlSystemGetDriverVersion))

    def cuda(self) -> tuple[int, int] | None:
        """The newest CUDA this driver can run."""
        version = _within(
            self._ask(self._library.nvmlSystemGetCudaDriverVersion_v2), 1000, 1_000_000
        )
        return None if version is None else (int(version) // 1000, int(version) % 1000 // 10)

    def gpus(self) -> tuple[Gpu, ...]:
        """What the cards are."""
        return tuple(self._gpu(card) for card in self._cards)

    def read(self) -> tuple[GpuReading, ...]:
        """How busy the cards are now."""
        readings = tuple(self._reading(card) for card in self._cards)
        if any(_is_silent(reading) for reading in readings):
            self.stale = True
        return readings

    def _find_cards(self) -> tuple[_Card, ...]:
        count = _within(self._ask(self._library.nvmlDeviceGetCount), 0, _MOST_CARDS)
        found: list[_Card] = []
        for index in range(int(count or 0)):
            handle = self._of(self._library.nvmlDeviceGetHandleByIndex, index)
            if handle is None:
                continue
            name = _text(self._of(self._library.nvmlDeviceGetName, handle))
            found.append(_Card(index=index, name=name or f"NVIDIA GPU {index}", handle=handle))
        return tuple(found)

    def _gpu(self, card: _Card) -> Gpu:
        library = self._library
        memory = self._of(library.nvmlDeviceGetMemoryInfo, card.handle)
        active = _whole(self._of(library.nvmlDeviceGetDisplayActive, card.handle), 0, 1)
        return Gpu(
            index=card.index,
            name=card.name,
            uuid=_text(self._of(library.nvmlDeviceGetUUID, card.handle)),
            memory_bytes=_bytes(memory, "total", least=1),
            compute_capability=_pair(
                self._of(library.nvmlDeviceGetCudaComputeCapability, card.handle)
            ),
            pcie_generation=_whole(
                self._of(library.nvmlDeviceGetMaxPcieLinkGeneration, card.handle), 1, 16
            ),
            pcie_width=_whole(self._of(library.nvmlDeviceGetMaxPcieLinkWidth, card.handle), 1, 64),
            power_limit_watts=self._power_limit(card),
            drives_display=None if active is None else bool(active),
        )

    def _reading(self, card: _Card) -> GpuReading:
        library = self._library
        memory = self._of(library.nvmlDeviceGetMemoryInfo, card.handle)
        rates = self._of(library.nvmlDeviceGetUtilizationRates, card.handle)
        busy = _within(getattr(rates, "gpu", None), 0, 100)
        return GpuReading(
            index=card.index,
            name=card.name,
            memory_total_bytes=_bytes(memory, "total", least=1),
            memory_used_bytes=_bytes(memory, "used", least=0),
            utilization=None if busy is None else busy / 100,
            temperature_celsius=_within(
                self._ask(lambda: library.nvmlDeviceGetTemperature(card.handle, _TEMPERATURE_GPU)),
                -100,
                250,
            ),
            power_watts=_watts(self._of(library.nvmlDeviceGetPowerUsage, card.handle)),
            power_limit_watts=self._power_limit(card),
        )

    def _power_limit(self, card: _Card) -> float | None:
        return _watts(self._of(self._library.nvmlDeviceGetEnforcedPowerLimit, card.handle))

    def _of(self, call: Callable[[Any], T], subject: object) -> T | None:
        return self._ask(lambda: call(subject))

    def _ask(self, call: Callable[[], T]) -> T | None:
        try:
            return call()
        except self._failures:
            return None


def _is_silent(reading: GpuReading) -> bool:
    return (
        reading.memory_used_bytes is None
        and reading.utilization is None
        and reading.temperature_celsius is None
        and reading.power_watts is None
    )


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _within(value: object, least: float, most: float) -> float | None:
    """The number, if it is one and can be true."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if least <= value <= most else None


def _whole(value: object, least: int, most: int) -> int | None:
    number = _within(value, least, most)
    return None if number is None else int(number)


def _bytes(memory: object, field: str, *, least: int) -> int | None:
    return _whole(getattr(memory, field, None), least, _MOST_BYTES)


def _watts(milliwatts: object) -> float | None:
    number = _within(milliwatts, 0, _MOST_MILLIWATTS)
    return None if number is None else number / 1000


def _pair(value: object) -> tuple[int, int] | None:
    if not isinstance(value, tuple | list):
        return None
    match tuple(cast("list[object]", value)):
        case (int(major), int(minor)) if major > 0 <= minor:
            return major, minor
        case _:
            return None
