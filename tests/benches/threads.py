"""What choosing the number of threads while writing brings, and costs, beside other programs.

    python -m tests.benches.threads MODEL [--usual 1] [--most 2] [--steps 400] [--blind]

Decode tokens a second on the processor, one stream: with either number alone, and with the one that
`engine.worker.threads` chooses from step to step (in brackets: the share of steps on the most),
while as many other processes keep busy as stand in the first column. With `--blind` it does not ask
first how busy others are. OpenMP's threads spin as long as they do by themselves, as beside a card.
"""

import argparse
from time import perf_counter

from engine.protocol.load import LoadSpec
from engine.worker.brake import Brake
from engine.worker.context import Context
from engine.worker.llama import Library, Model
from engine.worker.placing import OthersWork, physical_cores, spare_some
from engine.worker.threads import Threads
from tests.benches.crowded import busy


def _nobody() -> float:
    return 0.0


def written(context: Context, steps: int, threads: Threads | int) -> tuple[float, float]:
    """Tokens a second, and the share of steps on the most threads."""
    context.clear(0)
    token, most = 1, 0
    began = perf_counter()
    for position in range(steps):
        now = threads if isinstance(threads, int) else threads.now
        most += isinstance(threads, Threads) and now != threads.usual
        context.use_threads(now)
        context.clear_batch()
        context.add(0, position, (token,), outputs=1)
        step = perf_counter()
        assert context.decode() == 0
        if isinstance(threads, Threads):
            threads.saw(1, perf_counter() - step)
        token = int(context.logits(0).argmax())
    return steps / (perf_counter() - began), most / steps


def main() -> None:
    """Measure and print, the ways in turns."""
    cores = physical_cores()
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--usual", type=int, default=spare_some(cores))
    parser.add_argument("--most", type=int, default=cores)
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--blind", dest="looks", action="store_false")
    asked = parser.parse_args()
    library = Library()
    spec = LoadSpec(path=asked.model, gpu_layers=0, streams=1, threads=asked.usual)
    context = Context(library, Model(library, spec, lambda _: True), spec, Brake())
    written(context, 20, asked.most)
    print(f"busy  {asked.usual:>8} threads {asked.most:>8} threads  chosen")
    for programs in (0, 1, cores):
        for _ in range(asked.rounds):
            with busy(programs):
                usual, _ = written(context, asked.steps, asked.usual)
                most, _ = written(context, asked.steps, asked.most)
                threads = Threads(asked.usual, asked.most, OthersWork() if asked.looks else _nobody)
                chosen, share = written(context, asked.steps, threads)
            row = f"{programs:<5} {usual:16.1f} {most:16.1f}  {chosen:.1f} ({share:.0%})"
            print(row, flush=True)


if __name__ == "__main__":
    main()
