"""Where a model's parts go, and on how many threads: what LoadSpec says in llama.cpp's terms."""

import os
import sys

import psutil


def physical_cores() -> int:
    """As many threads as compute best: hyper-threads only get in each other's way."""
    cores = psutil.cpu_count(logical=False) or psutil.cpu_count() or 1
    if sys.platform == "linux":
        cores = min(cores, len(os.sched_getaffinity(0)))
    return max(1, cores)


def expert_pattern(layers: int) -> str:
    """A regular expression for the routed experts' tensors of the first `layers` layers."""
    numbers = "|".join(str(layer) for layer in range(layers))
    return rf"blk\.({numbers})\.ffn_(up|down|gate|gate_up)_(ch|)exps"
