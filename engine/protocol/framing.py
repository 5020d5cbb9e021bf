"""One frame: a 4-byte length (big endian), then JSON; images lie behind it, byte for byte.

Behind the frame of Embedded comes one more, whose body is the vectors.
"""

import struct
from asyncio import IncompleteReadError, StreamReader
from dataclasses import replace
from typing import BinaryIO

from pydantic import ConfigDict, TypeAdapter, ValidationError

from engine.protocol.messages import Command, Count, Embedded, Generate, Report

_LENGTH = struct.Struct(">I")
MAX_FRAME_BYTES = 64 << 20

# NaN crosses the pipe as NaN, to be refused as a value and not as a broken frame.
_NUMBERS = ConfigDict(ser_json_inf_nan="constants")
_commands: TypeAdapter[Command] = TypeAdapter(Command, config=_NUMBERS)
_reports: TypeAdapter[Report] = TypeAdapter(Report)


class BrokenFrame(Exception):
    """The other side sent something that is no frame of ours: a bug, or native code on the pipe."""


def command_frame(command: Command) -> bytes:
    """The bytes of one command."""
    if not isinstance(command, (Generate, Count)) or not command.images:
        return frame(_commands.dump_json(command))
    lengths = tuple(len(image) for image in command.images)
    body = _commands.dump_json(replace(command, image_bytes=lengths))
    return b"".join((frame(body), *command.images))


def report_frame(report: Report) -> bytes:
    """The bytes of one report."""
    head = frame(_reports.dump_json(report, exclude_defaults=False))
    return head + frame(report.vectors) if isinstance(report, Embedded) else head


def read_command(pipe: BinaryIO) -> Command | None:
    """The next command, blocking; None at the end of the stream."""
    body = read_body(pipe)
    if body is None:
        return None
    try:
        command = _commands.validate_json(body)
    except ValidationError as error:
        raise BrokenFrame(f"A frame is no command of ours: {error}") from error
    if not isinstance(command, (Generate, Count)) or not command.image_bytes:
        return command
    images: list[bytes] = []
    for size in command.image_bytes:
        if not 0 <= size <= MAX_FRAME_BYTES:
            raise BrokenFrame(f"An image of {size:,} bytes was announced.")
        images.append(pipe.read(size))
        if len(images[-1]) < size:
            return None
    return replace(command, images=tuple(images))


async def read_report(pipe: StreamReader) -> Report | None:
    """The next report; None at the end of the stream."""
    body = await receive_body(pipe)
    if body is None:
        return None
    report = report_of(body)
    if not isinstance(report, Embedded):
        return report
    vectors = await receive_body(pipe)
    return None if vectors is None else with_vectors(report, vectors)


def report_of(body: bytes) -> Report:
    """The report in a frame's body."""
    try:
        return _reports.validate_json(body)
    except ValidationError as error:
        raise BrokenFrame(f"A frame is no report of ours: {error}") from error


def with_vectors(report: Embedded, body: bytes) -> Embedded:
    """The report, complete with the frame that came behind it."""
    if len(body) != 4 * report.dimensions * len(report.tokens):
        raise BrokenFrame(f"{len(body):,} bytes of vectors came for {len(report.tokens)} texts.")
    return replace(report, vectors=body)


def frame(body: bytes) -> bytes:
    """That body with its length before it."""
    return _LENGTH.pack(len(body)) + body


def read_body(pipe: BinaryIO) -> bytes | None:
    """The next frame's body, blocking; None at the end of the stream."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    size = _body_bytes(head)
    body = pipe.read(size)
    return body if len(body) == size else None


async def receive_body(pipe: StreamReader) -> bytes | None:
    """The next frame's body; None at the end of the stream."""
    try:
        head = await pipe.readexactly(_LENGTH.size)
        return await pipe.readexactly(_body_bytes(head))
    except IncompleteReadError:
        return None


def _body_bytes(head: bytes) -> int:
    (size,) = _LENGTH.unpack(head)
    if size > MAX_FRAME_BYTES:
        raise BrokenFrame(f"A frame of {size:,} bytes was announced.")
    return size
