"""Ollama's dialect: what comes in, checked by pydantic. What is not known is ignored."""

import base64
import binascii
import json
import math
import re
from typing import Annotated, Literal, cast

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

_MOST_MESSAGES = 100_000
_MOST_TEXTS = 2048
_MOST_TOOLS = 256
_MOST_PICTURES = 256
_MOST_TOKENS = 1 << 24  # more than any context
_MOST = 1e6
_DURATION = re.compile(r"(?P<sign>[-+]?)(?P<parts>(?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+)")
_PART = re.compile(r"(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h)")
_PLAIN = re.compile(r"[-+]?\d+(?:\.\d*)?")
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_MOST_SECONDS = 1e9  # some thirty years: nothing of this is meant literally

Levels = Literal["low", "medium", "high"]


class Incoming(BaseModel):
    """Types are strict, null means unset, and fields that are not known are ignored."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", populate_by_name=True)


def _whole(value: object) -> object:
    """JSON of some languages knows no whole numbers; Ollama leaves out what follows the point."""
    return int(value) if isinstance(value, float) and math.isfinite(value) else value


def _wished(value: object) -> object:
    """Many clients always send it, whatever stands in it: none is refused for that."""
    number = _whole(value)
    return number if type(number) is int and 0 < number <= _MOST_TOKENS else None


def _list(value: object) -> object:
    match value:
        case None:
            return ()
        case str():
            return (value,)
        case list():
            return tuple(cast("list[object]", value))
        case _:
            return value


def _seconds(value: object) -> object:
    """A duration as Go writes it ("5m", "1h30m"), or seconds; what is negative is for ever."""
    match value:
        case None:
            return None
        case bool():
            raise _no_duration()
        case int() | float():
            seconds = float(value)
        case str():
            seconds = _read_duration(value.strip())
        case _:
            raise _no_duration()
    if math.isnan(seconds):
        raise _no_duration()
    return -1.0 if seconds < 0 else min(seconds, _MOST_SECONDS)


def _read_duration(text: str) -> float:
    if _PLAIN.fullmatch(text):
        return float(text)
    found = _DURATION.fullmatch(text)
    if found is None:
        raise _no_duration()
    sign = -1.0 if found["sign"] == "-" else 1.0
    return sign * sum(float(much) * _UNITS[unit] for much, unit in _PART.findall(found["parts"]))


def _no_duration() -> PydanticCustomError:
    return PydanticCustomError("duration", 'it must be seconds or a duration as "5m", "1h30m"')


def _json_text(value: object) -> object:
    """JSON as JSON; schemas are read by those who understand them."""
    if value is None:
        return None
    if not isinstance(value, dict):
        raise PydanticCustomError("object", "it must be an object")
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (ValueError, RecursionError):
        raise PydanticCustomError("json", "it holds what is no JSON") from None


def _arguments(value: object) -> object:
    """A call's arguments are an object; some clients send it written already."""
    return value if isinstance(value, str) else _json_text({} if value is None else value)


def _format(value: object) -> object:
    match value:
        case None | "":
            return None
        case "json":
            return "json"
        case dict():
            return _json_text(cast("object", value))
        case _:
            raise PydanticCustomError("format", 'it must be "json" or a JSON Schema')


def _pictures(value: object) -> object:
    match value:
        case None:
            return ()
        case list():
            return tuple(_picture(one) for one in cast("list[object]", value))
        case _:
            raise PydanticCustomError("images", "images must be a list of base64 texts")


def _picture(value: object) -> bytes:
    if not isinstance(value, str):
        raise PydanticCustomError("image", "a picture must be a text of base64")
    content = value.partition(",")[2] if value[:5].lower() == "data:" else value
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise PydanticCustomError("image", "a picture's base64 cannot be read") from None


JsonText = Annotated[
    str | None, BeforeValidator(_json_text, json_schema_input_type=dict[str, object] | None)
]
FormatText = Annotated[
    str | None,
    BeforeValidator(_format, json_schema_input_type=Literal["json", ""] | dict[str, object] | None),
]
Pictures = Annotated[
    tuple[bytes, ...],
    BeforeValidator(_pictures, json_schema_input_type=list[str] | None),
    Field(max_length=_MOST_PICTURES),
]
Seconds = Annotated[
    float | None, BeforeValidator(_seconds, json_schema_input_type=str | float | None)
]
Number = Annotated[float, Field(allow_inf_nan=False, ge=-_MOST, le=_MOST)]
Part = Annotated[float, Field(allow_inf_nan=False, ge=0, le=1)]
Amount = Annotated[float, Field(allow_inf_nan=False, ge=0, le=_MOST)]
Positive = Annotated[float, Field(allow_inf_nan=False, gt=0, le=_MOST)]
Whole = Annotated[int, BeforeValidator(_whole), Field(ge=-_MOST_TOKENS, le=_MOST_TOKENS)]
Seed = Annotated[int, BeforeValidator(_whole)]
Text = Annotated[str, Field(max_length=1000)]
Name = Annotated[str, Field(min_length=1, max_length=400)]
ToolName = Annotated[str, Field(min_length=1, max_length=128)]


class Options(Incoming):
    """What may be asked of the choice of tokens. Options of a load (num_ctx, num_gpu …) are
    ignored: how a model is loaded is chosen in Fullbore, and not by whoever asks last. Only a
    prompt that is too long is told that num_ctx asked for more."""

    num_ctx: Annotated[int | None, BeforeValidator(_wished)] = None
    seed: Seed | None = None
    num_predict: Whole | None = None
    stop: Annotated[tuple[Text, ...], BeforeValidator(_list), Field(max_length=64)] = ()
    temperature: Amount | None = None
    top_k: Whole | None = None
    top_p: Part | None = None
    min_p: Part | None = None
    typical_p: Part | None = None
    repeat_penalty: Positive | None = None
    repeat_last_n: Whole | None = None
    presence_penalty: Number | None = None
    frequency_penalty: Number | None = None
    mirostat: Annotated[Literal[0, 1, 2] | None, BeforeValidator(_whole)] = None
    mirostat_tau: Amount | None = None
    mirostat_eta: Amount | None = None


class Named(Incoming):
    """A body that names a model, in the newer way or the older."""

    model: Annotated[Name, Field(validation_alias=AliasChoices("model", "name"))]


class Asked(Named):
    """What chat and generate share. `shift` lets an answer go on when the context is full."""

    stream: bool | None = None
    format: FormatText = None
    options: Options | None = None
    keep_alive: Seconds = None
    think: bool | Levels | Literal[""] | None = None
    shift: bool | None = None
    logprobs: bool | None = None
    top_logprobs: Annotated[int, BeforeValidator(_whole), Field(ge=0, le=20)] | None = None


class CalledFunction(Incoming):
    """What was called, and with what."""

    name: ToolName
    arguments: Annotated[
        str, BeforeValidator(_arguments, json_schema_input_type=str | dict[str, object])
    ] = "{}"


class Call(Incoming):
    """A call that an assistant made earlier. Most clients of this dialect send no ids."""

    id: Annotated[str, Field(max_length=1000)] | None = None
    function: CalledFunction


class ChatMessage(Incoming):
    """One message."""

    role: Literal["system", "user", "assistant", "tool"]
    content: str | None = None
    thinking: str | None = None
    images: Pictures = ()
    tool_calls: Annotated[tuple[Call, ...], BeforeValidator(_list), Field(max_length=1000)] = ()
    tool_name: str | None = None
    tool_call_id: str | None = None


class Function(Incoming):
    """A function, as a JSON Schema describes its arguments."""

    name: ToolName
    description: str | None = None
    parameters: JsonText = None


class OfferedTool(Incoming):
    """What may be called."""

    type: str | None = None
    function: Function


class ChatBody(Asked):
    """The body of POST /api/chat."""

    messages: Annotated[
        tuple[ChatMessage, ...], BeforeValidator(_list), Field(max_length=_MOST_MESSAGES)
    ] = ()
    tools: Annotated[
        tuple[OfferedTool, ...], BeforeValidator(_list), Field(max_length=_MOST_TOOLS)
    ] = ()


class GenerateBody(Asked):
    """The body of POST /api/generate. `context`, which Ollama gave up, is ignored."""

    prompt: str | None = None
    suffix: str | None = None
    system: str | None = None
    template: str | None = None
    raw: bool | None = None
    images: Pictures = ()


class EmbedBody(Named):
    """The body of POST /api/embed. Texts that are too long are cut, unless `truncate` is false."""

    input: Annotated[
        tuple[str, ...],
        BeforeValidator(_list, json_schema_input_type=str | list[str] | None),
        Field(max_length=_MOST_TEXTS),
    ] = ()
    truncate: bool | None = None
    dimensions: Annotated[int, BeforeValidator(_whole), Field(ge=0, le=1 << 16)] | None = None
    keep_alive: Seconds = None


class OldEmbedBody(Named):
    """The body of POST /api/embeddings."""

    prompt: str | None = None
    keep_alive: Seconds = None


class ShowBody(Named):
    """The body of POST /api/show."""

    verbose: bool | None = None


class PullBody(Named):
    """The body of POST /api/pull. `insecure` changes nothing: where to ask is a setting."""

    stream: bool | None = None
