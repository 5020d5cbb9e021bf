"""The words between Downloads and its child process: one JSON object a line.

The child is asked once, on stdin; the end of stdin ends it. Answers go to stdout.
"""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass

from engine.download.values import Quantization, RemoteHeader, RepositoryHit

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
    """Bring these files to these places. Answered by Received…, then Fetched."""

    repository: str
    endpoint: str | None
    files: tuple[str, ...]
    targets: tuple[str, ...]
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


Question = Annotated[Search | Offer | Fetch | Look | Outline, Field(discriminator="kind")]

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
    """How far all files together are; at most ten times a second."""

    received_bytes: int
    total_bytes: int
    bytes_per_second: float
    kind: Literal["received"] = "received"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """Everything lies in its place, verified."""

    kind: Literal["fetched"] = "fetched"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One quantization's header."""

    header: RemoteHeader
    kind: Literal["seen"] = "seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlined:
    """Where the files with headers alone lie, in the quantization's order."""

    paths: tuple[str, ...]
    kind: Literal["outlined"] = "outlined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """It cannot be done; `code`, `sentence` and `remedy` are an EngineError's."""

    code: str
    sentence: str
    remedy: str
    kind: Literal["refused"] = "refused"


Answer = Annotated[
    Hits | Offered | Received | Fetched | Seen | Outlined | Refused, Field(discriminator="kind")
]

questions: TypeAdapter[Question] = TypeAdapter(Question)
answers: TypeAdapter[Answer] = TypeAdapter(Answer)
