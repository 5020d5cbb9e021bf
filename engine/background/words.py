"""The words the engine and its background process exchange."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass

from engine.chat import Message
from engine.library.shelf_model import ShelfModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Render:
    """Write these messages as the model's prompt. Answered by Rendered or Failed."""

    template: str
    bos: str
    eos: str
    messages: tuple[Message, ...]
    kind: Literal["render"] = "render"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What lies in these folders? Answered by Scanned or Failed."""

    folders: tuple[Path, ...]
    kind: Literal["scan"] = "scan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """The child is awake; sent once, so that its start is not charged to the first task."""

    kind: Literal["started"] = "started"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A prompt."""

    text: str
    kind: Literal["rendered"] = "rendered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """A shelf."""

    models: tuple[ShelfModel, ...]
    kind: Literal["scanned"] = "scanned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A foreseen failure."""

    code: str
    sentence: str
    kind: Literal["failed"] = "failed"


Task = Annotated[Render | Scan, Field(discriminator="kind")]
Answer = Annotated[Started | Rendered | Scanned | Failed, Field(discriminator="kind")]

tasks: TypeAdapter[Task] = TypeAdapter(Task)
answers: TypeAdapter[Answer] = TypeAdapter(Answer)
