"""Waiting for a condition instead of sleeping for a while."""

import asyncio
from collections.abc import Callable

import psutil


async def until(condition: Callable[[], bool], *, seconds: float = 20.0) -> None:
    """Returns when the condition holds; fails after that time."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


def is_running(pid: int) -> bool:
    """Whether that process lives (a zombie does not)."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
