"""What is told of one route: its body, its answer, its stream, and an example."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

Method = Literal["GET", "POST", "DELETE"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A wish that stands in the address."""

    name: str
    text: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """What comes bit by bit: one event's content, and the words that end it, if they are no JSON.

    `media` text/event-stream has events, application/x-ndjson has lines.
    """

    each: object
    media: str = "text/event-stream"
    last: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """One route under one of its names. `paths[0]` is the name it is known by.

    `answer` is the type of what is said; `media` another kind of answer than JSON.
    """

    method: Method
    paths: tuple[str, ...]
    title: str
    body: type[BaseModel] | None = None
    answer: object = None
    media: str = "application/json"
    stream: Stream | None = None
    query: tuple[Query, ...] = ()
    example: Mapping[str, Any] | None = None
    text: str = ""
    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """Routes that belong together; `text` is Markdown that stands before them.

    `failure` is the type of what is said when one of them fails.
    """

    name: str
    failure: object
    text: str
    routes: tuple[Described, ...] = ()
