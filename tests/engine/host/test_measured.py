"""What was measured: kept, found again on the same machine alone, refined by runs."""

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.hardware.calibration import BoardCalibration, Calibration, CardCalibration
from engine.hardware.machine import Cpu, Gpu, Machine
from engine.host.measured import (
    Measured,
    calibration_file,
    covers,
    read_calibration,
    refine,
    write_calibration,
)
from engine.protocol.library import LLAMA_VERSION

LIBRARY = "llama-cpp-python 0.3.36"


def card(uuid: str | None = "GPU-1") -> CardCalibration:
    return CardCalibration(
        uuid=uuid,
        name="RTX 4090",
        bytes_per_second=9e11,
        type_rates={"Q4_K": 8.5e11},
        flops=1.5e14,
        link_bytes_per_second=2.5e10,
        layer_seconds=4e-5,
        expert_layer_seconds=7e-5,
        residual_loaded_bytes=None,
        residual_peak_bytes=600_000_000,
    )


def calibration(*cards: CardCalibration) -> Calibration:
    return Calibration(
        at="2026-01-01T00:00:00+00:00",
        library=LIBRARY,
        cards=cards,
        board=BoardCalibration(
            threads=8,
            read_rates={1: 2e10, 8: 6e10},
            type_rates={"Q4_K": 5e10},
            flops=1e12,
            layer_seconds=6e-5,
            disk_bytes_per_second=None,
        ),
    )


def machine(*uuids: str, processor: str = "A processor") -> Machine:
    gpus = tuple(
        Gpu(
            index=index,
            name="RTX 4090",
            uuid=uuid,
            memory_bytes=None,
            compute_capability=None,
            pcie_generation=None,
            pcie_width=None,
            power_limit_watts=None,
        )
        for index, uuid in enumerate(uuids)
    )
    return Machine(
        gpus=gpus,
        cpu=Cpu(name=processor, physical_cores=8, logical_cores=16),
        memory_bytes=1 << 36,
        disks=(),
        driver=None,
        cuda=None,
        system="Debian",
    )


def test_that_what_was_written_is_read_again(tmp_path: Path) -> None:
    path = calibration_file(tmp_path / "cache")
    written = replace(calibration(card()), corrections={"gpu": 0.9})
    write_calibration(path, machine("GPU-1"), written)
    assert read_calibration(path, machine("GPU-1"), LIBRARY) == written
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("now", "library"),
    [
        (machine("GPU-2"), LIBRARY),
        (machine(), LIBRARY),
        (machine("GPU-1", processor="Another"), LIBRARY),
        (machine("GPU-1"), "llama-cpp-python 0.4"),
    ],
)
def test_that_another_machine_or_library_has_none(
    tmp_path: Path, now: Machine, library: str
) -> None:
    path = calibration_file(tmp_path)
    write_calibration(path, machine("GPU-1"), calibration(card()))
    assert read_calibration(path, now, library) is None


def test_that_a_card_that_was_added_leaves_the_others_measured(tmp_path: Path) -> None:
    path = calibration_file(tmp_path)
    write_calibration(path, machine("GPU-1"), calibration(card()))
    more = machine("GPU-1", "GPU-2")
    kept = read_calibration(path, more, LIBRARY)
    assert kept is not None
    assert not covers(kept, more)
    assert covers(kept, machine("GPU-1"))


@pytest.mark.parametrize("content", [b"", b"{", b"null", b'{"processor": "x"}', b"\xff" * 99])
def test_that_a_broken_file_counts_as_none(tmp_path: Path, content: bytes) -> None:
    path = calibration_file(tmp_path)
    path.write_bytes(content)
    assert read_calibration(path, machine(), LIBRARY) is None


def test_that_no_file_is_none(tmp_path: Path) -> None:
    assert read_calibration(calibration_file(tmp_path), machine(), LIBRARY) is None


def test_that_a_file_cut_anywhere_counts_as_none(tmp_path: Path) -> None:
    path = calibration_file(tmp_path)
    write_calibration(path, machine("GPU-1"), calibration(card()))
    whole = path.read_bytes()
    for end in range(0, len(whole) - 1, 37):
        path.write_bytes(whole[:end])
        assert read_calibration(path, machine("GPU-1"), LIBRARY) is None


def test_that_a_run_as_predicted_changes_nothing() -> None:
    known = replace(calibration(), corrections={"gpu": 0.8})
    assert refine(known, "gpu", 50.0, 50.0).corrections["gpu"] == pytest.approx(0.8)


def test_that_runs_of_the_same_speed_lead_to_predictions_of_that_speed() -> None:
    known = calibration()
    for _ in range(20):
        predicted = 100.0 * known.corrections.get("experts", 1.0)
        known = refine(known, "experts", predicted, 80.0)
    assert known.corrections == {"experts": pytest.approx(0.8, rel=0.01)}


@pytest.mark.parametrize("wrong", [0.0, -1.0, float("nan"), float("inf")])
def test_that_impossible_speeds_teach_nothing(wrong: float) -> None:
    known = calibration()
    assert refine(known, "gpu", wrong, 50.0) == known
    assert refine(known, "gpu", 50.0, wrong) == known


speeds = st.floats(min_value=1e-3, max_value=1e5)


@given(st.lists(st.tuples(speeds, speeds), max_size=20))
def test_that_a_correction_never_leaves_its_bounds(runs: Sequence[tuple[float, float]]) -> None:
    known = calibration()
    for predicted, measured in runs:
        known = refine(known, "cpu", predicted, measured)
        assert 0.5 <= known.corrections["cpu"] <= 1.5


@pytest.mark.anyio
async def test_that_what_a_run_taught_is_found_after_a_restart(tmp_path: Path) -> None:
    def heard(step: str, fraction: float) -> None:
        pass

    here = machine("GPU-1")
    write_calibration(calibration_file(tmp_path), here, calibration(card()))
    first = Measured(tmp_path, (), heard)
    await first.open(here)
    await first.learn("gpu", 100.0, 90.0)
    second = Measured(tmp_path, (), heard)
    await second.open(here)
    assert second.calibration is not None
    assert second.calibration.corrections == {"gpu": pytest.approx(0.97)}


def test_that_what_is_measured_with_is_what_is_installed() -> None:
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text("utf-8"))
    assert f"llama-cpp-python=={LLAMA_VERSION}" in project["project"]["dependencies"]
    assert version("llama-cpp-python") == LLAMA_VERSION
