"""The port itself: finds one that is free, serves there, and closes promptly."""

import asyncio
import errno
import ipaddress
import socket
import sys
from collections.abc import Generator
from contextlib import contextmanager

import uvicorn
from typing_extensions import override

from engine.errors import PortInUse
from engine.server.answers import Answers
from engine.server.app import app_for, fingerprint
from engine.server.situation import Situation

_MOST_TRIES = 20
_LAST_PORT = 65_535
# Answers in progress are told at once; whoever does not listen by then is cut off.
_GRACE_SECONDS = 1
# In use, or kept from us: Windows reserves whole ranges of ports and calls that "access denied".
_TAKEN = {errno.EADDRINUSE, errno.EACCES, errno.EPERM}


class Port:
    """Serves answers over HTTP on the loop that opens it. Open and close may be repeated."""

    def __init__(self, answers: Answers, *, api_key: str | None = None) -> None:
        self._answers = answers
        self._api_key = api_key
        self._serving: _Serving | None = None

    async def open(self, host: str, port: int, *, explicit: bool) -> str:
        """The address it serves at, as `http://127.0.0.1:11711`. Raises PortInUse.

        If the port is taken, one of the next twenty will do, unless it was asked for explicitly.
        """
        assert self._serving is None, "this port is open already"
        listener = _listener(host, port, tries=1 if explicit else _MOST_TRIES + 1)
        bound: int = listener.getsockname()[1]
        situation = Situation(answers=self._answers, fingerprint=fingerprint())
        self._serving = _Serving(situation, host=host, api_key=self._api_key)
        await self._serving.begin(listener)
        return f"http://[{host}]:{bound}" if ":" in host else f"http://{host}:{bound}"

    async def close(self) -> None:
        """Stop serving. Open streams are told, and end; takes about a second at most."""
        serving, self._serving = self._serving, None
        if serving is not None:
            await serving.end()


class _Serving:
    """One stretch of being open."""

    def __init__(self, situation: Situation, *, host: str, api_key: str | None) -> None:
        self._situation = situation
        self._server = _Server(
            uvicorn.Config(
                app_for(situation, host=host, api_key=api_key),
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                date_header=False,  # it would need a clock that ticks every second
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
        )
        self._task: asyncio.Task[None] | None = None

    async def begin(self, listener: socket.socket) -> None:
        serve = self._server.serve(sockets=[listener])
        self._task = asyncio.create_task(serve, name="local port")
        ready = asyncio.create_task(self._server.ready.wait())
        await asyncio.wait({self._task, ready}, return_when=asyncio.FIRST_COMPLETED)
        if self._task.done():
            ready.cancel()
            self._task.result()

    async def end(self) -> None:
        self._situation.closing.set()
        self._server.leaving.set()
        if self._task is not None:
            await self._task
        for connection in list(self._server.server_state.connections):
            connection.transport.abort()


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


def _listener(host: str, port: int, *, tries: int) -> socket.socket:
    failure: OSError | None = None
    last = min(port + tries - 1, _LAST_PORT)
    for candidate in range(port, last + 1):
        try:
            return _listen(host, candidate)
        except OSError as error:
            failure = error
            if error.errno not in _TAKEN:
                break
    assert failure is not None, "at least one port was tried"
    if failure.errno not in _TAKEN:
        raise PortInUse(
            f"The address {host} could not be opened: {failure.strerror or failure}.",
            remedy="Choose an address of this computer, such as 127.0.0.1.",
        ) from failure
    if last == port:
        raise PortInUse(f"Port {port} is in use.") from failure
    raise PortInUse(f"The ports from {port} to {last} are all in use.") from failure


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(_family(host), socket.SOCK_STREAM)
    try:
        # So that a port closed a moment ago can be opened again. On Windows the same option would
        # let two programs share a port, and the contrary one is needed.
        if sys.platform == "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(256)
        listener.setblocking(False)  # noqa: FBT003
    except OSError:
        listener.close()
        raise
    return listener


def _family(host: str) -> socket.AddressFamily:
    try:
        is_six = ipaddress.ip_address(host).version == 6
    except ValueError:
        is_six = False
    return socket.AF_INET6 if is_six else socket.AF_INET
