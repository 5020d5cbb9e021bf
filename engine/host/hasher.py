"""Hashing on a thread, which can be given up at any time."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic

from engine.library.hashing import sha256_of

_TELL_SECONDS = 0.1


async def hash_files(files: Sequence[Path], progress: Callable[[float], None]) -> tuple[str, ...]:
    """Their sha256, one after the other; `progress` hears the fraction done, 1.0 at the end.

    Cancelling ends it within some megabytes. Raises OSError.
    """
    loop = asyncio.get_running_loop()
    stopped = threading.Event()

    def hear(fraction: float) -> None:
        loop.call_soon_threadsafe(_told, progress, fraction, stopped)

    work = loop.run_in_executor(None, _hash_all, tuple(files), hear, stopped)
    try:
        hashes = await asyncio.shield(work)
    except asyncio.CancelledError:
        stopped.set()
        work.add_done_callback(_heard)
        raise
    progress(1.0)
    return hashes


def _hash_all(
    files: Sequence[Path], hear: Callable[[float], None], stopped: threading.Event
) -> tuple[str, ...]:
    total = max(1, sum(file.stat().st_size for file in files))
    done, told_at = 0, 0.0

    def read(count: int) -> None:
        nonlocal done, told_at
        done += count
        if monotonic() - told_at >= _TELL_SECONDS:
            told_at = monotonic()
            hear(min(1.0, done / total))

    return tuple(sha256_of(file, read, stopped) for file in files)


def _told(progress: Callable[[float], None], fraction: float, stopped: threading.Event) -> None:
    if not stopped.is_set():
        progress(fraction)


def _heard(work: "asyncio.Future[tuple[str, ...]]") -> None:
    # Nobody waits for it; the thread ends by itself, and its end is no news.
    if not work.cancelled():
        work.exception()
