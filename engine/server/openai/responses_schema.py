"""The body of POST /v1/responses, checked by pydantic."""

from typing import Annotated, Literal, cast

from pydantic import (
    BeforeValidator,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    model_validator,
)
from pydantic_core import PydanticCustomError

from engine.server.openai.knobs import Incoming, Knobs, Limit, many
from engine.server.openai.parts import Content, Words
from engine.server.openai.schema import JsonText, Name
from engine.server.openai.written import WrittenParts

_MOST_ITEMS = 100_000
_MOST_TOOLS = 256
_ITEMS = ("message", "function_call", "function_call_output", "reasoning", "item_reference")
TEXTS = ("input_text", "output_text", "text", "reasoning_text", "summary_text")

Id = Annotated[str, Field(min_length=1, max_length=1000)]


def _kind(value: object) -> object:
    if value is None or value in _ITEMS:
        return value
    raise PydanticCustomError(
        "item",
        "an item of type {kind} cannot be read; {known} can",
        {"kind": repr(value)[:40], "known": ", ".join(_ITEMS)},
    )


def _as_chat(value: object) -> object:
    """The parts as the chat dialect writes them, whose reader then reads them."""
    if not isinstance(value, list):
        return value
    return [_part(part) for part in cast("list[object]", value)]


def _part(part: object) -> object:
    match part:
        case {"type": str(kind), "text": str(text)} if kind in TEXTS:
            return {"type": "text", "text": text}
        case {"type": "refusal", "refusal": str()}:
            return part
        case {"type": "input_image", "image_url": str(url)}:
            return {"type": "image_url", "image_url": {"url": url}}
        case {"type": "input_image"}:
            raise PydanticCustomError(
                "part", "an input_image must bring its file, as image_url: data:image/png;base64,…"
            )
        case {"type": str(kind)} if kind not in TEXTS:
            raise PydanticCustomError(
                "part",
                "a part of type {kind} cannot be read; input_text, output_text and input_image can",
                {"kind": repr(kind[:40])},
            )
        case _:
            raise PydanticCustomError("part", "a part must be {{type: 'input_text', text: …}}")


Parts = Annotated[Content, BeforeValidator(_as_chat, json_schema_input_type=WrittenParts)]


class Item(Incoming):
    """One thing that was said, done or thought. Without a type it is a message.

    `content` belongs to messages and reasoning, `output` to what a function gave back.
    """

    type: Annotated[
        Literal["message", "function_call", "function_call_output", "reasoning", "item_reference"]
        | None,
        BeforeValidator(_kind),
    ] = None
    id: Id | None = None
    role: Literal["user", "assistant", "system", "developer"] | None = None
    content: Parts = Words()
    summary: Parts = Words()
    call_id: Id | None = None
    name: Name | None = None
    arguments: str | None = None
    output: Parts | None = None

    _sent: dict[str, object] = PrivateAttr(default_factory=dict[str, object])

    @model_validator(mode="wrap")
    @classmethod
    def _keep(cls, value: object, read: ModelWrapValidatorHandler["Item"]) -> "Item":
        item = read(value)
        if isinstance(value, dict):
            item._sent = cast("dict[str, object]", value)  # noqa: SLF001 (its own kind)
        return item

    @property
    def sent(self) -> dict[str, object]:
        """The item as it came."""
        return self._sent


def _tool_kind(value: object) -> object:
    if value == "function":
        return value
    raise PydanticCustomError(
        "tool",
        "a tool of type {kind} cannot be offered here; function can",
        {"kind": repr(value)[:40]},
    )


class FunctionTool(Incoming):
    """A function that may be called. `strict` changes nothing: the grammar always holds."""

    type: Annotated[Literal["function"], BeforeValidator(_tool_kind)]
    name: Name
    description: str | None = None
    parameters: JsonText = None
    strict: bool | None = None


class NamedChoice(Incoming):
    """A function by its name."""

    type: Annotated[Literal["function"], BeforeValidator(_tool_kind)]
    name: Name


def _chosen(value: object) -> object:
    return {"type": value} if isinstance(value, str) else value


class ToolChoice(Incoming):
    """As the model likes, never, at least one; that function; or, as `mode` says, of those."""

    type: Literal["auto", "none", "required", "function", "allowed_tools"]
    name: Name | None = None
    mode: Literal["auto", "required"] | None = None
    tools: Annotated[
        tuple[NamedChoice, ...], BeforeValidator(many), Field(max_length=_MOST_TOOLS)
    ] = ()


class TextFormat(Incoming):
    """The shape an answer must have. With json_schema, `schema` describes it."""

    type: Literal["text", "json_object", "json_schema"]
    name: Annotated[str, Field(max_length=1000)] | None = None
    description: str | None = None
    schema_: Annotated[JsonText, Field(alias="schema")] = None
    strict: bool | None = None


class TextWish(Incoming):
    """How the answer's text is written. How wordy it is, is left to the model."""

    format: TextFormat | None = None


class Reasoning(Incoming):
    """How much the model thinks, where its template can be told; thoughts are never summed up."""

    effort: Annotated[str, Field(max_length=40)] | None = None


Metadata = Annotated[
    dict[Annotated[str, Field(max_length=64)], Annotated[str, Field(max_length=512)]],
    Field(max_length=16),
]


def _items(value: object) -> object:
    """A text is a person's message."""
    if isinstance(value, str):
        return ({"type": "message", "role": "user", "content": value},)
    return many(value)


class ResponsesBody(Knobs):
    """The body of POST /v1/responses; the knobs of the other dialects are taken here, too."""

    input: Annotated[
        tuple[Item, ...],
        BeforeValidator(_items, json_schema_input_type=str | list[Item]),
        Field(min_length=1, max_length=_MOST_ITEMS),
    ]
    instructions: str | None = None
    previous_response_id: Id | None = None
    store: bool | None = None
    max_output_tokens: Limit = None
    tools: Annotated[
        tuple[FunctionTool, ...], BeforeValidator(many), Field(max_length=_MOST_TOOLS)
    ] = ()
    tool_choice: Annotated[
        ToolChoice | None,
        BeforeValidator(
            _chosen,
            json_schema_input_type=Literal["auto", "none", "required"] | ToolChoice | None,
        ),
    ] = None
    parallel_tool_calls: bool | None = None
    text: TextWish | None = None
    reasoning: Reasoning | None = None
    top_logprobs: Annotated[int, Field(ge=0, le=20)] | None = None
    include: Annotated[tuple[str, ...], BeforeValidator(many), Field(max_length=64)] = ()
    metadata: Metadata | None = None
    truncation: Literal["auto", "disabled"] | None = None
    background: bool | None = None
    conversation: object = None
    prompt: object = None
    chat_template_kwargs: dict[str, object] | None = None
