"""What the bundle must hold, as far as it can be known without building it."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from engine.host.children import CHILDREN, own_parts

REPOSITORY = Path(__file__).parents[2]
LINUX = REPOSITORY / "installers" / "linux"


def test_that_a_bundle_can_become_every_child() -> None:
    ways_in = {f"engine.{path.parent.name}" for path in REPOSITORY.glob("engine/*/__main__.py")}
    assert ways_in <= set(CHILDREN.values())
    assert all(importlib.util.find_spec(module) for module in CHILDREN.values())


@pytest.mark.parametrize("frozen", [False, True])
def test_that_children_are_started_by_what_the_program_understands(*, frozen: bool) -> None:
    parts = own_parts(executable="/opt/fullbore/fullbore-window", frozen=frozen)
    started = (parts.worker, parts.background, parts.download, parts.doctor, parts.clients)
    assert {words[-1] for words in started} == set(CHILDREN if frozen else CHILDREN.values())


@pytest.mark.parametrize("word", sorted(CHILDREN))
def test_that_both_ways_in_become_a_child_without_the_window(word: str) -> None:
    # stdin is at its end at once: a child that waits for its parent's words ends by itself.
    for way_in in ("app", "engine"):
        done = subprocess.run(
            [
                *(sys.executable, "-X", "importtime", "-m", way_in, word),
                *(["--help"] if word == "--examine" else []),
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd=REPOSITORY,
            timeout=60,
            check=False,
        )
        assert b"usage: fullbore" not in done.stderr
        assert b"PySide6" not in done.stderr


def test_that_the_entries_and_the_types_agree() -> None:
    entry = (LINUX / "io.github.fullbore.Fullbore.desktop").read_text("utf-8")
    assert "MimeType=application/x-gguf;x-scheme-handler/fullbore;\n" in entry
    assert "Exec=fullbore-window %U\n" in entry
    types = (LINUX / "io.github.fullbore.Fullbore.xml").read_text("utf-8")
    assert '<mime-type type="application/x-gguf">' in types
