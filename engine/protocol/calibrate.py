"""The words of a calibration: what its child tells, and the one word it waits for."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from engine.protocol.framing import frame

GO = frame(b'{"kind": "go"}')


class Figure(StrEnum):
    """What was measured; the unit is part of the name's meaning. `key` tells which one."""

    TYPE_RATE = "type_rate"  # bytes/s of a quantized matrix times a vector; key: the type
    READ_RATE = "read_rate"  # bytes/s of RAM; key: threads
    FLOPS = "flops"  # a quantized matrix times a block, a second
    PINNED = "pinned"  # bytes/s, host to card
    PAGEABLE = "pageable"  # bytes/s, host to card
    LAYER = "layer"  # s a token and dense layer, beyond the reading of its bytes
    EXPERT_LAYER = "expert_layer"  # the same with experts
    DISK = "disk"  # bytes/s


class _Word(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CardFound(_Word):
    """A card that will be measured; `number` counts by the bus, `device` is ggml's name for it."""

    kind: Literal["card"] = "card"
    number: int
    device: str
    name: str
    memory_bytes: int


class Board(_Word):
    """How the processor is measured."""

    kind: Literal["board"] = "board"
    threads: int
    library: str


class Moved(_Word):
    """A step began; `fraction` of all is done."""

    kind: Literal["moved"] = "moved"
    step: str
    fraction: float


class Standing(_Word):
    """A model stands on a card, and the child waits for GO.

    `own_bytes` is what llama.cpp says it holds there.
    """

    kind: Literal["standing"] = "standing"
    number: int
    stage: Literal["loaded", "used"]
    own_bytes: int


class Measured(_Word):
    """One figure; of a card, or (None) of the board."""

    kind: Literal["measured"] = "measured"
    number: int | None
    figure: Figure
    key: str = ""
    value: float


class Missed(_Word):
    """A part that could not be measured, and why."""

    kind: Literal["missed"] = "missed"
    step: str
    reason: str


class Done(_Word):
    """All that could be measured was told."""

    kind: Literal["done"] = "done"


CalibrationReport = Annotated[
    CardFound | Board | Moved | Standing | Measured | Missed | Done, Field(discriminator="kind")
]

_reports: TypeAdapter[CalibrationReport] = TypeAdapter(CalibrationReport)


def calibration_frame(report: CalibrationReport) -> bytes:
    """The bytes of one report."""
    return frame(_reports.dump_json(report))


def calibration_report(body: bytes) -> CalibrationReport:
    """The report in a frame's body. Raises pydantic's ValidationError."""
    return _reports.validate_json(body)
