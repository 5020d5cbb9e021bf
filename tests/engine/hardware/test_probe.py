"""The machine as a whole, on whatever machine the tests run."""

from pathlib import Path

import pytest

from engine.hardware.probe import probe
from engine.hardware.system import cpu_name_in
from tests.support.nvml import DEVICE_CALLS, FakeCard, FakeNvml


def test_that_this_machine_has_a_processor_memory_and_a_disk(tmp_path: Path) -> None:
    machine = probe([tmp_path], library=FakeNvml(has_driver=False))
    assert machine.cpu.name
    assert 1 <= machine.cpu.physical_cores <= machine.cpu.logical_cores
    assert machine.memory_bytes > 64 << 20
    assert machine.disks[0].path == str(tmp_path)
    assert 0 <= machine.disks[0].free_bytes <= machine.disks[0].total_bytes
    assert machine.system
    assert (machine.gpus, machine.driver, machine.cuda) == ((), None, None)


def test_that_a_folder_yet_to_be_made_stands_for_its_parent(tmp_path: Path) -> None:
    here, there = probe(
        [tmp_path, tmp_path / "not" / "yet"], library=FakeNvml(has_driver=False)
    ).disks
    assert here.total_bytes == there.total_bytes


def test_that_the_cards_and_their_driver_are_part_of_it() -> None:
    library = FakeNvml([FakeCard(), FakeCard(name="NVIDIA H100 80GB HBM3", total=80 << 30)])
    machine = probe([], library=library)
    assert [gpu.name for gpu in machine.gpus] == [
        "NVIDIA GeForce RTX 4090",
        "NVIDIA H100 80GB HBM3",
    ]
    assert machine.driver == "580.95.05"
    assert machine.cuda == (13, 0)
    assert library.opened == 0


@pytest.mark.parametrize("answer", [None, -1, "?", 2**70, OSError("gone")])
def test_that_a_driver_that_talks_nonsense_never_raises(answer: object) -> None:
    probe([], library=FakeNvml([FakeCard()], garbage=dict.fromkeys(DEVICE_CALLS, answer)))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "processor\t: 0\nmodel name\t: AMD Ryzen 9 7950X  16-Core\n",
            "AMD Ryzen 9 7950X 16-Core",
        ),
        ("Hardware\t: BCM2835\nModel\t\t: Raspberry Pi 5 Model B\n", "Raspberry Pi 5 Model B"),
        ("processor\t: 0\nBogoMIPS\t: 50.00\n", None),
        ("model\t\t: 17\nmodel name\t: \n", None),
        ("", None),
    ],
)
def test_that_the_processor_is_named_as_the_kernel_names_it(text: str, name: str | None) -> None:
    assert cpu_name_in(text) == name
