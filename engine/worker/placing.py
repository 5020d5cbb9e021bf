"""Where a model's parts go, and on how many threads: what LoadSpec says in llama.cpp's terms."""

import os
import sys
from collections import defaultdict
from collections.abc import Sequence
from time import monotonic, process_time

import psutil

from engine.protocol.load import CpuExperts, ExpertGroup


def physical_cores() -> int:
    """As many threads as compute best: hyper-threads only get in each other's way."""
    cores = psutil.cpu_count(logical=False) or psutil.cpu_count() or 1
    if sys.platform == "linux":
        cores = min(cores, len(os.sched_getaffinity(0)))
    return max(1, cores)


def spare_some(cores: int) -> int:
    """How many of these cores to compute on: an eighth is left to everything else.

    llama.cpp's threads wait for each other at every matrix, so that one which is held up holds up
    all. On 32 cores, 32 threads read MXFP4 at 4.8 GB/s in one minute and at 153 in another.
    """
    return cores - cores // 8


class OthersWork:
    """How many cores other programs kept busy since it was last asked."""

    def __init__(self) -> None:
        self._last = self._seconds()

    def __call__(self) -> float:
        """Asked again within a moment, it knows nothing."""
        before, self._last = self._last, self._seconds()
        wall, all_, ours = (now - then for now, then in zip(self._last, before, strict=True))
        return max(0.0, (all_ - ours) / wall) if wall > 0 else 0.0

    @staticmethod
    def _seconds() -> tuple[float, float, float]:
        """Of the clock, of all programs, and of this process."""
        times = psutil.cpu_times()
        return monotonic(), times.user + times.system, process_time()


def expert_patterns(experts: Sequence[CpuExperts]) -> tuple[str, ...]:
    """Regular expressions for the routed experts' tensors that stay in RAM, one for each kind."""
    layers: dict[tuple[ExpertGroup, ...], list[int]] = defaultdict(list)
    for one in experts:
        layers[one.groups].append(one.layer)
    return tuple(_pattern(numbers, groups) for groups, numbers in layers.items())


def _pattern(layers: Sequence[int], groups: Sequence[ExpertGroup]) -> str:
    numbers = "|".join(str(layer) for layer in sorted(layers))
    kinds = "|".join("gate|gate_up" if group is ExpertGroup.GATE else group for group in groups)
    return rf"blk\.({numbers})\.ffn_({kinds})_(ch|)exps"
