"""llama.cpp's own bytes put into a plan. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from engine.dryrun.answer import DryRun, completed
from engine.fit.plan import Plan

_SPARE_BYTES = 64 << 20  # a layer moves or it does not: aim a little below the edge


def with_exact(plan: Plan, answer: DryRun) -> Plan:
    """The plan with the dry run's bytes; the driver's share stays as it was measured."""
    footprint = plan.footprint
    answer = completed(answer, footprint)
    cards = tuple(
        replace(
            card,
            weights=answer.on(card.number).weights,
            kv=answer.on(card.number).kv,
            compute=answer.on(card.number).compute,
        )
        for card in footprint.cards
    )
    mapped = min(footprint.host.mapped, answer.host.weights)
    host = replace(
        footprint.host,
        weights=answer.host.weights,
        kv=answer.host.kv,
        compute=answer.host.compute,
        mapped=mapped,
    )
    footprint = replace(footprint, cards=cards, host=host)
    return replace(plan, footprint=footprint, fits=footprint.fits, exact=answer.exact)


def shortfall(plan: Plan) -> Mapping[int, int]:
    """By card number, what is missing there; empty if every card holds its part."""
    return {card.number: card.over + _SPARE_BYTES for card in plan.footprint.cards if card.over > 0}
