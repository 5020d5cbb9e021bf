"""`calibrate`: measure this machine, for people and for programs."""

import asyncio
import json
from dataclasses import asdict

from engine.config import EngineConfig, Home
from engine.engine import own_parts
from engine.fit.placement.words import gigabytes
from engine.handover.lock import HomeLock
from engine.hardware.calibration import Calibration, CardCalibration
from engine.hardware.probe import probe
from engine.hardware.visible import visible_library
from engine.host.measured import Measured
from engine.library.folders import shelf_folders
from engine.library.shelf import scan
from engine.terminal.screen import MovingLine, table


async def calibrate(home: Home, config: EngineConfig, *, as_json: bool) -> None:
    """Measure for up to a minute, keep it, and print what came out. Raises EngineError.

    The home must be free: a Fullbore that runs would share the machine, and not hear of it.
    """
    lock = HomeLock(home)
    lock.take()
    line = MovingLine()

    def tell(step: str, fraction: float) -> None:
        line.show(f"Measuring {fraction:4.0%}  {step}")

    folders = (home.models, *config.folders)
    try:
        library = visible_library(home.environment)
        measured = Measured(home.cache, own_parts(home.root).worker, tell, library=library)
        await measured.open(await asyncio.to_thread(probe, folders, library=library))
        shelf = await asyncio.to_thread(scan, shelf_folders(home, config))
        calibration = await measured.measure(file for model in shelf for file in model.files)
    finally:
        line.clear()
        lock.release()
    print(json.dumps(asdict(calibration), indent=2) if as_json else calibration_text(calibration))


def calibration_text(calibration: Calibration) -> str:
    """A table for people: the processor and each card, then the rates by tensor type."""
    board, cards = calibration.board, calibration.cards
    disk = board.disk_bytes_per_second
    facts = [
        *((f"RAM, threads: {count}", _rate(rate)) for count, rate in board.read_rates.items()),
        ("processor, prompts", _operations(board.flops)),
        ("processor, each layer", _microseconds(board.layer_seconds)),
        ("disk", "not measured" if disk is None else _rate(disk)),
    ]
    for number, card in enumerate(cards):
        facts.extend(_card_facts(number, card))
    head = ("type", "processor", *(f"card {number}" for number in range(len(cards))))
    owners = (board.type_rates, *(card.type_rates for card in cards))
    names = dict.fromkeys(name for rates in owners for name in rates)
    rows = [
        (name, *(_rate(rates[name]) if name in rates else "–" for rates in owners))
        for name in names
    ]
    return "\n".join(
        (
            f"Measured with {calibration.library}, {board.threads} threads",
            "",
            table(("what", "reached"), facts),
            "",
            table(head, rows),
        )
    )


def _card_facts(number: int, card: CardCalibration) -> list[tuple[str, str]]:
    loaded, peak = card.residual_loaded_bytes, card.residual_peak_bytes
    return [
        (f"card {number}", card.name),
        (f"card {number}, memory", _rate(card.bytes_per_second)),
        (f"card {number}, prompts", _operations(card.flops)),
        (f"card {number}, copies to it", _rate(card.link_bytes_per_second)),
        (f"card {number}, each layer", _microseconds(card.layer_seconds)),
        (f"card {number}, each layer with experts", _microseconds(card.expert_layer_seconds)),
        (f"card {number}, driver's share, loaded", _share(loaded)),
        (f"card {number}, driver's share, in use", _share(peak)),
    ]


def _rate(bytes_per_second: float) -> str:
    return f"{bytes_per_second / 1e9:.1f} GB/s"


def _operations(flops: float) -> str:
    return f"{flops / 1e12:.2f} TFLOPS"


def _microseconds(seconds: float) -> str:
    return f"{seconds * 1e6:.0f} µs"


def _share(size: int | None) -> str:
    return "not measured" if size is None else gigabytes(size)
