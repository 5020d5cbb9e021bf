"""An Engine for one verb, and a line that tells how its load goes."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import replace

from engine.config import EngineConfig, Home
from engine.engine import Engine, own_parts
from engine.events import DownloadMoved, ModelMoved
from engine.host.facts import Phase
from engine.terminal.progress import transfer_text
from engine.terminal.screen import MovingLine


@asynccontextmanager
async def running(home: Home, config: EngineConfig) -> AsyncGenerator[Engine]:
    """An Engine without a window, started, with its progress shown; closed at the end."""
    engine = Engine(home, config, parts=replace(own_parts(home.root), window=False))
    await engine.start()
    watching = asyncio.create_task(_watch(engine), name="progress")
    try:
        yield engine
    finally:
        await engine.close()
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


async def _watch(engine: Engine) -> None:
    line = MovingLine()
    async with aclosing(engine.events()) as events:
        async for event in events:
            match event:
                case ModelMoved() if event.phase is Phase.LOADING:
                    line.show(f"Loading {event.model}  {event.fraction:.0%}")
                case DownloadMoved():
                    line.show(transfer_text(event.download))
                case ModelMoved():
                    line.clear()
                case _:
                    pass
    line.clear()
