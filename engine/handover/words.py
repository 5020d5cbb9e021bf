"""What is said at the door: one JSON line asks, JSON lines answer."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass

from engine.chat import ChatRequest, Delta

# A window; `serve`, which ends when asked to; another verb of a terminal, which has work to do.
Holder = Literal["window", "port", "verb"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Open these files and links, and raise the window. Answered by Done.

    `activation` is what the desktop gave the one who knocks, so that a window may come forward.
    """

    paths: tuple[str, ...]
    activation: str = ""
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
class Leave:
    """End, as if a signal had asked for it; a second time, at once. Answered by Done."""

    verb: Literal["leave"] = "leave"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """It is done."""

    word: Literal["done"] = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The HTTP address, if the port is open, and the models that are loaded."""

    address: str | None
    loaded: tuple[str, ...]
    holder: Holder = "verb"
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


Verb = Annotated[Files | Attach | Refresh | Ask | Leave, Field(discriminator="verb")]
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
