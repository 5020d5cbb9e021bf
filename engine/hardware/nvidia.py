"""NVIDIA's cards, as NVML reports them.

Every single call may fail, on its own and at any time: then that one value is None, "not
reported", and the others stand. No library, no driver and no cards are all normal.

What moves is asked with every reading. What moves slowly is asked every two seconds, card by
card, and what costs the driver more is asked less often still.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar, cast

from engine.hardware import nvml
from engine.hardware.bounds import (
    MOST_BYTES,
    pair,
    records,
    share,
    size,
    text,
    watts,
    whole,
    within,
)
from engine.hardware.machine import Gpu, GpuProcess, GpuReading, Throttle
from engine.hardware.nvml import NvmlLibrary
from engine.hardware.programs import Programs
from engine.hardware.thrift import Thrift

T = TypeVar("T")

_MOST_CARDS = 256
_MOST_MEGAHERTZ = 20_000
_MOST_FAN_PERCENT = 200
_MOST_ERRORS = 1 << 40
_MOST_KILOBYTES = 1_000_000_000  # a second, over PCIe
_SLOW_SECONDS = 2.0
_SLOW_SHARE = 0.001  # of a core, for all cards
_LINK_SECONDS = 4.0  # for each card: NVML counts 20 ms long in either direction
_LINK_REFUSED_SECONDS = 60.0
_LINK_SHARE = 0.0005
_LINK_VALID_SECONDS = 10.0  # what is older says nothing of now


def installed_library() -> NvmlLibrary:
    """The real NVML. Importing it needs no driver; opening it does."""
    import pynvml  # noqa: PLC0415 # pyright: ignore[reportMissingTypeStubs] 27 ms, off the start

    return cast("NvmlLibrary", cast("object", pynvml))


@dataclass(slots=True, kw_only=True)
class _Card:
    """A card of this session; `last` has what is not asked with every reading."""

    index: int
    name: str
    uuid: str | None
    handle: object
    turn: Thrift
    last: GpuReading
    link_due: float = field(default=0.0)
    link_at: float | None = None


class Nvidia:
    """One session with NVML; used by one thread at a time.

    `open` finds the cards, and says whether there is a driver at all. `stale` turns true when a
    card stops answering: close, and open again. A card keeps its number as long as this lives,
    also when others disappear and the driver counts anew.
    """

    def __init__(
        self, library: NvmlLibrary, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._library = library
        self._clock = clock
        # What NVML raises, and what ctypes does when a driver is too old or answers garbage.
        self._failures = (library.NVMLError, OSError, AttributeError, ValueError, TypeError)
        self._cards: tuple[_Card, ...] = ()
        self._seats = dict[str, int]()
        self._most = 0
        self._counted = True
        self._programs = Programs(lambda pid: text(self._ask(lambda: self._process_name(pid))))
        self._link = Thrift(0.0, _LINK_SHARE)
        self._is_open = False
        self.stale = False

    def open(self) -> bool:
        """Start the session. False without a driver."""
        if self._is_open:
            return True
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

    @property
    def missing(self) -> bool:
        """Whether there were more cards once. One that returns is seen by a new session only."""
        return len(self._cards) < self._most or not self._counted

    def driver(self) -> str | None:
        """The driver's version."""
        return text(self._ask(self._library.nvmlSystemGetDriverVersion))

    def cuda(self) -> tuple[int, int] | None:
        """The newest CUDA this driver can run."""
        version = whole(self._ask(self._library.nvmlSystemGetCudaDriverVersion_v2), 1000, 1_000_000)
        return None if version is None else (version // 1000, version % 1000 // 10)

    def gpus(self) -> tuple[Gpu, ...]:
        """What the cards are."""
        return tuple(self._gpu(card) for card in self._cards)

    def read(self) -> tuple[GpuReading, ...]:
        """How busy the cards are now."""
        now = self._clock()
        readings = tuple(self._reading(card, now) for card in self._cards)
        self._programs.keep(card.last.processes for card in self._cards)
        if any(_is_silent(reading) for reading in readings):
            self.stale = True
        return readings

    def measure_links(self) -> None:
        """Count what goes over one card's PCIe, for the next readings; may block for 50 ms."""
        now = self._clock()
        if not self._link.is_due(now):
            return
        waiting = [card for card in self._cards if card.link_due <= now]
        if waiting:
            card = min(waiting, key=lambda one: one.link_due)
            with self._link.asking(now):
                self._measure_link(card, now)

    # --- finding ---------------------------------------------------------------------------

    def _find_cards(self) -> tuple[_Card, ...]:
        library = self._library
        answer = whole(self._ask(library.nvmlDeviceGetCount), 0, _MOST_CARDS)
        self._counted, count = answer is not None, answer or 0
        self._most = max(self._most, count)
        found: list[_Card] = []
        for place in range(count):
            handle = self._ask(lambda at=place: library.nvmlDeviceGetHandleByIndex(at))
            if handle is not None:
                taken = {card.index for card in found}
                found.append(self._card(place, handle, count, taken))
        return tuple(found)

    def _card(self, place: int, handle: object, count: int, taken: set[int]) -> _Card:
        library = self._library
        uuid = text(self._ask(lambda: library.nvmlDeviceGetUUID(handle)))
        index = self._seat(uuid, place, taken)
        name = text(self._ask(lambda: library.nvmlDeviceGetName(handle))) or f"NVIDIA GPU {index}"
        memory = self._ask(lambda: library.nvmlDeviceGetMemoryInfo(handle, nvml.MEMORY_V2))
        slowdown = self._ask(
            lambda: library.nvmlDeviceGetTemperatureThreshold(handle, nvml.THRESHOLD_SLOWDOWN)
        )
        return _Card(
            index=index,
            name=name,
            uuid=uuid,
            handle=handle,
            turn=Thrift(_SLOW_SECONDS, _SLOW_SHARE / count),
            last=replace(
                _blank(index, name),
                memory_reserved_bytes=size(memory, "reserved"),
                slowdown_celsius=within(slowdown, 1, 250),
            ),
        )

    def _seat(self, uuid: str | None, place: int, taken: set[int]) -> int:
        """The card's number: the one it had, else the driver's own where that is free."""
        known = self._seats.get(uuid) if uuid else None
        if known is not None and known not in taken:
            return known
        others = taken | (set(self._seats.values()) if known is None else set[int]())
        index = place if place not in others else max(others) + 1
        if uuid:
            self._seats.setdefault(uuid, index)
        return index

    def _gpu(self, card: _Card) -> Gpu:
        library, handle = self._library, card.handle
        memory = self._ask(lambda: library.nvmlDeviceGetMemoryInfo(handle))
        active = whole(self._ask(lambda: library.nvmlDeviceGetDisplayActive(handle)), 0, 1)
        generation = self._ask(lambda: library.nvmlDeviceGetMaxPcieLinkGeneration(handle))
        width = self._ask(lambda: library.nvmlDeviceGetMaxPcieLinkWidth(handle))
        return Gpu(
            index=card.index,
            name=card.name,
            uuid=card.uuid,
            memory_bytes=size(memory, "total", least=1),
            compute_capability=pair(
                self._ask(lambda: library.nvmlDeviceGetCudaComputeCapability(handle))
            ),
            pcie_generation=whole(generation, 1, 16),
            pcie_width=whole(width, 1, 64),
            power_limit_watts=self._power_limit(handle),
            drives_display=None if active is None else bool(active),
            driver_model=self._driver_model(handle),
            bar1_bytes=size(
                self._ask(lambda: library.nvmlDeviceGetBAR1MemoryInfo(handle)), "bar1Total", least=1
            ),
        )

    def _driver_model(self, handle: object) -> str | None:
        answer = records(self._ask(lambda: self._library.nvmlDeviceGetDriverModel(handle)))
        number = whole(answer[0], 0, len(nvml.DRIVER_MODELS) - 1) if answer else None
        return None if number is None else nvml.DRIVER_MODELS[number]

    # --- reading ---------------------------------------------------------------------------

    def _reading(self, card: _Card, now: float) -> GpuReading:
        if card.turn.is_due(now):
            with card.turn.asking(now):
                card.last = self._slow(card)
        if card.link_at is not None and not 0 <= now - card.link_at <= _LINK_VALID_SECONDS:
            card.link_at = None
            card.last = replace(card.last, pcie_received_bps=None, pcie_sent_bps=None)
        reading = self._fast(card)
        return _blank(card.index, card.name) if _is_silent(reading) else reading

    def _fast(self, card: _Card) -> GpuReading:
        library, handle = self._library, card.handle
        memory = self._ask(lambda: library.nvmlDeviceGetMemoryInfo(handle))
        total = size(memory, "total", least=1)
        rates = self._ask(lambda: library.nvmlDeviceGetUtilizationRates(handle))
        return replace(
            card.last,
            memory_total_bytes=total,
            memory_used_bytes=size(memory, "used", most=total or MOST_BYTES),
            utilization=share(getattr(rates, "gpu", None)),
            memory_utilization=share(getattr(rates, "memory", None)),
            temperature_celsius=within(
                self._ask(
                    lambda: library.nvmlDeviceGetTemperature(handle, nvml.TEMPERATURE_OF_CORE)
                ),
                -100,
                250,
            ),
            power_watts=watts(self._ask(lambda: library.nvmlDeviceGetPowerUsage(handle))),
            throttles=self._throttles(handle),
            graphics_clock_mhz=self._clock_rate(handle, nvml.CLOCK_GRAPHICS),
            memory_clock_mhz=self._clock_rate(handle, nvml.CLOCK_MEMORY),
        )

    def _slow(self, card: _Card) -> GpuReading:
        library, handle = self._library, card.handle
        fan = self._ask(lambda: library.nvmlDeviceGetFanSpeed(handle))
        generation = self._ask(lambda: library.nvmlDeviceGetCurrPcieLinkGeneration(handle))
        width = self._ask(lambda: library.nvmlDeviceGetCurrPcieLinkWidth(handle))
        errors = self._ask(
            lambda: library.nvmlDeviceGetTotalEccErrors(
                handle, nvml.ECC_UNCORRECTED, nvml.ECC_VOLATILE
            )
        )
        return replace(
            card.last,
            power_limit_watts=self._power_limit(handle),
            fan=share(fan, _MOST_FAN_PERCENT),
            pcie_generation=whole(generation, 1, 16),
            pcie_width=whole(width, 1, 64),
            ecc_errors=whole(errors, 0, _MOST_ERRORS),
            processes=self._processes(handle),
        )

    def _processes(self, handle: object) -> tuple[GpuProcess, ...] | None:
        library = self._library
        compute = records(
            self._first(
                lambda: library.nvmlDeviceGetComputeRunningProcesses_v3(handle),
                lambda: library.nvmlDeviceGetComputeRunningProcesses_v2(handle),
            )
        )
        graphics = records(
            self._first(
                lambda: library.nvmlDeviceGetGraphicsRunningProcesses_v3(handle),
                lambda: library.nvmlDeviceGetGraphicsRunningProcesses_v2(handle),
            )
        )
        if compute is None and graphics is None:
            return None
        return self._programs.named([*(compute or ()), *(graphics or ())])

    def _process_name(self, pid: int) -> str:
        return self._library.nvmlSystemGetProcessName(pid)

    def _throttles(self, handle: object) -> frozenset[Throttle] | None:
        library = self._library
        reasons = self._first(  # renamed in driver 535
            lambda: library.nvmlDeviceGetCurrentClocksEventReasons(handle),
            lambda: library.nvmlDeviceGetCurrentClocksThrottleReasons(handle),
        )
        return _throttles_of(whole(reasons, 0, (1 << 32) - 1))

    def _clock_rate(self, handle: object, clock: int) -> float | None:
        rate = self._ask(lambda: self._library.nvmlDeviceGetClockInfo(handle, clock))
        return within(rate, 0, _MOST_MEGAHERTZ)

    def _power_limit(self, handle: object) -> float | None:
        return watts(self._ask(lambda: self._library.nvmlDeviceGetEnforcedPowerLimit(handle)))

    def _measure_link(self, card: _Card, now: float) -> None:
        received = self._traffic(card, nvml.LINK_RECEIVED)
        # A card that does not count one direction counts neither; the second would be 20 ms lost.
        sent = None if received is None else self._traffic(card, nvml.LINK_SENT)
        card.last = replace(card.last, pcie_received_bps=received, pcie_sent_bps=sent)
        card.link_at = None if received is None else now
        card.link_due = now + (_LINK_REFUSED_SECONDS if received is None else _LINK_SECONDS)

    def _traffic(self, card: _Card, direction: int) -> float | None:
        kilobytes = within(
            self._ask(lambda: self._library.nvmlDeviceGetPcieThroughput(card.handle, direction)),
            0,
            _MOST_KILOBYTES,
        )
        return None if kilobytes is None else kilobytes * 1000

    def _first(self, *calls: Callable[[], T]) -> T | None:
        """What the first of them answers that answers at all; drivers differ in age."""
        for call in calls:
            answer = self._ask(call)
            if answer is not None:
                return answer
        return None

    def _ask(self, call: Callable[[], T]) -> T | None:
        try:
            return call()
        except self._failures:
            return None


def _blank(index: int, name: str) -> GpuReading:
    return GpuReading(
        index=index,
        name=name,
        memory_total_bytes=None,
        memory_used_bytes=None,
        utilization=None,
        temperature_celsius=None,
        power_watts=None,
        power_limit_watts=None,
    )


def _throttles_of(reasons: int | None) -> frozenset[Throttle] | None:
    if reasons is None:
        return None
    found = set[Throttle]()
    if reasons & nvml.REASON_POWER_CAP:
        found.add(Throttle.POWER)
    if reasons & (nvml.REASON_SOFTWARE_HEAT | nvml.REASON_HARDWARE_HEAT):
        found.add(Throttle.HEAT)
    # The board's own slowdown is reported beside its reason, where that is known to be heat.
    if reasons & nvml.REASON_POWER_BRAKE or (
        reasons & nvml.REASON_HARDWARE and not reasons & nvml.REASON_HARDWARE_HEAT
    ):
        found.add(Throttle.HARDWARE)
    if reasons & nvml.REASON_SYNC:
        found.add(Throttle.SYNC)
    return frozenset(found)


def _is_silent(reading: GpuReading) -> bool:
    return (
        reading.memory_used_bytes is None
        and reading.utilization is None
        and reading.temperature_celsius is None
        and reading.power_watts is None
    )
