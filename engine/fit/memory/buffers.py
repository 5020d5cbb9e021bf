"""Compute buffers of one model; each is drawn once, and stands for all devices that are alike."""

from collections.abc import Sequence
from functools import lru_cache

from engine.fit.memory.graph import Sketch, Stage, Work
from engine.gguf.shape import Shape

_ENOUGH_ALIKE = 4  # by then equal layers have found the holes that they leave each other
_ENOUGH_LAYERS = 18  # by then every kind of layer has been met in every neighbourhood
_ENOUGH_PATTERNS = 2
_PERIODS = (1, 2, 3, 4, 5, 6)  # of windows among layers, and of states
_MOST_KEPT = 512
_MOST_SKETCHES = 16


class Buffers:
    """`alike[layer]` is the first layer that is computed as that one is: stages are to name it."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._kept: dict[tuple[tuple[Stage, ...], Work, bool], int] = {}
        self._sketches: dict[Work, Sketch] = {}
        kinds: dict[tuple[object, ...], int] = {}
        self.alike = tuple(
            kinds.setdefault(_kind(shape, layer), layer) for layer in range(shape.layers)
        )

    def bytes_of(self, stages: tuple[Stage, ...], work: Work, *, last: bool) -> int:
        """The buffer of a device that computes these layers (`telling` ones suffice), and the
        output if `last`."""
        key = stages, work, last
        if key not in self._kept:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[key] = self._sketch(work).bytes_of(stages, last=last)
        return self._kept[key]

    def _sketch(self, work: Work) -> Sketch:
        found = self._sketches.get(work)
        if found is None:
            if len(self._sketches) >= _MOST_SKETCHES:
                self._sketches.clear()
            found = self._sketches[work] = Sketch(self._shape, work)
        return found


@lru_cache(maxsize=64)
def buffers_of(shape: Shape) -> Buffers:
    """All quantizations of a model are of one shape, and share its buffers."""
    return Buffers(shape)


def telling(stages: Sequence[Stage]) -> tuple[Stage, ...]:
    """The layers that decide: a few of each run of equal ones, and of each pattern that repeats."""
    kept: list[Stage] = []
    start, count = 0, len(stages)
    while start < count:
        for period in _PERIODS:
            end = _repeated(stages, start, period)
            enough = period * (_ENOUGH_ALIKE if period == 1 else _ENOUGH_PATTERNS)
            if end - start > enough:
                kept += stages[start : start + enough]
                start = end
                break
        else:
            kept.append(stages[start])
            start += 1
    if len(kept) <= _ENOUGH_LAYERS:
        return tuple(kept)
    return (*kept[: _ENOUGH_LAYERS - 2], *kept[-2:])


def _repeated(stages: Sequence[Stage], start: int, period: int) -> int:
    """Where the whole repetitions of the first `period` stages from `start` on end."""
    at, count = start + period, len(stages)
    while at < count and (stages[at] is stages[at - period] or stages[at] == stages[at - period]):
        at += 1
    return at - (at - start) % period if at - start >= period else start


def _kind(shape: Shape, layer: int) -> tuple[object, ...]:
    return (
        shape.heads[layer],
        shape.kv_heads[layer],
        shape.window is not None and shape.window.layers[layer],
        shape.recurrent is not None and shape.recurrent.layers[layer],
    )
