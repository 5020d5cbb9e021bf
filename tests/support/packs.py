"""A GPU pack without a card: the same surface and facts as the engine's, step by step."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from engine.errors import DownloadCancelled, EngineError
from engine.events import Event, PackMoved
from engine.fit.saying import say
from engine.pack.values import Pack, PackKind, PackState

NEEDLESS = Pack(state=PackState.NEEDLESS)
OFFERED = Pack(
    state=PackState.OFFERED,
    kind=PackKind.CUDA_13,
    size_bytes=560_000_000,
    unpacked_bytes=760_000_000,
    reason=say("The pack is for {cards:names}.", cards=("NVIDIA GeForce RTX 4090",)),
)


class FakePack:
    """Stays half downloaded while `holds`, until cancelled; ends badly with `failure`."""

    def __init__(self, tell: Callable[[Event], None]) -> None:
        self._tell = tell
        self.now = NEEDLESS
        self.holds = False
        self.failure: EngineError | None = None
        self._cancelled = asyncio.Event()

    def look(self) -> Pack:
        return self.now

    async def install(self) -> None:
        self._cancelled.clear()
        before = replace(self.now, state=PackState.OFFERED, failure="", done_bytes=0)
        half = before.size_bytes // 2
        self.move(replace(before, state=PackState.DOWNLOADING, done_bytes=half))
        await asyncio.sleep(0)
        if self.holds:
            await self._cancelled.wait()
            self.move(replace(before, done_bytes=half))
            raise DownloadCancelled("The GPU pack's install was stopped.")
        if self.failure is not None:
            self.move(replace(before, done_bytes=half, failure=self.failure.sentence))
            raise self.failure
        self.move(replace(before, state=PackState.UNPACKING))
        self.move(replace(before, state=PackState.PROVING))
        self.move(replace(before, state=PackState.READY))

    def cancel(self) -> None:
        self._cancelled.set()

    async def remove(self) -> None:
        await asyncio.sleep(0)
        self.move(OFFERED)

    def move(self, pack: Pack) -> None:
        """It is so from now on."""
        self.now = pack
        self._tell(PackMoved(pack=pack))
