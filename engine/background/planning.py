"""Many plans at once, in the background process; headers once read are kept."""

import logging
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace

from engine.background.words import ModelSource, Placed, PlanModels, Planned, Unplanned
from engine.errors import EngineError, ModelNotFound, NotAModel
from engine.fit.layout import Layout
from engine.fit.memory.footprint import footprint, projector_bytes
from engine.fit.memory.parts import Parts, parts_of
from engine.fit.placement.changes import replacements, upgrade_cards
from engine.fit.placement.planner import bare_plan, plan
from engine.fit.placement.ranking import advised
from engine.fit.placement.vectors import wish_for_vectors
from engine.fit.plan import Plan
from engine.fit.rig import Card, Rig
from engine.fit.speed.pace import pace
from engine.fit.speed.placed import placed
from engine.gguf.blueprint import blueprint_of, blueprints
from engine.hardware.catalogue import read_catalogue
from engine.library.projectors import USUAL_TOKENS, Projector, projector_beside
from engine.protocol.load import SplitMode

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
        task = replace(task, wish=wish_for_vectors(parts.shape, task.wish))
        try:
            eyes = _projector(source, parts)
            size = _size_of(eyes) if eyes else _to_come(source, parts)
            made, rig = _beside(size, task.rig, lambda rig: _made(parts, rig, source, task, bare))
            if source.draft:
                guessing = self._parts(ModelSource(id=source.id, files=source.draft))
                size += _draft_bytes(guessing, made.layout, task.rig)
                made, rig = _beside(
                    size, task.rig, lambda rig: _made(parts, rig, source, task, bare)
                )
            if task.upgrades and not bare:
                made = self._with_upgrades(made, parts, replace(task, rig=rig))
            longer = {} if bare else _longer(parts, made.layout, rig)
            placed = _placed(made, parts, rig, longer)
            return _seeing(placed, eyes) if eyes else placed
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


def _made(parts: Parts, rig: Rig, source: ModelSource, task: PlanModels, bare: bool) -> Plan:  # noqa: FBT001
    make = bare_plan if bare else plan
    return make(parts, rig, task.wish, model=source.id, streams=task.streams)


def _projector(source: ModelSource, parts: Parts) -> Projector | None:
    if source.blueprint is not None or not source.files:
        return None
    return projector_beside(source.files[0], embedding=parts.shape.embedding)


def _size_of(eyes: Projector) -> int:
    return projector_bytes(
        eyes.weights_bytes, picture_tokens=eyes.picture_tokens, embedding=eyes.embedding
    )


def _to_come(source: ModelSource, parts: Parts) -> int:
    """What a projector takes that is still to be downloaded, by its file's size."""
    if not source.projector_bytes:
        return 0
    embedding = parts.shape.embedding
    return projector_bytes(source.projector_bytes, picture_tokens=USUAL_TOKENS, embedding=embedding)


def _seeing(placed: Placed, eyes: Projector) -> Placed:
    return replace(placed, projector=str(eyes.path), projector_bytes=_size_of(eyes))


def _draft_bytes(guessing: Parts, layout: Layout, rig: Rig) -> int:
    """What a model that guesses takes beside one laid so: all of it lies on the first card."""
    first = layout.cards[:1]
    own = replace(
        layout,
        cards=first,
        split_mode=SplitMode.NONE,
        layer_counts=(guessing.shape.layers + 1,) * len(first),
        shares=(1.0,) * len(first),
        cpu_experts=(),
        speculation=False,
    )
    taken = footprint(guessing, own, rig)
    if not taken.cards:
        return taken.host.total
    return taken.cards[0].weights + taken.cards[0].kv + taken.cards[0].compute


def _beside(size: int, rig: Rig, make: Callable[[Rig], Plan]) -> tuple[Plan, Rig]:
    """The plan with so much more (a projector, a draft model) on the first card it uses, or in
    RAM, and the rig it is for.

    Which card that is, the plan itself decides: the rig's first one is tried before others.
    """
    if not size:
        return make(rig), rig
    assumed = rig.cards[0].number if rig.cards else None
    less = _less(rig, size, assumed)
    made = make(less)
    first = made.layout.cards[0] if made.layout.cards else None
    if first != assumed:
        less = _less(rig, size, first)
        made = make(less)
    return made, less


def _less(rig: Rig, size: int, number: int | None) -> Rig:
    """The rig with so much of that card, or of RAM, taken by each load beside the model itself.

    On a card it is told with the driver's share, which a dry run of the model leaves as it is.
    """
    if number is None:
        board = replace(rig.board, free_bytes=max(0, rig.board.free_bytes - size))
        return replace(rig, board=board)
    cards = tuple(
        replace(
            card,
            residual_loaded_bytes=card.residual_loaded_bytes + size,
            residual_peak_bytes=card.residual_peak_bytes + size,
        )
        if card.number == number
        else card
        for card in rig.cards
    )
    return replace(rig, cards=cards)


def _placed(one: Plan, parts: Parts, rig: Rig, longer: dict[int, int]) -> Placed:
    experts = tuple(index for index, layer in enumerate(parts.layers) if layer.experts)
    empty = replace(one.layout, context_tokens=_LEAST_CONTEXT)
    return Placed(
        plan=one,
        kind=placed(parts, one.layout).kind,
        decode_at_start=pace(parts, empty, rig).decode_tps.expected,
        layers=parts.shape.layers,
        purpose=parts.shape.purpose,
        expert_layers=experts,
        longer_bytes=longer,
    )


def _longer(parts: Parts, layout: Layout, rig: Rig) -> dict[int, int]:
    """What twice the context would take more, by card."""
    twice = replace(layout, context_tokens=2 * layout.context_tokens)
    now = {card.number: card.total for card in footprint(parts, layout, rig).cards}
    then = footprint(parts, twice, rig).cards
    return {card.number: max(0, card.total - now[card.number]) for card in then}
