"""The one crossing between Qt's thread and the engine's.

`EngineBridge` owns the engine's thread, which runs one asyncio loop. Questions go over with
`ask`, their answers and the engine's facts come back as queued signals. Tokens do not: they land
in a `Stream`, which a presenter drains with a timer, so that no signal is sent per token.
"""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.surface import EngineSurface
from engine.chat import ChatRequest, Delta
from engine.errors import EngineError

CLOSE_SECONDS = 5.0

T = TypeVar("T")
log = logging.getLogger(__name__)


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
        self,
        make_engine: Callable[[], EngineSurface],
        parent: QObject | None = None,
        *,
        close_seconds: float = CLOSE_SECONDS,
    ) -> None:
        super().__init__(parent)
        self._make_engine = make_engine
        self._close_seconds = close_seconds
        self._loop = asyncio.new_event_loop()
        self._started: asyncio.Future[EngineSurface] = self._loop.create_future()
        self._engine: EngineSurface | None = None
        self._leaving = asyncio.Event()
        self._closed = False
        self._asked = set[asyncio.Task[None]]()
        self._streams = dict[Stream, asyncio.Task[None]]()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._delivered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Start the thread and the engine in it; `ready` or `failed` follows."""
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether the engine's thread still runs."""
        return self._thread.is_alive()

    def ask(
        self,
        question: Callable[[EngineSurface], Coroutine[Any, Any, T]],
        then: Callable[[T], None],
        otherwise: Callable[[EngineError], None],
    ) -> Callable[[], None]:
        """Run that on the engine's thread, once it has started; one of the two hears on Qt's.

        A bug is logged whole and told as a generic sentence. After `close`, and once the question
        is given up by calling what is returned, neither is called.
        """
        asked: list[asyncio.Task[None]] = []

        async def answer() -> None:
            try:
                found = await question(await asyncio.shield(self._started))
            except EngineError as error:
                self._hand_over(partial(otherwise, error))
            except Exception:  # the outermost loop of the engine's thread: a bug ends here
                log.exception("A bug in what the window asked of the engine")
                self._hand_over(partial(otherwise, self._bug()))
            else:
                self._hand_over(partial(then, found))

        def give_up() -> None:
            self._on_loop(lambda: [task.cancel() for task in asked])

        self._on_loop(lambda: asked.append(self._keep(answer)))
        return give_up

    def tell(self, verb: Callable[[EngineSurface], object]) -> None:
        """Run a verb that returns at once, such as `cancel_load`, on the engine's thread."""

        async def told(engine: EngineSurface) -> None:
            verb(engine)

        self.ask(told, _nothing, _nothing)

    def stream(self, request: ChatRequest) -> Stream:
        """Ask for an answer; drain the stream with a timer."""
        stream = Stream(self._cancel_stream)
        if not self._on_loop(partial(self._begin, stream, request)):
            stream.end(Ending(cancelled=True))
        return stream

    def close(self) -> None:
        """Stop everything and end the thread; blocks up to five seconds. Idempotent."""
        if self._closed:
            return
        if self._thread.ident is None:
            self._closed = True
            self._loop.close()
            return
        self._on_loop(self._leaving.set)
        self._closed = True
        self._thread.join(self._close_seconds)
        if self._thread.is_alive():  # it ends with the process; workers end with their stdin
            log.error("The engine did not close within %s s", self._close_seconds)

    @Slot(object)
    def _deliver(self, call: Callable[[], None]) -> None:
        if not self._closed:
            call()

    def _hand_over(self, call: Callable[[], None]) -> None:
        self._delivered.emit(call)

    def _on_loop(self, call: Callable[[], object]) -> bool:
        """Have the engine's thread make that call; False after `close`."""
        if self._closed:
            return False
        try:
            self._loop.call_soon_threadsafe(call)
        except RuntimeError:  # the thread ended by a bug, and its loop with it
            log.warning("The engine's thread has ended")
            return False
        return True

    def _bug(self) -> EngineError:
        return EngineError(self.tr("Something went wrong inside Fullbore."))

    # Below: on the engine's thread only.

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(self._live())
        except Exception:
            log.exception("The engine's thread ended by a bug")
            self._hand_over(partial(self.failed.emit, self._bug()))

    async def _live(self) -> None:
        """Start the engine, serve until `close`, and end it."""
        starting = asyncio.create_task(self._start())
        await self._leaving.wait()
        tasks = (starting, *self._asked, *self._streams.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._engine is not None:
            await self._engine.close()

    async def _start(self) -> None:
        """Make and start the engine, then pass its facts on for as long as it lives."""
        try:
            self._engine = engine = self._make_engine()
            listening = asyncio.create_task(self._listen(engine))
            try:
                await asyncio.sleep(0)  # the listener comes first: it must miss no fact
                await engine.start()
                self._started.set_result(engine)
                self._hand_over(self.ready.emit)
                await listening
            finally:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)
        except EngineError as error:
            self._broke(error)
        except Exception:
            log.exception("The engine did not start, or broke, by a bug")
            self._broke(self._bug())

    def _broke(self, error: EngineError) -> None:
        if not self._started.done():
            self._started.set_exception(error)
            self._started.exception()  # it is told by `failed`; nobody may ever ask
        self._hand_over(partial(self.failed.emit, error))

    async def _listen(self, engine: EngineSurface) -> None:
        async with aclosing(engine.events()) as events:
            async for event in events:
                self._hand_over(partial(self.happened.emit, event))

    def _keep(self, answer: Callable[[], Coroutine[Any, Any, None]]) -> asyncio.Task[None]:
        task = self._loop.create_task(answer())
        self._asked.add(task)
        task.add_done_callback(self._asked.discard)
        return task

    def _begin(self, stream: Stream, request: ChatRequest) -> None:
        task = self._loop.create_task(self._pump(stream, request))
        self._streams[stream] = task
        task.add_done_callback(lambda _: self._forget(stream))

    def _forget(self, stream: Stream) -> None:
        """The stream's task is over. One that was cancelled before it began said no ending."""
        stream.end(Ending(cancelled=True))
        del self._streams[stream]

    def _cancel_stream(self, stream: Stream) -> None:
        """Called on Qt's thread."""

        def cancel() -> None:
            task = self._streams.get(stream)
            if task is not None:
                task.cancel()

        self._on_loop(cancel)

    async def _pump(self, stream: Stream, request: ChatRequest) -> None:
        try:
            engine = await asyncio.shield(self._started)
            async with aclosing(engine.generate(request)) as deltas:
                async for delta in deltas:
                    stream.put(delta)
        except EngineError as error:
            stream.end(Ending(failure=error))
        except Exception:
            log.exception("A bug in an answer")
            stream.end(Ending(failure=self._bug()))
        else:
            stream.end(Ending())


def _nothing(_: object) -> None:
    """Nobody waits for this answer; its effect comes back as a fact."""
