"""How one dialect of HTTP speaks of a failure, and how its streams are written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import EngineError


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """`body` is a failed answer's JSON; `last_words` end a stream that failed in its middle.

    `waiting` is sent while a stream has nothing to say; empty, where the dialect has no such word.
    """

    name: str
    body: Callable[[EngineError], Mapping[str, Any]]
    last_words: Callable[[EngineError], bytes]
    waiting: bytes = b": waiting\n\n"
    media_type: str = "text/event-stream"
