"""The machine as values: what it has, and one reading of how busy it is."""

from dataclasses import dataclass
from enum import StrEnum

from engine.hardware.others import OtherCard


@dataclass(frozen=True, slots=True, kw_only=True)
class Gpu:
    """One card. None means the driver does not report it."""

    index: int
    name: str
    uuid: str | None
    memory_bytes: int | None
    compute_capability: tuple[int, int] | None
    pcie_generation: int | None
    pcie_width: int | None
    power_limit_watts: float | None
    drives_display: bool | None = None
    driver_model: str | None = None  # on Windows "WDDM", "TCC" or "MCDM"
    bar1_bytes: int | None = None  # what of it the processor can reach; resizable BAR: all


@dataclass(frozen=True, slots=True, kw_only=True)
class Cpu:
    """The processor."""

    name: str
    physical_cores: int
    logical_cores: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """The file system that holds a folder."""

    path: str
    total_bytes: int
    free_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What this computer has. `driver` is the NVIDIA driver's version, None without one.

    `others` are cards of other makers: they are among `gpus` once a pack is there that uses them.
    """

    gpus: tuple[Gpu, ...]
    cpu: Cpu
    memory_bytes: int
    disks: tuple[Disk, ...]
    driver: str | None
    cuda: tuple[int, int] | None
    system: str
    others: tuple[OtherCard, ...] = ()

    @property
    def computes(self) -> str:
        """The name of what computes."""
        return " + ".join(gpu.name for gpu in self.gpus) or self.cpu.name


class Throttle(StrEnum):
    """Why a card runs slower than it could."""

    POWER = "power"
    HEAT = "heat"
    HARDWARE = "hardware"  # a power brake, or the board slows itself down
    SYNC = "sync"


@dataclass(frozen=True, slots=True, kw_only=True)
class GpuProcess:
    """A program that holds memory of a card; `used_bytes` None: the system does not say."""

    pid: int
    name: str
    used_bytes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GpuReading:
    """One card at one moment. None means not reported, never zero. Shares are 0 to 1.

    `memory_used_bytes` includes `memory_reserved_bytes`, which the driver keeps for itself.
    `processes` None: the driver does not list them. PCIe is as it is now, not as it could be;
    `spilled_bytes` is what Windows keeps of the card's memory in RAM, with what programs locked
    there for the card: look at how it grows.
    """

    index: int
    name: str
    memory_total_bytes: int | None
    memory_used_bytes: int | None
    utilization: float | None  # 0 to 1
    temperature_celsius: float | None
    power_watts: float | None
    power_limit_watts: float | None
    memory_utilization: float | None = None
    graphics_clock_mhz: float | None = None
    memory_clock_mhz: float | None = None
    fan: float | None = None
    throttles: frozenset[Throttle] | None = None
    slowdown_celsius: float | None = None
    pcie_generation: int | None = None
    pcie_width: int | None = None
    pcie_received_bps: float | None = None  # bytes a second
    pcie_sent_bps: float | None = None
    ecc_errors: int | None = None  # not corrected, since the driver was loaded
    processes: tuple[GpuProcess, ...] | None = None
    spilled_bytes: int | None = None
    memory_reserved_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessReading:
    """One of our own processes; `cpu` counts cores."""

    pid: int
    cpu: float
    memory_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The machine at one moment. `cpu` is 0 to 1 over all cores, `cores` each of them."""

    at_seconds: float  # time.monotonic()
    cpu: float
    memory_total_bytes: int
    memory_used_bytes: int
    gpus: tuple[GpuReading, ...]
    cores: tuple[float, ...] = ()
    swap_total_bytes: int | None = None
    swap_used_bytes: int | None = None
    disk_read_bps: float | None = None  # bytes a second, of the disk that has the models
    workers: tuple[ProcessReading, ...] = ()
