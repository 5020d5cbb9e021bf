"""The time between "please end" and the end: nobody new comes in, and who is in may finish."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

from engine.errors import Busy

_AGAIN_SECONDS = 10  # until whoever ended us has started us anew, perhaps


class Leaving:
    """Counts those who are in. Belongs to the loop that runs the port."""

    def __init__(self) -> None:
        self._inside = 0
        self._has_begun = False
        self._empty = asyncio.Event()
        self._empty.set()

    @contextmanager
    def inside(self) -> Generator[Busy | None]:
        """A request is in; what it is refused by, if it came too late."""
        if self._has_begun:
            yield Busy("Fullbore is about to end.", retry_seconds=_AGAIN_SECONDS)
            return
        self._inside += 1
        self._empty.clear()
        try:
            yield None
        finally:
            self._inside -= 1
            if not self._inside:
                self._empty.set()

    async def leave(self, seconds: float) -> bool:
        """Refuse everybody from now on, and wait so long for those who are in: all went?"""
        self._has_begun = True
        try:
            async with asyncio.timeout(seconds):
                await self._empty.wait()
        except TimeoutError:
            return False
        return True
