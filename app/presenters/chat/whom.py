"""Whom the questions go to: the model that is loaded, loading, or may be loaded again."""

from typing import assert_never

from PySide6.QtCore import QObject, Signal

from app.bridge import EngineBridge
from app.surface import EngineSurface
from engine.errors import EngineError
from engine.events import Event
from engine.fit.plan import Plan
from engine.host.facts import ModelMoved, Phase, WorkerEnded


class Whom(QObject):
    """Follows the model. A worker that died is still named: the next question loads it again.

    Where several are loaded, it stays with its own until it is turned to another.
    """

    moved = Signal()

    def __init__(self, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.model: str | None = None
        self.phase = Phase.STOPPED
        self.plan = ""  # what it runs on, in a few words
        self._seen = dict[str, Phase]()
        bridge.happened.connect(self._hear)

    @property
    def ready(self) -> bool:
        """Whether a question may be asked now."""
        return self.phase is Phase.READY or bool(self.model and self.phase is Phase.STOPPED)

    @property
    def why_waiting(self) -> str:
        """Why a question is not asked yet."""
        if self.phase is Phase.LOADING:
            return self.tr("The model is loading; your message is answered when it is ready.")
        return self.tr("Choose a model; your message is answered when it is loaded.")

    def turn_to(self, model: str | None) -> None:
        """Ask that one from now on; None: whoever is loaded next."""
        if model is None or model == self.model:
            return
        self.model, self.phase, self.plan = model, self._seen.get(model, Phase.STOPPED), ""
        if self.phase is Phase.READY:
            self._ask_plan(model)
        self.moved.emit()

    def _hear(self, event: Event) -> None:
        before = (self.model, self.phase)
        match event:
            case WorkerEnded(model=self.model) if self.phase is Phase.READY:
                self.phase = Phase.STOPPED
            case ModelMoved():
                self._seen[event.model] = event.phase
                self._move(event)
            case _:
                return
        if (self.model, self.phase) != before:
            self.moved.emit()

    def _move(self, event: ModelMoved) -> None:
        match event.phase:
            case Phase.LOADING | Phase.READY if self._is_with_another(event.model):
                pass
            case Phase.LOADING | Phase.READY:
                self.model, self.phase = event.model, event.phase
                self.plan = ""
                if event.phase is Phase.READY:
                    self._ask_plan(event.model)
            case Phase.STOPPING:
                if event.model == self.model:
                    self.phase = Phase.STOPPING
            case Phase.STOPPED:
                if event.model == self.model:
                    if self.phase in {Phase.STOPPING, Phase.LOADING}:
                        self.model = None  # unloaded, or its load failed: choose again
                    self.phase = Phase.STOPPED
            case _:
                assert_never(event.phase)

    def _is_with_another(self, model: str) -> bool:
        return model != self.model and self.phase in {Phase.LOADING, Phase.READY}

    def _ask_plan(self, model: str) -> None:
        async def plan(engine: EngineSurface) -> Plan | None:
            outcome = engine.outcome(model)
            return None if outcome is None else outcome.plan

        def learn(plan: Plan | None) -> None:
            if plan is not None and model == self.model:
                self.plan = self._in_words(plan)

        self._bridge.ask(plan, learn, _nothing)

    def _in_words(self, plan: Plan) -> str:
        """What it computes on, and its context."""
        cards = plan.footprint.cards
        if not plan.layout.cards:
            where = self.tr("processor")
        elif len(cards) == 1:
            where = cards[0].name
        else:
            where = self.tr("{0} cards").format(len(plan.layout.cards))
        tokens = plan.layout.context_tokens
        context = f"{tokens // 1024}k" if tokens >= 1024 else str(tokens)
        return self.tr("{0}, {1} context").format(where, context)


def _nothing(_: EngineError) -> None:
    """An answer is shown without its plan."""
