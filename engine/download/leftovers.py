"""What an unfinished download leaves beside the place where its file will lie."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

PART = ".incomplete"
JOURNAL = ".incomplete.journal"
DAMAGED = ".damaged"
LOCK = ".download.lock"


def leftovers(target: Path) -> Iterator[Path]:
    """Parts of any version, their journals, and what was put aside."""
    name = re.sub(r"([\[*?])", r"[\1]", target.name)  # no wildcards of a file's name
    for ending in (PART, JOURNAL):
        yield from target.parent.glob(f"{name}.*{ending}")
    for ending in (DAMAGED, LOCK):
        left = target.with_name(target.name + ending)
        if left.exists() or left.is_symlink():
            yield left


def sweep(targets: Sequence[Path]) -> None:
    """Delete what has arrived of these files; those that are whole stay."""
    for target in targets:
        for left in tuple(leftovers(target)):
            with suppress(OSError):
                left.unlink()
