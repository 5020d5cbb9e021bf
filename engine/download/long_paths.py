"""The length of a path, which Windows still limits unless the person lifted that."""

import sys
from pathlib import Path

from engine.download.leftovers import JOURNAL
from engine.errors import DownloadError

_MOST = 259
_VERSION = 13  # what a part's name has before its ending: a point, and twelve digits of a hash


def check_length(target: Path, *, limited: bool | None = None) -> None:
    """Raises DownloadError if the file, or what lies beside it on its way, could not be named."""
    if limited is None:
        limited = _limited()
    if limited and len(str(target.absolute())) + _VERSION + len(JOURNAL) > _MOST:
        raise DownloadError(
            f"The place of {target.name} has a longer path than Windows allows.",
            remedy="Choose a folder for models with a short path, such as C:\\models, or turn on"
            " long paths in Windows.",
        )


def _limited() -> bool:
    if sys.platform != "win32":
        return False
    import ctypes  # noqa: PLC0415

    # The system's setting and the program's manifest, both in one.
    return not ctypes.windll.ntdll.RtlAreLongPathsEnabled() & 0xFF
