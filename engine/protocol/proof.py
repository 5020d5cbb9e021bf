"""The words of a proof: what llama.cpp was built for, and whether each device really computes."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from engine.protocol.framing import frame


class _Word(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Built(_Word):
    """The library: `features` in llama.cpp's own words, `cuda` its CUDA runtime, where it tells.

    `pack_skipped` is why the GPU pack could not be loaded; empty where it was, or there is none.
    """

    kind: Literal["built"] = "built"
    library: str
    features: str
    cuda: tuple[int, int] | None = None
    pack_skipped: str = ""


class Present(_Word):
    """A device llama.cpp sees; the processor is one, too. `number` counts all of them."""

    kind: Literal["present"] = "present"
    number: int
    device: str
    name: str
    is_card: bool
    is_integrated: bool = False  # a card inside the processor, whose memory is RAM
    memory_bytes: int


class Trying(_Word):
    """The device that computes now: if nothing follows, it was this one that failed."""

    kind: Literal["trying"] = "trying"
    number: int


class Proved(_Word):
    """It computed. `error` is how far from the known answer, as a share of it."""

    kind: Literal["proved"] = "proved"
    number: int
    error: float
    flops: float | None  # operations a second; None: the answer was wrong, or no room to measure


class Unproved(_Word):
    """It could not be tried, mostly for want of room."""

    kind: Literal["unproved"] = "unproved"
    number: int
    reason: str


class Over(_Word):
    """All were tried."""

    kind: Literal["over"] = "over"


ProofReport = Annotated[
    Built | Present | Trying | Proved | Unproved | Over, Field(discriminator="kind")
]

_reports: TypeAdapter[ProofReport] = TypeAdapter(ProofReport)


def proof_frame(report: ProofReport) -> bytes:
    """The bytes of one report."""
    return frame(_reports.dump_json(report))


def proof_report(body: bytes) -> ProofReport:
    """The report in a frame's body. Raises pydantic's ValidationError."""
    return _reports.validate_json(body)
