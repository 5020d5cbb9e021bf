"""A worker that runs no llama.cpp, and measures no machine when it is asked to: a real process.

Everything before `--calibrate` is the fake worker's, everything after it the fake calibration's;
`--ends HOW` is taken out for the latter.
"""

import runpy
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))


def measured_worker(*options: str, ends: str = "done") -> tuple[str, ...]:
    """The command that starts one."""
    return (sys.executable, str(Path(__file__)), ends, *options)


def main() -> None:
    script, ends, *options = sys.argv
    if "--calibrate" in options:
        after = options[options.index("--calibrate") :]
        sys.argv = [script, "--ends", ends, *after]
        runpy.run_module("tests.support.fake_calibration", run_name="__main__", alter_sys=False)
    else:
        sys.argv = [script, *options]
        runpy.run_module("tests.support.fake_worker", run_name="__main__", alter_sys=False)


if __name__ == "__main__":
    main()
