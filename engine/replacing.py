"""A finished draft takes its file's place."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

_PATIENCE_SECONDS = 1.0
_PAUSE_SECONDS = 0.01


def put_in_place(
    draft: Path,
    place: Path,
    *,
    system: str = sys.platform,
    replace: Callable[[Path, Path], object] = Path.replace,
) -> None:
    """As `draft.replace(place)`. Raises OSError.

    Windows refuses while anybody has the file open, another Fullbore that reads it or a scanner of
    viruses: they are done in a moment, so it is asked again for a second.
    """
    until = time.monotonic() + (_PATIENCE_SECONDS if system == "win32" else 0.0)
    while True:
        try:
            replace(draft, place)
        except PermissionError:
            if time.monotonic() >= until:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return
