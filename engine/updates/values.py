"""A newer Fullbore, as values."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release of the manifest. `news` is Markdown; `asset` and its hash are for this system,
    empty where it brings none."""

    version: str
    day: date
    news: str
    asset: str = ""
    sha256: str = ""
    size_bytes: int = 0
