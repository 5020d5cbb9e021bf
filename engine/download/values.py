"""What the Hub offers and how a transfer stands."""

from dataclasses import dataclass
from enum import StrEnum

from engine.gguf.blueprint import Blueprint


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryHit:
    """One line of a search."""

    id: str  # owner/name
    downloads: int | None
    likes: int | None
    gated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantization:
    """One quantization of a repository; its shards are hidden behind one line."""

    label: str  # Q4_K_M, IQ2_XS, F16 … or the file's stem
    files: tuple[str, ...]  # paths in the repository
    size_bytes: int


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
    """RUNNING → DONE | FAILED | CANCELLED; each of the last two may run again."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """How one transfer stands. `id` is `owner/name:LABEL`."""

    id: str
    phase: DownloadPhase
    received_bytes: int
    total_bytes: int
    bytes_per_second: float = 0.0
    failure: str | None = None  # sentence and remedy
