"""What is said at the door: one JSON line asks, JSON lines answer."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass

from engine.chat import ChatRequest, Delta


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Open these, and raise the window. Answered by Done."""

    paths: tuple[str, ...]
    verb: Literal["files"] = "files"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attach:
    """Who are you? Answered by Owner."""

    verb: Literal["attach"] = "attach"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """Files came: look at the shelf again. Answered by Done."""

    verb: Literal["refresh"] = "refresh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Answer this conversation. Answered by Said…; hanging up cancels."""

    request: ChatRequest
    verb: Literal["ask"] = "ask"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """It is done."""

    word: Literal["done"] = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The HTTP address, if the port is open, and the model that is loaded."""

    address: str | None
    loaded: str | None
    word: Literal["owner"] = "owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One delta of an answer."""

    delta: Delta
    word: Literal["said"] = "said"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A foreseen failure."""

    code: str
    sentence: str
    remedy: str
    word: Literal["failed"] = "failed"


Verb = Annotated[Files | Attach | Refresh | Ask, Field(discriminator="verb")]
Word = Annotated[Done | Owner | Said | Failed, Field(discriminator="word")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Knock:
    """A verb, with the token that only a reader of the home's files knows."""

    token: str
    verb: Verb


knocks: TypeAdapter[Knock] = TypeAdapter(Knock)
words: TypeAdapter[Word] = TypeAdapter(Word)

# A conversation may be long.
MAX_LINE_BYTES = 64 << 20
