"""Asks a child that loads nothing. Whatever befalls it, the asker gets an EngineError."""

import asyncio
from types import TracebackType
from typing import Self

from pydantic import ValidationError

from engine.background.child_process import ChildProcess, describe_end
from engine.dryrun.answer import DryRun, dry_run_of
from engine.errors import DryRunFailed
from engine.protocol.dry_run import RehearsalRefused, answer_of, question_frame
from engine.protocol.failures import failure_of
from engine.protocol.framing import BrokenFrame
from engine.protocol.load import LoadSpec

_END_SECONDS = 0.5


class DryRuns:
    """One child for several questions; a new one after it died or took too long.

    `command` starts a worker with `--dry-run`. Where a card is used, the child holds some hundred
    MB of it while it lives. One question at a time.
    """

    def __init__(self, command: tuple[str, ...], *, timeout_seconds: float = 20.0) -> None:
        self._command = command
        self._timeout_seconds = timeout_seconds
        self._child: ChildProcess | None = None
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is not None:
            await child.end(_END_SECONDS)

    async def ask(self, spec: LoadSpec) -> DryRun:
        """What that load would take.

        Raises the ModelError that the load itself would end with, or DryRunFailed if there was
        no answer. The file may be a header and a hole of the right size.
        """
        async with self._turn:
            body = await self._exchange(spec)
        try:
            answer = answer_of(body)
        except ValidationError as error:
            await self.close()
            raise DryRunFailed("The dry run answered nonsense.") from error
        if isinstance(answer, RehearsalRefused):
            raise failure_of(answer.code, answer.sentence)
        return dry_run_of(answer)

    async def _exchange(self, spec: LoadSpec) -> bytes:
        child = await self._awake()
        body: bytes | None = None
        ended, why = False, ""
        try:
            async with asyncio.timeout(self._timeout_seconds):
                child.write(question_frame(spec))
                await child.flush()
                body = await child.read()
            ended = body is None
        except TimeoutError:
            why = f"took longer than {self._timeout_seconds:g} s"
        except BrokenFrame:
            why = "answered nonsense"
        finally:
            if body is None:  # its next words would not be ours; also if nobody waits any more
                self._child = None
                if not ended:
                    child.kill()
                code = await child.end(_END_SECONDS)
                why = why or describe_end(code)
        if body is None:
            raise DryRunFailed(f"The dry run {why}.", last_words=child.last_words)
        return body

    async def _awake(self) -> ChildProcess:
        if self._child is None:
            try:
                self._child = await ChildProcess.start(self._command)
            except OSError as error:
                raise DryRunFailed(f"The dry run could not start: {error}.") from error
        return self._child


async def dry_run(
    command: tuple[str, ...], spec: LoadSpec, *, timeout_seconds: float = 20.0
) -> DryRun:
    """One question to a child of its own; raises what DryRuns.ask raises."""
    async with DryRuns(command, timeout_seconds=timeout_seconds) as runs:
        return await runs.ask(spec)
