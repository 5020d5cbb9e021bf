"""On Windows a parent can ask `serve` to end by Ctrl+Break, and by nothing else."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "win32", reason="Windows' own way to ask")


def test_that_ctrl_break_ends_it_as_ctrl_c_would(tmp_path: Path) -> None:
    if sys.platform != "win32":
        return
    with subprocess.Popen(
        [sys.executable, "-m", "engine", "serve"],
        env={**os.environ, "FULLBORE_HOME": str(tmp_path / "ä b 模型")},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        creationflags=subprocess.CREATE_NEW_PROCESS_GROUP,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Fullbore serves at http://127.0.0.1:")
        process.send_signal(signal.CTRL_BREAK_EVENT)
        assert process.wait(30) == 0
