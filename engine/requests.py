"""What the local port saw of a request, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Stage(StrEnum):
    """How far a request is."""

    WAITING = "waiting"  # for its model, or its turn
    READING = "reading"  # its prompt is being processed
    WRITING = "writing"
    DONE = "done"
    FAILED = "failed"
    LEFT = "left"  # its client went away


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSeen:
    """A request, as a list shows it. `seconds` is how long it took, or has taken so far.

    `dialect` is "openai", "anthropic" or "ollama"; `key` the name of the key it came with. What is
    not known yet, or has no meaning for this kind of request, is None.
    """

    id: int
    at: datetime
    dialect: str
    path: str
    stage: Stage
    seconds: float
    key: str = ""
    model: str | None = None
    status: int | None = None
    prompt_tokens: int | None = None
    reused_tokens: int | None = None
    answer_tokens: int | None = None
    queue_seconds: float | None = None
    first_token_seconds: float | None = None
    decode_tps: float | None = None
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestInside:
    """What the inspector shows of one: `parameters` as they were understood, in JSON's terms;
    `prompt` as the chat template rendered it. Texts are cut where they are very long."""

    seen: RequestSeen
    parameters: Mapping[str, object] = field(default_factory=dict[str, object])
    prompt: str = ""
    reasoning: str = ""
    answer: str = ""
