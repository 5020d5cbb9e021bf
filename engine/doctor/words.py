"""The words between the doctor and the child that gathers: what is asked, and each step's fact."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from engine.doctor.facts import (
    Asked,
    DriverFacts,
    FoldersFacts,
    Lost,
    MemoryFacts,
    OpeningFacts,
    PortFacts,
    ProgramsFacts,
    ReadingFacts,
    SystemFacts,
)
from engine.protocol.framing import frame


class _Word(BaseModel):
    model_config = ConfigDict(frozen=True)


class Begun(_Word):
    """A step begins: if nothing follows, it was this one."""

    kind: Literal["begun"] = "begun"
    step: str


class Found(_Word):
    """What the step found; None where there is nothing to tell."""

    kind: Literal["found"] = "found"
    step: str
    driver: DriverFacts | None = None
    system: SystemFacts | None = None
    memory: MemoryFacts | None = None
    folders: FoldersFacts | None = None
    port: PortFacts | None = None
    programs: ProgramsFacts | None = None
    reading: ReadingFacts | None = None
    opening: OpeningFacts | None = None
    lost: Lost | None = None


Told = Annotated[Begun | Found, Field(discriminator="kind")]

_asked: TypeAdapter[Asked] = TypeAdapter(Asked)
_told: TypeAdapter[Told] = TypeAdapter(Told)


def asked_frame(asked: Asked) -> bytes:
    """The bytes of a question."""
    return frame(_asked.dump_json(asked))


def asked(body: bytes) -> Asked:
    """The question in a frame's body."""
    return _asked.validate_json(body)


def told_frame(told: Told) -> bytes:
    """The bytes of an answer."""
    return frame(_told.dump_json(told))


def told(body: bytes) -> Told:
    """The answer in a frame's body. Raises pydantic's ValidationError."""
    return _told.validate_json(body)
