"""The words of a dry run: what a load would take, asked of a worker that loads nothing."""

from typing import Annotated, BinaryIO, Literal

from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass

from engine.protocol.framing import frame, read_body
from engine.protocol.load import LoadSpec
from engine.protocol.messages import DeviceBytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearse:
    """What would this load take? Answered by Rehearsed or RehearsalRefused, one for each."""

    spec: LoadSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """Bytes by buffer.

    `exact` says that they are llama.cpp's own sums; else `devices` have their compute bytes alone,
    read from its log, and `kv` is the KV cache's total over all of them.
    """

    devices: tuple[DeviceBytes, ...]
    exact: bool
    kv: int
    seconds: float
    kind: Literal["rehearsed"] = "rehearsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalRefused:
    """llama.cpp would refuse this load; `code` is an EngineError's. The next may be asked."""

    code: str
    sentence: str
    kind: Literal["rehearsal_refused"] = "rehearsal_refused"


Answer = Annotated[Rehearsed | RehearsalRefused, Field(discriminator="kind")]

_questions: TypeAdapter[Rehearse] = TypeAdapter(Rehearse)
_answers: TypeAdapter[Answer] = TypeAdapter(Answer)


def question_frame(spec: LoadSpec) -> bytes:
    """The bytes of one question."""
    return frame(_questions.dump_json(Rehearse(spec=spec)))


def read_question(pipe: BinaryIO) -> LoadSpec | None:
    """The next question's spec, blocking; None at the end. Raises pydantic's ValidationError."""
    body = read_body(pipe)
    return None if body is None else _questions.validate_json(body).spec


def answer_frame(answer: Answer) -> bytes:
    """The bytes of one answer."""
    return frame(_answers.dump_json(answer))


def answer_of(body: bytes) -> Answer:
    """The answer in a frame's body. Raises pydantic's ValidationError."""
    return _answers.validate_json(body)
