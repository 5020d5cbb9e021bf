"""The shell scripts: portable, runnable, and honest about what they do not know."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
SCRIPTS = sorted((REPOSITORY / "installers").rglob("*.sh"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_that_the_shell_can_read_the_script(script: Path) -> None:
    shell = "bash" if "bash" in script.read_text("utf-8").splitlines()[0] else "sh"
    subprocess.run([shell, "-n", str(script)], check=True)


def test_that_shellcheck_has_no_complaint() -> None:
    if shutil.which("shellcheck") is None:
        pytest.skip("shellcheck is not installed")
    subprocess.run(["shellcheck", *map(str, SCRIPTS), ".ci/run"], cwd=REPOSITORY, check=True)


def test_that_the_pipeline_s_script_may_be_run() -> None:
    assert os.access(REPOSITORY / ".ci" / "run", os.X_OK)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--cuba"], "Unknown option: --cuba"),
        (["--prompt"], "--prompt needs a value after it."),
        (["--index"], "--index needs a value after it."),
    ],
)
def test_that_a_wrong_option_is_told_and_nothing_is_started(words: list[str], said: str) -> None:
    done = subprocess.run(
        ["sh", "installers/run.sh", *words],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith(said)
