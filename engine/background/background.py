"""Background: the engine's side of the child that may hang."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from engine.background.child_process import ChildProcess, describe_end
from engine.background.words import (
    Conversation,
    Describe,
    Described,
    Failed,
    ModelSource,
    PlanModels,
    Planned,
    Render,
    Rendered,
    Scan,
    Scanned,
    Started,
    Task,
    Told,
    answers,
    tasks,
)
from engine.config import LoadWish
from engine.errors import EngineError, TemplateFailed
from engine.fit.rig import Rig
from engine.library.files import Details, Folder
from engine.library.shelf_model import ShelfModel
from engine.protocol.failures import failure_of
from engine.protocol.framing import frame

_START_SECONDS = 30.0
_END_SECONDS = 0.5


class _Ended(Exception):
    """The child ended, or was ended, before it answered."""


class Background:
    """Asks the child one thing at a time; kills it when it takes too long; starts it anew.

    `render_seconds`, `scan_seconds` and `plan_seconds` are how long a task may take.
    """

    def __init__(
        self,
        command: tuple[str, ...],
        *,
        render_seconds: float = 1.0,
        scan_seconds: float = 120.0,
        plan_seconds: float = 30.0,
    ) -> None:
        self._command = command
        self._render_seconds = render_seconds
        self._scan_seconds = scan_seconds
        self._plan_seconds = plan_seconds
        self._child: ChildProcess | None = None
        self._dying: ChildProcess | None = None
        self._turn = asyncio.Lock()

    async def start(self) -> None:
        """Wake the child before it is needed. Raises EngineError if it cannot start."""
        async with self._turn:
            await self._awake()

    async def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        # Who was cancelled while it buried one did not see it end.
        for one in (child, self._dying):
            if one is not None:
                await one.end(_END_SECONDS)

    @property
    def pid(self) -> int | None:
        """The child's process, if one runs."""
        return self._child.pid if self._child else None

    async def render(self, template: str, conversation: Conversation) -> str:
        """The prompt that conversation makes. Raises TemplateFailed."""
        # The shape of the answer is nobody's concern here.
        return (await self.prepare(template, replace(conversation, format=None))).text

    async def prepare(self, template: str, conversation: Conversation) -> Rendered:
        """The prompt that conversation makes, and what its answer must look like.

        Raises TemplateFailed, or BadRequest where tools or the format cannot be honoured.
        """
        # The pictures themselves stay here: a template only says where they stand.
        messages = tuple(
            replace(message, images=(b"",) * len(message.images)) if message.images else message
            for message in conversation.messages
        )
        task = Render(template=template, conversation=replace(conversation, messages=messages))
        try:
            answer = await self._ask(task, self._render_seconds)
        except TimeoutError:
            shaped = conversation.format is not None or conversation.tools is not None
            what = ", or the grammar of what was asked," if shaped else ""
            raise TemplateFailed(
                f"The model's chat template{what} ran longer than {self._render_seconds:g} s."
            ) from None
        except _Ended as end:
            raise TemplateFailed(f"The model's chat template failed: the process {end}.") from end
        assert isinstance(answer, Rendered)
        return answer

    async def scan(self, folders: Sequence[Path | Folder]) -> tuple[ShelfModel, ...]:
        """The models in these folders; a bare path is Fullbore's own. Raises EngineError."""
        asked = tuple(one if isinstance(one, Folder) else Folder(path=one) for one in folders)
        try:
            answer = await self._ask(Scan(folders=asked), self._scan_seconds)
        except TimeoutError:
            raise EngineError(
                f"Reading the library took longer than {self._scan_seconds:g} s.",
                remedy="Check that its folders' disks answer, then refresh.",
            ) from None
        except _Ended as end:
            raise EngineError(f"Reading the library failed: the process {end}.") from end
        assert isinstance(answer, Scanned)
        return answer.models

    async def describe(self, model: str, files: Sequence[Path]) -> Details:
        """All that this model's headers tell. Raises EngineError."""
        try:
            answer = await self._ask(Describe(model=model, files=tuple(files)), self._scan_seconds)
        except TimeoutError:
            raise EngineError(
                f"Reading {model} took longer than {self._scan_seconds:g} s.",
                remedy="Check that its disk answers, then try again.",
            ) from None
        except _Ended as end:
            raise EngineError(f"Reading {model} failed: the process {end}.") from end
        assert isinstance(answer, Described)
        return answer.details

    async def plan(
        self,
        models: Sequence[ModelSource],
        rig: Rig,
        wish: LoadWish,
        *,
        streams: int,
        upgrades: bool = False,
    ) -> Planned:
        """How these models would be placed on that rig. Raises EngineError.

        With `upgrades` the plan of a single model tells of cards worth buying, too.
        """
        task = PlanModels(
            models=tuple(models), rig=rig, wish=wish, streams=streams, upgrades=upgrades
        )
        try:
            answer = await self._ask(task, self._plan_seconds)
        except TimeoutError:
            raise EngineError(
                f"Planning took longer than {self._plan_seconds:g} s.",
                remedy="Pin fewer knobs or leave out cards, then try again.",
            ) from None
        except _Ended as end:
            raise EngineError(f"Planning failed: the process {end}.") from end
        assert isinstance(answer, Planned)
        return answer

    async def _ask(self, task: Task, seconds: float) -> Told:
        """Ask twice, if need be: the child may have died before it was asked anything."""
        try:
            return await self._ask_once(task, seconds)
        except _Ended:
            return await self._ask_once(task, seconds)

    async def _ask_once(self, task: Task, seconds: float) -> Told:
        async with self._turn:
            child = await self._awake()
            child.write(frame(tasks.dump_json(task)))
            body, in_time, code = None, False, 0
            try:
                async with asyncio.timeout(seconds):
                    await child.flush()
                    body = await child.read()
                in_time = True
            finally:
                if not in_time:  # too slow, or nobody waits: its next words would not be ours
                    child.kill()
                if body is None:
                    code = await self._bury(child)
        if body is None:
            raise _Ended(describe_end(code))
        answer = answers.validate_json(body)
        match answer:
            case Failed():
                raise failure_of(answer.code, answer.sentence, remedy=answer.remedy)
            case Started():
                raise AssertionError("The background process greeted twice.")
            case _:
                return answer

    async def _awake(self) -> ChildProcess:
        if self._child is None or not self._child.alive:
            child = self._child = await ChildProcess.start(self._command)
            greeted = False
            try:
                async with asyncio.timeout(_START_SECONDS):
                    greeted = await child.read() is not None
            except TimeoutError:
                pass
            finally:
                if not greeted:  # nor may it greet later, in place of an answer
                    child.kill()
                    await self._bury(child)
            if not greeted:
                words = child.last_words.strip().splitlines()[-1:]
                raise EngineError(f"The background process did not start: {' '.join(words)}.")
        return self._child

    async def _bury(self, child: ChildProcess) -> int:
        self._child, self._dying = None, child
        return await child.end(_END_SECONDS)
