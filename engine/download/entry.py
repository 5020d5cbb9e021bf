"""One download of the queue, and who waits for it."""

import asyncio
from pathlib import Path

from engine.download.values import Download, DownloadPhase, Quantization
from engine.download.wire import Limit
from engine.errors import EngineError


class Entry:
    """A download of the queue, and the task that runs it."""

    def __init__(self, repository: str, quantization: Quantization, download: Download) -> None:
        self.repository = repository
        self.quantization = quantization
        self.download = download
        self.task: asyncio.Task[tuple[Path, ...]] | None = None
        self.halting: DownloadPhase | None = None  # what it becomes when its task is gone
        self.orders: asyncio.Queue[Limit] = asyncio.Queue()
        self.portion: int | None = None
        self.ended = _future()

    def forget_orders(self, portion: int | None) -> None:
        """What the last child was not told any more is stale: a new one begins with this."""
        self.orders = asyncio.Queue()
        self.portion = portion

    def renew(self) -> None:
        """It will end anew."""
        if self.ended.done():
            self.ended = _future()

    def succeed(self, paths: tuple[Path, ...]) -> None:
        """Whoever waits gets the paths."""
        if not self.ended.done():
            self.ended.set_result(paths)

    def fail(self, error: EngineError) -> None:
        """Whoever waits gets the error."""
        if not self.ended.done():
            self.ended.set_exception(error)


def _future() -> asyncio.Future[tuple[Path, ...]]:
    future: asyncio.Future[tuple[Path, ...]] = asyncio.get_running_loop().create_future()
    # That nobody waits is no mistake: the failure is told as a fact, too.
    future.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
    return future
