"""Which numbers are kept, and by which names: those stand in exported tables, too."""

from engine.hardware.machine import GpuReading, Reading
from engine.monitor.values import Rates

Values = dict[str, float | None]

MEMORY = "memory_bytes"
UTILIZATION = "utilization"
CONTROLLER = "memory_utilization"
POWER = "power_watts"
HEAT = "temperature_celsius"
FAN = "fan"

CPU = "cpu"
RAM = "ram_bytes"
SWAP = "swap_bytes"
DISK = "disk_read_bytes_per_second"
WORKERS_CPU = "workers_cpu_cores"
WORKERS_RAM = "workers_ram_bytes"

DECODE = "decode_tokens_per_second"
PROMPT = "prompt_tokens_per_second"
STREAMS = "streams"
QUEUED = "queued"


def of_card(index: int, name: str) -> str:
    """That number of that card."""
    return f"gpu{index}_{name}"


def values_of(reading: Reading, rates: Rates | None) -> Values:
    """Everything that was measured at one moment."""
    values: Values = {
        CPU: reading.cpu,
        RAM: reading.memory_used_bytes,
        SWAP: reading.swap_used_bytes,
        DISK: reading.disk_read_bps,
        WORKERS_CPU: sum(worker.cpu for worker in reading.workers),
        WORKERS_RAM: sum(worker.memory_bytes for worker in reading.workers),
    }
    if rates is not None:
        values |= {
            DECODE: rates.decode_tps,
            PROMPT: rates.prompt_tps,
            STREAMS: rates.streams,
            QUEUED: rates.queued,
        }
    for gpu in reading.gpus:
        values |= {of_card(gpu.index, name): value for name, value in card_values(gpu).items()}
    return values


def card_values(gpu: GpuReading) -> Values:
    """Of one card, by the plain names."""
    return {
        MEMORY: gpu.memory_used_bytes,
        UTILIZATION: gpu.utilization,
        CONTROLLER: gpu.memory_utilization,
        POWER: gpu.power_watts,
        HEAT: gpu.temperature_celsius,
        FAN: gpu.fan,
    }
