"""How the children of this program are started, and how a frozen bundle becomes one of them."""

import runpy
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# A frozen bundle has no `python -m`: its executable becomes its own children by these words.
CHILDREN = {
    "--worker": "engine.worker",
    "--background": "engine.background",
    "--download": "engine.download",
    "--examine": "engine.doctor",
    "--clients": "engine.terminal.clients",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineParts:
    """How the Engine's children are started, and whether a window can take handed files."""

    worker: tuple[str, ...]
    background: tuple[str, ...]
    download: tuple[str, ...]
    doctor: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()  # of the bench
    window: bool = True


def own_parts(
    home: Path | None = None, *, executable: str = sys.executable, frozen: bool | None = None
) -> EngineParts:
    """The children of this program: modules of it, or a frozen bundle's executable itself.

    Workers load the GPU pack that is ready in that home when they start.
    """
    if frozen is None:
        frozen = bool(getattr(sys, "frozen", False))

    def command(word: str) -> tuple[str, ...]:
        if frozen:
            return (executable, word)
        # What they print is read as UTF-8, which Windows' own code page is not.
        return (executable, "-X", "utf8", "-m", CHILDREN[word])

    return EngineParts(
        worker=(*command("--worker"), *_pack_words(home)),
        background=command("--background"),
        download=command("--download"),
        doctor=command("--examine"),
        clients=command("--clients"),
    )


def _pack_words(home: Path | None) -> tuple[str, ...]:
    if home is None:
        return ()
    # Only now: a child, or a window before its first paint, has no use for it.
    from engine.pack.place import ready_mark  # noqa: PLC0415

    return ("--pack", str(ready_mark(home)))


def became_child(words: Sequence[str]) -> bool:
    """Whether these words named a child, which this process then was until its end."""
    if not words or words[0] not in CHILDREN:
        return False
    sys.argv = [sys.argv[0], *words[1:]]
    # By name, not by import: nobody imports the worker.
    runpy.run_module(CHILDREN[words[0]], run_name="__main__", alter_sys=True)
    return True
