"""The words between Downloads and its child process: one JSON object a line.

The child is asked once, on stdin; the end of stdin ends it. Answers go to stdout.
"""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass

from engine.download.values import Quantization, RepositoryHit

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


Question = Annotated[Search | Offer | Fetch, Field(discriminator="kind")]

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
class Refused:
    """It cannot be done; `code`, `sentence` and `remedy` are an EngineError's."""

    code: str
    sentence: str
    remedy: str
    kind: Literal["refused"] = "refused"


Answer = Annotated[Hits | Offered | Received | Fetched | Refused, Field(discriminator="kind")]

questions: TypeAdapter[Question] = TypeAdapter(Question)
answers: TypeAdapter[Answer] = TypeAdapter(Answer)
