"""DryRun: what a load would take, by place. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from engine.fit.plan import Footprint
from engine.protocol.dry_run import Rehearsed
from engine.protocol.messages import DeviceBytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceBytes:
    """Bytes on a card, by purpose; on no card (None): in RAM."""

    card: int | None
    weights: int
    kv: int
    compute: int

    @property
    def total(self) -> int:
        """All of it; the driver's share is not llama.cpp's to know."""
        return self.weights + self.kv + self.compute


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """`cards` in the order of the bus, those alone that take something; `host` is RAM.

    `exact` says that every figure is llama.cpp's own. In tensor split it is not: there it tells
    one sum, divided here by shares. Where `places_known` is False it told the compute bytes of
    each place, and of the KV cache the total `kv` alone: see `completed`.
    """

    cards: tuple[PlaceBytes, ...]
    host: PlaceBytes
    exact: bool
    places_known: bool
    kv: int
    seconds: float

    def on(self, card: int) -> PlaceBytes:
        """What that card takes; zeros if nothing."""
        nothing = PlaceBytes(card=card, weights=0, kv=0, compute=0)
        return next((place for place in self.cards if place.card == card), nothing)


def dry_run_of(report: Rehearsed) -> DryRun:
    """The worker's report, its buffers summed by place."""
    numbers = sorted({row.card for row in report.devices if row.card is not None})
    places = tuple(place_sum(report.devices, number) for number in numbers)
    return DryRun(
        cards=tuple(place for place in places if place.total),
        host=place_sum(report.devices, None),
        exact=report.exact,
        places_known=any(row.weights for row in report.devices),
        kv=report.kv,
        seconds=report.seconds,
    )


def place_sum(devices: Iterable[DeviceBytes], card: int | None) -> PlaceBytes:
    """All buffers of one place together."""
    rows = [row for row in devices if row.card == card]
    return PlaceBytes(
        card=card,
        weights=sum(row.weights for row in rows),
        kv=sum(row.kv for row in rows),
        compute=sum(row.compute for row in rows),
    )


def completed(answer: DryRun, footprint: Footprint) -> DryRun:
    """The answer with weights and KV by place, where llama.cpp could not be asked for them.

    They are the layer map's; the KV total, which llama.cpp did tell, is divided as it says.
    """
    if answer.places_known:
        return answer
    reckoned = sum(card.kv for card in footprint.cards) + footprint.host.kv
    scale = answer.kv / reckoned if reckoned else 0.0
    cards = tuple(
        replace(answer.on(card.number), weights=card.weights, kv=round(card.kv * scale))
        for card in footprint.cards
    )
    host = replace(answer.host, weights=footprint.host.weights, kv=round(footprint.host.kv * scale))
    return replace(answer, cards=cards, host=host, places_known=True)
