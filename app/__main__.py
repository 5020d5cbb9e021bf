"""The window's way in, `fullbore-window [files and links…]`, and those of a bundle's children."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.host.children import became_child

if TYPE_CHECKING:
    from engine.handover.visitor import Met


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window; 0 when it was closed, 1 where there is no display."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if became_child(words):
        return 0
    asked = _parser().parse_args(_without_tricks(words))
    if asked.version:
        from importlib.metadata import version  # noqa: PLC0415 (60 ms of the first paint)

        sys.stdout.write(f"Fullbore {version('fullbore')}\n")
        return 0
    if asked.home is not None:
        os.environ["FULLBORE_HOME"] = str(asked.home.absolute())
    opened = tuple(_opened(word) for word in asked.words)
    # Before Qt is loaded: a start that only hands over is over in a moment.
    met = _met(opened, os.environ, hidden=asked.hidden)
    if met is not None and (met.took or asked.hidden):
        return 0
    # Only now: a child of a frozen bundle must not load Qt.
    from app.main import Options, run  # noqa: PLC0415

    return run(
        Options(
            words=opened,
            met=met,
            hidden=asked.hidden,
            first_paint=asked.first_paint,
            heartbeat=asked.heartbeat,
        )
    )


def _without_tricks(words: list[str]) -> list[str]:
    """A start by a link has no other words: a link may have been made to look like several."""
    from app.links import SCHEME  # noqa: PLC0415 (a child must not pay for it)

    return next(([word] for word in words if word.casefold().startswith(f"{SCHEME}:")), words)


def _opened(word: str) -> str:
    """A link as it is, anything else as a path; desktops write paths as addresses, too."""
    from app.links import is_link  # noqa: PLC0415 (as above)

    if is_link(word):
        return word
    if word.casefold().startswith("file:"):
        from urllib.parse import urlsplit  # noqa: PLC0415 (rarely needed)
        from urllib.request import url2pathname  # noqa: PLC0415 (30 ms)

        word = url2pathname(urlsplit(word).path)
    return str(Path(word).absolute())


def _met(opened: tuple[str, ...], environment: Mapping[str, str], *, hidden: bool) -> "Met | None":
    """Who owns the home already, and whether they took these words.

    A start that shows no window raises none either.
    """
    from engine.config import home_from  # noqa: PLC0415 (a child must not pay for it)
    from engine.handover.lock import is_owned  # noqa: PLC0415 (as above)

    home = home_from(environment)
    try:
        owned = is_owned(home)
    except OSError:  # the window says what is wrong with that home
        return None
    if not owned:
        return None
    from engine.handover.visitor import Met, hand_over  # noqa: PLC0415 (second starts alone)

    if hidden and not opened:
        return Met()
    return hand_over(home, opened, activation=environment.get("XDG_ACTIVATION_TOKEN", ""))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fullbore-window", description="Chat with language models on this computer."
    )
    parser.add_argument(
        "words", nargs="*", metavar="file|link", help="a GGUF file to chat with, or a fullbore link"
    )
    parser.add_argument("--version", action="store_true", help="print the version, and end")
    parser.add_argument(
        "--hidden",
        action="store_true",
        help="start without the window, in the tray if that is on, else with the port alone",
    )
    parser.add_argument(
        "--home", type=Path, metavar="FOLDER", help="keep everything there (FULLBORE_HOME)"
    )
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
