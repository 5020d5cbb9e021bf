"""A planner for one verb, of the machine as it is now."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from engine.background.background import Background
from engine.config import EngineConfig, Home
from engine.dryrun.dryrun import DryRuns
from engine.engine import own_parts
from engine.hardware.probe import probe
from engine.hardware.sampler import read_once
from engine.hardware.visible import visible_library
from engine.host.measured import calibration_file, read_calibration
from engine.pack.cards import served, supposed
from engine.planner.planner import Planner, Present
from engine.protocol.library import LLAMA


@asynccontextmanager
async def planning(home: Home, config: EngineConfig) -> AsyncGenerator[Planner]:
    """It supposes that nothing of ours is to leave the cards."""
    parts = own_parts(home.root)
    background = Background(parts.background)
    library = visible_library(home.environment)
    machine = served(probe((home.models, *config.folders), library=library), home.root)
    present = Present(
        machine=machine,
        reading=supposed(read_once(library), machine, {}),
        calibration=read_calibration(calibration_file(home.cache), machine, LLAMA),
        held={},
    )
    try:
        yield Planner(
            background,
            lambda: present,
            dry_runs=lambda: DryRuns((*parts.worker, "--dry-run")),
            cache=home.cache,
            streams=config.streams,
        )
    finally:
        await background.close()
