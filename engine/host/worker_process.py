"""One worker, seen from outside."""

import asyncio
import itertools
import logging
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from pydantic import ValidationError

from engine.background.child_process import ChildProcess, describe_end, suits_another_processor
from engine.chat import Delta, Sampling
from engine.errors import (
    Dismissed,
    EngineError,
    LoadCancelled,
    OtherProcessor,
    OutOfMemory,
    WorkerDied,
)
from engine.host.facts import (
    AnswerEnded,
    LoadStepped,
    ModelMoved,
    Phase,
    StreamsMoved,
    WorkerEnded,
)
from engine.host.hearing import Whole, deltas, end_of_answer, failure_in
from engine.host.lifecycle import may_move
from engine.host.limits import Limits
from engine.host.meter import Meter
from engine.protocol.failures import failure_of
from engine.protocol.framing import BrokenFrame, command_frame, report_of, with_vectors
from engine.protocol.load import LoadSpec
from engine.protocol.messages import (
    Cancel,
    CancelLoad,
    Command,
    Count,
    Counted,
    Embed,
    Embedded,
    Generate,
    Load,
    Loading,
    LoadRefused,
    Part,
    Rank,
    Ranked,
    Ready,
    Refused,
    Report,
    Spell,
    Spelled,
    Step,
    Tokenize,
    Tokenized,
)

HostFact = ModelMoved | WorkerEnded | LoadStepped | StreamsMoved | AnswerEnded

_GRACE_SECONDS = 3.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A prompt already rendered, and how to answer it. With `continues` it ends in the midst of
    the answer. `images` stand where it has `picture`. `ignore_end` and `raw` are for benchmarks."""

    text: str
    sampling: Sampling
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()
    ignore_end: bool = False
    raw: bool = False
    continues: bool = False
    picture: str = ""
    images: tuple[bytes, ...] = ()
    tokens: tuple[int, ...] = ()  # instead of the text
    min_tokens: int = 0
    logprobs: int | None = None
    grammar: str = ""
    triggers: tuple[str, ...] = ()
    dialect: str = ""
    calls: bool = False
    texts: tuple[str, ...] = ()
    rolls: bool = False
    adapters: Mapping[str, float] = field(default_factory=dict[str, float])


class WorkerProcess:
    """A worker's life: STOPPED → LOADING → READY → STOPPING → STOPPED, once.

    `_move` is the only writer of `phase`. Every change is told as a fact.
    """

    def __init__(
        self,
        model: str,
        spec: LoadSpec,
        tell: Callable[[HostFact], None],
        *,
        last_try: bool = True,
    ) -> None:
        """Unless it is the `last_try`, too little memory for the load is told as no failure."""
        self.model = model
        self.spec = spec
        self.limits = Limits()
        self._last_try = last_try
        self.phase = Phase.STOPPED
        self.used_at_seconds = time.monotonic()
        self._tell = tell
        self._meter = Meter(model, tell)
        self._meter.watch(lambda: self.requests)
        self._ids = itertools.count(1)
        self._inboxes: dict[int, asyncio.Queue[Part | Refused | Whole | EngineError]] = {}
        self._child: ChildProcess | None = None
        self._reading: asyncio.Task[None] | None = None
        self._ready: Ready | None = None
        self._settled = asyncio.Event()  # READY, or STOPPED again
        self._stopped = asyncio.Event()
        self._refusal: EngineError | None = None
        self._asked_to_stop = False
        self._end: EngineError | None = None

    @property
    def ready(self) -> Ready:
        """The loaded model's facts; only in READY."""
        assert self._ready is not None
        return self._ready

    @property
    def dismissed(self) -> EngineError | None:
        """Why it no longer answers, if it was asked to stop."""
        return Dismissed(f"{self.model} was unloaded.") if self._asked_to_stop else None

    @property
    def pid(self) -> int | None:
        """The process, once it was started."""
        return self._child.pid if self._child else None

    @property
    def requests(self) -> int:
        """How many it has been asked and has not answered to the end."""
        return len(self._inboxes)

    async def load(self, command: tuple[str, ...]) -> None:
        """Start the process and wait until the model is loaded. Raises EngineError."""
        self._move(Phase.LOADING)
        try:
            self._child = await ChildProcess.start(command)
        except OSError as error:
            self._end = WorkerDied(f"The process for {self.model} could not start: {error}.")
            self._move(Phase.STOPPED, failure=self._end.sentence)
            raise self._end from error
        except asyncio.CancelledError:
            self._tear_down()
            raise
        self._reading = asyncio.create_task(self._read(self._child), name=f"worker {self.model}")
        self._reading.add_done_callback(self._reading_ended)
        if self._refusal is None and self.phase is Phase.LOADING:
            self._send(Load(spec=self._with_keeping()))
        else:  # given up, or stopped, while the process was starting
            self._child.kill()
        await self._settled.wait()
        if self._end is not None:
            raise self._end

    def cancel_load(self) -> None:
        """Give up the load; a worker that does not listen is killed."""
        if self.phase is not Phase.LOADING:
            return
        self._refusal = LoadCancelled(f"The load of {self.model} was cancelled.")
        if self._child is not None:
            self._send(CancelLoad())
            asyncio.get_running_loop().call_later(_GRACE_SECONDS, self._kill_if_loading)

    async def stop(self) -> None:
        """End the process; its memory returns. Answers in progress fail."""
        if self.phase in {Phase.LOADING, Phase.READY}:
            self._asked_to_stop = True
            self._move(Phase.STOPPING)
        if self._child is not None:
            await self._child.end(_GRACE_SECONDS)
        if self.phase is Phase.STOPPING:
            await self._stopped.wait()

    async def answer(self, prompt: Prompt) -> AsyncGenerator[Delta]:
        """Stream the answer; closing cancels. Raises EngineError."""
        identity, inbox = self._enrol()
        last: Part | Refused | Whole | EngineError | None = None
        try:
            self._send(
                Generate(
                    id=identity,
                    prompt=prompt.text,
                    sampling=prompt.sampling,
                    max_tokens=prompt.max_tokens,
                    stop=prompt.stop,
                    ignore_end=prompt.ignore_end,
                    raw=prompt.raw,
                    continues=prompt.continues,
                    picture=prompt.picture,
                    images=prompt.images,
                    tokens=prompt.tokens,
                    min_tokens=prompt.min_tokens,
                    logprobs=prompt.logprobs,
                    grammar=prompt.grammar,
                    triggers=prompt.triggers,
                    dialect=prompt.dialect,
                    calls=prompt.calls,
                    texts=prompt.texts,
                    rolls=prompt.rolls,
                    adapters=dict(prompt.adapters),
                )
            )
            while last is None:
                part = await inbox.get()
                if not isinstance(part, Part):
                    last = part
                    raise failure_in(part)
                if part.reason is not None:
                    last = part
                for delta in deltas(part):
                    yield delta
        finally:
            self._dismiss(identity)
            if last is None:
                self._send(Cancel(id=identity))
            self._tell(end_of_answer(self.model, last))

    async def count(self, texts: Sequence[str], images: Sequence[bytes] = ()) -> tuple[int, ...]:
        """How many tokens each text has, then each image. Raises EngineError."""
        counted = await self.ask(
            lambda identity: Count(id=identity, texts=tuple(texts), images=tuple(images))
        )
        assert isinstance(counted, Counted)
        return (*counted.tokens, *counted.images)

    async def ask(self, command: Callable[[int], Count | Embed | Rank | Tokenize | Spell]) -> Whole:
        """Send the command that is made with an id of its own, and wait for the one report that
        answers it. Cancelling cancels. Raises EngineError."""
        if self.phase is not Phase.READY:
            raise self._end or Dismissed(f"{self.model} is being unloaded.")
        identity, inbox = self._enrol()
        report: Part | Refused | Whole | EngineError | None = None
        try:
            self._send(command(identity))
            report = await inbox.get()
        finally:
            self._dismiss(identity)
            if report is None:
                self._send(Cancel(id=identity))
        if isinstance(report, (Counted, Embedded, Ranked, Tokenized, Spelled)):
            return report
        assert report is not None
        assert not isinstance(report, Part)
        raise failure_in(report)

    def _enrol(self) -> tuple[int, asyncio.Queue[Part | Refused | Whole | EngineError]]:
        assert self.phase is Phase.READY
        self.used_at_seconds = time.monotonic()
        identity = next(self._ids)
        inbox = self._inboxes[identity] = asyncio.Queue()
        return identity, inbox

    def _dismiss(self, identity: int) -> None:
        del self._inboxes[identity]
        if self.phase is Phase.READY:
            self._meter.moved()

    def _send(self, command: Command) -> None:
        if self._child is not None:
            self._child.write(command_frame(command))

    def _with_keeping(self) -> LoadSpec:
        """What is kept on disk is no part of what makes one load differ from another."""
        folder = self.limits.kv_folder
        if folder is None:
            return self.spec
        return replace(self.spec, kv_folder=str(folder), kv_bytes=self.limits.kv_bytes)

    def _kill_if_loading(self) -> None:
        if self.phase is Phase.LOADING and self._child is not None:
            self._child.kill()

    async def _read(self, child: ChildProcess) -> None:
        await self._hear(child)
        self._bury(await child.end(_GRACE_SECONDS), child.last_words)

    def _reading_ended(self, reading: asyncio.Task[None]) -> None:
        if reading.cancelled():  # perhaps before it began
            self._tear_down()

    def _tear_down(self) -> None:
        """Who started it or reads was cancelled: `stop` shall not wait for ever."""
        self._asked_to_stop = True
        if self._child is not None:
            self._child.kill()
        self._bury(0, "")

    async def _hear(self, child: ChildProcess) -> None:
        try:
            while (body := await child.read()) is not None:
                report = report_of(body)
                if isinstance(report, Embedded):
                    if (vectors := await child.read()) is None:
                        break
                    report = with_vectors(report, vectors)
                self._take(report)
        except (BrokenFrame, ValidationError):
            _log.exception("The worker of %s does not speak our protocol", self.model)
            child.kill()

    def _take(self, report: Report) -> None:
        match report:
            case Loading():
                if self.phase is Phase.LOADING:
                    self._tell(
                        ModelMoved(model=self.model, phase=Phase.LOADING, fraction=report.fraction)
                    )
            case Ready():
                if self.phase is Phase.LOADING and self._refusal is None:
                    self._ready = report
                    self._meter.context_tokens = report.context_tokens
                    self._move(Phase.READY)
                elif self._child is not None:  # given up a moment too late for the worker
                    self._child.kill()
            case LoadRefused():
                self._refusal = self._refusal or failure_of(report.code, report.sentence)
            case Step():
                for part in report.parts:
                    self._deliver(part.id, part)
                self._meter.step(report)
            case Refused() | Counted() | Embedded() | Ranked() | Tokenized() | Spelled():
                self._deliver(report.id, report)
            case _:
                assert_never(report)

    def _deliver(self, identity: int, report: Part | Refused | Whole) -> None:
        # A request that was just cancelled may still have parts on the way.
        if (inbox := self._inboxes.get(identity)) is not None:
            inbox.put_nowait(report)

    def _bury(self, code: int, last_words: str) -> None:
        self._meter.stop()
        asked = self.dismissed
        if asked is not None:
            end = self._refusal or asked
            failure = None
        elif self.phase is Phase.LOADING and self._refusal is not None:
            end = self._refusal
            will_retry = isinstance(end, OutOfMemory) and not self._last_try
            failure = None if isinstance(end, LoadCancelled) or will_retry else end.sentence
        else:
            sentence = f"The process that ran {self.model} {describe_end(code)}."
            kind = OtherProcessor if suits_another_processor(code) else WorkerDied
            end = kind(sentence, last_words=last_words)
            failure = end.sentence
            self._tell(WorkerEnded(model=self.model, sentence=sentence, last_words=last_words))
        self._end = end
        self._move(Phase.STOPPED, failure=failure)
        for inbox in self._inboxes.values():
            inbox.put_nowait(end)

    def _move(self, to: Phase, *, failure: str | None = None) -> None:
        assert may_move(self.phase, to), f"{self.phase} → {to}"
        self.phase = to
        if to in {Phase.READY, Phase.STOPPED}:
            self._settled.set()
        if to is Phase.STOPPED:
            self._stopped.set()
        context = self._ready.context_tokens if to is Phase.READY and self._ready else None
        fraction = 1.0 if to is Phase.READY else 0.0
        self._tell(
            ModelMoved(
                model=self.model,
                phase=to,
                fraction=fraction,
                context_tokens=context,
                failure=failure,
            )
        )
