"""Many plans at once, in the background process; headers once read are kept."""

import logging
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import replace

from engine.background.words import ModelSource, Placed, PlanModels, Planned, Unplanned
from engine.errors import EngineError, ModelNotFound, NotAModel
from engine.fit.memory.parts import Parts, parts_of
from engine.fit.placement.changes import replacements, upgrade_cards
from engine.fit.placement.planner import bare_plan, plan
from engine.fit.placement.ranking import advised
from engine.fit.plan import Plan
from engine.fit.rig import Card, Rig
from engine.fit.speed.pace import pace
from engine.fit.speed.placed import placed
from engine.gguf.blueprint import blueprint_of, blueprints
from engine.hardware.catalogue import read_catalogue

_MOST_KEPT = 128
_LEAST_CONTEXT = 256

_log = logging.getLogger(__name__)


class Planning:
    """Answers PlanModels. A model's parts are read once, and again when its file changed."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Parts] = OrderedDict()
        self._upgrades: tuple[Card, ...] | None = None

    def answer(self, task: PlanModels) -> Planned:
        """One plan for each model that can be planned; of several, the one to choose."""
        asked_one = len(task.models) == 1
        placed: dict[str, Placed] = {}
        unplanned: list[Unplanned] = []
        for source in task.models:
            try:
                placed[source.id] = self._one(source, task, bare=not asked_one)
            except EngineError as error:
                if asked_one:
                    raise
                sentence = error.sentence
                unplanned.append(Unplanned(id=source.id, code=error.code, sentence=sentence))
        if asked_one:
            return Planned(placed=tuple(placed.values()))
        ranking = advised([one.plan for one in placed.values()], task.wish)
        return Planned(
            placed=tuple(placed[one.model] for one in ranking.plans),
            unplanned=tuple(unplanned),
            advised=ranking.advised,
            advice=ranking.advice,
        )

    def _one(self, source: ModelSource, task: PlanModels, *, bare: bool) -> Placed:
        parts = self._parts(source)
        make = bare_plan if bare else plan
        try:
            made = make(parts, task.rig, task.wish, model=source.id, streams=task.streams)
            if task.upgrades and not bare:
                made = self._with_upgrades(made, parts, task)
            return _placed(made, parts, task.rig)
        except EngineError:
            raise
        except Exception as bug:
            # Files that others made, which no rule of the reader forbids: the other rows, and the
            # headers that are kept here, must not be lost with this one.
            _log.exception("%s could not be planned", source.id)
            sentence = f"{source.id} cannot be planned: its header is unlike any model's."
            raise EngineError(sentence) from bug

    def _with_upgrades(self, made: Plan, parts: Parts, task: PlanModels) -> Plan:
        if self._upgrades is None:
            self._upgrades = upgrade_cards(read_catalogue())
        bought = replacements(parts, task.rig, task.wish, task.streams, self._upgrades)
        return replace(made, changes=(*made.changes, *bought))

    def _parts(self, source: ModelSource) -> Parts:
        places = source.files if source.blueprint is None else (source.blueprint,)
        try:
            marks = [(str(place), place.stat()) for place in places]
            key = tuple((name, mark.st_mtime_ns, mark.st_size) for name, mark in marks)
            if key not in self._kept:
                self._kept[key] = _read(source)
        except FileNotFoundError as error:
            raise ModelNotFound(f"There is no file {error.filename}.") from error
        except OSError as error:
            raise NotAModel(f"{source.id} could not be read: {error.strerror}.") from error
        self._kept.move_to_end(key)
        while len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return self._kept[key]


def _read(source: ModelSource) -> Parts:
    if source.blueprint is None:
        return parts_of(blueprint_of(source.files))
    return parts_of(blueprints.validate_json(source.blueprint.read_bytes()))


def _placed(one: Plan, parts: Parts, rig: Rig) -> Placed:
    experts = tuple(index for index, layer in enumerate(parts.layers) if layer.experts)
    empty = replace(one.layout, context_tokens=_LEAST_CONTEXT)
    return Placed(
        plan=one,
        kind=placed(parts, one.layout).kind,
        decode_at_start=pace(parts, empty, rig).decode_tps.expected,
        layers=parts.shape.layers,
        expert_layers=experts,
    )
