"""What the Hub offers and how a transfer stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the window knows these values, and reads no header
    from engine.gguf.blueprint import Blueprint


class SortBy(StrEnum):
    """How the Hub orders a search."""

    TRENDING = "trending"
    DOWNLOADS = "downloads"
    LIKES = "likes"
    UPDATED = "updated"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchWish:
    """What to look for. Parameters in numbers, not billions; None sets no bound."""

    words: str = ""
    sort: SortBy = SortBy.DOWNLOADS
    architecture: str | None = None
    least_parameters: int | None = None
    most_parameters: int | None = None
    most: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryHit:
    """One line of a search. None where the Hub does not say."""

    id: str  # owner/name
    downloads: int | None
    likes: int | None
    gated: bool
    updated: str | None = None  # ISO 8601
    architecture: str | None = None
    parameters: int | None = None
    trained_context_tokens: int | None = None
    license: str | None = None
    base_models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantization:
    """One quantization of a repository; its shards are hidden behind one line.

    `hashes` are the files' sha256 as the Hub tells them, None where it tells none.
    """

    label: str  # Q4_K_M, IQ2_XS, F16 … or the file's stem
    files: tuple[str, ...]  # paths in the repository
    size_bytes: int
    hashes: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryPage:
    """All that the Hub tells of one repository. `card` is the model card's Markdown.

    `projectors` and `drafts` are companions that may be downloaded beside a quantization.
    `cached` tells that nobody answered, and this is what was seen the last time.
    """

    hit: RepositoryHit
    commit: str
    card: str
    tags: tuple[str, ...]
    quantizations: tuple[Quantization, ...]
    projectors: tuple[Quantization, ...] = ()
    drafts: tuple[Quantization, ...] = ()
    cached: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Curated:
    """A repository worth knowing. `active` and `parameters` are numbers; `date` is ISO 8601.

    A `starter` arrives within seconds: something to talk to while another one is on its way.
    """

    id: str
    title: str
    why: str
    parameters: int
    active_parameters: int
    size_bytes: int  # of its usual quantization
    date: str
    source: str
    starter: bool = False


class Role(StrEnum):
    """What one of the advised models is good for."""

    QUICK = "quick"  # small: soon here, and fast
    BEST = "best"  # the best that runs well on this machine
    BIG = "big"  # larger than the cards, and still usable


@dataclass(frozen=True, slots=True, kw_only=True)
class Advised:
    """A model for this machine, chosen by its size alone: `decode_tps` is the most to hope for.

    `on_cards` tells whether the cards hold all of it.
    """

    role: Role
    curated: Curated
    on_cards: bool
    decode_tps: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteHeader:
    """What the headers of one quantization tell, though it was never downloaded.

    `blueprint` is None where they are no model's; `refusal` then is the sentence that says why.
    `commit` is the repository's version.
    """

    quantization: Quantization
    commit: str
    blueprint: Blueprint | None = None
    refusal: str | None = None


class DownloadPhase(StrEnum):
    """QUEUED → RUNNING → VERIFYING → DONE; a damaged one goes through REPAIRING.

    PAUSED, FAILED and CANCELLED may be queued again; what has arrived is kept until it is removed.
    """

    QUEUED = "queued"
    RUNNING = "running"
    VERIFYING = "verifying"
    REPAIRING = "repairing"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """How one transfer stands. `id` is `owner/name:LABEL`; `seconds_left` None: nobody knows."""

    id: str
    phase: DownloadPhase
    received_bytes: int
    total_bytes: int
    bytes_per_second: float = 0.0
    failure: str | None = None  # sentence and remedy
    seconds_left: float | None = None
    note: str | None = None  # what happened on the way, though it goes on: a sentence
