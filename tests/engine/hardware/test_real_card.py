"""The real NVML on a real card; skipped where there is none."""

import queue

import pytest

from engine.hardware.machine import Reading
from engine.hardware.probe import probe
from engine.hardware.sampler import Sampler

pytestmark = pytest.mark.gpu


def test_that_a_real_card_is_found_and_read() -> None:
    machine = probe([])
    if not machine.gpus:
        pytest.skip("There is no NVIDIA card here.")
    assert machine.driver
    assert machine.cuda is not None
    for gpu in machine.gpus:
        assert gpu.name
        assert gpu.uuid is not None
        assert gpu.compute_capability is not None
    readings: queue.Queue[Reading] = queue.Queue()
    sampler = Sampler(0.05, readings.put)
    sampler.start()
    reading = readings.get(timeout=30)
    sampler.stop()
    assert len(reading.gpus) == len(machine.gpus)
    for gpu, now in zip(machine.gpus, reading.gpus, strict=True):
        assert now.name == gpu.name
        assert now.memory_used_bytes is not None
        assert gpu.memory_bytes is not None
        assert now.memory_total_bytes == gpu.memory_bytes
        assert now.memory_used_bytes <= gpu.memory_bytes
        assert now.utilization is not None
        assert now.graphics_clock_mhz is not None
        assert now.memory_clock_mhz is not None
        assert now.throttles is not None
        assert now.memory_reserved_bytes is not None
        assert now.memory_reserved_bytes <= now.memory_used_bytes
        assert now.processes is not None
