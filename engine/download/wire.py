"""The words between Downloads and its child process: one JSON object a line.

The child is asked once, on stdin; the end of stdin ends it. Answers go to stdout.
"""

from dataclasses import field as dataclass_field
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass, rebuild_dataclass

from engine.download.assets import Asset
from engine.download.values import (
    Quantization,
    RemoteHeader,
    RepositoryHit,
    RepositoryPage,
    SearchWish,
)
from engine.gguf.blueprint import Blueprint

Phase = Literal["running", "verifying", "repairing"]

# --- asked -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Which repositories have GGUF files and match these words? Answered by Hits."""

    query: str
    endpoint: str | None
    kind: Literal["search"] = "search"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What quantizations has the repository? Answered by Offered."""

    repository: str
    endpoint: str | None
    kind: Literal["offer"] = "offer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """Bring these files to these places. Answered by Received… and Noted, then Fetched.

    A Limit may follow at any time.
    """

    repository: str
    endpoint: str | None
    files: tuple[str, ...]
    targets: tuple[str, ...]
    root: str | None = None  # nothing is written outside of it, not through links either
    hashes: tuple[str | None, ...] = ()  # sha256 as the first source told, if it did
    second_source: str | None = None
    promised_bytes: int = 0  # of the free space, to other downloads
    bytes_per_second: int | None = None
    kind: Literal["fetch"] = "fetch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What do these quantizations' headers tell? Answered by one Seen for each, in any order."""

    repository: str
    endpoint: str | None
    quantizations: tuple[Quantization, ...]
    cache: str
    kind: Literal["look"] = "look"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """Make files with this quantization's headers alone. Answered by Outlined."""

    repository: str
    endpoint: str | None
    quantization: Quantization
    cache: str
    kind: Literal["outline"] = "outline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seek:
    """Which repositories are as wished? Answered by Hits."""

    wish: SearchWish
    endpoint: str | None
    kind: Literal["seek"] = "seek"


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """All of one repository. Answered by Shown."""

    repository: str
    endpoint: str | None
    kind: Literal["show"] = "show"


@dataclass(frozen=True, slots=True, kw_only=True)
class TryOut:
    """Does that address answer as the Hub does? Answered by TriedOut."""

    endpoint: str
    kind: Literal["try_out"] = "try_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Is there a token for that endpoint? With `change` it is kept first, or forgotten if None.

    Answered by LoggedIn. The token is in this line alone, which nobody writes down.
    """

    endpoint: str | None
    change: bool = False
    token: str | None = dataclass_field(default=None, repr=False)
    kind: Literal["login"] = "login"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bring:
    """Bring these files of other places than the Hub. Answered by Received…, then Fetched."""

    assets: tuple[Asset, ...]
    bytes_per_second: int | None = None
    kind: Literal["bring"] = "bring"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What is the text at that address? Answered by Text."""

    url: str
    kind: Literal["read"] = "read"


OfHub = Search | Offer | Fetch | Look | Outline | Seek | Show | TryOut | Login
Question = Annotated[OfHub | Bring | Read, Field(discriminator="kind")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What a Fetch may take of the line from now on. Told after the question; not answered."""

    bytes_per_second: int | None


# --- answered --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """The answer to Search."""

    hits: tuple[RepositoryHit, ...]
    kind: Literal["hits"] = "hits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """The answer to Offer."""

    quantizations: tuple[Quantization, ...]
    kind: Literal["offered"] = "offered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """How far all files together are; at most ten times a second, and when the phase changes.

    While verifying, the bytes that have been looked at; while repairing, those compared.
    """

    received_bytes: int
    total_bytes: int
    bytes_per_second: float
    phase: Phase = "running"
    kind: Literal["received"] = "received"


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """Something the person should know, though it went on."""

    sentence: str
    kind: Literal["noted"] = "noted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """Everything lies in its place, verified."""

    kind: Literal["fetched"] = "fetched"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One quantization's header."""

    header: RemoteHeader
    kind: Literal["seen"] = "seen"


# A header's values name the blueprint for type checkers alone: the window does without it.
rebuild_dataclass(
    Seen,  # pyright: ignore[reportArgumentType]  # a pydantic dataclass, which pyright cannot see
    _types_namespace={"RemoteHeader": RemoteHeader, "Blueprint": Blueprint},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlined:
    """Where the files with headers alone lie, in the quantization's order."""

    paths: tuple[str, ...]
    kind: Literal["outlined"] = "outlined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A repository's page."""

    page: RepositoryPage
    kind: Literal["shown"] = "shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedOut:
    """It does, or as ModelScope, which is good as a second source."""

    host: str
    milliseconds: int
    modelscope: bool = False
    kind: Literal["tried_out"] = "tried_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    """Whether there is a token."""

    present: bool
    kind: Literal["logged_in"] = "logged_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The answer to Read."""

    text: str
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """It cannot be done; `code`, `sentence` and `remedy` are an EngineError's."""

    code: str
    sentence: str
    remedy: str
    kind: Literal["refused"] = "refused"


Answer = Annotated[
    Hits
    | Offered
    | Received
    | Noted
    | Fetched
    | Seen
    | Outlined
    | Shown
    | TriedOut
    | LoggedIn
    | Text
    | Refused,
    Field(discriminator="kind"),
]

questions: TypeAdapter[Question] = TypeAdapter(Question)
answers: TypeAdapter[Answer] = TypeAdapter(Answer)
limits: TypeAdapter[Limit] = TypeAdapter(Limit)
