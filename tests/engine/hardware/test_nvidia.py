"""NVML's answers become values; what it does not say becomes None."""

from collections.abc import Sequence
from dataclasses import fields

import pytest

from engine.hardware.machine import Gpu, GpuReading
from engine.hardware.nvidia import Nvidia, installed_library
from tests.support.nvml import DEVICE_CALLS, FakeCard, FakeNvml, FakeRecord


def opened(library: FakeNvml) -> Nvidia:
    nvidia = Nvidia(library)
    assert nvidia.open()
    return nvidia


def test_that_a_healthy_card_is_reported_whole() -> None:
    nvidia = opened(FakeNvml([FakeCard()]))
    (gpu,) = nvidia.gpus()
    assert (gpu.index, gpu.name, gpu.memory_bytes) == (0, "NVIDIA GeForce RTX 4090", 24 << 30)
    assert gpu.compute_capability == (8, 9)
    assert (gpu.pcie_generation, gpu.pcie_width, gpu.power_limit_watts) == (4, 16, 450.0)
    assert gpu.drives_display is False
    (reading,) = nvidia.read()
    assert (reading.memory_used_bytes, reading.memory_total_bytes) == (3 << 30, 24 << 30)
    assert (reading.utilization, reading.temperature_celsius) == (0.37, 55)
    assert (reading.power_watts, reading.power_limit_watts) == (120.5, 450.0)
    assert nvidia.driver() == "580.95.05"
    assert nvidia.cuda() == (13, 0)


def test_that_without_a_driver_there_are_no_cards() -> None:
    nvidia = Nvidia(FakeNvml(has_driver=False))
    assert not nvidia.open()
    assert nvidia.gpus() == ()
    assert nvidia.driver() is None
    assert nvidia.cuda() is None
    nvidia.close()


def test_that_the_real_library_answers_with_or_without_a_driver() -> None:
    nvidia = Nvidia(installed_library())
    if nvidia.open():
        assert nvidia.driver()
        nvidia.close()
    else:
        assert nvidia.gpus() == ()


@pytest.mark.parametrize("call", DEVICE_CALLS)
def test_that_one_failing_call_takes_only_its_own_value_along(call: str) -> None:
    whole, lame = opened(FakeNvml([FakeCard()])), opened(FakeNvml([FakeCard()], failing={call}))
    expected = {**_values(whole.gpus()), **_values(whole.read())}
    found = {**_values(lame.gpus()), **_values(lame.read())}
    missing = {name for name in expected if found.get(name) != expected[name]}
    if call in {"nvmlDeviceGetCount", "nvmlDeviceGetHandleByIndex"}:
        assert not found
    else:
        assert 1 <= len(missing) <= 3
        assert all(found[name] is None or name == "name" for name in missing)


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        ("nvmlDeviceGetMemoryInfo", None),
        ("nvmlDeviceGetMemoryInfo", FakeRecord(total=0, used=-5)),
        ("nvmlDeviceGetMemoryInfo", FakeRecord(total=2**64 - 1, used=2**64 - 1)),
        ("nvmlDeviceGetUtilizationRates", FakeRecord(gpu=2**32 - 1)),
        ("nvmlDeviceGetUtilizationRates", FakeRecord(gpu="many")),
        ("nvmlDeviceGetTemperature", 4_294_967_295),
        ("nvmlDeviceGetPowerUsage", float("nan")),
        ("nvmlDeviceGetPowerUsage", True),
        ("nvmlDeviceGetEnforcedPowerLimit", 2**32 - 1),
        ("nvmlDeviceGetName", b"\xff\xfe"),
        ("nvmlDeviceGetName", UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")),
        ("nvmlDeviceGetUUID", 7),
        ("nvmlDeviceGetCudaComputeCapability", (8,)),
        ("nvmlDeviceGetCudaComputeCapability", "8.9"),
        ("nvmlDeviceGetMaxPcieLinkWidth", -1),
        ("nvmlDeviceGetCount", -3),
        ("nvmlDeviceGetCount", "two"),
        ("nvmlSystemGetDriverVersion", OSError("access violation")),
        ("nvmlSystemGetCudaDriverVersion_v2", 0),
    ],
)
def test_that_garbage_is_not_reported(call: str, answer: object) -> None:
    nvidia = opened(FakeNvml([FakeCard()], garbage={call: answer}))
    values = {
        **_values(nvidia.gpus()),
        **_values(nvidia.read()),
        "driver": nvidia.driver(),
        "cuda": nvidia.cuda(),
    }
    if call == "nvmlDeviceGetName":
        assert values["name"] == "NVIDIA GPU 0"
    elif call == "nvmlDeviceGetCount":
        assert nvidia.gpus() == ()
    else:
        assert None in values.values()


def test_that_sixteen_cards_keep_their_order() -> None:
    nvidia = opened(FakeNvml([FakeCard(uuid=f"GPU-{i}", used=i << 20) for i in range(16)]))
    assert [gpu.uuid for gpu in nvidia.gpus()] == [f"GPU-{i}" for i in range(16)]
    assert [reading.memory_used_bytes for reading in nvidia.read()] == [i << 20 for i in range(16)]


def test_that_a_lost_card_falls_silent_and_asks_for_a_new_session() -> None:
    library = FakeNvml([FakeCard(), FakeCard()])
    nvidia = opened(library)
    nvidia.read()
    assert not nvidia.stale
    library.cards[1].lost = True
    first, second = nvidia.read()
    assert first.memory_used_bytes == 3 << 30
    assert second.memory_used_bytes is None
    assert second.name == "NVIDIA GeForce RTX 4090"
    assert nvidia.stale
    nvidia.close()
    assert nvidia.open()
    assert [reading.index for reading in nvidia.read()] == [0]
    assert not nvidia.stale


def test_that_closing_gives_the_session_back_once() -> None:
    library = FakeNvml([FakeCard()])
    nvidia = opened(library)
    nvidia.close()
    nvidia.close()
    assert library.opened == 0


def _values(records: Sequence[Gpu] | Sequence[GpuReading]) -> dict[str, object]:
    return {
        field.name: getattr(record, field.name) for record in records for field in fields(record)
    }
