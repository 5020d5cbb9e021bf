"""OpenAI's chat dialect: what comes in, checked by pydantic."""

import json
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from engine.server.openai.knobs import Incoming, Knobs, Limit, many
from engine.server.openai.parts import Content, Words
from engine.server.openai.written import WrittenObject

_MOST_TOOLS = 256
_MOST_NAME = 128
_MOST_CALLS = 1000


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


def _object_text(value: object) -> object:
    """A call's arguments are a text; some clients send the object itself."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


JsonText = Annotated[str | None, BeforeValidator(_as_text, json_schema_input_type=WrittenObject)]
# Whatever a name is written into later, it has no end of line and no quotes.
Name = Annotated[str, Field(min_length=1, max_length=_MOST_NAME, pattern=r"^[\w.:/ -]+$")]


class CalledFunction(Incoming):
    """What was called, and with what."""

    name: Name
    arguments: Annotated[
        str, BeforeValidator(_object_text, json_schema_input_type=str | dict[str, object])
    ] = ""


class Call(Incoming):
    """A call that an assistant made earlier."""

    id: Annotated[str, Field(min_length=1, max_length=1000)]
    type: Literal["function"] | None = None
    function: CalledFunction


class ChatMessage(Incoming):
    """One message. `developer` is what OpenAI now calls the system, `function` was once `tool`."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Content = Words()
    reasoning_content: str | None = None
    name: str | None = None
    tool_calls: Annotated[
        tuple[Call, ...], BeforeValidator(many), Field(max_length=_MOST_CALLS)
    ] = ()
    function_call: CalledFunction | None = None
    tool_call_id: str | None = None


class Function(Incoming):
    """A function, as a JSON Schema describes its arguments. `strict` changes nothing: the
    grammar always holds."""

    name: Name
    description: str | None = None
    parameters: JsonText = None
    strict: bool | None = None


class OfferedTool(Incoming):
    """What may be called."""

    type: Literal["function"]
    function: Function


class NamedFunction(Incoming):
    """A function by its name."""

    name: Name


class NamedTool(Incoming):
    """The one that must be called."""

    type: Literal["function"]
    function: NamedFunction


class NamedSchema(Incoming):
    """A JSON Schema, and what it is called."""

    name: str | None = None
    description: str | None = None
    schema_: Annotated[JsonText, Field(alias="schema")] = None
    strict: bool | None = None


class PlainText(Incoming):
    """No shape at all."""

    type: Literal["text"]


class AnyObject(Incoming):
    """Some JSON object; with llama-server's `schema` one of that shape."""

    type: Literal["json_object"]
    schema_: Annotated[JsonText, Field(alias="schema")] = None


class ShapedObject(Incoming):
    """What the schema describes."""

    type: Literal["json_schema"]
    json_schema: NamedSchema


ResponseFormat = Annotated[PlainText | AnyObject | ShapedObject, Field(discriminator="type")]


class ChatBody(Knobs):
    """The body of POST /v1/chat/completions."""

    messages: Annotated[
        tuple[ChatMessage, ...], BeforeValidator(many), Field(min_length=1, max_length=100_000)
    ]
    max_tokens: Limit = None
    max_completion_tokens: Limit = None
    tools: Annotated[
        tuple[OfferedTool, ...], BeforeValidator(many), Field(max_length=_MOST_TOOLS)
    ] = ()
    tool_choice: Literal["auto", "none", "required"] | NamedTool | None = None
    parallel_tool_calls: bool | None = None
    response_format: ResponseFormat | None = None
    json_schema: JsonText = None
    grammar: str | None = None
    logprobs: bool | None = None
    top_logprobs: Annotated[int, Field(ge=0, le=20)] | None = None
    chat_template_kwargs: dict[str, object] | None = None
    reasoning_effort: Annotated[str, Field(max_length=40)] | None = None
    continue_final_message: bool | None = None
    add_generation_prompt: bool | None = None
