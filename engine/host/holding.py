"""What the workers hold and do, as values."""

from dataclasses import dataclass

from engine.host.facts import Phase
from engine.protocol.load import LoadSpec
from engine.protocol.messages import Ready


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A worker that is there: its load, and in READY what the model says of itself.

    `pid` is None until the process runs.
    """

    model: str
    phase: Phase
    spec: LoadSpec
    pid: int | None = None
    ready: Ready | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """Answers being written or read for, and requests that wait for a place among them."""

    streams: int = 0
    queued: int = 0


def traffic(places: list[tuple[int, int]], standing: int) -> Traffic:
    """`places` are each worker's requests and how many it answers at once; `standing` are all
    that have come and are not over, those that wait for a load included."""
    streams = sum(min(requests, at_once) for requests, at_once in places)
    return Traffic(streams=streams, queued=max(0, standing - streams))
