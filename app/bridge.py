"""The one crossing between Qt's thread and the engine's.

`EngineBridge` owns the engine's thread, which runs one asyncio loop. Questions go over with
`ask`, their answers and the engine's facts come back as queued signals. Tokens do not: they land
in a `Stream`, which a presenter drains with a timer, so that no signal is sent per token.
"""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Signal

from engine.chat import ChatRequest, Delta
from engine.config import LoadWish
from engine.download.values import Quantization, RepositoryHit
from engine.errors import EngineError
from engine.events import Event
from engine.hardware.machine import Machine
from engine.library.shelf_model import ShelfModel

CLOSE_SECONDS = 5.0

T = TypeVar("T")
log = logging.getLogger(__name__)


class EngineSurface(Protocol):
    """What the window asks of an engine. `engine.engine.Engine` is one; tests have another."""

    async def start(self) -> None: ...
    async def close(self) -> None: ...
    def events(self) -> AsyncGenerator[Event]: ...
    def models(self) -> tuple[ShelfModel, ...]: ...
    async def refresh_models(self) -> tuple[ShelfModel, ...]: ...
    async def load(self, model: str, wish: LoadWish | None = None) -> None: ...
    def cancel_load(self) -> None: ...
    async def unload(self) -> None: ...
    def wish_for(self, model: str) -> LoadWish: ...
    @property
    def loaded(self) -> str | None: ...
    def generate(self, request: ChatRequest) -> AsyncGenerator[Delta]: ...
    async def open_port(self, port: int | None = None) -> str: ...
    async def close_port(self) -> None: ...
    @property
    def address(self) -> str | None: ...
    def machine(self) -> Machine: ...
    async def search(self, query: str) -> tuple[RepositoryHit, ...]: ...
    async def quantizations(self, repository: str) -> tuple[Quantization, ...]: ...
    async def download(self, repository: str, quantization: Quantization) -> ShelfModel: ...
    def cancel_download(self, download: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a stream ended: by itself, cancelled, or with a failure."""

    cancelled: bool = False
    failure: EngineError | None = None


class Stream:
    """An answer in progress: written by the engine's thread, drained by Qt's."""

    def __init__(self, cancel: Callable[["Stream"], None]) -> None:
        self._cancel = cancel
        self._deltas = deque[Delta]()
        self._ending: Ending | None = None

    def take(self) -> tuple[list[Delta], Ending | None]:
        """What arrived since the last call, and the ending once nothing can follow."""
        ending = self._ending  # read first: whatever came before it is in the deque by now
        arrived: list[Delta] = []
        while self._deltas:
            arrived.append(self._deltas.popleft())
        return arrived, ending

    def cancel(self) -> None:
        """Stop the answer; the ending says so soon. Harmless after the end."""
        self._cancel(self)

    def put(self, delta: Delta) -> None:
        """The engine's thread adds a delta."""
        self._deltas.append(delta)

    def end(self, ending: Ending) -> None:
        """The engine's thread says that nothing follows. The first ending stands."""
        if self._ending is None:
            self._ending = ending


class EngineBridge(QObject):
    """Owns the engine's thread. Every signal arrives on Qt's thread."""

    happened = Signal(object)  # an Event
    ready = Signal()  # the engine has started
    failed = Signal(object)  # an EngineError: the engine could not start, or broke

    _delivered = Signal(object)  # a callable for Qt's thread

    def __init__(
        self, make_engine: Callable[[], EngineSurface], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._make_engine = make_engine
        self._loop = asyncio.new_event_loop()
        self._started: asyncio.Future[EngineSurface] = self._loop.create_future()
        self._leaving = asyncio.Event()
        self._tasks = dict[Stream | None, asyncio.Task[None]]()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    def start(self) -> None:
        """Start the thread and the engine in it; `ready` or `failed` follows."""
        raise NotImplementedError

    @property
    def alive(self) -> bool:
        """Whether the engine's thread still runs."""
        return self._thread.is_alive()

    def ask(
        self,
        question: Callable[[EngineSurface], Coroutine[Any, Any, T]],
        then: Callable[[T], None],
        otherwise: Callable[[EngineError], None],
    ) -> None:
        """Run that on the engine's thread, once it has started; one of the two hears on Qt's.

        After `close` neither is called.
        """
        raise NotImplementedError

    def tell(self, verb: Callable[[EngineSurface], object]) -> None:
        """Run a verb that returns at once, such as `cancel_load`, on the engine's thread."""
        raise NotImplementedError

    def stream(self, request: ChatRequest) -> Stream:
        """Ask for an answer; drain the stream with a timer."""
        raise NotImplementedError

    def close(self) -> None:
        """Stop everything and end the thread; blocks up to five seconds. Idempotent."""
        raise NotImplementedError

    def _run(self) -> None:
        raise NotImplementedError
