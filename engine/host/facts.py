"""What a host tells the world about its workers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.chat import Timings
from engine.fit.saying import Saying


class Phase(StrEnum):
    """The life of a worker."""

    STOPPED = "stopped"
    LOADING = "loading"
    READY = "ready"
    STOPPING = "stopping"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelMoved:
    """A model's worker came into this phase; `fraction` (0 to 1) is how far a load is.

    In READY, `context_tokens` is the context it has. A load that failed ends in STOPPED, with
    the failure's sentence (and remedy) in `failure`.
    """

    model: str
    phase: Phase
    fraction: float = 0.0
    context_tokens: int | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerEnded:
    """A worker died without being asked to; `last_words` is the end of its stderr."""

    model: str
    sentence: str
    last_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadStepped:
    """A load found too little memory and is tried again, smaller; the sentence says how."""

    model: str
    sentence: str
    change: Saying  # what the sentence is about


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamsMoved:
    """What the answers in progress are doing, at most four times a second.

    `context_used_tokens` of `context_tokens` are in the KV cache of that model; `tokens` were
    written since this was told the last time.
    """

    model: str
    streams: int
    decode_tps: float
    context_used_tokens: int
    context_tokens: int
    tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerEnded:
    """An answer was finished, and cost this; or it broke off, and `timings` is None.

    `failed` says that the engine is to blame: neither who asked, by giving it up or by asking what
    cannot be answered, nor the person who unloaded the model meanwhile.
    """

    model: str
    timings: Timings | None
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Residence:
    """A model that is loaded, or being loaded, with all its replicas. Times are in UTC.

    `card_bytes` is what lies on cards, of `size_bytes` in all. It leaves at `leaves_at` if nobody
    asks it until then; None: it stays until its place is needed, or, if pinned, longer.
    """

    model: str
    phase: Phase
    replicas: int
    streams: int
    queued: int
    context_tokens: int
    size_bytes: int
    card_bytes: int
    pinned: bool
    used_at: datetime
    leaves_at: datetime | None = None
