"""The planner: how a model is best loaded on a rig, why so, and what else there is."""

from dataclasses import replace

from engine.config import LoadWish
from engine.fit.memory.parts import Parts
from engine.fit.placement.alternatives import alternatives_of
from engine.fit.placement.changes import changes_for
from engine.fit.placement.reasons import reasons_of
from engine.fit.placement.search import Trial
from engine.fit.placement.solving import Solved, solve
from engine.fit.plan import Plan
from engine.fit.quality import quality_of
from engine.fit.rig import Rig
from engine.fit.saying import Saying
from engine.protocol.load import SplitMode

USUAL_STREAMS = 8


def plan(
    parts: Parts, rig: Rig, wish: LoadWish, *, model: str, streams: int = USUAL_STREAMS
) -> Plan:
    """The best plan under the wish; what the wish pins is kept, whether it fits or not.

    `streams` counts where the wish leaves them open.
    """
    solved = solve(parts, rig, wish, streams)
    others = alternatives_of(solved)
    return replace(
        _chosen(solved, model),
        alternatives=tuple(_plan_of(trial, solved, model, (what,)) for trial, what in others),
        changes=changes_for(solved),
    )


def bare_plan(
    parts: Parts, rig: Rig, wish: LoadWish, *, model: str, streams: int = USUAL_STREAMS
) -> Plan:
    """The same with its reasons, but no alternatives and changes: for one row of many."""
    return _chosen(solve(parts, rig, wish, streams), model)


def _chosen(solved: Solved, model: str) -> Plan:
    found = solved.found
    reasons = reasons_of(found, solved.space, solved.parts, solved.rig)
    return _plan_of(found.best, solved, model, reasons)


def _plan_of(trial: Trial, solved: Solved, model: str, reasons: tuple[Saying, ...]) -> Plan:
    refusal = solved.space.tensor_refusal
    refused = trial.layout.split_mode is SplitMode.TENSOR and refusal is not None
    return Plan(
        model=model,
        machine=solved.rig.title,
        quantization=solved.parts.label,
        fits=trial.fits and not refused,
        layout=trial.layout,
        footprint=trial.footprint,
        pace=trial.pace,
        quality=quality_of(solved.parts),
        reasons=reasons,
        tensor_refusal=refusal,
    )
