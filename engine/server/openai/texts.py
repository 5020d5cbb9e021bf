"""What may stand for a text: itself, or its tokens; one or several."""

from typing import Annotated, cast

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from engine.server.openai.written import WrittenTexts

_MOST_TOKEN = 0x7FFF_FFFF

Text = str | tuple[int, ...]


def _texts(value: object) -> tuple[Text, ...]:
    """A text, several, the tokens of one, or those of several."""
    match value:
        case str():
            return (value,)
        case list() if value:
            entries = cast("list[object]", value)
            tokens = _tokens(entries)
            return tuple(_one(entry) for entry in entries) if tokens is None else (tokens,)
        case _:
            raise PydanticCustomError("texts", "it must be a text, or a list with at least one")


def _one(value: object) -> Text:
    if isinstance(value, str):
        return value
    tokens = _tokens(cast("list[object]", value)) if isinstance(value, list) and value else None
    if tokens is None:
        raise PydanticCustomError("texts", "each must be a text or a list of tokens")
    return tokens


def _tokens(values: list[object]) -> tuple[int, ...] | None:
    """None if these are no tokens."""
    tokens = tuple(value for value in values if type(value) is int and 0 <= value <= _MOST_TOKEN)
    return tokens if len(tokens) == len(values) else None


Texts = Annotated[tuple[Text, ...], BeforeValidator(_texts, json_schema_input_type=WrittenTexts)]
