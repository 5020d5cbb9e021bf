"""How much room there is where models are kept."""

from __future__ import annotations

import asyncio
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


async def free_bytes(folder: Path) -> int | None:
    """What is free on that folder's disk, or its nearest ancestor's; None: nobody knows."""
    return await asyncio.to_thread(_free, folder)


def _free(folder: Path) -> int | None:
    for place in (folder, *folder.parents):
        try:
            return shutil.disk_usage(place).free
        except FileNotFoundError:
            continue
        except OSError:
            return None
    return None
