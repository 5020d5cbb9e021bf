"""What became of the plans that were loaded: bytes and speeds beside the predicted ones."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from engine.background.words import Placed
from engine.chat import Timings
from engine.fit.plan import Plan
from engine.hardware.machine import Reading
from engine.host.facts import ModelMoved, Phase
from engine.host.measured import LEAST_ANSWER_TOKENS
from engine.host.outcome import Outcome

_log = logging.getLogger(__name__)

Learn = Callable[[str, float, float], Awaitable[None]]


class Outcomes:
    """Remembers each loaded model's plan, what others held before, and the last lone answer.

    `learn` is told the kind of placement, and the decode speeds predicted and measured; `beside`
    tells what our workers of all other models hold, by card number.
    """

    def __init__(self, learn: Learn, beside: Callable[[str], Mapping[int, int]] = lambda _: {}):
        self._learn = learn
        self._beside = beside
        self._met: dict[str, Mapping[int, int]] = {}  # what was beside it when it came
        self._planned: dict[str, Placed] = {}
        self._outcomes: dict[str, Outcome] = {}
        self._learning: set[asyncio.Task[None]] = set()

    def planned(self, model: str, placed: Placed) -> None:
        """The next load of that model goes by this plan."""
        self._planned[model] = placed

    def foretold(self, model: str) -> Placed | None:
        """What its load, under way or done, was planned to be; None where it went otherwise."""
        placed, outcome = self._planned.get(model), self._outcomes.get(model)
        if placed is None or outcome is None or outcome.plan == placed.plan:
            return placed
        return None  # it is being planned anew meanwhile

    def stepped(self, model: str) -> None:
        """It is loaded otherwise than planned: what it does then says nothing of the plan."""
        self._planned.pop(model, None)

    def hear(self, moved: ModelMoved) -> None:
        """A model came or went."""
        placed = self._planned.get(moved.model)
        if moved.phase is Phase.READY and placed is not None:
            self._outcomes[moved.model] = Outcome(plan=placed.plan, cards=())
            self._met[moved.model] = self._beside(moved.model)
        elif moved.phase is Phase.STOPPED:
            self._outcomes.pop(moved.model, None)
            self._met.pop(moved.model, None)

    def answered(self, model: str, timings: Timings) -> None:
        """An answer that had the model to itself has ended."""
        outcome = self._outcomes.get(model)
        if (
            outcome is None
            or timings.answer_tokens < LEAST_ANSWER_TOKENS
            or timings.decode_seconds <= 0
        ):
            return
        decode = (timings.answer_tokens - 1) / timings.decode_seconds
        fresh = timings.prompt_tokens - timings.reused_tokens
        says_much = fresh >= LEAST_ANSWER_TOKENS and timings.prompt_seconds > 0
        prompt = fresh / timings.prompt_seconds if says_much else outcome.prompt_tps
        self._outcomes[model] = replace(outcome, decode_tps=decode, prompt_tps=prompt)
        placed = self._planned.get(model)
        if placed is None or placed.plan != outcome.plan:  # it is being planned anew meanwhile
            return
        depth = timings.prompt_tokens + timings.answer_tokens // 2
        task = asyncio.ensure_future(self._learn(placed.kind, predicted_at(placed, depth), decode))
        self._learning.add(task)
        task.add_done_callback(self._learnt)

    def _learnt(self, task: asyncio.Task[None]) -> None:
        self._learning.discard(task)
        if not task.cancelled() and (failure := task.exception()) is not None:
            _log.warning("What an answer taught was not kept: %s", failure)

    def now(self, model: str, reading: Reading | None) -> Outcome | None:
        """Predicted and measured of a loaded model; what it holds is what the cards gave since.

        What others hold, in its plan, is with our own models that came or went meanwhile.
        """
        outcome = self._outcomes.get(model)
        if outcome is None:
            return None
        plan = _among(outcome.plan, self._met.get(model, {}), self._beside(model))
        if reading is None:
            return replace(outcome, plan=plan)
        before = {card.number: card.used for card in plan.footprint.cards}
        return replace(outcome, plan=plan, cards=_given(reading, before))


def _among(plan: Plan, met: Mapping[int, int], beside: Mapping[int, int]) -> Plan:
    if met == beside:
        return plan
    cards = tuple(
        replace(card, used=card.used + beside.get(card.number, 0) - met.get(card.number, 0))
        for card in plan.footprint.cards
    )
    return replace(plan, footprint=replace(plan.footprint, cards=cards))


def _given(reading: Reading, before: Mapping[int, int]) -> tuple[tuple[int, int], ...]:
    return tuple(
        (gpu.index, max(0, gpu.memory_used_bytes - before[gpu.index]))
        for gpu in reading.gpus
        if gpu.memory_used_bytes is not None and gpu.index in before
    )


def predicted_at(placed: Placed, depth_tokens: int) -> float:
    """Tokens a second to be expected with so much of the context filled.

    A token's time grows with the cells that are read; the plan tells it for a quarter of them.
    """
    layout, empty = placed.plan.layout, 1 / placed.decode_at_start
    own = layout.context_tokens if layout.unified_kv else layout.context_tokens // layout.streams
    quarter = 1 / placed.plan.pace.decode_tps.expected
    return 1 / (empty + (quarter - empty) * depth_tokens / max(1, own // 4))
