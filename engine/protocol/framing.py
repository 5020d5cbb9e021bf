"""One frame: a 4-byte length (big endian), then JSON."""

import struct
from asyncio import IncompleteReadError, StreamReader
from typing import BinaryIO

from pydantic import TypeAdapter

from engine.protocol.messages import Command, Report

_LENGTH = struct.Struct(">I")
MAX_FRAME_BYTES = 64 << 20

_commands: TypeAdapter[Command] = TypeAdapter(Command)
_reports: TypeAdapter[Report] = TypeAdapter(Report)


class BrokenFrame(Exception):
    """The other side sent something that is no frame of ours: a bug, or native code on the pipe."""


def command_frame(command: Command) -> bytes:
    """The bytes of one command."""
    return _frame(_commands.dump_json(command))


def report_frame(report: Report) -> bytes:
    """The bytes of one report."""
    return _frame(_reports.dump_json(report, exclude_defaults=False))


def read_command(pipe: BinaryIO) -> Command | None:
    """The next command, blocking; None at the end of the stream."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    body = pipe.read(_body_bytes(head))
    return _commands.validate_json(body)


async def read_report(pipe: StreamReader) -> Report | None:
    """The next report; None at the end of the stream."""
    try:
        head = await pipe.readexactly(_LENGTH.size)
        body = await pipe.readexactly(_body_bytes(head))
    except IncompleteReadError:
        return None
    return _reports.validate_json(body)


def _frame(body: bytes) -> bytes:
    return _LENGTH.pack(len(body)) + body


def _body_bytes(head: bytes) -> int:
    (size,) = _LENGTH.unpack(head)
    if size > MAX_FRAME_BYTES:
        raise BrokenFrame(f"A frame of {size:,} bytes was announced.")
    return size
