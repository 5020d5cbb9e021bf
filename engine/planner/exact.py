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


def with_reserve(plan: Plan, reserve: Mapping[int, int]) -> Plan:
    """The plan with these reserves, by card number, in place of those it was made with."""
    cards = tuple(
        replace(card, reserve=reserve.get(card.number, card.reserve))
        for card in plan.footprint.cards
    )
    footprint = replace(plan.footprint, cards=cards)
    return replace(plan, footprint=footprint, fits=footprint.fits)


def shortfall(plan: Plan) -> Mapping[int, int]:
    """By card number, what is missing there; empty if every card holds its part."""
    return {card.number: card.over for card in plan.footprint.cards if card.over > 0}


def more_to_spare(reckoned: Plan, exact: Plan, before: Mapping[int, int]) -> Mapping[int, int]:
    """By card number, what the closed forms must keep free so that the exact bytes fit.

    That is what they reckon too few: by the shortfall alone they would choose the same again.
    `before` is what was kept free already.
    """
    missing = shortfall(exact)
    more = dict(before)
    for then, now in zip(reckoned.footprint.cards, exact.footprint.cards, strict=True):
        if now.number in missing:
            least = before.get(now.number, 0) + missing[now.number]
            more[now.number] = max(least, now.total - then.total) + _SPARE_BYTES
    return more
