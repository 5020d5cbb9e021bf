"""The port itself: finds one that is free, serves there, and closes promptly."""

import asyncio
import errno
import ipaddress
import socket
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from engine.config import EngineConfig
from engine.errors import PortInUse
from engine.keys import Keys
from engine.server.answers import Answers
from engine.server.crowd import Door, most_connections
from engine.server.slow import PATIENCE, Patience
from engine.server.tls import tls_context

if TYPE_CHECKING:
    from engine.server.observer import Observer
    from engine.server.serving import Serving
    from engine.server.situation import Opening

_MOST_TRIES = 20
_LAST_PORT = 65_535
_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (what it is told as)
# In use, or kept from us: Windows reserves whole ranges of ports and calls that "access denied".
_TAKEN = {errno.EADDRINUSE, errno.EACCES, errno.EPERM}


class Port:
    """Serves answers over HTTP on the loop that opens it. Open and close may be repeated."""

    def __init__(
        self,
        answers: Answers,
        *,
        keys: Keys | None = None,
        config: Callable[[], EngineConfig] = EngineConfig,
        observers: "Sequence[Observer]" = (),
        patience: Patience = PATIENCE,
    ) -> None:
        """Without `keys` nobody is asked for one; `config` is asked for what may change."""
        self._answers = answers
        self._keys = keys
        self._config = config
        self._observers = observers
        self._patience = patience
        self._serving: Serving | None = None

    async def open(self, host: str, port: int, *, explicit: bool) -> str:
        """The address it serves at, as `http://127.0.0.1:11711`. Raises PortInUse, BadCertificate.

        If the port is taken, one of the next twenty will do, unless it was asked for explicitly.
        """
        assert self._serving is None, "this port is open already"
        config = self._config()
        tls = await asyncio.to_thread(tls_context, config.tls_certificate, config.tls_key)
        listener = _listener(host, port, tries=1 if explicit else _MOST_TRIES + 1)
        listener.most = 2 * most_connections(self._patience.connections)
        bound: int = listener.getsockname()[1]
        try:
            kind, opening = await asyncio.to_thread(_serving_kinds)
            self._serving = kind(
                self._answers,
                opening(
                    host=host,
                    keys=self._keys,
                    config=self._config,
                    observers=self._observers,
                    patience=self._patience,
                    tls=tls,
                ),
            )
            await self._serving.begin(listener)
        except BaseException:
            listener.close()
            raise
        return f"{'http' if tls is None else 'https'}://{_name(host)}:{bound}"

    async def leave(self, seconds: float) -> bool:
        """Refuse new requests and wait so long for those in progress: all ended?"""
        return self._serving is None or await self._serving.leave(seconds)

    async def close(self) -> None:
        """Stop serving. Open streams are told, and end; takes about a second at most."""
        serving, self._serving = self._serving, None
        if serving is not None:
            await serving.end()


def _name(host: str) -> str:
    """As this computer's programs write it: "every address" is none that can be connected to."""
    name = _ANY.get(host, host)
    return f"[{name}]" if ":" in name else name


def _listener(host: str, port: int, *, tries: int) -> Door:
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


def _listen(host: str, port: int) -> Door:
    listener = Door(_family(host))
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


def _serving_kinds() -> "tuple[type[Serving], type[Opening]]":
    # FastAPI and uvicorn take a third of a second to import: not before a port is wanted, and
    # not on the thread that waits for everything else.
    from engine.server.serving import Serving  # noqa: PLC0415
    from engine.server.situation import Opening  # noqa: PLC0415

    return Serving, Opening
