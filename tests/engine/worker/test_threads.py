"""Which number of threads writes faster is found out while answers are written."""

from collections.abc import Callable
from random import Random

import pytest

from engine.protocol.load import CpuExperts, LoadSpec
from engine.worker.placing import OthersWork
from engine.worker.threads import Threads, threads_of
from tests.benches.crowded import busy
from tests.support.waiting import until

USUAL, MOST = 14, 16
LAYERS = 36

# How many times as long as usual a step takes on all cores, at each step.
Machine = Callable[[int], float]


def written(threads: Threads, machine: Machine, steps: int, start: int = 0) -> tuple[float, int]:
    """The time these steps took, in usual steps, and how many were on all cores."""
    noise, seconds, on_all = Random(7), 0.0, 0
    for step in range(start, start + steps):
        took = noise.uniform(0.97, 1.03) * (machine(step) if threads.now == MOST else 1.0)
        seconds += took
        on_all += threads.now == MOST
        threads.saw(1, took)
    return seconds, on_all


def test_that_all_cores_write_where_they_are_faster() -> None:
    seconds, on_all = written(Threads(USUAL, MOST), lambda _: 0.9, 1000)
    assert on_all > 900
    assert seconds < 915


def test_that_some_stay_free_where_that_is_as_fast() -> None:
    seconds, on_all = written(Threads(USUAL, MOST), lambda _: 1.0, 1000)
    assert on_all < 50
    assert seconds == pytest.approx(1000, rel=0.01)


@pytest.mark.parametrize(("slower", "lost"), [(1.2, 0.01), (2.0, 0.01), (30.0, 0.07)])
def test_that_a_machine_that_is_shared_loses_little(slower: float, lost: float) -> None:
    seconds, _ = written(Threads(USUAL, MOST), lambda _: slower, 1000)
    assert seconds < 1000 * (1 + lost)


def test_that_nothing_is_tried_while_others_keep_cores_busy() -> None:
    work = [1.0]
    threads = Threads(USUAL, MOST, lambda: work[0])
    assert written(threads, lambda _: 30.0, 1000)[1] == 0
    work[0] = 0.1
    assert written(threads, lambda _: 0.9, 1000)[1] > 900


@pytest.mark.anyio
async def test_that_others_work_is_seen() -> None:
    others = OthersWork()
    with busy(1):
        await until(lambda: others() > 0.2)


def test_that_another_program_is_made_way_for_at_once() -> None:
    threads = Threads(USUAL, MOST)
    written(threads, lambda _: 0.9, 500)
    assert threads.now == MOST
    seconds, on_all = written(threads, lambda _: 5.0, 100, start=500)
    assert threads.now == USUAL
    assert on_all <= 3
    assert seconds < 115


def test_that_all_cores_are_taken_again_once_it_is_gone() -> None:
    threads = Threads(USUAL, MOST)
    written(threads, lambda _: 2.0, 500)
    _, on_all = written(threads, lambda _: 0.9, 4000, start=500)
    assert threads.now == MOST
    assert on_all > 3000


def test_that_steps_are_compared_with_their_like_alone() -> None:
    threads = Threads(USUAL, MOST)
    for step in range(2000):  # a second writer comes and goes, and steps take longer with it
        writers = 1 + step // 7 % 2
        threads.saw(writers, float(writers))
        assert threads.now == USUAL


def test_that_a_machine_that_gets_slow_for_good_is_taken_as_it_is() -> None:
    threads = Threads(USUAL, MOST)
    for step in range(3000):
        threads.saw(1, (1.0 if step < 100 else 4.0) * (0.9 if threads.now == MOST else 1.0))
    assert threads.now == MOST


@pytest.mark.parametrize(
    ("spec", "chooses"),
    [
        (LoadSpec(path="m", gpu_layers=0), True),
        (LoadSpec(path="m", gpu_layers=20), True),
        (LoadSpec(path="m", gpu_layers=LAYERS + 1), False),
        (LoadSpec(path="m"), False),
        (LoadSpec(path="m", cpu_experts=(CpuExperts(layer=3),)), True),
        (LoadSpec(path="m", gpu_layers=0, threads=14), True),
        (LoadSpec(path="m", gpu_layers=0, threads=7), False),  # measured, or shared with another
    ],
)
def test_that_it_is_chosen_only_where_a_rule_of_ours_leaves_cores_free(
    spec: LoadSpec, chooses: bool
) -> None:
    assert (threads_of(spec, LAYERS, cores=16) is not None) is chooses
    assert threads_of(spec, LAYERS, cores=4) is None
