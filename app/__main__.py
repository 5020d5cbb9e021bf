"""The window's way in, `fullbore-window [files…]`, and those of a frozen bundle's children."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from engine.host.children import became_child


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window; 0 when it was closed, 1 where there is no display."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if became_child(words):
        return 0
    asked = _parser().parse_args(words)
    if asked.version:
        from importlib.metadata import version  # noqa: PLC0415 (60 ms of the first paint)

        sys.stdout.write(f"Fullbore {version('fullbore')}\n")
        return 0
    # Only now: a child of a frozen bundle must not load Qt.
    from app.main import Options, run  # noqa: PLC0415

    return run(
        Options(
            files=tuple(file.absolute() for file in asked.files),
            first_paint=asked.first_paint,
            heartbeat=asked.heartbeat,
        )
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fullbore-window", description="Chat with language models on this computer."
    )
    parser.add_argument("files", nargs="*", type=Path, help="GGUF files to chat with")
    parser.add_argument("--version", action="store_true", help="print the version, and end")
    parser.add_argument(
        "--first-paint",
        action="store_true",
        help="print the milliseconds from process start to first paint, and close",
    )
    parser.add_argument(
        "--heartbeat",
        action="store_true",
        help="measure how long the window was ever busy; printed at the end",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
