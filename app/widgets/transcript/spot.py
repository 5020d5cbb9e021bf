"""Where a target is."""

from dataclasses import dataclass

from app.widgets.transcript.look import Target


@dataclass(frozen=True)
class Spot:
    """A target in its part."""

    entry: int
    part: int
    target: Target


def target_in(spot: Spot | None, index: int, at: int) -> Target | None:
    """The spot's target, if it is in that part of that entry."""
    return spot.target if spot and (spot.entry, spot.part) == (index, at) else None
