"""Tries an installed Fullbore: its version, this machine, an answer of the starter model, a paint.

    python installers/smoke.py FOLDER --model FILE

FOLDER holds `fullbore` and `fullbore-window`. Standard library only, so that any Python runs it;
everything happens in a home of its own. Prints a line for each, and ends with 1 at the first that
fails.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

_PATIENCE_SECONDS = 180


class Failed(Exception):
    """One of the tries failed; the sentence says which and how."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Try it; 0 if all of it works."""
    asked = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        # A name as people have them.
        home = Path(folder) / "ä b 模型"
        try:
            try_out(asked.folder, asked.model.absolute(), home, window=not asked.no_window)
        except Failed as failure:
            print(failure, file=sys.stderr)
            return 1
    return 0


def try_out(folder: Path, model: Path, home: Path, *, window: bool) -> None:
    """Run what a person would. Raises Failed."""
    ending = ".exe" if sys.platform == "win32" else ""
    terminal, windowed = folder / f"fullbore{ending}", folder / f"fullbore-window{ending}"
    version = said([terminal, "--version"], home)
    if not any(letter.isdigit() for letter in version):
        raise Failed(f"--version says {version!r}")
    machine = json.loads(said([terminal, "probe", "--json"], home))
    if machine["memory_bytes"] <= 0:
        raise Failed(f"probe finds no memory: {machine}")
    said([terminal, "chat", str(model), "--prompt", "Say hello.", "--max-tokens", "8"], home)
    if window and "first paint" not in said([windowed, "--first-paint"], home):
        raise Failed("the window did not paint")


def said(command: Sequence[str | Path], home: Path) -> str:
    """What it prints. Raises Failed if it prints nothing, ends badly, or not at all."""
    words = [str(word) for word in command]
    shown = " ".join(Path(word).name for word in words)
    began = time.monotonic()
    try:
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_PATIENCE_SECONDS,
            env={**os.environ, "FULLBORE_HOME": str(home)},
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Failed(f"{shown}: {error}") from error
    if done.returncode != 0 or not done.stdout.strip():
        raise Failed(f"{shown}: ended with {done.returncode}\n{done.stdout}\n{done.stderr}")
    print(f"{time.monotonic() - began:6.1f} s  {shown}: {done.stdout.strip()[:160]!r}", flush=True)
    return done.stdout


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Try an installed Fullbore.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", type=Path, required=True, help="a small GGUF file")
    parser.add_argument("--no-window", action="store_true", help="where there is no display")
    return parser


if __name__ == "__main__":
    sys.exit(main())
