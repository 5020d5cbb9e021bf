"""What a calibration computes from what it timed; and the real one, on the processor."""

import subprocess
import sys
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import BinaryIO, cast

import pytest

from engine.hardware.probe import probe
from engine.host.calibrate import Calibrator
from engine.protocol.framing import read_body
from engine.worker.calibrate import TokenTimes, best_threads
from tests.support.nvml import FakeNvml


def test_that_a_layers_cost_is_what_reading_its_weights_does_not_explain() -> None:
    times = TokenTimes(few=2, few_seconds=0.002 * 2, many=10, many_seconds=0.002 * 10)
    # 1 MB at 1 GB/s is 1 ms of the 2 ms.
    assert times.layer_seconds(1e6, 1e9) == pytest.approx(0.001)


def test_that_what_a_token_costs_without_layers_is_spread_over_them() -> None:
    times = TokenTimes(few=2, few_seconds=0.0032, many=10, many_seconds=0.0032)
    assert times.layer_seconds(0, 1e9) == pytest.approx(0.0001)


def test_that_a_cost_is_never_negative() -> None:
    times = TokenTimes(few=2, few_seconds=0.004, many=10, many_seconds=0.003)
    assert times.layer_seconds(1e6, 1e9) >= 0


@pytest.mark.journey
def test_that_the_real_one_ends_with_its_pipe_in_the_midst_of_measuring() -> None:
    command = (sys.executable, "-m", "engine.worker", "--calibrate")
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert read_body(cast("BinaryIO", child.stdout))  # it is at work
        child.stdin.close()
        assert child.wait(timeout=30) == 0


@pytest.mark.anyio
@pytest.mark.journey
@pytest.mark.timeout(120)
async def test_that_the_real_one_measures_the_processor_within_its_minute(
    model_file: Path,
) -> None:
    steps: list[float] = []

    def heard(step: str, fraction: float) -> None:
        steps.append(fraction)

    worker = (sys.executable, "-m", "engine.worker")
    library = FakeNvml(has_driver=False)
    found = await Calibrator(worker, probe((), library=library), library=library).run(
        model_file, heard
    )
    board = found.board
    assert steps == sorted(steps)
    assert 1 in board.read_rates
    assert board.threads in board.read_rates
    assert {"Q4_K", "Q6_K"} <= board.type_rates.keys()  # a busy machine may miss the rarer ones
    assert all(1e7 < rate < 1e13 for rate in (*board.type_rates.values(), board.flops))
    assert 0 <= board.layer_seconds < 1


def test_that_threads_that_are_too_many_are_left_out() -> None:
    assert best_threads({1: 13.1, 8: 71.5, 16: 96.5, 24: 88.0, 32: 5.1}) == 24
    assert best_threads({1: 13.1, 8: 96.0, 16: 60.0}) == 8
    assert best_threads({1: 9.0}) == 1
