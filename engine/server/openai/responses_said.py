"""The shapes of /v1/responses that go out, in OpenAI's words."""

from typing import Any, Literal, NotRequired, TypedDict

from engine.server.openai.said import SaidToken

Status = Literal["in_progress", "completed", "incomplete", "failed"]


class OutputText(TypedDict):
    """The one part of a message."""

    type: Literal["output_text"]
    text: str
    annotations: list[Any]
    logprobs: list[SaidToken]


class ReasoningText(TypedDict):
    """The one part of what was thought."""

    type: Literal["reasoning_text"]
    text: str


class MessageItem(TypedDict):
    """A message of the model."""

    id: str
    type: Literal["message"]
    status: Status
    role: Literal["assistant"]
    content: list[OutputText]


class ReasoningItem(TypedDict):
    """What the model thought."""

    id: str
    type: Literal["reasoning"]
    status: Status
    summary: list[Any]
    content: list[ReasoningText]


class CallItem(TypedDict):
    """A function that the model wants called."""

    id: str
    type: Literal["function_call"]
    status: Status
    call_id: str
    name: str
    arguments: str


OutputItem = MessageItem | ReasoningItem | CallItem


class InputDetails(TypedDict):
    """What of the prompt was still known, and needed no reading. Nothing is charged for keeping."""

    cached_tokens: int
    cache_write_tokens: int


class OutputDetails(TypedDict):
    """What of the answer was thought."""

    reasoning_tokens: int


class ResponseUsage(TypedDict):
    """What the response cost, in tokens."""

    input_tokens: int
    input_tokens_details: InputDetails
    output_tokens: int
    output_tokens_details: OutputDetails
    total_tokens: int


class Failure(TypedDict):
    """Why a response failed."""

    code: str
    message: str


class Response(TypedDict):
    """The whole response, as it stands."""

    id: str
    object: Literal["response"]
    created_at: int
    completed_at: int | None
    status: Status
    background: bool
    error: Failure | None
    incomplete_details: dict[str, str] | None
    instructions: str | None
    max_output_tokens: int | None
    metadata: dict[str, str]
    model: str
    output: list[OutputItem]
    parallel_tool_calls: bool
    previous_response_id: str | None
    reasoning: dict[str, str | None]
    store: bool
    temperature: float
    text: dict[str, Any]
    tool_choice: Any
    tools: list[dict[str, Any]]
    top_logprobs: int
    top_p: float
    truncation: str
    usage: ResponseUsage | None
    timings: NotRequired[Any]


class ItemList(TypedDict):
    """What a response was asked."""

    object: Literal["list"]
    data: list[dict[str, Any]]
    first_id: str
    last_id: str
    has_more: bool


class InputTokens(TypedDict):
    """What a body would take of the context."""

    object: Literal["response.input_tokens"]
    input_tokens: int


class Deleted(TypedDict):
    """A response was forgotten."""

    id: str
    object: Literal["response"]
    deleted: bool
