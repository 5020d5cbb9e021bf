"""Whatever way the window ends, nothing it started goes on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.support.homes import home_with

pytestmark = [pytest.mark.journey, pytest.mark.timeout(120)]


@pytest.mark.parametrize("how", ["asked to leave", "killed"])
def test_that_no_process_outlives_the_window(tmp_path: Path, model_file: Path, how: str) -> None:
    home = home_with(model_file, tmp_path / "home")
    environment = {**os.environ, "FULLBORE_HOME": str(home.root), "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen([sys.executable, "-m", "app"], env=environment) as app:
        started: dict[int, psutil.Process] = {}

        def worker_runs() -> bool:
            for child in psutil.Process(app.pid).children(recursive=True):
                started[child.pid] = child
            return any(_is_worker(child) for child in started.values())

        wait_until(worker_runs, seconds=30)
        if how == "killed":
            app.kill()
        else:
            app.send_signal(signal.SIGTERM)
        code = app.wait(20)
        wait_until(lambda: not any(_lives(child) for child in started.values()), seconds=10)
    assert how == "killed" or code == 0


def wait_until(condition: Callable[[], bool], *, seconds: float) -> None:
    """Returns when the condition holds; fails after that time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)


def _is_worker(process: psutil.Process) -> bool:
    try:
        return "engine.worker" in process.cmdline()
    except psutil.NoSuchProcess:
        return False


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
