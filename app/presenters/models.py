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


class ModelsPresenter(QObject):
    """The shelf and the one loaded model. Loads the last one used when the engine is ready."""

    shelf_changed = Signal()
    model_changed = Signal()  # `current` or `phase` moved
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
        self._moved = _moved_to_nothing()
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
        """The model that is loading, loaded or stopping."""
        return self._moved.model or None

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
        """Load that model in place of the present one, with its remembered wish."""
        if model == self.current and self.phase in {Phase.LOADING, Phase.READY}:
            return
        self._load(model)

    def cancel_load(self) -> None:
        """Give the load up."""
        self._cancelling = True
        self._bridge.tell(lambda engine: engine.cancel_load())

    def unload(self) -> None:
        """Give all memory back."""
        self._bridge.ask(lambda engine: engine.unload(), _nothing, self._fail)

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
        self._cancelling, self._told, self._steps = False, None, ()
        self._bridge.ask(
            lambda engine: engine.load(model, wish),
            lambda _: self._loaded(model),
            self._load_failed,
        )

    def _loaded(self, model: str) -> None:
        self._asked -= 1
        settings = self._settings.settings
        if settings.last_model == model:
            return
        try:
            self._settings.change(settings.model_copy(update={"last_model": model}))
        except EngineError as error:
            self._fail(error)

    def _load_failed(self, error: EngineError) -> None:
        self._asked -= 1
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
            case LoadStepped():
                self._steps = (*self._steps, event.change)
                self.stepped.emit()
            case _:
                pass

    def _move(self, event: ModelMoved) -> None:
        leaving = event.phase in {Phase.STOPPING, Phase.STOPPED}
        if leaving and event.model != self.current:
            return  # the model that was replaced takes its leave
        if event.failure is not None and not self._asked and not self._cancelling:
            self._tell(failures.told(event.failure))  # a load that a request had asked for
        before = (self._moved.model, self._moved.phase)
        self._moved = _moved_to_nothing() if event.phase is Phase.STOPPED else event
        if event.phase is Phase.READY:
            self._cancelling, self._told = False, None
            steps, self._steps = self._steps, ()
            if steps:
                self.loaded_smaller.emit(steps)
        if event.failure is not None:
            self._steps = ()
        if event.phase is Phase.LOADING:
            self.progress.emit(event.fraction)
        if (self._moved.model, self._moved.phase) != before:
            self.models_list.mark(self.current)
            self.model_changed.emit()

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


def _moved_to_nothing() -> ModelMoved:
    return ModelMoved(model="", phase=Phase.STOPPED)


def _nothing(_: object) -> None:
    """The effect comes as a fact."""
