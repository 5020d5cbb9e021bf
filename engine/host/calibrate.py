"""A calibration seen from outside: runs the child, watches the cards' memory, keeps the figures."""

import asyncio
import logging
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import assert_never

import psutil
from pydantic import ValidationError

from engine.background.child_process import ChildProcess, describe_end
from engine.errors import CalibrationFailed
from engine.hardware.calibration import BoardCalibration, Calibration, CardCalibration
from engine.hardware.machine import Gpu, Machine
from engine.hardware.nvidia import Nvidia, NvmlLibrary, installed_library
from engine.protocol.calibrate import (
    GO,
    Board,
    CalibrationReport,
    CardFound,
    Done,
    Figure,
    Measured,
    Missed,
    Moved,
    Standing,
    calibration_report,
)
from engine.protocol.framing import BrokenFrame

LIMIT_SECONDS = 60.0
_BUSY = 0.25  # of the processor, by others
# Of these types most models are made; a card's one rate is what they typically reach.
_USUAL_TYPES = ("Q4_K", "Q6_K", "Q8_0", "Q5_K", "Q4_0")

_log = logging.getLogger(__name__)

Progress = Callable[[str, float], None]


@dataclass(slots=True, kw_only=True)
class Gathered:
    """What the child told so far. Residuals are bytes by card number, one for each model."""

    board: Board | None = None
    cards: dict[int, CardFound] = field(default_factory=dict[int, CardFound])
    figures: dict[tuple[int | None, Figure, str], float] = field(
        default_factory=dict[tuple[int | None, Figure, str], float]
    )
    loaded: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    used: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    done: bool = False

    def rates(self, owner: int | None, figure: Figure) -> dict[str, float]:
        """That owner's figures by key."""
        return {
            key: value
            for (whose, what, key), value in self.figures.items()
            if whose == owner and what is figure
        }

    def one(self, owner: int | None, figure: Figure) -> float | None:
        """That owner's only such figure."""
        return self.figures.get((owner, figure, ""))


class Calibrator:
    """Measures one machine. `command` starts a worker."""

    def __init__(
        self,
        command: tuple[str, ...],
        machine: Machine,
        *,
        library: NvmlLibrary | None = None,
        limit_seconds: float = LIMIT_SECONDS,
    ) -> None:
        self._command = command
        self._machine = machine
        self._nvidia = Nvidia(library or installed_library())
        self._limit_seconds = limit_seconds

    async def run(self, file: Path | None, progress: Progress) -> Calibration:
        """Measure for up to a minute; raises CalibrationFailed if nothing came of it.

        `file` is a big one on the disk of the models. What a child that hangs or dies has told
        before is kept. Cancelling ends the child.
        """
        await asyncio.to_thread(self._nvidia.open)
        busy = await asyncio.to_thread(psutil.cpu_percent, 0.3) / 100
        if busy > _BUSY:
            _log.warning("The processor is busy (%.0f %%): its figures may be low", busy * 100)
        gathered = Gathered()
        try:
            before = await self._used()
            command = (*self._command, "--calibrate", *([str(file)] if file else []))
            try:
                child = await ChildProcess.start(command)
            except OSError as error:
                raise CalibrationFailed(f"The calibration could not start: {error}.") from error
            await self._hear(child, gathered, before, progress)
        finally:
            await asyncio.to_thread(self._nvidia.close)
        at = datetime.now(UTC).isoformat(timespec="seconds")
        calibration = calibration_of(gathered, self._machine.gpus, at)
        if calibration is None:
            raise CalibrationFailed(
                "The calibration measured nothing.", last_words=child.last_words
            )
        return calibration

    async def _hear(
        self,
        child: ChildProcess,
        gathered: Gathered,
        before: dict[int, int | None],
        progress: Progress,
    ) -> None:
        try:
            async with asyncio.timeout(self._limit_seconds):
                while not gathered.done and (body := await child.read()) is not None:
                    report = calibration_report(body)
                    _note(gathered, report, progress)
                    if isinstance(report, Standing):
                        self._weigh(gathered, report, before, await self._used())
                        child.write(GO)
        except TimeoutError:
            _log.warning("The calibration took longer than %.0f s", self._limit_seconds)
        except (BrokenFrame, ValidationError):
            _log.exception("The calibration does not speak our protocol")
        finally:
            if not gathered.done:
                child.kill()
            code = await child.end(1.0)
        if not gathered.done:
            _log.warning("The calibration %s: %s", describe_end(code), child.last_words[-500:])

    def _weigh(
        self,
        gathered: Gathered,
        report: Standing,
        before: dict[int, int | None],
        now: dict[int, int | None],
    ) -> None:
        gpu = matches(gathered.cards, self._machine.gpus).get(report.number)
        if gpu is None:
            return
        first, last = before.get(gpu.index), now.get(gpu.index)
        if first is None or last is None:
            return
        residual = last - first - report.own_bytes
        if residual < 0:  # another program gave memory back meanwhile
            return
        stage = gathered.loaded if report.stage == "loaded" else gathered.used
        stage.setdefault(report.number, []).append(residual)

    async def _used(self) -> dict[int, int | None]:
        readings = await asyncio.to_thread(self._nvidia.read)
        return {reading.index: reading.memory_used_bytes for reading in readings}


def _note(gathered: Gathered, report: CalibrationReport, progress: Progress) -> None:
    match report:
        case Board():
            gathered.board = report
        case CardFound():
            gathered.cards[report.number] = report
        case Moved():
            progress(report.step, report.fraction)
        case Measured():
            if 0 <= report.value < float("inf"):
                gathered.figures[report.number, report.figure, report.key] = report.value
        case Missed():
            _log.warning("Not measured: %s: %s", report.step, report.reason)
        case Done():
            gathered.done = True
        case Standing():
            pass
        case _:
            assert_never(report)


def matches(cards: dict[int, CardFound], gpus: Sequence[Gpu]) -> dict[int, Gpu]:
    """Which of the driver's cards each measured one is: both count along the bus."""
    left = list(gpus)
    found: dict[int, Gpu] = {}
    for number, card in sorted(cards.items()):
        gpu = next((gpu for gpu in left if _plain(gpu.name) == _plain(card.name)), None)
        if gpu is not None:
            left.remove(gpu)
            found[number] = gpu
    return found


def calibration_of(gathered: Gathered, gpus: Sequence[Gpu], at: str) -> Calibration | None:
    """The values out of what was told; None without the board's.

    A card without its most important figures is left out: the catalogue knows it better.
    """
    board = _board(gathered)
    if gathered.board is None or board is None:
        return None
    known = matches(gathered.cards, gpus)
    cards = (
        _card(gathered, number, card, known.get(number))
        for number, card in sorted(gathered.cards.items())
    )
    return Calibration(
        at=at,
        library=gathered.board.library,
        cards=tuple(card for card in cards if card is not None),
        board=board,
    )


def _card(
    gathered: Gathered, number: int, card: CardFound, gpu: Gpu | None
) -> CardCalibration | None:
    rates = gathered.rates(number, Figure.TYPE_RATE)
    usual = [rates[name] for name in _USUAL_TYPES if name in rates]
    flops = gathered.one(number, Figure.FLOPS)
    pageable = gathered.one(number, Figure.PAGEABLE)
    link = gathered.one(number, Figure.PINNED) or pageable
    layer = gathered.one(number, Figure.LAYER)
    expert_layer = gathered.one(number, Figure.EXPERT_LAYER)
    if not usual or flops is None or link is None or layer is None or expert_layer is None:
        _log.warning("%s was not measured whole, and is left out", card.name)
        return None
    return CardCalibration(
        uuid=gpu.uuid if gpu else None,
        name=gpu.name if gpu else card.name,
        bytes_per_second=statistics.median(usual),
        type_rates=rates,
        flops=flops,
        link_bytes_per_second=link,
        layer_seconds=layer,
        expert_layer_seconds=expert_layer,
        # The first model's: a later one finds kernels that stay from the use of those before.
        residual_loaded_bytes=next(iter(gathered.loaded.get(number, ())), None),
        residual_peak_bytes=max(gathered.used.get(number, ()), default=None),
        pageable_bytes_per_second=pageable,
    )


def _board(gathered: Gathered) -> BoardCalibration | None:
    reads = {int(key): rate for key, rate in gathered.rates(None, Figure.READ_RATE).items()}
    flops = gathered.one(None, Figure.FLOPS)
    layer = gathered.one(None, Figure.LAYER)
    if gathered.board is None or not reads or flops is None or layer is None:
        return None
    return BoardCalibration(
        threads=gathered.board.threads,
        read_rates=reads,
        type_rates=gathered.rates(None, Figure.TYPE_RATE),
        flops=flops,
        layer_seconds=layer,
        disk_bytes_per_second=gathered.one(None, Figure.DISK),
    )


def _plain(name: str) -> str:
    return name.lower().replace("nvidia", "").strip()
