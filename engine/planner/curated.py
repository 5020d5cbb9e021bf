"""Repositories worth knowing, and which of them run best on a machine."""

import tomllib
from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter

from engine.download.values import Curated
from engine.fit.rig import Rig
from engine.hardware.catalogue import ASSETS
from engine.planner.estimate import Fit, estimate, rough_speed

_LEAST_TPS = 8.0  # slower than people read

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
