"""PlacementPresenter: one model's wish, the plan that follows it, and what became of the load."""

from pydantic import ValidationError
from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge import EngineBridge, EngineSurface
from app.presenters.placement import pins
from app.presenters.placement.opening import Opened, opened
from app.presenters.placement.pins import Knob
from app.presenters.placement.places import (
    ExpertStrip,
    Place,
    Strip,
    experts_of,
    moved_bytes,
    places_of,
    strip_of,
)
from app.text import failures
from engine.config import LoadWish
from engine.errors import EngineError
from engine.events import CalibrationMoved, Event, MachineRead
from engine.fit.layout import Layout
from engine.fit.plan import Plan
from engine.fit.saying import Saying
from engine.hardware.machine import Machine, Reading
from engine.host.facts import LoadStepped, ModelMoved, Phase
from engine.host.outcome import Outcome
from engine.library.shelf_model import ShelfModel

SETTLE_MS = 30  # a hand that drags asks no oftener than this
OUTCOME_MS = 2000
NOTABLE_BYTES = 1 << 28  # that others take or give back, and the plan is made anew


class PlacementPresenter(QObject):
    """Everything the panel shows of one model. `open` begins, `close` ends it.

    One question is with the planner at a time; what changes meanwhile is asked when it answers, so
    that no answer is ever older than the one before.
    """

    changed = Signal()  # wish, plan, planning, failure or phase
    outcome_changed = Signal()
    load_wanted = Signal(str, object)  # a model, and the LoadWish it is to be loaded by

    def __init__(self, bridge: EngineBridge, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._model: str | None = None
        self._known: ShelfModel | None = None
        self._machine: Machine | None = None
        self._reading: Reading | None = None
        self._planned_on: Reading | None = None
        self._wish = LoadWish()
        self._left_out = frozenset[int]()  # cards that were switched off
        self._plan: Plan | None = None
        self._sketch: Layout | None = None  # what a drag shows until the planner has answered
        self._failure: str | None = None
        self._load_failure: str | None = None
        self._outcome: Outcome | None = None
        self._steps: tuple[Saying, ...] = ()
        self._phase, self._fraction = Phase.STOPPED, 0.0
        self._asking = self._stale = self._confirm = False
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._ask)
        self._look = QTimer(self)
        self._look.setInterval(OUTCOME_MS)
        self._look.timeout.connect(self._ask_outcome)
        bridge.happened.connect(self._hear)

    # What there is to see

    @property
    def model(self) -> str | None:
        """The model whose placement is shown; None while the panel is closed."""
        return self._model

    @property
    def wish(self) -> LoadWish:
        """What is pinned."""
        return self._wish

    @property
    def plan(self) -> Plan | None:
        """The newest answer; None before the first."""
        return self._plan

    @property
    def planning(self) -> bool:
        """Whether the plan does not yet answer the wish."""
        return self._asking or self._stale or self._settle.isActive()

    @property
    def failure(self) -> str | None:
        """Why there is no plan for this wish: a sentence with its remedy."""
        return self._failure

    @property
    def load_failure(self) -> str | None:
        """Why the last load from here did not succeed."""
        return self._load_failure

    @property
    def outcome(self) -> Outcome | None:
        """Predicted beside measured, once the model is loaded."""
        return self._outcome

    @property
    def phase(self) -> Phase:
        """Of this model."""
        return self._phase

    @property
    def fraction(self) -> float:
        """How far its load is, 0 to 1."""
        return self._fraction

    @property
    def steps(self) -> tuple[Saying, ...]:
        """How its load was made smaller, time and again, for want of memory."""
        return self._steps

    @property
    def known(self) -> ShelfModel | None:
        """What the shelf knows of the model."""
        return self._known

    @property
    def layers(self) -> int | None:
        """The model's layers, without the output layer."""
        return self._known.layers if self._known else None

    @property
    def card_numbers(self) -> tuple[int, ...]:
        """The machine's cards."""
        return tuple(gpu.index for gpu in self._machine.gpus) if self._machine else ()

    @property
    def places(self) -> tuple[Place, ...]:
        """Every card, and RAM last; none before the first plan."""
        if self._plan is None or self._machine is None:
            return ()
        return places_of(self._plan, self._machine, self._reading, self._left_out)

    @property
    def strip(self) -> Strip | None:
        """The layers in a row; None where they are unknown, or there is no card."""
        layout = self._drawn
        if layout is None or not layout.cards or not self.layers:
            return None
        return strip_of(layout, total=self.layers + 1)

    @property
    def experts(self) -> ExpertStrip | None:
        """The experts in a row; None for a model without, or where no layer is on a card."""
        layout = self._drawn
        mixed = self._known is not None and bool(self._known.experts)
        if layout is None or not self.layers or not mixed or not layout.gpu_layers:
            return None
        return experts_of(layout, layers=self.layers, pinned=self._wish.cpu_experts)

    def is_pinned(self, knob: Knob) -> bool:
        """Whether the person chose it."""
        return pins.is_pinned(self._wish, knob)

    @property
    def pin_count(self) -> int:
        """How many choices are the person's."""
        return pins.pin_count(self._wish)

    def value_of(self, knob: Knob) -> object:
        """The pinned value, else the planner's; None where there is neither."""
        own: object = getattr(self._wish, knob)
        if own not in (None, ()):
            return own
        layout = self._drawn
        return pins.value_of(layout, knob) if layout else None

    # What a hand can do

    def open(self, model: str) -> None:
        """Show that model's placement, with the wish that is kept for it."""
        self._settle.stop()
        self._model, self._plan, self._sketch = model, None, None
        self._known, self._machine, self._wish = None, None, LoadWish()
        self._left_out = frozenset[int]()
        self._failure = self._load_failure = self._outcome = None
        self._phase, self._fraction, self._steps = Phase.STOPPED, 0.0, ()
        self._stale = True
        self._look.start()
        self._bridge.ask(
            lambda engine: opened(engine, model),
            lambda found: self._begin(model, found),
            lambda error: self._fail(model, error),
        )
        self.changed.emit()

    def close(self) -> None:
        """Nobody looks any more."""
        self._model = None
        self._settle.stop()
        self._look.stop()

    def pin(self, knob: Knob, value: object) -> None:
        """Choose it; None gives the choice back to Fullbore."""
        try:
            self._wished(pins.pinned(self._wish, knob, value))
        except ValidationError:  # half typed, or out of range: the last good value stands
            self.changed.emit()

    def toggle_pin(self, knob: Knob) -> None:
        """Keep what the planner chose, or give a choice back."""
        self.pin(knob, None if self.is_pinned(knob) else self.value_of(knob))

    def turn_card(self, number: int, *, on: bool) -> None:
        """Use that card, or leave it out."""
        left_out = self._left_out - {number} if on else self._left_out | {number}
        used = tuple(card for card in self.card_numbers if card not in left_out)
        self._left_out = left_out
        self._wished(pins.pinned(self._wish, "devices", used if left_out else None))

    def set_reserve(self, number: int, size_bytes: int | None) -> None:
        """Keep that much of a card free; None: automatic."""
        self._wished(pins.with_reserve(self._wish, number, size_bytes))

    def move_boundary(self, boundary: int, position: int) -> None:
        """Move layers (or, in tensor split, percents) between two neighbours."""
        layout = self._drawn
        if layout is None or not self.layers or boundary >= len(layout.cards):
            return
        self._sketch = pins.with_boundary(layout, boundary, position, total=self.layers + 1)
        machine = len(self.card_numbers)
        self._wished(pins.laid(self._wish, self._sketch, cards_on_machine=machine), sketched=True)

    def keep_experts_in_ram(self, layers: int) -> None:
        """Of that many layers, from the last, the experts stay in RAM."""
        self._wished(pins.pinned(self._wish, "cpu_experts", layers), sketched=True)

    def all_automatic(self) -> None:
        """Give every choice back."""
        self._wished(LoadWish())

    def adopt(self, alternative: int) -> None:
        """Pin what that alternative does differently."""
        if self._plan is None:
            return
        then = self._plan.alternatives[alternative]
        if then.model != self._plan.model:
            self.open(then.model)
            return
        now, machine = self._plan.layout, len(self.card_numbers)
        self._wished(pins.adopted(self._wish, now, then.layout, cards_on_machine=machine))

    def confirm(self) -> None:
        """Have llama.cpp itself say how much memory it takes."""
        self._confirm = True
        self._settle.stop()
        self._ask()
        self.changed.emit()

    def load(self) -> None:
        """Load the model as it is shown."""
        if self._model is not None:
            self._load_failure = None
            self._phase, self._fraction, self._steps = Phase.LOADING, 0.0, ()
            self.load_wanted.emit(self._model, self._wish)
            self.changed.emit()

    # What follows

    @property
    def _drawn(self) -> Layout | None:
        if self._sketch is not None or self._plan is None:
            return self._sketch
        allowed = [card for card in self.card_numbers if card not in self._left_out]
        return pins.with_idle_cards(self._plan.layout, allowed)

    def _begin(self, model: str, found: Opened) -> None:
        if model != self._model:
            return
        self._known, self._machine = found.known, found.machine
        self._wish, self._outcome = found.wish, found.outcome
        if found.wish.devices is not None:
            self._left_out = frozenset(self.card_numbers) - set(found.wish.devices)
        if found.loaded and self._phase is Phase.STOPPED:
            self._phase = Phase.READY
        self.outcome_changed.emit()
        self._ask()

    def _wished(self, wish: LoadWish, *, sketched: bool = False) -> None:
        if wish == self._wish:
            return
        if not sketched:
            self._sketch = None
        self._load_failure = None
        if wish.devices is None:
            self._left_out = frozenset[int]()
        self._wish, self._stale, self._confirm = wish, True, False
        if not self._settle.isActive():  # a steady hand is answered while it moves, too
            self._settle.start()
        self.changed.emit()

    def _ask(self) -> None:
        if self._model is None or self._asking:
            self._stale = True
            return
        self._asking, self._stale = True, False
        self._planned_on = self._reading
        model, wish, exact = self._model, self._wish, self._confirm
        self._confirm = False
        self._bridge.ask(
            lambda engine: engine.plan(model, wish, exact=exact, upgrades=True),
            lambda plan: self._planned(model, wish, plan),
            lambda error: self._fail(model, error),
        )

    def _planned(self, model: str, wish: LoadWish, plan: Plan) -> None:
        self._asking = False
        if model == self._model:
            self._plan, self._failure = plan, None
            if wish == self._wish:
                self._sketch = None
        self._go_on()

    def _fail(self, model: str, error: EngineError) -> None:
        self._asking = False
        if model == self._model:
            self._failure = failures.told(error)
            self._stale = self._stale and self._machine is not None
        self._go_on()

    def _go_on(self) -> None:
        if self._stale and not self._settle.isActive() and self._machine is not None:
            self._ask()
        else:
            self.changed.emit()

    def _read(self, reading: Reading) -> None:
        """Another program may have taken or given back much of a card since the plan was made."""
        self._reading = reading
        planned, self._planned_on = self._planned_on, self._planned_on or reading
        calm = self._phase in {Phase.STOPPED, Phase.READY} and not self.planning
        if planned is None or self._model is None or self._plan is None or not calm:
            return
        if moved_bytes(planned, reading) >= NOTABLE_BYTES:
            self._settle.start()

    def _ask_outcome(self) -> None:
        model = self._model
        if model is None or self._phase is not Phase.READY:
            return
        self._bridge.ask(
            lambda engine: _outcome(engine, model),
            lambda outcome: self._measured(model, outcome),
            _ignored,
        )

    def _measured(self, model: str, outcome: Outcome | None) -> None:
        if model == self._model and outcome != self._outcome:
            self._outcome = outcome
            self.outcome_changed.emit()

    def _hear(self, event: Event) -> None:
        match event:
            case MachineRead():
                self._read(event.reading)
            case ModelMoved() if event.model == self._model:
                self._phase, self._fraction = event.phase, event.fraction
                self._load_failure = event.failure and failures.told(event.failure)
                if event.phase is Phase.READY:
                    self._ask_outcome()
                elif self._outcome is not None:
                    self._measured(event.model, None)
                self.changed.emit()
            case LoadStepped() if event.model == self._model:
                self._steps = (*self._steps, event.change)
                self.changed.emit()
            case CalibrationMoved(fraction=1.0) if self._model is not None:
                self._settle.start()  # what is predicted of this machine may have changed
            case _:
                pass


async def _outcome(engine: EngineSurface, model: str) -> Outcome | None:
    return engine.outcome(model)


def _ignored(_: EngineError) -> None:
    """The next look may tell."""
