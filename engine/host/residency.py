"""Who stays loaded: a function from what is wanted to what must go."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """A model that has a worker. `used_at_seconds` is when it last began an answer."""

    model: str
    busy: bool
    used_at_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Go:
    """Load now, after these have gone."""

    evict: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Those who must go are in mid-answer."""


def decide(wanted: str, residents: Sequence[Resident], *, places: int, patient: bool) -> Go | Wait:
    """What must happen before `wanted` may be loaded, with room for `places` models.

    The longest unused go first. The patient wait for answers in progress; a person who chooses
    another model does not.
    """
    others = [resident for resident in residents if resident.model != wanted]
    surplus = len(others) - (places - 1)
    if surplus <= 0:
        return Go()
    leaving = sorted(others, key=lambda one: (one.busy, one.used_at_seconds))[:surplus]
    if patient and any(one.busy for one in leaving):
        return Wait()
    return Go(evict=tuple(one.model for one in leaving))
