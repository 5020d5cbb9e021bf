"""Which quantization to take: quality weighed against speed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from engine.config import LoadWish
from engine.fit.memory.parts import Parts
from engine.fit.placement.planner import USUAL_STREAMS, bare_plan
from engine.fit.placement.words import rate
from engine.fit.plan import Plan, Quality
from engine.fit.rig import Rig


@dataclass(frozen=True, slots=True, kw_only=True)
class Taste:
    """`divergence` is how heavily lost quality weighs, `tokens_per_second` the speed that is worth
    half of any speed."""

    divergence: float
    tokens_per_second: float


TASTES = {
    None: Taste(divergence=4.0, tokens_per_second=12.0),
    "context": Taste(divergence=4.0, tokens_per_second=12.0),
    "speed": Taste(divergence=2.0, tokens_per_second=40.0),
    "quality": Taste(divergence=10.0, tokens_per_second=4.0),
}


SPILL = 0.02  # of what lies in RAM: what lacks no more than that is read from there all the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """One plan for each quantization, the most bits a weight first; `advised` is the model of the
    one to take, `advice` says why. None where there is none to take."""

    plans: tuple[Plan, ...]
    advised: str | None
    advice: str | None


def rank(
    models: Sequence[tuple[str, Parts]],
    rig: Rig,
    wish: LoadWish,
    *,
    streams: int = USUAL_STREAMS,
) -> Ranking:
    """Plan each of these quantizations, given with its model's id, and say which to take."""
    plans = [bare_plan(parts, rig, wish, model=name, streams=streams) for name, parts in models]
    return advised(plans, wish)


def advised(plans: Sequence[Plan], wish: LoadWish) -> Ranking:
    """These plans, ordered, with the advice among them."""
    ordered = tuple(sorted(plans, key=lambda plan: -plan.quality.bits_per_weight))
    taste = TASTES[wish.prefer]
    fitting = [plan for plan in ordered if plan.fits]
    if not fitting:
        lack = "None of these quantizations fits this machine." if ordered else None
        return Ranking(plans=ordered, advised=None, advice=lack)
    from_memory = [plan for plan in fitting if not _from_disk(plan)]
    best = max(from_memory or fitting, key=lambda plan: _merit(plan, taste))
    return Ranking(plans=ordered, advised=best.model, advice=_advice(fitting, best))


def expected_divergence(quality: Quality) -> float:
    """The published mean KL divergence, else one read off the bits: it falls by a factor of about
    2.6 with each bit, from 0.03 at Q4_K_M's 4.85 bits."""
    if quality.divergence is not None:
        return quality.divergence
    return 0.03 * math.exp((4.85 - quality.bits_per_weight) * 0.96)


def _from_disk(plan: Plan) -> bool:
    """Whether a part worth mentioning is read from disk again and again."""
    host = plan.footprint.host
    return host.over > SPILL * host.total


def _merit(plan: Plan, taste: Taste) -> float:
    speed = plan.pace.decode_tps.expected
    kept = math.exp(-taste.divergence * expected_divergence(plan.quality))
    return kept * speed / (speed + taste.tokens_per_second)


def _advice(fitting: Sequence[Plan], best: Plan) -> str:
    name = best.quantization or best.model
    bits = f"{best.quality.bits_per_weight:.1f} bits a weight"
    said = f"{name} ({bits}) decodes {rate(best.pace.decode_tps.expected)} tok/s"
    finer = fitting[: fitting.index(best)]
    if finer:
        other = finer[-1].quantization or finer[-1].model
        said += f"; {other} would give {rate(finer[-1].pace.decode_tps.expected)}"
    warning = best.quality.warning
    return f"{said}." if warning is None else f"{said}. {warning}"
