"""Outcome: what a load was predicted to take and give, and what it took and gave."""

from dataclasses import dataclass

from engine.fit.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The plan a model was loaded by, beside what was measured since.

    `cards` are pairs of a card's number and the bytes the model's process holds there now, as the
    driver counts them. Speeds are the last answer's, of one stream; None before the first.
    """

    plan: Plan
    cards: tuple[tuple[int, int], ...]
    decode_tps: float | None = None
    prompt_tps: float | None = None
