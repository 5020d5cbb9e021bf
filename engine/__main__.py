"""The second front end: `fullbore VERB`; and the way in for a frozen bundle's children."""

import os
import runpy
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

# A frozen bundle has no `python -m`: its executable becomes its own children by these words.
CHILDREN = {
    "--worker": "engine.worker",
    "--background": "engine.background",
    "--download": "engine.download",
    "--examine": "engine.doctor",
    "--clients": "engine.terminal.clients",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Gives the exit code: 0, 1 for a failure that was explained, 2 for a wrong usage."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and words[0] in CHILDREN:
        sys.argv = [sys.argv[0], *words[1:]]
        # By name, not by import: nobody imports the worker.
        runpy.run_module(CHILDREN[words[0]], run_name="__main__", alter_sys=True)
        return 0
    # Only now: a child needs none of it.
    from engine.terminal.verbs import run  # noqa: PLC0415

    return run(words, os.environ, _version())


def _version() -> str:
    try:
        return version("fullbore")
    except PackageNotFoundError:
        return "0"


if __name__ == "__main__":
    sys.exit(main())
