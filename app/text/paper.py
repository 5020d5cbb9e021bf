"""What a chat is written with where it leaves the window."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The style sheet of a browser's page, and of printed ones with their families and inks."""

    page: str
    printed: str
    prose: Sequence[str]
    mono: Sequence[str]
    ink: str
    faint: str
