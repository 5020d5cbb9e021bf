"""OpenAI's chat dialect: what comes in, checked by pydantic, and the shapes that go out.

Types are strict, null means unset, and fields that are not known here are ignored.
"""

from typing import Annotated, Literal, NotRequired, TypedDict, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError


def _one_text(value: object) -> object:
    """Content is a string, or a list of parts; the texts of the parts are joined by newlines."""
    if value is None:
        return ""
    if not isinstance(value, list):
        return value
    return "\n".join(_text_of(part) for part in cast("list[object]", value))


def _text_of(part: object) -> str:
    match part:
        case {"type": "text", "text": str(text)}:
            return text
        case {"type": str(kind)} if kind != "text":
            raise PydanticCustomError(
                "part", "a part of type {kind} cannot be read; only text can", {"kind": repr(kind)}
            )
        case _:
            raise PydanticCustomError("part", "a part must be {{type: 'text', text: …}}")


def _many(value: object) -> object:
    match value:
        case None:
            return ()
        case str():
            return (value,)
        case list():
            return tuple(cast("list[object]", value))
        case _:
            return value


def _no_tools(value: object) -> object:
    if isinstance(value, str) and value in {"tool", "function"}:
        raise PydanticCustomError("role", "messages of tools cannot be read yet")
    return value


def _as_needed(value: object) -> object:
    """-1 is a widespread way to say "no limit" or "choose one"."""
    return None if value == -1 and not isinstance(value, bool) else value


def _off(value: object) -> object:
    return 0 if value == -1 and not isinstance(value, bool) else value


Text = Annotated[str, BeforeValidator(_one_text)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Limit = Annotated[Annotated[int, Field(ge=1)] | None, BeforeValidator(_as_needed)]


class _Incoming(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class ChatMessage(_Incoming):
    """One message. `developer` is what OpenAI now calls the system."""

    role: Annotated[Literal["system", "developer", "user", "assistant"], BeforeValidator(_no_tools)]
    content: Text = ""
    reasoning_content: Text = ""


class StreamOptions(_Incoming):
    """How a stream is told."""

    include_usage: bool | None = None


class ResponseFormat(_Incoming):
    """Only plain text can be promised yet."""

    type: Literal["text"]


class ChatBody(_Incoming):
    """The body of POST /v1/chat/completions."""

    model: str | None = None
    messages: Annotated[
        tuple[ChatMessage, ...], BeforeValidator(_many), Field(min_length=1, max_length=100_000)
    ]
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: Annotated[int, Field(ge=1, le=16)] | None = None
    max_tokens: Limit = None
    max_completion_tokens: Limit = None
    stop: Annotated[tuple[str, ...], BeforeValidator(_many)] = ()
    seed: Annotated[int | None, BeforeValidator(_as_needed)] = None
    temperature: Annotated[Number, Field(ge=0)] | None = None
    top_p: Annotated[Number, Field(ge=0, le=1)] | None = None
    top_k: Annotated[Annotated[int, Field(ge=0)] | None, BeforeValidator(_off)] = None
    min_p: Annotated[Number, Field(ge=0, le=1)] | None = None
    repeat_penalty: Annotated[Number, Field(gt=0)] | None = None
    presence_penalty: Number | None = None
    frequency_penalty: Number | None = None
    logit_bias: dict[int, Number] | None = None
    response_format: ResponseFormat | None = None
    logprobs: Literal[False] | None = None


# --- what goes out --------------------------------------------------------------------------


class Usage(TypedDict):
    """What an answer cost, in tokens. With n > 1 the prompt counts once."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    prompt_tokens_details: dict[str, int]
    completion_tokens_details: dict[str, int]


class Said(TypedDict):
    """A message, or a stretch of one."""

    role: NotRequired[str]
    content: NotRequired[str | None]
    reasoning_content: NotRequired[str]


class ChunkChoice(TypedDict):
    """A stretch of one answer."""

    index: int
    delta: Said
    logprobs: None
    finish_reason: str | None


class Choice(TypedDict):
    """One answer."""

    index: int
    message: Said
    logprobs: None
    finish_reason: str | None


class Envelope(TypedDict):
    """What every object of one answer says of itself."""

    id: str
    object: str
    created: int
    model: str
    system_fingerprint: str


class Chunk(Envelope):
    """One event of a stream."""

    choices: list[ChunkChoice]
    usage: NotRequired[Usage | None]


class Completion(Envelope):
    """A whole answer."""

    choices: list[Choice]
    usage: Usage


class ListedModel(TypedDict):
    """One model of /v1/models; `loaded` is our own addition."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str
    loaded: bool


class ModelList(TypedDict):
    """The answer of /v1/models."""

    object: Literal["list"]
    data: list[ListedModel]
