"""Quiet: the time while this machine is measured and nothing else may run."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

from engine.errors import CalibrationFailed, EngineError

T = TypeVar("T")


class Quiet:
    """One measurement at a time; whoever wants a model meanwhile waits for its end.

    `loaded` is the model that runs, `unload` ends it, and `load` brings it back.
    """

    def __init__(
        self,
        loaded: Callable[[], str | None],
        unload: Callable[[], Awaitable[None]],
        load: Callable[[str], Awaitable[None]],
    ) -> None:
        self._loaded = loaded
        self._unload = unload
        self._load = load
        self._over = asyncio.Event()
        self._over.set()
        self._answering = 0
        self._crowded = False  # whether the answers in progress ever had company
        self._measuring: asyncio.Task[object] | None = None
        self._closed = False

    async def over(self) -> None:
        """Returns when nothing is being measured."""
        await self._over.wait()

    @asynccontextmanager
    async def answering(self) -> AsyncGenerator[Callable[[], bool]]:
        """While an answer is written nothing is measured, and the other way round.

        What it gives tells whether the answer had the model to itself all the time.
        """
        await self.over()
        self._answering += 1
        self._crowded = self._crowded or self._answering > 1
        try:
            yield lambda: not self._crowded
        finally:
            self._answering -= 1
            self._crowded = self._crowded and self._answering > 0

    async def measure(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do that work with no model loaded; the one that was is loaded again afterwards.

        Raises CalibrationFailed at once while an answer is written, or another measurement runs,
        and when `cancel` ended it.
        """
        if self._answering:
            raise CalibrationFailed("An answer is being written: nothing was measured.")
        if self._measuring is not None:
            raise CalibrationFailed("This machine is being measured already.")
        model = self._loaded()
        self._over.clear()
        task = self._measuring = asyncio.ensure_future(self._alone(work))
        try:
            return await task
        except asyncio.CancelledError:
            asking = asyncio.current_task()
            if asking is not None and asking.cancelling():
                raise
            raise CalibrationFailed("The calibration was stopped.") from None
        finally:
            self._measuring = None
            self._over.set()
            if model is not None and not self._closed and not _leaving():
                with suppress(EngineError):  # told as a fact, by the model that did not load
                    await self._load(model)

    def cancel(self) -> None:
        """End the measurement under way."""
        if self._measuring is not None:
            self._measuring.cancel()

    def close(self) -> None:
        """The same, and nothing is loaded again."""
        self._closed = True
        self.cancel()

    async def _alone(self, work: Callable[[], Awaitable[T]]) -> T:
        await self._unload()
        return await work()


def _leaving() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
