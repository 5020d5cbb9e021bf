"""NVML's answers become values; what it does not say becomes None."""

import os
import time
from collections.abc import Callable
from dataclasses import fields
from itertools import pairwise
from typing import Any

import psutil
import pytest

from engine.hardware.machine import GpuProcess, Throttle
from engine.hardware.nvidia import Nvidia, installed_library
from tests.support.nvml import (
    DEVICE_CALLS,
    FakeCard,
    FakeNvml,
    FakeProcess,
    FakeRecord,
    h100,
    on_windows,
    rtx_3090,
    rtx_4090,
    tesla_p40,
)


def opened(library: FakeNvml, clock: Callable[[], float] = time.monotonic) -> Nvidia:
    nvidia = Nvidia(library, clock=clock)
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
    expected = everything(opened(FakeNvml([complete_card()])))
    assert {name for name, value in expected.items() if value is None} == {"now.spilled_bytes"}
    found = everything(opened(FakeNvml([complete_card()], failing={call})))
    missing = {name for name in expected if found.get(name) != expected[name]}
    if call in {"nvmlDeviceGetCount", "nvmlDeviceGetHandleByIndex"}:
        assert not found
    elif call in REPLACEABLE:
        assert not missing
    else:
        assert 1 <= len(missing) <= 4
        assert all(found[name] is None or name.endswith(".name") for name in missing)


@pytest.mark.parametrize("older", DEVICE_CALLS)
def test_that_a_library_without_a_function_says_the_rest(older: str) -> None:
    absent = everything(opened(FakeNvml([complete_card()], absent={older})))
    failing = everything(opened(FakeNvml([complete_card()], failing={older})))
    assert absent == failing


def test_that_an_old_driver_is_asked_by_the_old_names() -> None:
    new = {name for name in DEVICE_CALLS if name.endswith(("_v3", "EventReasons"))}
    assert len(new) == 3
    card = complete_card(compute=(FakeProcess(7, 5),), graphics=(), reasons=0x20)
    (reading,) = opened(FakeNvml([card], absent=new)).read()
    assert [process.pid for process in reading.processes or ()] == [7]
    assert reading.throttles == {Throttle.HEAT}


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        ("nvmlDeviceGetMemoryInfo", None),
        ("nvmlDeviceGetMemoryInfo", FakeRecord(total=0, used=-5)),
        ("nvmlDeviceGetMemoryInfo", FakeRecord(total=2**64 - 1, used=2**64 - 1)),
        ("nvmlDeviceGetUtilizationRates", FakeRecord(gpu=2**32 - 1)),
        ("nvmlDeviceGetUtilizationRates", FakeRecord(gpu="many")),
        ("nvmlDeviceGetMemoryInfo", FakeRecord(total=24 << 30, used=25 << 30)),
        ("nvmlDeviceGetClockInfo", 2**32 - 1),
        ("nvmlDeviceGetFanSpeed", 2**32 - 1),
        ("nvmlDeviceGetCurrentClocksEventReasons", 2**64 - 1),
        ("nvmlDeviceGetCurrentClocksEventReasons", None),
        ("nvmlDeviceGetTemperatureThreshold", 0),
        ("nvmlDeviceGetCurrPcieLinkGeneration", 0),
        ("nvmlDeviceGetCurrPcieLinkWidth", 2**32 - 1),
        ("nvmlDeviceGetTotalEccErrors", 2**64 - 1),
        ("nvmlDeviceGetDriverModel", [9, 9]),
        ("nvmlDeviceGetDriverModel", []),
        ("nvmlDeviceGetBAR1MemoryInfo", FakeRecord(bar1Total=0)),
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
    older = {"nvmlDeviceGetCurrentClocksThrottleReasons"}  # would answer in the other's place
    nvidia = opened(FakeNvml([complete_card()], garbage={call: answer}, absent=older))
    values = {**everything(nvidia), "driver": nvidia.driver(), "cuda": nvidia.cuda()}
    values.pop("now.spilled_bytes", None)
    if call == "nvmlDeviceGetName":
        assert values["now.name"] == "NVIDIA GPU 0"
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


@pytest.mark.parametrize(
    "rows",
    [
        "many",
        [None, 3],
        [FakeProcess(-1, 5), FakeProcess(2**40, 5)],
        [FakeRecord(used=5)],
        [FakeProcess(True, 5)],
    ],
)
def test_that_lists_of_processes_that_are_none_hold_none(rows: object) -> None:
    names = [name for name in DEVICE_CALLS if "RunningProcesses" in name]
    nvidia = opened(FakeNvml([complete_card()], garbage=dict.fromkeys(names, rows)))
    (reading,) = nvidia.read()
    assert not reading.processes


def test_that_processes_are_told_by_name_and_once() -> None:
    me = os.getpid()
    card = complete_card(
        compute=(FakeProcess(me, 700), FakeProcess(NOBODY, 90), FakeProcess(NOBODY + 1, 2**64 - 1)),
        graphics=(FakeProcess(me, 700), FakeProcess(NOBODY + 2, 4)),
    )
    names = {NOBODY: "C:\\Games\\A Game.exe", NOBODY + 2: "/usr/lib/xorg/Xorg -nolisten tcp"}
    (reading,) = opened(FakeNvml([card], names=names)).read()
    assert reading.processes == (
        GpuProcess(pid=me, name=psutil.Process().name(), used_bytes=700),
        GpuProcess(pid=NOBODY, name="A Game.exe", used_bytes=90),
        GpuProcess(pid=NOBODY + 1, name=f"PID {NOBODY + 1}", used_bytes=None),
        GpuProcess(pid=NOBODY + 2, name="Xorg", used_bytes=4),
    )


def test_that_a_process_is_asked_for_its_name_once_and_anew_after_it_left() -> None:
    card, clock = complete_card(compute=(FakeProcess(NOBODY, 90),)), Clock()
    library = FakeNvml([card], names={NOBODY: "one"})
    nvidia = opened(library, clock)

    def name() -> str:
        clock.now += 60
        (reading,) = nvidia.read()
        return "".join(process.name for process in reading.processes or ())

    assert (name(), name()) == ("one", "one")
    assert library.asked["nvmlSystemGetProcessName"] == 1
    card.compute = ()
    assert name() == ""
    card.compute, library.names[NOBODY] = (FakeProcess(NOBODY, 90),), "two"
    assert name() == "two"


def test_that_windows_keeps_the_bytes_of_its_programs_and_says_how_it_drives_the_card() -> None:
    card = on_windows(rtx_4090(compute=(FakeProcess(NOBODY, 700),)))
    nvidia = opened(FakeNvml([card]))
    assert [gpu.driver_model for gpu in nvidia.gpus()] == ["WDDM"]
    (reading,) = nvidia.read()
    assert [process.used_bytes for process in reading.processes or ()] == [None]


@pytest.mark.parametrize(
    ("reasons", "throttles"),
    [
        (0x1, set[Throttle]()),
        (0x4, {Throttle.POWER}),
        (0x20, {Throttle.HEAT}),
        (0x48, {Throttle.HEAT}),
        (0x88, {Throttle.HARDWARE}),
        (0x8, {Throttle.HARDWARE}),
        (0x10, {Throttle.SYNC}),
        (0x1FF, set(Throttle)),
        (None, None),
    ],
)
def test_that_the_reasons_of_a_slow_card_are_told(
    reasons: int | None, throttles: set[Throttle] | None
) -> None:
    (reading,) = opened(FakeNvml([rtx_4090(reasons=reasons)])).read()
    assert reading.throttles == throttles


def test_that_each_card_refuses_what_its_kind_refuses() -> None:
    nvidia = opened(FakeNvml([rtx_4090(), rtx_3090(), tesla_p40(), h100()]))
    gamer, idle, hot, server = nvidia.read()
    assert [card.fan for card in (gamer, idle, hot, server)] == [0.31, 0.0, None, None]
    assert [card.ecc_errors for card in (gamer, idle, hot, server)] == [None, None, 0, 0]
    assert (idle.pcie_generation, idle.pcie_width) == (1, 8)
    assert (idle.graphics_clock_mhz, idle.memory_clock_mhz) == (210, 405)
    assert (hot.memory_reserved_bytes, hot.slowdown_celsius) == (None, 92)
    assert (server.memory_reserved_bytes, server.memory_utilization) == (650_117_120, 0.12)
    assert [gpu.bar1_bytes for gpu in nvidia.gpus()][1] == 256 << 20


def test_that_slow_values_are_asked_seldom_and_fast_ones_always() -> None:
    card, clock = rtx_4090(), Clock()
    library = FakeNvml([card])
    nvidia = opened(library, clock)
    nvidia.read()
    card.fan, card.temperature = 80, 79
    clock.now += 0.5
    (reading,) = nvidia.read()
    assert (reading.temperature_celsius, reading.fan) == (79, 0.31)
    clock.now += 60
    (reading,) = nvidia.read()
    assert reading.fan == 0.8
    assert library.asked["nvmlDeviceGetFanSpeed"] == 2


def test_that_traffic_is_counted_on_one_card_at_a_time_in_turn() -> None:
    clock = Clock()
    library = FakeNvml([rtx_4090(), rtx_3090(), tesla_p40(received_kilobytes=None)])
    nvidia = opened(library, clock)
    counts = list[int]()
    for _ in range(8):
        nvidia.measure_links()
        counts.append(library.asked["nvmlDeviceGetPcieThroughput"])
        clock.now += 0.5
    # Two questions a card; one that refuses the first is not asked the second.
    assert [after - before for before, after in pairwise([0, *counts])] == [2, 2, 1, 0, 0, 0, 0, 0]
    first, second, third = nvidia.read()
    assert (first.pcie_received_bps, first.pcie_sent_bps) == (12_450_000, 1_300_000)
    assert second.pcie_received_bps is not None
    assert (third.pcie_received_bps, third.pcie_sent_bps) == (None, None)
    clock.now += 11
    assert [card.pcie_received_bps for card in nvidia.read()] == [None, None, None]
    nvidia.measure_links()
    assert library.asked["nvmlDeviceGetPcieThroughput"] == 7


def test_that_a_card_keeps_its_number_while_others_come_and_go() -> None:
    one, two, three = rtx_4090(), rtx_3090(), h100()
    library = FakeNvml([one, two])
    nvidia = opened(library)
    library.cards.remove(one)
    nvidia.read()
    assert nvidia.stale
    assert numbers(library, nvidia) == {"GPU-3090": 1}
    assert nvidia.missing
    library.cards[:] = [two, three, one]
    assert numbers(library, nvidia) == {"GPU-4090": 0, "GPU-3090": 1, "GPU-H100": 2}
    assert not nvidia.missing
    library.cards[:] = [three]
    assert numbers(library, nvidia) == {"GPU-H100": 2}


def test_that_a_driver_that_cannot_count_has_cards_missing() -> None:
    nvidia = opened(FakeNvml([rtx_4090()], failing={"nvmlDeviceGetCount"}))
    assert nvidia.missing
    assert nvidia.read() == ()


NOBODY = 4_194_305  # one more than Linux gives out
REPLACEABLE = {
    "nvmlDeviceGetCurrentClocksEventReasons",
    "nvmlDeviceGetCurrentClocksThrottleReasons",
    "nvmlDeviceGetComputeRunningProcesses_v3",
    "nvmlDeviceGetComputeRunningProcesses_v2",
    "nvmlDeviceGetGraphicsRunningProcesses_v3",
    "nvmlDeviceGetGraphicsRunningProcesses_v2",
}


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def complete_card(**changes: Any) -> FakeCard:
    """One that refuses nothing."""
    own: dict[str, Any] = {"ecc_errors": 0, "driver_model": 1}
    return FakeCard(**{**own, **changes})


def numbers(library: FakeNvml, nvidia: Nvidia) -> dict[str | None, int]:
    nvidia.close()
    assert nvidia.open()
    assert [reading.index for reading in nvidia.read()] == [gpu.index for gpu in nvidia.gpus()]
    assert library.opened == 1
    return {gpu.uuid: gpu.index for gpu in nvidia.gpus()}


def everything(nvidia: Nvidia) -> dict[str, object]:
    nvidia.measure_links()
    is_, now = nvidia.gpus(), nvidia.read()
    return {
        f"{when}.{field.name}": getattr(record, field.name)
        for when, records in (("is", is_), ("now", now))
        for record in records
        for field in fields(record)
    }
