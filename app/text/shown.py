"""One message as the transcript shows it."""

from dataclasses import dataclass
from typing import Literal

from engine.chat import ToolCall


@dataclass(frozen=True, kw_only=True)
class ShownFile:
    """A file that came with a question; `picture` is an image's own bytes, else None.

    `number` is that of an image whose bytes are still on disk.
    """

    name: str
    size_bytes: int
    picture: bytes | None = None
    number: int | None = None


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A message with what is known about it; empty strings are simply not shown.

    `id` is what its verbs (edit, regenerate, …) are told; None while it is not on disk.
    `version` of `versions` counts from 1: with more than one, arrows stand beside it. A "tool"
    message is the result of a call, shown as a card.
    """

    role: Literal["user", "assistant", "tool"]
    content: str
    id: int | None = None
    reasoning: str = ""
    reasoning_seconds: float | None = None
    statistics: str = ""
    failure: str = ""
    version: int = 1
    versions: int = 1
    files: tuple[ShownFile, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
