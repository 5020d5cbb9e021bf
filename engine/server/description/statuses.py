"""Which failure has which HTTP status, for the page."""

from collections.abc import Iterator

from engine.errors import (
    Busy,
    DiskFull,
    DownloadError,
    EngineError,
    ModelError,
    RequestError,
    WorkerDied,
)
from engine.server.errors import InternalError, PortClosing, treatment

# What a request may meet; the rest belongs to the window, or to the start.
_ROOTS = (RequestError, ModelError, Busy, WorkerDied, DownloadError, DiskFull, PortClosing)
_PLACES = ("engine.errors", "engine.server.")


def statuses() -> Iterator[tuple[int, str]]:
    """Each status with its codes."""
    found: dict[int, list[str]] = {}
    kinds = [kind for root in _ROOTS for kind in _family(root)] + [InternalError]
    for kind in kinds:
        if not kind.__module__.startswith(_PLACES):
            continue
        code = f"`{kind.code}`"
        codes = found.setdefault(treatment(kind.__new__(kind)).status, [])
        if code not in codes:
            codes.append(code)
    for status in sorted(found):
        yield status, ", ".join(sorted(found[status]))


def _family(kind: type[EngineError]) -> Iterator[type[EngineError]]:
    yield kind
    for each in kind.__subclasses__():
        yield from _family(each)
