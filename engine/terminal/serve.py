"""`serve`: the local port without a window."""

import asyncio
import signal
import sys
from types import FrameType

from engine.config import EngineConfig, Home
from engine.terminal.watching import running


async def serve(home: Home, config: EngineConfig, *, port: int | None, model: str | None) -> None:
    """Serve until SIGINT or SIGTERM. Raises EngineError."""
    leaving = asyncio.Event()
    _on_signals(leaving)
    async with running(home, config.model_copy(update={"serve": False})) as engine:
        address = await engine.open_port(port)
        print(f"Fullbore serves at {address}", flush=True)
        if model is not None:
            load = asyncio.create_task(engine.load(model))
            left = asyncio.create_task(leaving.wait())
            await asyncio.wait({load, left}, return_when=asyncio.FIRST_COMPLETED)
            left.cancel()
            if load.done():
                load.result()
            else:
                load.cancel()
        await leaving.wait()


def _on_signals(leaving: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()

    def leave(_number: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(leaving.set)

    for number in (signal.SIGINT, signal.SIGTERM):
        if sys.platform == "win32":
            signal.signal(number, leave)
        else:
            loop.add_signal_handler(number, leaving.set)
