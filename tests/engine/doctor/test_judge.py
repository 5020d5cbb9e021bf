"""From facts to checks: what is wrong, and what to do."""

from dataclasses import replace

import pytest

from engine.doctor.cards import driver_facts
from engine.doctor.facts import (
    DeviceFacts,
    DriverFacts,
    Fact,
    FolderFacts,
    FoldersFacts,
    LibraryFacts,
    Lost,
    MemoryFacts,
    OpeningFacts,
    PortFacts,
    ProgramsFacts,
    ReadingFacts,
    SystemFacts,
)
from engine.doctor.judge import judge
from engine.doctor.modules import modules_in
from engine.monitor.values import Check
from tests.support.doctor_nvml import DoctorNvml
from tests.support.nvml import DEVICE_CALLS, h100, rtx_3090, rtx_4090

GB = 1_000_000_000
NOW = 1_790_000_000.0
CARD = DeviceFacts(
    name="CUDA0", description="RTX", is_card=True, memory_bytes=24 << 30, error=0.003, flops=2e13
)
LIBRARY = LibraryFacts(
    library="llama-cpp-python 0.3.36",
    features="CUDA : ARCHS = 700,860,890,900 | CPU : SSE3 = 1",
    cuda=(12, 4),
    devices=(CARD,),
)


def system(**variables: str) -> SystemFacts:
    return SystemFacts(
        system="Debian 12",
        glibc=(2, 36),
        python="3.11.7",
        machine="x86_64",
        bundle=False,
        now=NOW,
        variables=variables,
    )


def checks(
    *, library: LibraryFacts | None = LIBRARY, own_port: bool = False, **facts: Fact | None
) -> dict[str, Check]:
    return {check.name: check for check in judge(facts, library, own_port=own_port)}


def states(found: dict[str, Check]) -> dict[str, str]:
    return {name: check.state for name, check in found.items()}


def driver(library: DoctorNvml) -> DriverFacts:
    return driver_facts(library, ())


def test_that_a_card_that_is_well_passes_every_check() -> None:
    found = checks(driver=driver(DoctorNvml(cards=[rtx_4090(display=0)])), system=system())
    assert set(states(found).values()) == {"pass"}
    assert {"driver", "library", "cards", "built 0", "computes 0", "link 0", "bar 0"} <= set(found)
    assert "20,000 GFLOPS" in str(found["computes 0"].detail)
    assert "CUDA up to 13.0" in str(found["driver"].detail)


def test_that_a_half_used_slot_a_small_window_and_a_low_limit_are_seen() -> None:
    card = rtx_3090(limit_milliwatts=280_000)
    nvml = DoctorNvml(cards=[card], persistence=0, default_milliwatts=350_000)
    found = checks(driver=driver(nvml), system=system())
    for name in ("link 0", "bar 0", "power 0", "persistence 0"):
        assert found[name].state == "warn", name
        assert found[name].remedy is not None
    assert "8 lanes" in str(found["link 0"].detail)
    assert "rest" in str(found["link 0"].remedy)  # power saving
    assert "280 W, 350 W" in str(found["power 0"].detail)


def test_that_a_link_that_sleeps_is_no_fault() -> None:
    found = checks(driver=driver(DoctorNvml(cards=[rtx_4090(generation_now=1)])))
    assert found["link 0"].state == "pass"
    assert "while they rest" in str(found["link 0"].detail)


def test_that_memory_errors_fail() -> None:
    found = checks(driver=driver(DoctorNvml(cards=[h100(ecc_errors=3)])))
    assert found["ecc 0"].state == "fail"
    assert "3 memory errors" in str(found["ecc 0"].detail)


@pytest.mark.parametrize(
    ("status", "links", "state", "word"),
    [
        (0, 18, "pass", "NVLink"),
        (0, 0, "pass", "PCIe"),
        (4, 0, "warn", "0 and 1"),
        (5, 0, "pass", "GeForce"),
    ],
)
def test_that_what_cards_reach_of_each_other_is_told(
    status: int, links: int, state: str, word: str
) -> None:
    nvml = DoctorNvml(cards=[h100(), h100(uuid="GPU-2")], peers=status, links=links)
    found = checks(library=replace(LIBRARY, devices=(CARD, CARD)), driver=driver(nvml))
    assert found["peers"].state == state
    assert word in str(found["peers"].detail)


@pytest.mark.parametrize("call", DEVICE_CALLS)
def test_that_a_call_nvml_refuses_costs_no_more_than_its_check(call: str) -> None:
    nvml = DoctorNvml(cards=[rtx_4090()], failing={call})
    assert "driver" in checks(driver=driver(nvml))


def test_that_garbage_of_nvml_is_not_told() -> None:
    odd = {"nvmlDeviceGetCurrPcieLinkWidth": "x", "nvmlDeviceGetPersistenceMode": 77}
    found = checks(driver=driver(DoctorNvml(cards=[rtx_4090()], garbage=dict[str, object](odd))))
    assert not {"link 0", "persistence 0"} & set(found)


def test_that_a_library_without_cuda_beside_a_card_fails() -> None:
    plain = LibraryFacts(library="llama", features="CPU : SSE3 = 1", devices=())
    found = checks(library=plain, driver=driver(DoctorNvml(cards=[rtx_4090()])))
    assert found["library"].state == "fail"
    assert found["cards"].state == "fail"


def test_that_a_pack_that_is_left_out_is_told_with_its_reason() -> None:
    left_out = replace(LIBRARY, features="CPU : SSE3 = 1", pack_skipped="libcuda.so.1: not found")
    found = checks(library=left_out)["library"]
    assert found.state == "warn"
    assert "libcuda.so.1" in str(found.detail)
    assert "driver" in str(found.remedy)


def test_that_a_driver_older_than_the_librarys_cuda_fails() -> None:
    nvml = DoctorNvml(cards=[rtx_4090()], garbage={"nvmlSystemGetCudaDriverVersion_v2": 11040})
    found = checks(driver=driver(nvml))
    assert found["library"].state == "fail"
    assert "CUDA 12.4, and the driver runs CUDA 11.4" in str(found["library"].detail)


def test_that_a_card_too_old_or_too_new_for_the_build_is_seen() -> None:
    old = checks(driver=driver(DoctorNvml(cards=[rtx_4090(capability=(6, 1))])))
    assert old["built 0"].state == "fail"
    new = checks(driver=driver(DoctorNvml(cards=[rtx_4090(capability=(12, 0))])))
    assert new["built 0"].state == "warn"


def test_that_a_device_that_computes_wrongly_dies_or_has_no_room_is_told() -> None:
    devices = (
        replace(CARD, error=0.4, flops=None),
        replace(CARD, error=None, flops=None, died=True),
        replace(CARD, error=None, flops=None, failure="there is no room for a matrix"),
    )
    found = checks(library=replace(LIBRARY, devices=devices))
    assert [found[f"computes {n}"].state for n in range(3)] == ["fail", "fail", "warn"]
    assert "40% off" in str(found["computes 0"].detail)
    assert "card" in str(found["computes 1"].remedy)
    processor = replace(CARD, error=None, flops=None, died=True, is_card=False)
    found = checks(library=replace(LIBRARY, devices=(processor,)))
    assert "card" not in str(found["computes 0"].remedy)


def test_that_hidden_cards_are_laid_to_the_variable() -> None:
    nvml = DoctorNvml(cards=[rtx_4090(), rtx_4090(uuid="GPU-2")])
    hidden = checks(driver=driver(nvml), system=system(CUDA_VISIBLE_DEVICES="0"))
    assert hidden["cards"].state == "warn"
    assert "CUDA_VISIBLE_DEVICES" in str(hidden["cards"].detail)
    chosen = {"CUDA_VISIBLE_DEVICES": "1,0"}
    assert checks(driver=driver(nvml), system=system(**chosen))["environment"].state == "pass"
    other = system(**chosen, CUDA_DEVICE_ORDER="FASTEST_FIRST")
    ordered = checks(driver=driver(nvml), system=other)["environment"]
    assert ordered.state == "warn"
    assert "CUDA_DEVICE_ORDER" in str(ordered.detail)
    slow = checks(driver=driver(nvml), system=system(CUDA_LAUNCH_BLOCKING="1"))
    assert slow["environment"].state == "warn"


def test_that_a_machine_without_a_card_is_no_fault_and_a_silent_driver_is() -> None:
    none = checks(driver=DriverFacts(answers=False, device=False))
    assert none["driver"].state == "pass"
    silent = checks(driver=DriverFacts(answers=False, device=True))
    assert silent["driver"].state == "fail"
    hung = checks(driver=Lost(step="driver", how="hung"))
    assert hung["driver"].state == "fail"


def test_that_the_board_is_judged() -> None:
    memory = MemoryFacts(
        total_bytes=64 * GB,
        free_bytes=9 * GB,
        swap_bytes=8 * GB,
        swap_used_bytes=6 * GB,
        modules=((32 << 30, 4800),),
    )
    found = checks(
        memory=memory,
        port=PortFacts(port=11711, free=False, answers=False),
        programs=ProgramsFacts(programs=(("Ollama", 5 * GB),)),
        reading=ReadingFacts(bytes_per_second=1e8, cold=True, written=False),
        opening=OpeningFacts(
            open_seconds=0.01, mapped_seconds=4.0, plain_seconds=0.1, size_bytes=64 << 20
        ),
    )
    for name in ("memory", "bars", "port", "programs", "reading", "opening"):
        assert found[name].state == "warn", name
    mine = checks(own_port=True, port=PortFacts(port=11711, free=False, answers=False))
    assert mine["port"].state == "pass"


@pytest.mark.parametrize(
    ("writable", "secrets", "free", "kind", "expected"),
    [
        (True, (), 99 * GB, "ext4", ("pass", "pass")),
        (False, (), 5 * GB, "ext4", ("fail", "warn")),
        (True, ("engine.toml",), GB // 2, "ext4", ("warn", "fail")),
        (True, (), 99 * GB, "nfs4", ("pass", "warn")),
    ],
)
def test_that_folders_and_disk_are_judged(
    writable: bool, secrets: tuple[str, ...], free: int, kind: str, expected: tuple[str, str]
) -> None:
    folder = FolderFacts(name="models", path="models", there=True, writable=writable)
    facts = FoldersFacts(
        folders=(folder,), open_secrets=secrets, free_bytes=free, total_bytes=None, file_system=kind
    )
    found = checks(folders=facts)
    assert (found["folders"].state, found["disk"].state) == expected


def test_that_a_folder_for_downloads_that_is_away_is_told() -> None:
    own = FolderFacts(name="models", path="models", there=True, writable=True)
    away = FolderFacts(name="downloads", path="/disk/models", there=False, writable=False)
    facts = FoldersFacts(
        folders=(own, away), open_secrets=(), free_bytes=99 * GB, total_bytes=None, file_system=None
    )
    found = checks(folders=facts)["folders"]
    assert found.state == "warn"
    assert "/disk/models" in str(found.detail)


def test_that_a_clock_years_off_is_told() -> None:
    assert checks(system=replace(system(), now=86_400.0))["clock"].state == "warn"
    assert checks(system=system())["clock"].state == "pass"


def bar(size: int, speed: int) -> bytes:
    body = bytearray(0x28)
    body[0], body[1] = 17, 0x28
    body[0x0C:0x0E] = size.to_bytes(2, "little")
    body[0x15:0x17] = speed.to_bytes(2, "little")
    body[0x20:0x22] = speed.to_bytes(2, "little")
    return bytes(body) + b"DIMM 0\0SERIAL\0\0"


def test_that_bars_of_ram_are_read_from_the_firmwares_tables() -> None:
    other = bytes([1, 4, 0, 0]) + b"\0\0"
    tables = other + bar(16384, 5600) + bar(0, 0) + bar(16384, 5600)
    assert modules_in(tables) == ((16 << 30, 5600), (16 << 30, 5600))
    assert modules_in(tables[:50]) == ((16 << 30, 5600),)
    assert modules_in(b"\x11\x02") is None
