"""One connection of the port: uvicorn's, with an end to its patience."""

import asyncio
from typing import Any, cast

import h11
import uvicorn
from starlette.types import ASGIApp
from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from engine.server.crowd import Crowd, Welcome, most_connections, origin_of
from engine.server.slow import Patience


class PortConfig(uvicorn.Config):
    """uvicorn's settings, with what its connections need to know of ours.

    `crowded` answers those who come while as many connections as may be are open.
    """

    def __init__(self, app: ASGIApp, *, patience: Patience, crowded: ASGIApp, **more: Any) -> None:
        super().__init__(
            app, http=Connection, timeout_keep_alive=patience.idle_seconds, ws="none", **more
        )
        self.patience = patience
        self.crowded = crowded
        self.crowd = Crowd(
            most=most_connections(patience.connections), most_each=patience.connections_each
        )


class Connection(H11Protocol):
    """Closes when the headers of a request take too long, and some time after an answer that did
    not wait for the whole request. Bodies have a deadline of their own, and an answer for it."""

    def __init__(
        self,
        config: PortConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._patience = config.patience
        self._crowded = config.crowded
        self._crowd = config.crowd
        self._origin: str | None = None
        self._deadline: asyncio.TimerHandle | None = None

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._origin = origin_of(self.client[0]) if self.client else None
        match self._crowd.enter(self._origin):
            case Welcome.SERVED:
                pass
            case Welcome.TOLD:
                self.app = cast("Any", self._crowded)
            case Welcome.CUT:
                transport.abort()
                return
        self._hurry(self._patience.headers_seconds)

    @override
    def handle_events(self) -> None:
        super().handle_events()  # of the bytes that just came
        self._look()

    @override
    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._look()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._calm()
        self._crowd.leave(self._origin)
        super().connection_lost(exc)

    def _look(self) -> None:
        state = self.conn.their_state
        if state is h11.IDLE and self.conn.trailing_data[0]:
            self._hurry(self._patience.headers_seconds)
        elif state is h11.SEND_BODY and self.cycle.response_complete:
            self._hurry(self._patience.linger_seconds)
        else:
            self._calm()

    def _hurry(self, seconds: float) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(seconds, self.transport.abort)

    def _calm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
