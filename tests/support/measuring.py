"""A machine that is measured in one step, or never comes to an end until it is told to."""

import asyncio
from collections.abc import Callable

from engine.errors import CalibrationFailed
from engine.events import CalibrationMoved
from engine.hardware.calibration import BoardCalibration, Calibration

CALIBRATION = Calibration(
    at="2026-01-31T12:00:00+00:00",
    library="llama-cpp-python 0.3.36",
    cards=(),
    board=BoardCalibration(
        threads=4,
        read_rates={4: 40e9},
        type_rates={},
        flops=5e11,
        layer_seconds=6e-5,
        disk_bytes_per_second=None,
    ),
)


class Measuring:
    """What the fake engine knows of its machine. `holds` keeps it half way until cancelled."""

    def __init__(self, tell: Callable[[CalibrationMoved], None]) -> None:
        self._tell = tell
        self._cancelled = asyncio.Event()
        self.known: Calibration | None = CALIBRATION
        self.holds = False
        self.times = 0

    async def calibrate(self) -> Calibration:
        self.times += 1
        self._cancelled.clear()
        self._tell(CalibrationMoved(step="RAM", fraction=0.5))
        if self.holds:
            await self._cancelled.wait()
            raise CalibrationFailed("The calibration was stopped.")
        self.known = CALIBRATION
        return CALIBRATION

    def cancel(self) -> None:
        self._cancelled.set()
