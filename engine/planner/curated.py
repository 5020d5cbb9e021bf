"""Repositories worth knowing, and which of them run best on a machine."""

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter

from engine.download.values import Advised, Curated, Role
from engine.fit.rig import Rig
from engine.hardware.catalogue import ASSETS
from engine.planner.estimate import Fit, estimate, rough_speed

_LEAST_TPS = 8.0  # slower than people read
_QUICK_TPS = 24.0
_QUICK_BYTES = 6_000_000_000  # some minutes of a usual line
_BIG_TPS = 2.5  # slow, and worth waiting for

_all = TypeAdapter(tuple[Curated, ...])


def read_curated(path: Path = ASSETS / "curated.toml") -> tuple[Curated, ...]:
    """Those in that file."""
    return _all.validate_python(tomllib.loads(path.read_text("utf-8"))["repository"])


def best_first(known: Sequence[Curated], rig: Rig) -> tuple[Curated, ...]:
    """The largest that runs at reading speed leads; then the slow, the fastest first; then those
    that do not fit, the smallest first."""

    def place(one: Curated) -> tuple[int, float]:
        if estimate(one.size_bytes, rig) is Fit.NEITHER:
            return 2, one.size_bytes
        speed = rough_speed(one.size_bytes, one.active_parameters / one.parameters, rig)
        return (0, -one.parameters) if speed >= _LEAST_TPS else (1, -speed)

    return tuple(sorted(known, key=place))


def starter(known: Sequence[Curated]) -> Curated | None:
    """The smallest of those that one may talk to at once."""
    return min((one for one in known if one.starter), key=lambda one: one.size_bytes, default=None)


def advise(known: Sequence[Curated], rig: Rig, disk_bytes: int) -> tuple[Advised, ...]:
    """Three for that rig and that room on the disk: a quick one, the best, a big one.

    Each only where there is one; what is one of them is not another too.
    """
    found = [
        _advised(one, rig)
        for one in known
        if not one.starter
        and one.size_bytes <= disk_bytes
        and estimate(one.size_bytes, rig) is not Fit.NEITHER
    ]
    best = _best(found, rig)
    if best is None:
        return ()
    smaller = [one for one in found if _size(one) < _size(best)]
    larger = [one for one in found if _size(one) > _size(best) and one.decode_tps >= _BIG_TPS]
    quick = _quick(smaller)
    big = max(larger, key=_size, default=None)
    roles = ((Role.QUICK, quick), (Role.BEST, best), (Role.BIG, big))
    return tuple(replace(one, role=role) for role, one in roles if one is not None)


def _best(found: Sequence[Advised], rig: Rig) -> Advised | None:
    """The largest at reading speed, on the cards alone where there are any; else the fastest."""
    able = [one for one in found if one.decode_tps >= _LEAST_TPS]
    on_cards = [one for one in able if one.on_cards]
    preferred = on_cards if rig.cards and on_cards else able
    if preferred:
        return max(preferred, key=_size)
    return max(found, key=lambda one: one.decode_tps, default=None)


def _quick(smaller: Sequence[Advised]) -> Advised | None:
    """The largest that is soon here and fast; else the fastest of all."""
    fast = [
        one
        for one in smaller
        if one.curated.size_bytes <= _QUICK_BYTES and one.decode_tps >= _QUICK_TPS
    ]
    if fast:
        return max(fast, key=_size)
    return max(smaller, key=lambda one: one.decode_tps, default=None)


def _size(one: Advised) -> int:
    return one.curated.parameters


def _advised(one: Curated, rig: Rig) -> Advised:
    share = one.active_parameters / one.parameters
    return Advised(
        role=Role.BEST,
        curated=one,
        on_cards=estimate(one.size_bytes, rig) is Fit.CARDS,
        decode_tps=rough_speed(one.size_bytes, share, rig),
    )
