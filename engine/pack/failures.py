"""What an install foresees."""

import errno
from typing import ClassVar

from engine.errors import DiskFull, EngineError

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_WINDOWS_DISK_FULL = 112


class PackFailed(EngineError):
    """The GPU pack could not be installed, or does not work."""

    code: ClassVar[str] = "pack_failed"
    remedy = "Install it again: what has arrived is kept."


def unwritten(error: OSError, place: str) -> EngineError:
    """The sentence for a disk that refuses."""
    if error.errno in _FULL or getattr(error, "winerror", None) == _WINDOWS_DISK_FULL:
        return DiskFull(
            "The disk is full: the GPU pack could not be unpacked.",
            remedy="Free some room, then install it again: what was downloaded is kept.",
        )
    return PackFailed(
        f"The GPU pack could not be written to {place}: {error.strerror or error}.",
        remedy="Make that folder writable, then install it again.",
    )
