"""The second front end: `fullbore VERB`; and the way in for a frozen bundle's children."""

import os
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from engine.host.children import became_child


def main(arguments: Sequence[str] | None = None) -> int:
    """Gives the exit code: 0, 1 for a failure that was explained, 2 for a wrong usage."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if became_child(words):
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
