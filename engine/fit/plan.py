"""Plan: what the planner answers."""

from dataclasses import dataclass

from engine.fit.layout import Layout
from engine.fit.saying import Saying


@dataclass(frozen=True, slots=True, kw_only=True)
class CardBytes:
    """What a load takes on one card. `total` is the peak in use: the sum with `residual`."""

    number: int
    name: str
    weights: int
    kv: int
    compute: int
    residual_loaded: int
    residual: int  # at peak
    capacity: int  # of the card
    used: int  # by others
    reserve: int

    @property
    def loaded(self) -> int:
        """What the card gives right after the load."""
        return self.weights + self.kv + self.compute + self.residual_loaded

    @property
    def total(self) -> int:
        """The most it gives in use."""
        return self.weights + self.kv + self.compute + self.residual

    @property
    def over(self) -> int:
        """By how much it does not fit; 0 if it does."""
        return max(0, self.total - (self.capacity - self.used - self.reserve))


@dataclass(frozen=True, slots=True, kw_only=True)
class HostBytes:
    """What it takes in RAM; the system may drop the `mapped` bytes and read them again."""

    weights: int
    kv: int
    compute: int
    mapped: int
    capacity: int
    free: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.weights + self.kv + self.compute

    @property
    def over(self) -> int:
        """By how much it exceeds the free RAM; what is mapped then comes from disk, slowly."""
        return max(0, self.total - self.free)


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """Bytes by place; `cards` in the order of the layout's."""

    cards: tuple[CardBytes, ...]
    host: HostBytes

    @property
    def fits(self) -> bool:
        """Every card holds its part, and RAM what cannot be read again from disk."""
        pinned = self.host.total - self.host.mapped
        return not any(card.over for card in self.cards) and pinned <= self.host.free


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A prediction: four of five runs should lie between `low` and `high`."""

    low: float
    expected: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast it will run. `decode_tps` is one stream's with a quarter of its context filled.

    `joules_per_token` counts cards and processor at work; None where no power is known.
    """

    decode_tps: Interval
    prompt_tps: Interval
    load_seconds: float
    joules_per_token: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """What a quantization costs in quality: bits per weight, and a published or computed figure.

    `divergence` is the mean KL divergence from the unquantized model, `perplexity_increase` a
    fraction; None where no figure is known. `source` says where they come from.
    """

    bits_per_weight: float
    divergence: float | None
    perplexity_increase: float | None
    source: str
    warning: Saying | None  # below 3 bits: a sentence with what it costs


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing to free, add or buy, and what it would give; `plan` is the plan with it done."""

    what: Saying  # "one more RTX 3090", "64 GB more RAM", "context 32k → 16k"
    decode_tps: float
    fits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a model would be loaded, what that takes, how fast it runs, and why so.

    `exact` tells that the bytes are llama.cpp's own (a dry run's), not the closed forms'.
    `alternatives` are other plans worth knowing, without alternatives of their own.
    `tensor_refusal` says why tensor split is out of the question; None where it is not.
    """

    model: str
    machine: str
    quantization: str | None
    fits: bool
    layout: Layout
    footprint: Footprint
    pace: Pace
    quality: Quality
    reasons: tuple[Saying, ...]
    alternatives: tuple["Plan", ...] = ()
    changes: tuple[Change, ...] = ()
    exact: bool = False
    tensor_refusal: Saying | None = None
