"""What the workers hold and do, as values."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.host.facts import Phase
from engine.protocol.load import LoadSpec
from engine.protocol.messages import Ready


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A worker that is there: its load, and in READY what the model says of itself.

    `pid` is None until the process runs. It is the model's `replica` of that number, and holds
    tokens in `cells_used` cells of its context.
    """

    model: str
    phase: Phase
    spec: LoadSpec
    pid: int | None = None
    ready: Ready | None = None
    replica: int = 0
    cells_used: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What some workers hold: bytes by card number, without the driver's share; in RAM, those
    that return when they leave, and those of files that are mapped, which the system may drop."""

    cards: Mapping[int, int] = field(default_factory=dict[int, int])
    ram: int = 0
    mapped: int = 0


def held(holdings: Iterable[Holding]) -> Held:
    """What these hold together, as far as they tell."""
    cards = Counter[int]()
    ram = 0
    files: dict[str, int] = {}
    for holding in holdings:
        for device in holding.ready.devices if holding.ready else ():
            if device.card is not None:
                cards[device.card] += device.weights + device.kv + device.compute
                continue
            ram += device.kv + device.compute
            if holding.spec.memory_map:  # replicas share one file's pages
                files[holding.spec.path] = max(files.get(holding.spec.path, 0), device.weights)
            else:
                ram += device.weights
    return Held(cards=dict(cards), ram=ram, mapped=sum(files.values()))


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
