"""What Windows moved to RAM, told beside the card it belongs to, or not at all."""

import ctypes
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from engine.hardware.machine import GpuReading
from engine.hardware.nvidia import Nvidia
from engine.hardware.spill import (
    Adapter,
    Counters,
    Item,
    Spill,
    beside,
    installed_spill,
    used_by_adapter,
)
from tests.support.nvml import FakeNvml, rtx_3090, rtx_4090

MORE = 0x800007D2
NVIDIA_LUID = 0x1532A
INTEL_LUID = (2 << 32) | 0x17099
ROWS = (
    ("luid_0x00000002_0x00017099_phys_0", 1_273_000_000),
    ("luid_0x00000000_0x0001532A_phys_0", 141_000_000),
    ("_Total", 5),
)


@dataclass
class FakePdh:
    """pdh.dll with these rows. `failing` holds the names of functions that refuse."""

    rows: tuple[tuple[str, int], ...] = ROWS
    failing: set[str] = field(default_factory=set[str])
    opened: int = 0

    def __post_init__(self) -> None:
        vars(self)["PdhCollectQueryData"] = self._collect

    def PdhOpenQueryW(self, _source: None, _user: None, _query: Any) -> int:  # noqa: N802
        if "open" in self.failing:
            return 0xC0000BC6
        self.opened += 1
        return 0

    def PdhAddEnglishCounterW(self, _query: Any, path: str, _user: None, _counter: Any) -> int:  # noqa: N802
        assert path == r"\GPU Adapter Memory(*)\Shared Usage"
        return 0xC0000BB8 if "add" in self.failing else 0

    def _collect(self, _query: Any) -> int:
        return 0x800007D5 if "collect" in self.failing else 0

    def PdhGetFormattedCounterArrayW(  # noqa: N802
        self, _counter: Any, kind: int, size: Any, count: Any, room: Any
    ) -> int:
        assert kind == 0x400
        need = ctypes.sizeof(Item) * len(self.rows)
        if "array" in self.failing:
            return 0xC0000BBC
        if room is None or len(room) < need or "grows" in self.failing:
            put(size, need)
            put(count, len(self.rows))
            return MORE - (1 << 32)  # as a signed LONG
        items = (Item * len(self.rows)).from_buffer(room)
        for item, (name, large) in zip(items, self.rows, strict=True):
            item.name, item.value.status, item.value.large = name, 0, large
        self.kept = items  # PDH's names live in the caller's buffer; here, in these
        return 0

    def PdhCloseQuery(self, _query: Any) -> int:  # noqa: N802
        self.opened -= 1
        return 0


def put(place: Any, number: int) -> None:
    ctypes.cast(place, ctypes.POINTER(ctypes.c_uint32)).contents.value = number


def readings(*names: str) -> tuple[GpuReading, ...]:
    nvidia = Nvidia(FakeNvml([rtx_4090(), rtx_3090(uuid="GPU-1")][: len(names)]))
    assert nvidia.open()
    read = nvidia.read()
    nvidia.close()
    return tuple(replace(one, name=name) for one, name in zip(read, names, strict=True))


def told(spill: Spill, *names: str) -> list[int | None]:
    return [reading.spilled_bytes for reading in spill.beside(readings(*names))]


def test_that_the_counters_structures_are_as_windows_lays_them_out() -> None:
    pointer = ctypes.sizeof(ctypes.c_void_p)
    assert ctypes.sizeof(Item) == 16 + 8
    assert (Item.value.offset, pointer) == (8, 8)


def test_that_a_card_has_what_its_adapter_keeps_in_ram() -> None:
    pdh = FakePdh()
    spill = Spill(Counters(pdh), lambda: [Adapter(name="RTX", luid=NVIDIA_LUID)])
    assert told(spill, "RTX") == [141_000_000]
    assert told(spill, "RTX", "Another") == [141_000_000, None]
    spill.close()
    spill.close()
    assert pdh.opened == 0


@pytest.mark.parametrize("failing", ["open", "add", "collect", "array", "grows"])
def test_that_counters_that_fail_leave_it_unreported(failing: str) -> None:
    pdh = FakePdh(failing={failing})
    spill = Spill(Counters(pdh), lambda: [Adapter(name="RTX", luid=NVIDIA_LUID)])
    assert told(spill, "RTX") == [None]
    spill.close()
    assert pdh.opened == 0


def test_that_two_cards_of_one_name_are_not_told_apart() -> None:
    adapters = [Adapter(name="RTX", luid=NVIDIA_LUID), Adapter(name="RTX", luid=INTEL_LUID)]
    used = {NVIDIA_LUID: 1, INTEL_LUID: 2}
    assert [one.spilled_bytes for one in beside(readings("RTX"), adapters, used)] == [None]
    both = beside(readings("RTX", "RTX"), adapters[:1], used)
    assert [one.spilled_bytes for one in both] == [None, None]


def test_that_adapters_of_earlier_starts_do_not_count() -> None:
    adapters = [Adapter(name="RTX", luid=77), Adapter(name="RTX", luid=NVIDIA_LUID)]
    (one,) = beside(readings("RTX"), adapters, {NVIDIA_LUID: 9})
    assert one.spilled_bytes == 9


def test_that_garbage_rows_are_left_out() -> None:
    rows = [
        (None, 0, 5),
        ("luid_0x0_0x1_phys_0", 0, 7),
        ("luid_0x0_0x1_phys_1", 0, 8),
        ("luid_0x0_0x2_phys_0", 0, -1),
        ("luid_0x0_0x3_phys_0", 0xC0000BC6, 4),
        ("luid_0xzz_0x3_phys_0", 0, 4),
    ]
    assert used_by_adapter(rows) == {1: 15}


def test_that_a_system_without_counters_adds_nothing() -> None:
    spill = Spill(None, lambda: pytest.fail("there is nothing to ask for"))
    assert told(spill, "RTX") == [None]
    spill.close()


def test_that_the_installed_counters_do_no_harm() -> None:
    spill = installed_spill()
    cards = readings("RTX")
    assert len(spill.beside(cards)) == 1
    spill.close()
