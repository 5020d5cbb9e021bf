"""How a download's state follows from what its child tells."""

from dataclasses import replace

from engine.download.values import Download, DownloadPhase
from engine.download.wire import Answer, Noted, Received

_LONGEST_SECONDS = 30 * 24 * 3600.0  # what takes longer is not known


def moved(download: Download, answer: Answer | None) -> Download:
    """How it stands after this answer; None is a silence."""
    match answer:
        case Received():
            speed = answer.bytes_per_second
            return replace(
                download,
                phase=DownloadPhase(answer.phase),
                received_bytes=answer.received_bytes,
                total_bytes=answer.total_bytes,
                bytes_per_second=speed,
                seconds_left=_seconds_left(answer.total_bytes - answer.received_bytes, speed),
            )
        case Noted():
            return replace(download, note=answer.sentence)
        case _:
            return replace(download, bytes_per_second=0.0, seconds_left=None)


def resting(download: Download, phase: DownloadPhase) -> Download:
    """How it stands when nothing runs."""
    return replace(download, phase=phase, bytes_per_second=0.0, seconds_left=None)


def _seconds_left(missing_bytes: int, bytes_per_second: float) -> float | None:
    if bytes_per_second <= 0:
        return None
    seconds = max(missing_bytes, 0) / bytes_per_second
    return seconds if seconds < _LONGEST_SECONDS else None
