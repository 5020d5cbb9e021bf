"""One stretch of a port being open: uvicorn as a guest in the engine's loop."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Generator
from contextlib import contextmanager

import uvicorn
from starlette.datastructures import MutableHeaders
from starlette.types import Message, Receive, Scope, Send
from typing_extensions import override

from engine.errors import Busy
from engine.server.answers import Answers
from engine.server.app import app_for, fingerprint, refuse
from engine.server.connections import PortConfig
from engine.server.cors import Cors
from engine.server.metrics.metering import Metering
from engine.server.observer import observed
from engine.server.situation import Opening, Situation

# Answers in progress are told at once; whoever does not listen by then is cut off.
_GRACE_SECONDS = 1


class Serving:
    """From the first connection to the last answer."""

    def __init__(self, answers: Answers, opening: Opening) -> None:
        self._answers = answers
        self._metering = Metering(answers)
        observers = (*opening.observers, self._metering.observer)
        self._situation = Situation(
            answers=observed(answers, observers),
            fingerprint=fingerprint(),
            metrics=self._metering.registry,
            keys=opening.keys,
            config=opening.config,
            patience=opening.patience,
            fetching=opening.fetching,
        )
        app = app_for(self._situation, host=opening.host, observers=observers)
        self._server = _Server(
            PortConfig(
                Cors(app, listed=lambda: opening.config().cors_origins),
                patience=opening.patience,
                crowded=_crowded,
                ssl_context_factory=_speaking(opening.tls),
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                date_header=False,  # it would need a clock that ticks every second
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
        )
        self._task: asyncio.Task[None] | None = None
        self._hearing: asyncio.Task[None] | None = None

    async def begin(self, listener: socket.socket) -> None:
        """Serve what comes in there, from now on."""
        heard = self._metering.listen(self._answers.events())
        self._hearing = asyncio.create_task(heard, name="metrics of the port")
        serve = self._server.serve(sockets=[listener])
        self._task = asyncio.create_task(serve, name="local port")
        ready = asyncio.create_task(self._server.ready.wait())
        await asyncio.wait({self._task, ready}, return_when=asyncio.FIRST_COMPLETED)
        if self._task.done():
            ready.cancel()
            self._task.result()

    async def leave(self, seconds: float) -> bool:
        """Let nobody new in, and wait so long for those who are: all went?"""
        return await self._situation.leaving.leave(seconds)

    async def end(self) -> None:
        """Tell every open answer, then stop."""
        self._situation.closing.set()
        self._server.leaving.set()
        if self._task is not None:
            await self._task
        for connection in list(self._server.server_state.connections):
            connection.transport.abort()
        if self._hearing is not None:
            self._hearing.cancel()
            await asyncio.wait({self._hearing})


def _speaking(
    tls: ssl.SSLContext | None,
) -> Callable[[uvicorn.Config, Callable[[], ssl.SSLContext]], ssl.SSLContext] | None:
    return None if tls is None else lambda _config, _usual: tls


async def _crowded(scope: Scope, receive: Receive, send: Send) -> None:
    busy = Busy("As many clients as may be are connected to the port.", retry_seconds=2)

    async def parting(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["Connection"] = "close"
        await send(message)

    await refuse(busy, scope, receive, parting)


class _Server(uvicorn.Server):
    """uvicorn, as a guest in somebody else's loop."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self.leaving = asyncio.Event()

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @override
    async def main_loop(self) -> None:
        """Wait for the end, instead of looking for it ten times a second."""
        await self.on_tick(0)
        await self.leaving.wait()

    @override
    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Signals belong to the program, not to its port."""
        yield
