"""What choosing a token costs on this machine, with few candidates and with all: `python -m`.

Logits are drawn anew for each turn from a normal distribution. "all" hands llama.cpp the whole
vocabulary, as its own llama_sampler_sample does; "few" is what the worker does.
"""

import argparse
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from engine.chat import Sampling
from engine.worker import samplers
from engine.worker.candidates import Logits, narrow, reach
from engine.worker.chains import Chains
from engine.worker.logprobs import chosen
from engine.worker.placing import physical_cores
from engine.worker.samplers import Sampler
from engine.worker.sampling import stages

_CHAINS = {
    "defaults (top-k 40)": Sampling(seed=1),
    "temperature 0": Sampling(seed=1, temperature=0),
    "top-k 40, penalties": Sampling(seed=1, repeat_penalty=1.1),
    "top-k 500": Sampling(seed=1, top_k=500),
    "min-p alone": Sampling(seed=1, top_k=0, top_p=1.0),
    "top-p alone": Sampling(seed=1, top_k=0, min_p=0.0),
    "mirostat 2": Sampling(seed=1, mirostat=2),
}


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vocabulary", type=int, default=152_064)
    parser.add_argument("--turns", type=int, default=50)
    wishes = parser.parse_args()
    vocabulary: int = wishes.vocabulary
    rows: list[Logits] = [
        np.random.default_rng(seed).normal(0, 3, vocabulary).astype(np.float32)
        for seed in range(32)
    ]
    print(f"{wishes.vocabulary:,} logits, {physical_cores()} cores; µs a token")
    print(f"{'':22}{'1 stream':^22}{'32 streams':^22}")
    print(" " * 22 + f"{'few':>8}{'all':>8}{'ratio':>6}" * 2)
    for name, wish in _CHAINS.items():
        line = f"{name:22}"
        for streams in (1, 32):
            few = _cost(wish, rows, streams, wishes.turns)
            samplers.reach = _whole
            whole = _cost(wish, rows, streams, max(wishes.turns // 10, 3))
            samplers.reach = reach
            line += f"{few:8.0f}{whole:8.0f}{whole / few:6.1f}"
        print(line, flush=True)
    began = time.perf_counter()
    for row in rows:
        chosen(row, 1, 20, bytes)
    print(f"{'20 log probabilities':22}{(time.perf_counter() - began) / len(rows) * 1e6:8.0f}")


def _cost(wish: Sampling, rows: Sequence[Logits], streams: int, turns: int) -> float:
    vocabulary = len(rows[0])
    chains = Chains(None, vocabulary)
    made = [Sampler(chains, stages(wish, vocabulary, 4096)) for _ in range(streams)]
    turns = max(turns // streams, 3)
    with ThreadPoolExecutor(min(streams, physical_cores())) as pool:

        def turn(number: int) -> None:
            pairs = [(one, rows[(at + number) % len(rows)]) for at, one in enumerate(made)]
            if streams == 1:
                _choose(pairs[0])
            else:
                list(pool.map(_choose, pairs))

        turn(0)
        began = time.perf_counter()
        for number in range(turns):
            turn(number)
        took = time.perf_counter() - began
    for one in made:
        one.free()
    return took / turns / streams * 1e6


def _choose(pair: tuple[Sampler, Logits]) -> int | None:
    one, row = pair
    reached = one.reach()
    return one.choose(row, narrow(row, reached) if reached else None)


def _whole(_: object) -> None:
    return None


if __name__ == "__main__":
    _main()
