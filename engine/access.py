"""Who may use the local port, as values; what is secret of a key is not among them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Scope(StrEnum):
    """What a key opens."""

    ANSWERS = "answers"  # chat, completions, embeddings, reranking, tokens
    MODELS = "models"  # loading, unloading and downloading models
    METRICS = "metrics"  # /metrics


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one key may ask of the port; None: as much as it likes."""

    requests_per_minute: int | None = None
    at_once: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key, known by its name and the end of its secret. Times are in UTC."""

    id: str
    name: str
    ending: str
    scopes: frozenset[Scope]
    made_at: datetime
    used_at: datetime | None = None
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key and its secret, which is never told again."""

    key: Key
    secret: str
