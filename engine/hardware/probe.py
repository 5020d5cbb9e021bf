"""What machine is this? Asks every source; a source that fails leaves its part out."""

from collections.abc import Sequence
from pathlib import Path

from engine.hardware import system
from engine.hardware.machine import Machine
from engine.hardware.nvidia import Nvidia, NvmlLibrary, installed_library
from engine.hardware.others import other_cards


def probe(folders: Sequence[Path], *, library: NvmlLibrary | None = None) -> Machine:
    """The machine, and the disks that hold those folders. May take a second; never raises."""
    nvidia = Nvidia(library or installed_library())
    has_driver = nvidia.open()
    try:
        return Machine(
            gpus=nvidia.gpus(),
            cpu=system.cpu(),
            memory_bytes=system.memory_bytes(),
            disks=system.disks(folders),
            driver=nvidia.driver() if has_driver else None,
            cuda=nvidia.cuda() if has_driver else None,
            system=system.system_name(),
            others=other_cards(),
        )
    finally:
        nvidia.close()
