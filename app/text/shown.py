"""One message as the transcript shows it."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A message with what is known about it; empty strings are simply not shown."""

    role: Literal["user", "assistant"]
    content: str
    reasoning: str = ""
    reasoning_seconds: float | None = None
    statistics: str = ""
    failure: str = ""
