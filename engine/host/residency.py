"""Who stays loaded: a function from what is wanted to what must go.

It asks back how much room there would be without some of the others: whoever drives it plans.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from enum import IntEnum


class Room(IntEnum):
    """How a model would be loaded beside those that stay."""

    NONE = 0  # it does not fit, though it would alone
    LESS = 1  # less of it on the cards, or a shorter context, than alone
    WHOLE = 2  # just as alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """A model that has workers. `used_at_seconds` is when it was last asked or answered.

    The one that is `replaced` goes whatever it does: a person chose another in its place.
    """

    model: str
    busy: bool
    used_at_seconds: float
    pinned: bool = False
    replaced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Go:
    """Load now, after these have gone."""

    evict: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Those who must go are in mid-answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Full:
    """Only pinned models are in the way: these. `crowded`: there may be no more models at once."""

    pinned: tuple[str, ...]
    crowded: bool


Decision = Go | Wait | Full


def decide(
    wanted: str, residents: Sequence[Resident], *, most: int
) -> Generator[frozenset[str], Room, Decision]:
    """What must happen before `wanted` may be loaded, with `most` models at once.

    Yields models, and is to be sent how much room there would be without them. The longest unused
    go first, one more at a time, until there is room; none whose going gives none. Whoever
    answers is waited for, if that gives room; a pinned model never goes.
    """
    others = [one for one in residents if one.model != wanted]
    staying = [one for one in others if not one.replaced]
    replaced = tuple(one.model for one in others if one.replaced)
    idle = sorted(
        (one for one in staying if not one.busy and not one.pinned),
        key=lambda one: one.used_at_seconds,
    )
    busy = [one.model for one in staying if one.busy and not one.pinned]
    gone: list[str] = []
    while True:
        crowded = len(staying) - len(gone) >= most
        alone = len(staying) == len(gone)
        room = Room.WHOLE if alone else Room.NONE
        if not crowded and not alone:
            room = yield frozenset((*replaced, *gone))
        if room is Room.WHOLE and not crowded:
            break
        if len(gone) < len(idle):
            gone.append(idle[len(gone)].model)
            continue
        if busy and (crowded or (yield frozenset((*replaced, *gone, *busy))) > room):
            return Wait()
        pinned = tuple(one.model for one in staying if one.pinned)
        if pinned and room is Room.NONE:
            return Full(pinned=pinned, crowded=crowded)
        break
    for model in tuple(gone):
        fewer = [other for other in gone if other != model]
        if len(staying) - len(fewer) < most and (yield frozenset((*replaced, *fewer))) >= room:
            gone = fewer
    return Go(evict=(*replaced, *gone))
