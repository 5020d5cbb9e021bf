"""`serve`: the local port without a window."""

import asyncio
import logging
import os
import signal
import sys
from argparse import Namespace
from collections.abc import Mapping
from types import FrameType

from engine.config import EngineConfig, Home
from engine.engine import Engine
from engine.terminal.arguments import file_or_id
from engine.terminal.logbook import keep_log, log_to
from engine.terminal.notify import notify
from engine.terminal.watching import running

_log = logging.getLogger("fullbore.serve")
# On Windows SIGTERM comes from nobody; Ctrl+Break is what a parent can send.
_ASKING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)
)


async def serve(
    home: Home, config: EngineConfig, asked: Namespace, environment: Mapping[str, str]
) -> None:
    """Serve until SIGINT or SIGTERM; answers in progress have `asked.grace` seconds then.

    A second signal ends them at once. A window that takes over counts as one. Raises EngineError.
    """
    signals = _Signals()
    async with running(home, config.model_copy(update={"serve": False})) as engine:
        log_to(home.logs / "serve.log")  # not before: a home that is no folder is told in a word
        logging_it = asyncio.create_task(keep_log(engine.events()), name="log")
        address = await engine.open_port(asked.port)
        print(f"Fullbore serves at {address}", flush=True)
        _log.info("Serving at %s, process %s", address, os.getpid())
        notify(environment, "READY=1", f"STATUS=Serving at {address}")
        engine.callers.may_end(signals.hear)
        try:
            await _load(engine, asked, signals)
            await signals.leave.wait()
        finally:
            notify(environment, "STOPPING=1", "STATUS=Letting answers finish")
        await _part(engine, asked.grace, signals)
    await asyncio.wait({logging_it})
    _log.info("Ended")


async def _load(engine: Engine, asked: Namespace, signals: "_Signals") -> None:
    """What was named on the command line, unless a signal comes first."""
    if asked.model is None:
        return
    model = file_or_id(asked.model)
    load = asyncio.create_task(engine.load(model, adapters=dict(asked.lora or ())))
    left = asyncio.create_task(signals.leave.wait())
    await asyncio.wait({load, left}, return_when=asyncio.FIRST_COMPLETED)
    left.cancel()
    if load.done():
        load.result()
    else:
        load.cancel()


async def _part(engine: Engine, grace_seconds: float, signals: "_Signals") -> None:
    _log.info("Asked to end; answers in progress have %g s", grace_seconds)
    parting = asyncio.create_task(engine.leave_port(grace_seconds))
    at_once = asyncio.create_task(signals.at_once.wait())
    await asyncio.wait({parting, at_once}, return_when=asyncio.FIRST_COMPLETED)
    at_once.cancel()
    if not parting.done():
        parting.cancel()
        _log.info("Asked again: ending at once")
    elif not parting.result():
        _log.warning("Answers were still in progress; their clients are told")


class _Signals:
    """SIGINT and SIGTERM: the first asks to leave, the second to leave at once.

    After that they do what they would without us: a third one ends the process.
    """

    def __init__(self) -> None:
        self.leave = asyncio.Event()
        self.at_once = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        for number in _ASKING:
            if sys.platform == "win32":
                signal.signal(number, self._heard)
            else:
                self._loop.add_signal_handler(number, self.hear)

    def _heard(self, _number: int, _frame: FrameType | None) -> None:
        self._loop.call_soon_threadsafe(self.hear)

    def hear(self) -> None:
        """Somebody asks to leave."""
        if not self.leave.is_set():
            self.leave.set()
            return
        self.at_once.set()
        for number in _ASKING:
            if sys.platform == "win32":
                signal.signal(number, signal.SIG_DFL)
            else:
                self._loop.remove_signal_handler(number)
