"""A conversation with the child process that speaks to the Hub."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncGenerator, Sequence

from engine.download.wire import Answer, Limit, Question, Refused, answers, limits, questions
from engine.errors import (
    DiskFull,
    DownloadError,
    EngineError,
    GatedRepository,
    HubUnreachable,
    NotAModel,
    RepositoryNotFound,
    TruncatedModel,
    UnknownArchitecture,
)

_SILENCE_SECONDS = 2.0
_LINE_BYTES = 64 << 20  # a repository may list very many files
_LAST_WORDS_BYTES = 8 << 10
_REFUSALS: dict[str, type[EngineError]] = {
    kind.code: kind
    for kind in (
        *(DownloadError, HubUnreachable, RepositoryNotFound, GatedRepository, DiskFull),
        *(NotAModel, TruncatedModel, UnknownArchitecture),
    )
}


class ChildDied(DownloadError):
    """The child ended without a word of its own: killed, or broken by a bug."""

    code = "download_broken_off"


async def ask(
    command: Sequence[str], question: Question, orders: asyncio.Queue[Limit] | None = None
) -> AsyncGenerator[Answer | None]:
    """What the child answers, until it ends; None for every two seconds of silence.

    `orders` are passed on to it. Closing the generator kills the child. Raises the EngineError
    the child refused with, or ChildDied.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=_LINE_BYTES,
        creationflags=_no_console(),
    )
    stdin, stdout, stderr = process.stdin, process.stdout, process.stderr
    assert stdin is not None
    assert stdout is not None
    assert stderr is not None
    last_words = asyncio.create_task(_drain(stderr), name="download stderr")
    steering = asyncio.create_task(_steer(stdin, orders), name="download stdin")
    try:
        stdin.write(questions.dump_json(question) + b"\n")
        while (line := await _line(stdout)) != b"":
            answer = None if line is None else answers.validate_json(line)
            if isinstance(answer, Refused):
                raise _refusal(answer)
            yield answer
        if await process.wait() != 0:
            raise ChildDied(f"The download ended unexpectedly ({_last(await last_words)}).")
    finally:
        steering.cancel()
        if process.returncode is None:
            process.kill()
        stdin.close()
        await process.wait()
        await last_words


async def _steer(stdin: asyncio.StreamWriter, orders: asyncio.Queue[Limit] | None) -> None:
    while orders is not None:
        stdin.write(limits.dump_json(await orders.get()) + b"\n")


async def _line(stdout: asyncio.StreamReader) -> bytes | None:
    """The next line, empty at the end; None if none came for a while."""
    try:
        async with asyncio.timeout(_SILENCE_SECONDS):
            return await stdout.readline()
    except TimeoutError:
        return None


def _no_console() -> int:
    if sys.platform == "win32":
        return subprocess.CREATE_NO_WINDOW
    return 0


async def _drain(stderr: asyncio.StreamReader) -> bytes:
    kept = b""
    while piece := await stderr.read(_LAST_WORDS_BYTES):
        kept = (kept + piece)[-_LAST_WORDS_BYTES:]
    return kept


def _last(words: bytes) -> str:
    lines = words.decode("utf-8", "replace").split("\n")
    return next((line.strip()[:160] for line in reversed(lines) if line.strip()), "no words")


def _refusal(refused: Refused) -> EngineError:
    kind = _REFUSALS.get(refused.code, DownloadError)
    return kind(refused.sentence, remedy=refused.remedy)
