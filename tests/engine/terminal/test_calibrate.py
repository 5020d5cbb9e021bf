"""`fullbore calibrate`: what it shows, and when it refuses."""

import pytest

from engine.config import EngineConfig, Home
from engine.errors import HomeBusy
from engine.handover.lock import HomeLock
from engine.hardware.calibration import BoardCalibration, Calibration, CardCalibration
from engine.terminal.calibrate import calibrate, calibration_text

CARD = CardCalibration(
    uuid="GPU-1",
    name="NVIDIA GeForce RTX 4090",
    bytes_per_second=8.5e11,
    type_rates={"Q4_K": 8.4e11, "F16": 9.3e11},
    flops=1.5e14,
    link_bytes_per_second=2.5e10,
    layer_seconds=4e-5,
    expert_layer_seconds=7e-5,
    residual_loaded_bytes=None,
    residual_peak_bytes=600_000_000,
)
BOARD = BoardCalibration(
    threads=8,
    read_rates={1: 2e10, 8: 6e10},
    type_rates={"Q4_K": 5e10},
    flops=1e12,
    layer_seconds=6e-5,
    disk_bytes_per_second=None,
)


def test_that_the_table_shows_every_card_and_what_was_not_measured() -> None:
    found = Calibration(
        at="2026-01-01T00:00:00+00:00", library="llama.cpp", cards=(CARD,), board=BOARD
    )
    lines = [" ".join(line.split()) for line in calibration_text(found).splitlines()]
    assert "RAM, threads: 8 60.0 GB/s" in lines
    assert "disk not measured" in lines
    assert "card 0 NVIDIA GeForce RTX 4090" in lines
    assert "card 0, driver's share, loaded not measured" in lines
    assert "card 0, driver's share, in use 0.6 GB" in lines
    assert "Q4_K 50.0 GB/s 840.0 GB/s" in lines
    assert "F16 – 930.0 GB/s" in lines


@pytest.mark.anyio
async def test_that_nothing_is_measured_beside_a_running_fullbore(home: Home) -> None:
    lock = HomeLock(home)
    lock.take()
    try:
        with pytest.raises(HomeBusy):
            await calibrate(home, EngineConfig(), as_json=True)
    finally:
        lock.release()
