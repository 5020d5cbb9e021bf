"""What clients ask of the port: the latest of them, and one from inside."""

from PySide6.QtCore import QObject, Signal

from app.bridge import EngineBridge
from app.lists.requests_list import RequestsList
from app.surface import EngineSurface
from app.text import failures
from engine.errors import EngineError
from engine.events import Event, RequestMoved
from engine.requests import RequestInside, RequestSeen, Stage

_ENDED = frozenset({Stage.DONE, Stage.FAILED, Stage.LEFT})


class RequestsPresenter(QObject):
    """The list follows facts. Of the chosen request the inside is asked for, and when it moves."""

    chosen = Signal()  # `inside` is another, or another state of the same
    ended = Signal()  # a request did

    def __init__(self, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.list = RequestsList(told=failures.told, parent=self)
        self._chosen: int | None = None
        self._inside: RequestInside | None = None
        bridge.happened.connect(self._hear)
        bridge.ready.connect(self._look)

    @property
    def inside(self) -> RequestInside | None:
        """The chosen request; None: none is, or its words are not kept."""
        return self._inside

    @property
    def seen(self) -> RequestSeen | None:
        """The chosen request, as the list has it."""
        return None if self._chosen is None else self.list.of(self._chosen)

    def choose(self, request: int | None) -> None:
        """Look into that one."""
        if request == self._chosen:
            return
        self._chosen, self._inside = request, None
        self.chosen.emit()
        self._look_inside()

    def clear(self) -> None:
        """Show none of those that ended."""
        self.list.keep(lambda seen: seen.stage not in _ENDED)
        if self._chosen is not None and self.seen is None:
            self.choose(None)

    def _hear(self, event: Event) -> None:
        if not isinstance(event, RequestMoved):
            return
        self.list.put(event.request)
        if event.request.id == self._chosen:
            self._look_inside()
        if event.request.stage in _ENDED:
            self.ended.emit()

    def _look(self) -> None:
        self._bridge.ask(_all, self._take, _nothing)

    def _take(self, seen: tuple[RequestSeen, ...]) -> None:
        for request in sorted(seen, key=lambda one: one.id):
            self.list.put(request)

    def _look_inside(self) -> None:
        wanted = self._chosen
        if wanted is None:
            return

        async def inside(engine: EngineSurface) -> RequestInside | None:
            return engine.request(wanted)

        def show(inside: RequestInside | None) -> None:
            if wanted == self._chosen:
                self._inside = inside
                self.chosen.emit()

        self._bridge.ask(inside, show, _nothing)


async def _all(engine: EngineSurface) -> tuple[RequestSeen, ...]:
    return engine.requests()


def _nothing(_: EngineError) -> None:
    """What cannot be looked into stays as the list has it."""
