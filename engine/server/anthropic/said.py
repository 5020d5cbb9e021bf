"""The shapes that go out, in Anthropic's words."""

from typing import Literal, NotRequired, TypedDict


class OutputDetails(TypedDict):
    """What the answer's tokens were spent on."""

    thinking_tokens: int


class Usage(TypedDict):
    """What an answer cost, in tokens. Input is what had to be read; what was reused is apart."""

    input_tokens: int
    cache_creation_input_tokens: int
    cache_read_input_tokens: int
    output_tokens: int
    output_tokens_details: NotRequired[OutputDetails]


class TextBlock(TypedDict):
    """What is said."""

    type: Literal["text"]
    text: str


class ThinkingBlock(TypedDict):
    """What was thought before. The signature is a digest of it; nobody need check it."""

    type: Literal["thinking"]
    thinking: str
    signature: str


class ToolUseBlock(TypedDict):
    """A call."""

    type: Literal["tool_use"]
    id: str
    name: str
    input: dict[str, object]


SaidBlock = TextBlock | ThinkingBlock | ToolUseBlock


class SaidMessage(TypedDict):
    """An answer; at a stream's start without content and reason."""

    id: str
    type: Literal["message"]
    role: Literal["assistant"]
    model: str
    content: list[SaidBlock]
    stop_reason: str | None
    stop_sequence: str | None
    usage: Usage


class TokensCounted(TypedDict):
    """The answer of count_tokens."""

    input_tokens: int


class ListedModel(TypedDict):
    """One model of /v1/models, as Anthropic's clients and OpenAI's read it; `loaded` is our own."""

    id: str
    type: Literal["model"]
    display_name: str
    created_at: str
    lifecycle: Literal["active"]
    max_input_tokens: int | None
    max_tokens: int | None
    object: Literal["model"]
    created: int
    owned_by: str
    loaded: bool


class ModelPage(TypedDict):
    """The answer of /v1/models."""

    object: Literal["list"]
    data: list[ListedModel]
    has_more: bool
    first_id: str | None
    last_id: str | None
