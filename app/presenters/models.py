"""The model picker: what is on the shelf, what is loaded, and how it should be loaded."""

from PySide6.QtCore import QObject, Signal

from app.bridge import EngineBridge, EngineSurface
from app.lists.models_list import ModelsList
from app.settings import SettingsFile
from app.text import failures
from engine.config import LoadWish
from engine.errors import EngineError, LoadCancelled
from engine.events import Event, ShelfChanged
from engine.fit.saying import Saying
from engine.host.facts import LoadStepped, ModelMoved, Phase
from engine.library.shelf_model import ShelfModel

STARTER = "SmolLM2-135M-Instruct"

Shelf = tuple[tuple[ShelfModel, LoadWish], ...]

_ALIVE = frozenset({Phase.LOADING, Phase.READY})
_NOTHING = ModelMoved(model="", phase=Phase.STOPPED)


class ModelsPresenter(QObject):
    """The shelf and what is loaded of it; one of these is the window's own.

    That is the one a person chose last, else the first that came. Loads the last one used when the
    engine is ready.
    """

    shelf_changed = Signal()
    model_changed = Signal()  # `current` or `phase` moved
    loaded_changed = Signal()  # `loaded` did
    progress = Signal(float)  # 0 to 1, while LOADING
    failed = Signal(str)  # a sentence with its remedy
    stepped = Signal()  # `steps` grew
    loaded_smaller = Signal(object)  # the steps, once it is ready after all

    def __init__(
        self, bridge: EngineBridge, settings: SettingsFile, *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge, self._settings = bridge, settings
        self.models_list = ModelsList(parent=self)
        self._wishes = dict[str, LoadWish]()
        self._shelf_known = False
        self._asked = 0  # loads this presenter asked for and has not heard of yet
        self._cancelling = False
        self._told: str | None = None  # a failure comes as a fact and as an answer: tell it once
        self._steps: tuple[Saying, ...] = ()
        self._moves = dict[str, ModelMoved]()  # how each that is not STOPPED moved last
        self._current: str | None = None
        self._wanted: str | None = None  # what a person chose, and is not loaded yet
        bridge.happened.connect(self._hear)
        bridge.ready.connect(self._begin)

    @property
    def models(self) -> tuple[ShelfModel, ...]:
        """What is on the shelf."""
        return self.models_list.rows

    @property
    def shelf_known(self) -> bool:
        """Whether the shelf was read yet: before, an empty one means nothing."""
        return self._shelf_known

    @property
    def current(self) -> str | None:
        """The window's model: it is loading, loaded or stopping."""
        return self._current

    @property
    def loaded(self) -> tuple[str, ...]:
        """All that answer now."""
        ready = Phase.READY
        return tuple(model for model, moved in self._moves.items() if moved.phase is ready)

    @property
    def phase(self) -> Phase:
        """STOPPED when there is none."""
        return self._moved.phase

    @property
    def fraction(self) -> float:
        """How far the load is, 0 to 1."""
        return self._moved.fraction

    @property
    def steps(self) -> tuple[Saying, ...]:
        """How the present load was made smaller so far, for want of memory."""
        return self._steps

    @property
    def context_tokens(self) -> int | None:
        """The context of the loaded model."""
        return self._moved.context_tokens

    def choose(self, model: str) -> None:
        """Turn to that model; one that is not loaded is, with its remembered wish."""
        moved = self._moves.get(model)
        if moved is None or moved.phase not in _ALIVE:
            self._load(model)
        elif model != self._current:
            self._wanted = None
            self._turn_to(model)
            if moved.phase is Phase.READY:
                self._remember(model)

    def cancel_load(self) -> None:
        """Give the load up."""
        self._cancelling = True
        self._bridge.tell(lambda engine: engine.cancel_load())

    def unload(self) -> None:
        """Give the memory of the window's model back."""
        model = self._current
        self._bridge.ask(lambda engine: engine.unload(model), _nothing, self._fail)

    def refresh(self) -> None:
        """Look at the folders again."""
        self._bridge.ask(_look_again, self._show, self._fail)

    def load_with(self, model: str, wish: LoadWish) -> None:
        """Load it so, now and from now on."""
        self._wishes[model] = wish
        self._load(model)

    def _begin(self) -> None:
        self._bridge.ask(_look_again, self._show_and_load, self._fail)

    def _load(self, model: str) -> None:
        wish = self._wishes.get(model)
        self._asked += 1
        self._wanted = model
        self._cancelling, self._told, self._steps = False, None, ()
        self._bridge.ask(
            lambda engine: engine.load(model, wish),
            lambda _: self._loaded(model),
            self._load_failed,
        )

    def _loaded(self, model: str) -> None:
        self._asked -= 1
        self._remember(model)

    def _remember(self, model: str) -> None:
        settings = self._settings.settings
        if settings.last_model == model:
            return
        try:
            self._settings.change(settings.model_copy(update={"last_model": model}))
        except EngineError as error:
            self._fail(error)

    def _load_failed(self, error: EngineError) -> None:
        self._asked -= 1
        if not self._asked:
            self._wanted = None
        if not isinstance(error, LoadCancelled):  # the person knows: they cancelled it
            self._fail(error)

    def _fail(self, error: EngineError) -> None:
        self._tell(failures.told(error))

    def _tell(self, sentence: str) -> None:
        if sentence != self._told:
            self._told = sentence
            self.failed.emit(sentence)

    def _hear(self, event: Event) -> None:
        match event:
            case ShelfChanged():
                self._bridge.ask(_shelf, self._show, self._fail)
            case ModelMoved():
                self._move(event)
            case LoadStepped() if event.model == self._current:
                self._steps = (*self._steps, event.change)
                self.stepped.emit()
            case _:
                pass

    def _move(self, event: ModelMoved) -> None:
        loaded, before = self.loaded, (self._current, self.phase)
        leaves = self.phase is Phase.STOPPING and event.failure is None
        if event.phase is Phase.STOPPED:
            self._moves.pop(event.model, None)
        else:
            self._moves[event.model] = event
        if event.phase in _ALIVE and self._takes_over(event.model, before[1]):
            self._current = event.model
        if event.model == self._current:
            self._follow(event)
            if event.phase is Phase.STOPPED:
                self._current = self._next() if leaves else None
        if (self._current, self.phase) != before:
            self.models_list.mark(self._current)
            self.model_changed.emit()
        if self.loaded != loaded:
            self.loaded_changed.emit()

    def _follow(self, event: ModelMoved) -> None:
        """The window's model moved."""
        if event.failure is not None and not self._asked and not self._cancelling:
            self._tell(failures.told(event.failure))  # a load that a request had asked for
        if event.phase is Phase.READY:
            self._cancelling, self._told = False, None
            if event.model == self._wanted:
                self._wanted = None
            steps, self._steps = self._steps, ()
            if steps:
                self.loaded_smaller.emit(steps)
        if event.failure is not None:
            self._steps = ()
        if event.phase is Phase.LOADING:
            self.progress.emit(event.fraction)

    def _takes_over(self, model: str, phase: Phase) -> bool:
        """What was loaded for a client is the window's model only where there is no other."""
        return model == self._wanted or phase not in _ALIVE

    def _next(self) -> str | None:
        """Whom to turn to when the window's model was sent away; nobody, if one is chosen."""
        return None if self._wanted is not None else next(reversed(self.loaded), None)

    def _turn_to(self, model: str) -> None:
        self._current = model
        self.models_list.mark(model)
        self.model_changed.emit()

    @property
    def _moved(self) -> ModelMoved:
        return self._moves.get(self._current or "", _NOTHING)

    def _show(self, shelf: Shelf) -> None:
        self._shelf_known = True
        for model, wish in shelf:
            self._wishes.setdefault(model.id, wish)
        self.models_list.replace([model for model, _ in shelf])
        self.shelf_changed.emit()

    def _show_and_load(self, shelf: Shelf) -> None:
        self._show(shelf)
        first = first_model(self.models, self._settings.settings.last_model)
        if first is not None and self.current is None and not self._asked:
            self._load(first)


def first_model(shelf: tuple[ShelfModel, ...], last: str | None) -> str | None:
    """What to load at the start: the last one used, else the only one, else the starter model."""
    sound = [model.id for model in shelf if model.broken is None]
    if last in sound:
        return last
    if len(sound) == 1:
        return sound[0]
    return next((model for model in sound if STARTER in model), None)


async def _shelf(engine: EngineSurface) -> Shelf:
    return tuple((model, engine.wish_for(model.id)) for model in engine.models())


async def _look_again(engine: EngineSurface) -> Shelf:
    await engine.refresh_models()
    return await _shelf(engine)


def _nothing(_: object) -> None:
    """The effect comes as a fact."""
