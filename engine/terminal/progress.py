"""How far something has come, in one line."""

from typing import assert_never

from engine.download.values import Download, DownloadPhase
from engine.terminal.screen import size_text

_CELLS = 24


def bar(fraction: float) -> str:
    """A bar and a percentage."""
    fraction = min(1.0, max(0.0, fraction))
    full = int(fraction * _CELLS)
    return f"[{'#' * full}{'.' * (_CELLS - full)}] {fraction:4.0%}"


def duration_text(seconds: float) -> str:
    """41 s, 3 min 20 s, 2 h 05 min."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes, seconds_left = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {seconds_left:02} s"
    hours, minutes_left = divmod(minutes, 60)
    return f"{hours} h {minutes_left:02} min"


def transfer_text(download: Download) -> str:
    """How a transfer stands."""
    done = download.received_bytes / download.total_bytes if download.total_bytes else 0.0
    size = f"{size_text(download.received_bytes)} of {size_text(download.total_bytes)}"
    parts = [download.id, bar(done), size, _doing(download)]
    if download.note:
        parts.append(download.note)
    return "  ".join(part for part in parts if part)


def _doing(download: Download) -> str:
    match download.phase:
        case DownloadPhase.RUNNING:
            speed = f"{size_text(int(download.bytes_per_second))}/s"
            left = download.seconds_left
            return speed if left is None else f"{speed}  {duration_text(left)} left"
        case DownloadPhase.QUEUED:
            return "waiting"
        case (
            DownloadPhase.VERIFYING
            | DownloadPhase.REPAIRING
            | DownloadPhase.PAUSED
            | DownloadPhase.DONE
            | DownloadPhase.FAILED
            | DownloadPhase.CANCELLED
        ):
            return download.phase.value
        case _:
            assert_never(download.phase)
