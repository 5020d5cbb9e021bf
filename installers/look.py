"""Looks at this machine for what `choose_build` wants to know. Standard library only."""

import platform
import re
import shutil
import subprocess
import sys

from installers.choose_build import Forced, Found

_NVIDIA_SMI = ("nvidia-smi", "--query-gpu=driver_version,compute_cap", "--format=csv,noheader")


def look(forced: Forced | None) -> Found:
    """What this machine has; a program that is missing or fails means "not here"."""
    driver, capabilities = cards_in(_said_by(*_NVIDIA_SMI))
    return Found(
        platform=f"{sys.platform}-{platform.machine().lower().replace('amd64', 'x86_64')}",
        driver=driver,
        capabilities=capabilities,
        nvcc=release_in(_said_by("nvcc", "--version")),
        forced=forced,
    )


def cards_in(listing: str) -> tuple[tuple[int, ...] | None, tuple[tuple[int, int], ...]]:
    """The driver and the compute capabilities in nvidia-smi's lines, as in `580.65.06, 9.0`."""
    rows = re.findall(r"^\s*(\d+(?:\.\d+)+)\s*,\s*(\d+)\.(\d+)\s*$", listing, re.MULTILINE)
    if not rows:
        return None, ()
    driver = tuple(int(part) for part in rows[0][0].split("."))
    return driver, tuple((int(major), int(minor)) for _, major, minor in rows)


def release_in(greeting: str) -> tuple[int, int] | None:
    """The version in nvcc's greeting, as in `release 13.0, V13.0.88`."""
    seen = re.search(r"release (\d+)\.(\d+)", greeting)
    return (int(seen[1]), int(seen[2])) if seen else None


def _said_by(program: str, *arguments: str) -> str:
    path = shutil.which(program)
    if path is None:
        return ""
    try:
        done = subprocess.run(
            [path, *arguments], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""
