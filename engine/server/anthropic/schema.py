"""Anthropic's words as they come in, checked by pydantic.

The shape of each field alone; what one field asks of another is checked in `turns` and `wishes`.
Fields that only steer Anthropic's own machines (cache_control, metadata …) are ignored.
"""

import json
from typing import Annotated, Literal, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

_MOST_TOKENS = 1 << 24  # more than any context
_MOST_TOOLS = 256
_MOST_MESSAGES = 100_000
_MOST_STOPS = 16


class Incoming(BaseModel):
    """Types are strict, null means unset, and fields that are not known are ignored."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


def _as_text(value: object) -> object:
    """JSON as JSON; schemas are read by those who understand them."""
    if value is None:
        return None
    if not isinstance(value, dict):
        raise PydanticCustomError("object", "it must be an object")
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (ValueError, RecursionError):
        raise PydanticCustomError("json", "it holds what is no JSON") from None


def _many(value: object) -> object:
    match value:
        case None:
            return ()
        case list():
            return tuple(cast("list[object]", value))
        case _:
            return value


def _blocks(value: object) -> object:
    """A string is one block of text."""
    match value:
        case str():
            return ({"type": "text", "text": value},)
        case None | list() | tuple():
            return _many(cast("object", value))
        case _:
            raise PydanticCustomError("content", "it must be a string or a list of blocks")


JsonText = Annotated[
    str | None, BeforeValidator(_as_text, json_schema_input_type=dict[str, object] | None)
]
# Whatever a name is written into later, it has no end of line and no quotes.
Name = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[\w.:/ -]+$")]
Identity = Annotated[str, Field(min_length=1, max_length=1000)]
Part = Annotated[float, Field(allow_inf_nan=False, ge=0, le=1)]
Heat = Annotated[float, Field(allow_inf_nan=False, ge=0, le=2)]
Tokens = Annotated[int, Field(ge=1, le=_MOST_TOKENS)]


class Source(Incoming):
    """Where a picture or a document is."""

    type: Literal["base64", "url", "text", "content", "file"]
    media_type: str | None = None
    data: str | None = None
    url: str | None = None
    content: Annotated[
        tuple["Block", ...], BeforeValidator(_blocks, json_schema_input_type="str | list[Block]")
    ] = ()


class Block(Incoming):
    """A stretch of a message. Which fields it must have depends on its type.

    One class for all kinds, so that the path of a wrong field is the one the client wrote.
    """

    type: Literal[
        "text", "image", "document", "tool_use", "tool_result", "thinking", "redacted_thinking"
    ]
    text: str | None = None
    source: Source | None = None
    title: str | None = None
    context: str | None = None
    id: Identity | None = None
    name: Name | None = None
    input: JsonText = None
    tool_use_id: Identity | None = None
    content: Annotated[
        tuple["Block", ...], BeforeValidator(_blocks, json_schema_input_type="str | list[Block]")
    ] = ()
    is_error: bool | None = None
    thinking: str | None = None


Blocks = Annotated[
    tuple[Block, ...], BeforeValidator(_blocks, json_schema_input_type=str | list[Block])
]


class AskedMessage(Incoming):
    """One message of a conversation."""

    role: Literal["user", "assistant", "system"]
    content: Blocks


class OfferedTool(Incoming):
    """What may be called. A `type` names a tool of Anthropic's own; "custom" is none of them."""

    name: Name
    type: str | None = None
    description: str | None = None
    input_schema: JsonText = None


class ToolChoice(Incoming):
    """Which of them."""

    type: Literal["auto", "any", "tool", "none"]
    name: Name | None = None
    disable_parallel_tool_use: bool | None = None


class Thinking(Incoming):
    """Whether to think before the answer. "omitted" thoughts are thought, but not told."""

    type: Literal["enabled", "disabled", "adaptive", "between_tools"]
    budget_tokens: Tokens | None = None
    display: Literal["summarized", "omitted"] | None = None


class AnswerShape(Incoming):
    """What an answer must look like."""

    type: Literal["json_schema"]
    schema_: Annotated[JsonText, Field(alias="schema")] = None


class OutputConfig(Incoming):
    """How much to think of, and in which shape to answer."""

    effort: Literal["low", "medium", "high", "xhigh", "max"] | None = None
    format: AnswerShape | None = None


class CountBody(Incoming):
    """The body of POST /v1/messages/count_tokens: a conversation, and what goes with it."""

    model: Annotated[str, Field(max_length=1000)]
    messages: Annotated[
        tuple[AskedMessage, ...],
        BeforeValidator(_many),
        Field(min_length=1, max_length=_MOST_MESSAGES),
    ]
    system: Blocks = ()
    tools: Annotated[
        tuple[OfferedTool, ...], BeforeValidator(_many), Field(max_length=_MOST_TOOLS)
    ] = ()
    tool_choice: ToolChoice | None = None
    thinking: Thinking | None = None
    output_config: OutputConfig | None = None


class MessagesBody(CountBody):
    """The body of POST /v1/messages."""

    max_tokens: Tokens
    stop_sequences: Annotated[
        tuple[Annotated[str, Field(max_length=1000)], ...],
        BeforeValidator(_many),
        Field(max_length=_MOST_STOPS),
    ] = ()
    stream: bool | None = None
    temperature: Heat | None = None
    top_p: Part | None = None
    top_k: Annotated[int, Field(ge=0, le=_MOST_TOKENS)] | None = None
