"""What the store keeps, as values."""

from dataclasses import dataclass
from datetime import datetime

from engine.chat import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """What an answer cost, as the composer shows it. `first_token_seconds` None: none came yet."""

    answer_tokens: int = 0
    tokens_per_second: float = 0.0
    first_token_seconds: float | None = None
    prompt_tokens: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """One conversation. Times are in UTC; `model` is the one that answered last."""

    id: int
    title: str
    created_at: datetime
    updated_at: datetime
    model: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMessage:
    """One turn. `id` and `chat_id` are None while it is not on disk yet.

    `reasoning_seconds` is how long the model thought; `failure` is the sentence of an answer that
    broke off.
    """

    role: Role
    content: str
    id: int | None = None
    chat_id: int | None = None
    reasoning: str = ""
    reasoning_seconds: float | None = None
    statistics: Statistics | None = None
    failure: str | None = None
