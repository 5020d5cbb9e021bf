"""The queue of downloads: its order, what may start, and how it is kept between two starts.

Functions from values to values, and one file.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from engine.download.values import Download, DownloadPhase, Quantization
from engine.replacing import put_in_place

ACTIVE = frozenset({DownloadPhase.RUNNING, DownloadPhase.VERIFYING, DownloadPhase.REPAIRING})
UNENDED = ACTIVE | {DownloadPhase.QUEUED, DownloadPhase.PAUSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One download of the queue: what is wanted, and how it stands."""

    repository: str
    quantization: Quantization
    download: Download

    @property
    def missing_bytes(self) -> int:
        """What it still needs of the disk."""
        return max(self.download.total_bytes - self.download.received_bytes, 0)


_lines = TypeAdapter(list[Line])


def next_to_start(lines: Sequence[Line], at_once: int) -> str | None:
    """The first that waits, if so many may run."""
    if sum(line.download.phase in ACTIVE for line in lines) >= at_once:
        return None
    return next(
        (line.download.id for line in lines if line.download.phase is DownloadPhase.QUEUED), None
    )


def promised_bytes(lines: Sequence[Line], id_: str) -> int:
    """What the downloads that run or come before this one still need of the disk."""
    promised, before = 0, True
    for line in lines:
        if line.download.id == id_:
            before = False
            continue
        phase = line.download.phase
        takes = phase in {DownloadPhase.RUNNING, DownloadPhase.REPAIRING}
        if takes or (before and phase is DownloadPhase.QUEUED):
            promised += line.missing_bytes
    return promised


def read_queue(path: Path) -> tuple[Line, ...]:
    """The queue as it was: what ran waits again, what is done is gone.

    A file that cannot be read is put aside, and the queue is empty.
    """
    try:
        kept = _lines.validate_json(path.read_bytes())
    except OSError:
        return ()
    except ValidationError:
        with contextlib.suppress(OSError):
            path.replace(path.with_suffix(".broken"))
        return ()
    seen = {line.download.id: _rested(line) for line in kept}
    return tuple(line for line in seen.values() if line.download.phase is not DownloadPhase.DONE)


def write_queue(path: Path, lines: Sequence[Line]) -> None:
    """Keep the queue, whole or not at all. Raises OSError."""
    draft = path.with_suffix(".new")
    path.parent.mkdir(parents=True, exist_ok=True)
    draft.write_bytes(_lines.dump_json(list(lines), indent=1))
    put_in_place(draft, path)


def _rested(line: Line) -> Line:
    phase = DownloadPhase.QUEUED if line.download.phase in ACTIVE else line.download.phase
    still = replace(line.download, phase=phase, bytes_per_second=0.0, seconds_left=None)
    return replace(line, download=still)
