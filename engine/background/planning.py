"""Many plans at once, in the background process; headers once read are kept."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import replace

from engine.background.words import ModelSource, Placed, PlanModels, Planned, Unplanned
from engine.errors import EngineError, ModelNotFound, NotAModel
from engine.fit.memory.parts import Parts, parts_of
from engine.fit.placement.planner import plan
from engine.fit.placement.ranking import rank
from engine.fit.plan import Plan
from engine.fit.rig import Rig
from engine.fit.speed.pace import pace
from engine.fit.speed.placed import placed
from engine.gguf.blueprint import blueprint_of, blueprints

_MOST_KEPT = 128
_LEAST_CONTEXT = 256


class Planning:
    """Answers PlanModels. A model's parts are read once, and again when its file changed."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Parts] = OrderedDict()

    def answer(self, task: PlanModels) -> Planned:
        """One plan for each model whose header can be read; of several, the one to choose."""
        found: list[tuple[str, Parts]] = []
        unplanned: list[Unplanned] = []
        for source in task.models:
            try:
                found.append((source.id, self._parts(source)))
            except EngineError as error:
                if len(task.models) == 1:
                    raise
                sentence = error.sentence
                unplanned.append(Unplanned(id=source.id, code=error.code, sentence=sentence))
        if len(found) == 1:
            name, parts = found[0]
            only = plan(parts, task.rig, task.wish, model=name, streams=task.streams)
            return Planned(placed=(_placed(only, parts, task.rig),), unplanned=tuple(unplanned))
        ranking = rank(found, task.rig, task.wish, streams=task.streams)
        parts_by_name = dict(found)
        return Planned(
            placed=tuple(_placed(one, parts_by_name[one.model], task.rig) for one in ranking.plans),
            unplanned=tuple(unplanned),
            advised=ranking.advised,
            advice=ranking.advice,
        )

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
