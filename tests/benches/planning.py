"""What planning costs in the background process: `python -m tests.benches.planning [PART]`.

Processor time of one process over ghosts' headers, which lie read in it: whole plans of one model,
with all that stands beside them; ten rows of a picker as the context moves; and all of a
repository's rows. Each context is one that was not asked for before. PART chooses models.
"""

import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

from engine.background import collecting
from engine.background.planning import Planning
from engine.background.words import ModelSource, PlanModels
from engine.config import LoadWish
from engine.fit.placement.planner import USUAL_STREAMS
from engine.fit.rig import Rig
from engine.fit.rigs import parse_rig
from engine.hardware.catalogue import read_catalogue
from tests.support.ghosts import QUANTIZATIONS, write_ghost

ONE_BY_ONE = ("qwen3-32b", "llama-70b", "gpt-oss-120b", "qwen3-30b-a3b", "deepseek-r1-671b")
# Of each, ten rows are to be seen.
REPOSITORIES = ("qwen3-32b", "gpt-oss-120b", "deepseek-r1-671b")
ROWS = 30
VISIBLE = 10
MOVES = 9
MACHINES = (
    "RTX 4090, 64 GB DDR5-5600",
    "2x RTX 3090, 128 GB DDR4-3200",
    "4x RTX 3090, 256 GB DDR4-3200",
    "RTX 4090, 768 GB DDR5-4800 8-channel",
)


def sources(folder: Path, shape: str) -> tuple[ModelSource, ...]:
    """Quantizations of one model, headers and holes; some of them more than once."""
    made: list[ModelSource] = []
    for number in range(ROWS):
        label = tuple(QUANTIZATIONS)[1 + number % (len(QUANTIZATIONS) - 1)]
        path = folder / f"{shape}-{label}-{number}.gguf"
        write_ghost(f"{shape}:{label}", path, whole=False)
        made.append(ModelSource(id=path.stem, files=(path,)))
    return tuple(made)


def moves() -> Iterator[LoadWish]:
    """The slider, at a place where it never was."""
    for step in count():
        yield LoadWish(context_tokens=4096 + 256 * ((37 * step) % 480))


def milliseconds(
    planning: Planning, models: tuple[ModelSource, ...], rig: Rig, wish: LoadWish
) -> float:
    """Of this process, for an answer."""
    started = process_time()
    planning.answer(PlanModels(models=models, rig=rig, wish=wish, streams=USUAL_STREAMS))
    spent = 1000 * (process_time() - started)
    collecting.collect(awaited=False)
    return spent


def told(label: str, times: list[float]) -> str:
    return f"{label} {min(times):4.0f} / {median(times):4.0f} / {max(times):4.0f} ms"


def report(machine: str, folder: Path, chosen: str) -> Iterator[str]:
    """One machine's rows, in a process that planned for none before."""
    rig = parse_rig(machine, read_catalogue())
    for shape in ONE_BY_ONE:
        if chosen in shape:
            planning, wishes = Planning(), moves()
            path = folder / f"{shape}.gguf"
            write_ghost(shape, path, whole=False)
            one = (ModelSource(id=shape, files=(path,)),)
            first = milliseconds(planning, one, rig, LoadWish())
            again = median(milliseconds(planning, one, rig, LoadWish()) for _ in range(4))
            moved = [milliseconds(planning, one, rig, next(wishes)) for _ in range(MOVES)]
            moving = told("with a context moved to", moved)
            times = f"first plan {first:4.0f} ms  again {again:4.0f} ms  {moving}"
            yield f"{machine:38} {shape:17} {times}"
    for shape in REPOSITORIES:
        if chosen in shape:
            planning, wishes = Planning(), moves()
            rows = sources(folder, shape)
            first = milliseconds(planning, rows, rig, LoadWish())
            seen, whole = (
                [milliseconds(planning, rows[:some], rig, next(wishes)) for _ in range(MOVES)]
                for some in (VISIBLE, ROWS)
            )
            yield f"{machine:38} {shape:17} {ROWS} rows ranked {first:4.0f} ms"
            moved = f"{told(f'moved: {VISIBLE} rows', seen)}, {told('all', whole)}"
            yield f"{machine:38} {shape:17} {moved}"


def main() -> None:
    collecting.begin()
    chosen = sys.argv[1] if len(sys.argv) > 1 else ""
    with TemporaryDirectory() as folder:
        for machine in MACHINES:
            for line in report(machine, Path(folder), chosen):
                print(line, flush=True)


if __name__ == "__main__":
    main()
