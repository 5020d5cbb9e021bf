"""Frames with bytes behind them."""

import asyncio
from io import BytesIO

import pytest

from engine.protocol.framing import (
    BrokenFrame,
    command_frame,
    read_command,
    read_report,
    report_frame,
)
from engine.protocol.messages import Counted, Embed, Embedded, Rank

pytestmark = pytest.mark.anyio

VECTORS = bytes(range(24))
REPORT = Embedded(id=3, tokens=(4, 5), dimensions=3, vectors=VECTORS)


def stream(*frames: bytes) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    for frame in frames:
        reader.feed_data(frame)
    reader.feed_eof()
    return reader


async def test_that_vectors_come_behind_their_report_byte_for_byte() -> None:
    after = Counted(id=4, tokens=(1,))
    reader = stream(report_frame(REPORT), report_frame(after))
    assert await read_report(reader) == REPORT
    assert await read_report(reader) == after
    assert await read_report(reader) is None


async def test_that_vectors_of_another_length_are_no_frame_of_ours() -> None:
    short = Embedded(id=3, tokens=(4, 5), dimensions=4, vectors=VECTORS)
    with pytest.raises(BrokenFrame, match="24 bytes"):
        await read_report(stream(report_frame(short)))


async def test_that_a_pipe_that_ends_in_the_vectors_has_ended() -> None:
    assert await read_report(stream(report_frame(REPORT)[:-1])) is None


def test_that_commands_for_vectors_and_ranks_cross_the_pipe() -> None:
    commands = (
        Embed(id=1, texts=("a", (1, 2), ""), dimensions=8, truncate=True),
        Rank(id=2, query="q", documents=("a", "b")),
    )
    pipe = BytesIO(b"".join(map(command_frame, commands)))
    assert (read_command(pipe), read_command(pipe), read_command(pipe)) == (*commands, None)
