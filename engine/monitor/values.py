"""What the monitor says, as values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.fit.saying import Saying


class Purpose(StrEnum):
    """What a card's memory is used for."""

    WEIGHTS = "weights"
    KV_USED = "kv_used"  # cells of the cache that hold tokens
    KV_RESERVED = "kv_reserved"  # cells that are there and empty
    COMPUTE = "compute"
    PROJECTOR = "projector"
    DRAFT = "draft"
    DRIVER = "driver"  # CUDA's and the driver's own, as calibrated
    OTHER = "other"  # other programs, by name
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of a card's memory. `name` is the model's, or the program's; `planned_bytes` is what
    was foretold of it, None where nothing was."""

    purpose: Purpose
    size_bytes: int
    name: str = ""
    planned_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardUsage:
    """One card's memory, all of what the driver calls used in shares. `next_chat_bytes` is what
    one more conversation of the loaded model would fill, `longer_bytes` what twice its context
    would take more; None where no model lies on the card."""

    index: int
    name: str
    total_bytes: int
    used_bytes: int
    shares: tuple[Share, ...]
    next_chat_bytes: int | None = None
    longer_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """What the engine did lately. Seconds and tokens a second; None where nothing was measured.

    Percentiles are over the last answers; `reuse` is the share of prompt tokens that were not read
    anew, `acceptance` that of guessed tokens that were right. `joules_per_token` counts the cards'
    energy while answers were written.
    """

    streams: int = 0
    queued: int = 0
    decode_tps: float = 0.0
    prompt_tps: float = 0.0
    first_token_p50: float | None = None
    first_token_p95: float | None = None
    first_token_p99: float | None = None
    reuse: float | None = None
    acceptance: float | None = None
    joules_per_token: float | None = None
    answers: int = 0
    failures: int = 0


class AlertKind(StrEnum):
    """What may be wrong."""

    MEMORY_HIGH = "memory_high"
    MEMORY_SHORT = "memory_short"
    HOT = "hot"
    THROTTLED = "throttled"
    POWER_LIMITED = "power_limited"
    LINK_NARROW = "link_narrow"
    SPILLED = "spilled"
    SWAPPING = "swapping"
    SLOW = "slow"
    FAILING = "failing"
    ON_PROCESSOR = "on_processor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something is wrong, or was: `ended_at` is set once it is over. Times are in UTC.

    `card` is an index, None where it is not about one.
    """

    kind: AlertKind
    sentence: Saying
    remedy: Saying
    began_at: datetime
    ended_at: datetime | None = None
    card: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What the doctor found of one thing."""

    name: str
    state: str  # "pass", "warn" or "fail"
    detail: Saying
    remedy: Saying | None = None
