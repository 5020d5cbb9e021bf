"""The machine as values: what it has, and one reading of how busy it is."""

from dataclasses import dataclass


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
    """What this computer has. `driver` is the NVIDIA driver's version, None without one."""

    gpus: tuple[Gpu, ...]
    cpu: Cpu
    memory_bytes: int
    disks: tuple[Disk, ...]
    driver: str | None
    cuda: tuple[int, int] | None
    system: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GpuReading:
    """One card at one moment. None means not reported, never zero."""

    index: int
    name: str
    memory_total_bytes: int | None
    memory_used_bytes: int | None
    utilization: float | None  # 0 to 1
    temperature_celsius: float | None
    power_watts: float | None
    power_limit_watts: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The machine at one moment. `cpu` is 0 to 1 over all cores."""

    at_seconds: float  # time.monotonic()
    cpu: float
    memory_total_bytes: int
    memory_used_bytes: int
    gpus: tuple[GpuReading, ...]
