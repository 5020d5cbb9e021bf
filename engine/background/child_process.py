"""A child process of ours: pipes, its last words, and its end."""

import asyncio
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path
from typing import Self

from engine.protocol.framing import receive_body

LAST_WORDS_BYTES = 8 << 10
# `python -m` looks into the working folder first: it must find our `engine`, no stranger's.
_ROOT = Path(__file__).parents[2]
_TERMINATE_SECONDS = 2.0
_DRAIN_SECONDS = 1.0
_SIGILL, _STATUS_ILLEGAL_INSTRUCTION = 4, 0xC000001D  # on Unix, on Windows


class ChildProcess:
    """One child with frames on stdin and stdout. Its stderr is always drained, the end kept.

    Every child ends by itself at the end of its stdin, so none outlives a parent that was killed.
    """

    def __init__(self, process: Process) -> None:
        self._process = process
        self._words = bytearray()
        self._draining = asyncio.create_task(self._drain(), name=f"stderr of {process.pid}")

    @classmethod
    async def start(cls, command: tuple[str, ...]) -> Self:
        """Start it. It has a group of its own: Ctrl+C in a terminal is for the parent alone."""
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            cwd=_ROOT,
            creationflags=_creation_flags(),
            start_new_session=sys.platform != "win32",
        )
        return cls(process)

    @property
    def pid(self) -> int:
        """The operating system's number for it."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it has not been seen to end."""
        return self._process.returncode is None

    @property
    def last_words(self) -> str:
        """The end of what it wrote to stderr, at most 8 KiB."""
        return self._words.decode("utf-8", "replace")

    def write(self, frame: bytes) -> None:
        """Hand over a frame. A child that is gone takes nothing; its end is told elsewhere."""
        pipe = self._process.stdin
        if pipe is not None and not pipe.is_closing():
            pipe.write(frame)

    async def flush(self) -> None:
        """Wait until the pipe has room again."""
        if self._process.stdin is not None:
            with suppress(ConnectionError):
                await self._process.stdin.drain()

    async def read(self) -> bytes | None:
        """The body of the next frame; None when its stdout ended."""
        assert self._process.stdout is not None
        return await receive_body(self._process.stdout)

    def kill(self) -> None:
        """End it now, whatever it does."""
        with suppress(ProcessLookupError):
            self._process.kill()

    async def end(self, grace_seconds: float) -> int:
        """Close its stdin, wait, then insist. Returns its exit code, negative for a signal."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        if not await self._gone(grace_seconds):
            with suppress(ProcessLookupError):
                self._process.terminate()
            if not await self._gone(_TERMINATE_SECONDS):
                self.kill()
        code = await self._process.wait()
        # A stranger that inherited the pipe must not keep us.
        await asyncio.wait({self._draining}, timeout=_DRAIN_SECONDS)
        self._draining.cancel()
        return code

    async def _gone(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._process.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _drain(self) -> None:
        assert self._process.stderr is not None
        while chunk := await self._process.stderr.read(4096):
            self._words += chunk
            del self._words[:-LAST_WORDS_BYTES]


def suits_another_processor(code: int) -> bool:
    """Whether it met an instruction that this processor does not have: it always will."""
    return code in {-_SIGILL, _STATUS_ILLEGAL_INSTRUCTION}


def describe_end(code: int) -> str:
    """How it ended, in words."""
    if suits_another_processor(code):
        return "met an instruction that this processor does not have"
    if code < 0:
        return f"ended by signal {-code}"
    if code > 0x7FFFFFFF:  # Windows' own: known by this form, 0xC0000005 for one
        return f"ended with code 0x{code:08X}"
    return f"ended with code {code}"


def _creation_flags() -> int:
    if sys.platform == "win32":
        return subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
    return 0
