"""What was measured on this machine, kept in a file, and refined by every real run."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from engine.errors import unsaved
from engine.hardware.calibration import Calibration
from engine.hardware.machine import Machine
from engine.hardware.nvidia import NvmlLibrary
from engine.host.calibrate import Calibrator
from engine.protocol.library import LLAMA
from engine.replacing import put_in_place

LEAST_ANSWER_TOKENS = 64
_LEARNING_RATE = 0.3
_LOWEST, _HIGHEST = 0.5, 1.5

_log = logging.getLogger(__name__)


class _Kept(BaseModel):
    """The file: what was measured, and on which processor."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    processor: str
    calibration: Calibration


class Measured:
    """This machine's calibration: read at the start, made anew on request, refined by runs.

    `worker` is the command that starts a worker; `tell` hears of each step and the fraction done.
    """

    def __init__(
        self,
        cache: Path,
        worker: tuple[str, ...],
        tell: Callable[[str, float], None],
        *,
        library: NvmlLibrary | None = None,
    ) -> None:
        self._path = calibration_file(cache)
        self._worker = worker
        self._tell = tell
        self._library = library
        self._machine: Machine | None = None
        self.calibration: Calibration | None = None

    async def open(self, machine: Machine) -> None:
        """Find what was measured on this machine before."""
        self._machine = machine
        self.calibration = await asyncio.to_thread(read_calibration, self._path, machine, LLAMA)

    async def measure(self, files: Iterable[Path]) -> Calibration:
        """Measure for up to a minute, and keep it; of `files` the biggest is read for the disk.

        Raises CalibrationFailed, DiskFull or Unwritable.
        """
        machine = self._known_machine()
        calibrator = Calibrator(self._worker, machine, library=self._library)
        try:
            biggest = await asyncio.to_thread(_biggest, tuple(files))
            found = await calibrator.run(biggest, self._tell)
        finally:
            self._tell("", 1.0)
        self.calibration = found
        await self._keep(machine, found)
        return found

    async def learn(self, kind: str, predicted_tps: float, measured_tps: float) -> None:
        """Refine what is known by one run that is worth it. Raises EngineError."""
        if self.calibration is None:
            return
        self.calibration = refine(self.calibration, kind, predicted_tps, measured_tps)
        await self._keep(self._known_machine(), self.calibration)

    async def _keep(self, machine: Machine, calibration: Calibration) -> None:
        try:
            await asyncio.to_thread(write_calibration, self._path, machine, calibration)
        except OSError as error:
            raise unsaved("The calibration", error) from error

    def _known_machine(self) -> Machine:
        assert self._machine is not None, "it was not opened"
        return self._machine


def calibration_file(cache: Path) -> Path:
    """Where it is kept."""
    return cache / "calibration.json"


def read_calibration(path: Path, machine: Machine, library: str) -> Calibration | None:
    """What was measured with that library on that machine; None if that was never done.

    A file that cannot be read counts as none: measuring again is cheap.
    """
    try:
        kept = _Kept.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as problem:
        _log.warning("%s is not used: %s", path.name, problem)
        return None
    same = (
        kept.processor == machine.cpu.name
        and kept.calibration.library == library
        and _uuids(kept.calibration) <= {gpu.uuid for gpu in machine.gpus}
    )
    return kept.calibration if same else None


def write_calibration(path: Path, machine: Machine, calibration: Calibration) -> None:
    """Keep it, whole or not at all. Raises OSError."""
    kept = _Kept(processor=machine.cpu.name, calibration=calibration)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(kept.model_dump_json(indent=2), "utf-8")
    put_in_place(draft, path)


def covers(calibration: Calibration, machine: Machine) -> bool:
    """Whether every card of the machine was measured."""
    names = {card.name for card in calibration.cards if card.uuid is None}
    return all(gpu.uuid in _uuids(calibration) or gpu.name in names for gpu in machine.gpus)


def refine(
    calibration: Calibration, kind: str, predicted_tps: float, measured_tps: float
) -> Calibration:
    """Learn from one run of that placement kind.

    `predicted_tps` is what a plan said with the corrections of this calibration. The correction
    moves a part of the way to what would have been right, never out of 0.5 … 1.5.
    """
    if not (0 < predicted_tps < float("inf") and 0 < measured_tps < float("inf")):
        return calibration
    before = calibration.corrections.get(kind, 1.0)
    right = _bounded(before * measured_tps / predicted_tps)
    after = _bounded(before + _LEARNING_RATE * (right - before))
    return replace(calibration, corrections={**calibration.corrections, kind: after})


def _biggest(files: tuple[Path, ...]) -> Path | None:
    sizes: dict[Path, int] = {}
    for file in files:
        with suppress(OSError):
            sizes[file] = file.stat().st_size
    return max(sizes, key=lambda file: sizes[file], default=None)


def _bounded(factor: float) -> float:
    return min(_HIGHEST, max(_LOWEST, factor))


def _uuids(calibration: Calibration) -> set[str | None]:
    # Cards of other makers than NVIDIA have none that could be compared.
    return {card.uuid for card in calibration.cards if card.uuid is not None}
