"""What may be asked about texts and tokens, and what is said."""

from typing import Annotated, TypedDict

from pydantic import Field

from engine.server.openai.knobs import Incoming


class TokenizeBody(Incoming):
    """The body of POST /tokenize. `add_special` adds what the model's texts begin or end with;
    without `parse_special` the names of special tokens are text like any other."""

    content: str
    model: str | None = None
    add_special: bool | None = None
    parse_special: bool | None = None
    with_pieces: bool | None = None


class DetokenizeBody(Incoming):
    """The body of POST /detokenize."""

    tokens: list[Annotated[int, Field(ge=0, le=0x7FFF_FFFF)]]
    model: str | None = None


class SpelledToken(TypedDict):
    """A token and what it stands for: its text, or its bytes where these are no whole character."""

    id: int
    piece: str | list[int]


class Tokens(TypedDict):
    """The answer of /tokenize."""

    tokens: list[int] | list[SpelledToken]


class Content(TypedDict):
    """The answer of /detokenize."""

    content: str


class Rendered(TypedDict):
    """The answer of /apply-template."""

    prompt: str
