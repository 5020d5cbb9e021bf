"""`serve`: the local port without a window."""

import asyncio
import signal
import sys
from argparse import Namespace
from types import FrameType

from engine.config import EngineConfig, Home
from engine.terminal.arguments import file_or_id
from engine.terminal.watching import running


async def serve(home: Home, config: EngineConfig, asked: Namespace) -> None:
    """Serve until SIGINT or SIGTERM. Raises EngineError."""
    port: int | None = asked.port
    leaving = asyncio.Event()
    _on_signals(leaving)
    async with running(home, config.model_copy(update={"serve": False})) as engine:
        address = await engine.open_port(port)
        print(f"Fullbore serves at {address}", flush=True)
        if asked.model is not None:
            model = file_or_id(asked.model)
            load = asyncio.create_task(engine.load(model, adapters=dict(asked.lora or ())))
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
