"""`fullbore pack` as a person and a program meet it."""

import json
import os
import subprocess
import sys
from pathlib import Path

from engine.config import Home
from engine.fit.saying import say
from engine.handover.lock import HomeLock
from engine.pack.values import Pack, PackKind, PackState
from engine.terminal.pack import pack_text

ROOT = Path(__file__).parents[3]


def fullbore(home: Home, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "engine", "pack", *words],
        cwd=ROOT,
        env={**os.environ, "FULLBORE_HOME": str(home.root)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_that_its_state_is_told_to_programs_and_changes_nothing(home: Home) -> None:
    before = sorted(home.root.rglob("*"))
    ran = fullbore(home, "--json")
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["state"] in {"needless", "offered", "refused"}
    assert sorted(home.root.rglob("*")) == before


def test_that_a_home_that_is_in_use_is_not_changed(home: Home) -> None:
    lock = HomeLock(home)
    lock.take()
    try:
        ran = fullbore(home, "install")
    finally:
        lock.release()
    assert ran.returncode == 1
    assert "end that Fullbore first" in ran.stderr


def test_that_people_read_what_it_is_and_what_to_do() -> None:
    offered = Pack(
        state=PackState.OFFERED,
        kind=PackKind.CUDA_13,
        size_bytes=543_000_000,
        unpacked_bytes=760_000_000,
        reason=say("Models run many times faster on {cards:names}.", cards=("RTX 4090",)),
    )
    told = pack_text(offered)
    assert "543.0 MB to download, 760.0 MB on the disk" in told
    assert "faster on RTX 4090" in told
    assert "fullbore pack install" in told
    broken = pack_text(Pack(state=PackState.BROKEN, failure="It computes wrongly. Update it."))
    assert broken == "The GPU pack does not work.\nIt computes wrongly. Update it."
