"""A pack's parts, by the child process that downloads: resumed, hashed, put in place."""

import shutil
from collections.abc import Callable, Sequence
from contextlib import aclosing
from pathlib import Path, PurePosixPath

from engine.download.assets import Asset
from engine.download.child import ask
from engine.download.wire import Bring, Read, Received, Text
from engine.errors import DiskFull, DownloadError
from engine.pack.catalogue import Part

_RESERVE_BYTES = 64 << 20  # a disk filled to the last byte harms everyone

Free = Callable[[Path], int]


def free_bytes(folder: Path) -> int:
    """What the disk of that folder has left."""
    return shutil.disk_usage(folder).free


def asset(part: Part, folder: Path) -> Asset:
    """Where that part is to lie while the pack is made."""
    name = PurePosixPath(part.url).name
    target = folder / f"{part.sha256[:12]}-{name}"
    return Asset(url=part.url, sha256=part.sha256, size_bytes=part.size_bytes, target=str(target))


def held(parts: Sequence[Part], folder: Path) -> int:
    """How much of them has arrived."""
    return sum(asset(part, folder).held_bytes for part in parts)


def check_space(missing: int, unpacked: int, free: int) -> None:
    """Raises DiskFull where downloads and what is unpacked of them have no room together."""
    needed = missing + unpacked + _RESERVE_BYTES
    if needed > free:
        raise DiskFull(
            f"The GPU pack needs {_size(needed)} of room, and {_size(free)} are free.",
            remedy="Free some room, then install it: it is smaller once it is unpacked.",
        )


async def read(command: Sequence[str], url: str) -> str:
    """The text at that address. Raises EngineError."""
    async with aclosing(ask(command, Read(url=url))) as answers:
        async for answer in answers:
            if isinstance(answer, Text):
                return answer.text
    raise DownloadError("The download ended without a word.")


async def fetch(
    command: Sequence[str],
    assets: Sequence[Asset],
    moved: Callable[[int], None],
    bytes_per_second: int | None = None,
) -> None:
    """Have them all in their places; `moved` is told how many bytes are there. Raises EngineError.

    Cancelling ends the child; what has arrived is kept.
    """
    wish = Bring(assets=tuple(assets), bytes_per_second=bytes_per_second)
    async with aclosing(ask(command, wish)) as answers:
        async for answer in answers:
            if isinstance(answer, Received) and answer.phase == "running":
                moved(answer.received_bytes)


def _size(size_bytes: int) -> str:
    # No fraction of a small number: what is lacking must not read "0.0 GB".
    return f"{size_bytes / 1e9:,.1f} GB" if size_bytes >= 1e10 else f"{size_bytes / 1e6:,.0f} MB"
