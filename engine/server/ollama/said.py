"""The shapes that go out, in Ollama's words. Durations are nanoseconds."""

from datetime import UTC, datetime
from typing import NotRequired, TypedDict


class SaidFunction(TypedDict):
    """What is called; the arguments are an object."""

    index: int
    name: str
    arguments: dict[str, object]


class SaidCall(TypedDict):
    """A call, always whole."""

    id: str
    function: SaidFunction


class TopToken(TypedDict):
    """A token that could have been chosen."""

    token: str
    logprob: float
    bytes: list[int]


class SaidToken(TopToken):
    """A token that was chosen."""

    top_logprobs: NotRequired[list[TopToken]]


class Said(TypedDict):
    """A message, or a stretch of one."""

    role: str
    content: str
    thinking: NotRequired[str]
    tool_calls: NotRequired[list[SaidCall]]


class Metrics(TypedDict):
    """What an answer cost."""

    total_duration: int
    load_duration: int
    prompt_eval_count: int
    prompt_eval_duration: int
    eval_count: int
    eval_duration: int


class Line(TypedDict):
    """What every line of an answer says of itself."""

    model: str
    created_at: str
    done: bool
    done_reason: NotRequired[str]
    logprobs: NotRequired[list[SaidToken]]
    total_duration: NotRequired[int]
    load_duration: NotRequired[int]
    prompt_eval_count: NotRequired[int]
    prompt_eval_duration: NotRequired[int]
    eval_count: NotRequired[int]
    eval_duration: NotRequired[int]


class ChatLine(Line):
    """A line of a chat, or all of it."""

    message: Said


class TextLine(Line):
    """A line of a generated text, or all of it."""

    response: str
    thinking: NotRequired[str]
    tool_calls: NotRequired[list[SaidCall]]


class ModelDetails(TypedDict):
    """What a model is, in a few words."""

    parent_model: str
    format: str
    family: str
    families: list[str]
    parameter_size: str
    quantization_level: str


class ListedModel(TypedDict):
    """One model of /api/tags."""

    name: str
    model: str
    modified_at: str
    size: int
    digest: str
    details: ModelDetails


class RunningModel(TypedDict):
    """One model of /api/ps."""

    name: str
    model: str
    size: int
    digest: str
    details: ModelDetails
    expires_at: str
    size_vram: int
    context_length: int


def written(time: datetime) -> str:
    """A time, as Ollama writes it."""
    return time.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def now() -> str:
    """This moment."""
    return written(datetime.now(UTC))
