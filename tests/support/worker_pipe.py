"""Drives a real worker process through its pipe, as the host does, but blocking."""

import os
import struct
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

from pydantic import TypeAdapter

from engine.chat import Chosen, Sampling, StopReason, Timings
from engine.protocol.framing import command_frame, with_vectors
from engine.protocol.load import LoadSpec
from engine.protocol.messages import (
    Command,
    Embedded,
    Generate,
    Load,
    LoadRefused,
    Ready,
    Refused,
    Report,
    Step,
)

_reports: TypeAdapter[Report] = TypeAdapter(Report)

PATIENCE_SECONDS = 50.0


@dataclass(slots=True)
class Answer:
    """What one request brought, in the order of its parts."""

    pieces: list[str] = field(default_factory=list[str])
    reasoning: str = ""
    tokens: int = 0
    prompt_tokens: int | None = None
    reused_tokens: int | None = None
    reason: StopReason | None = None
    stop: str | None = None
    timings: Timings | None = None
    refused: Refused | None = None
    parts_with_prompt: int = 0
    logprobs: list[Chosen] = field(default_factory=list[Chosen])

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    @property
    def over(self) -> bool:
        return self.reason is not None or self.refused is not None


class WorkerPipe:
    """One worker process: send commands, take reports."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "engine.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        self.reports: SimpleQueue[Report | None] = SimpleQueue()
        self.last_words: bytes = b""
        self.cells_used = 0
        self.steps = 0
        self._threads = [
            Thread(target=self._read_reports, name="reports"),
            Thread(target=self._read_words, name="last words"),
        ]
        for thread in self._threads:
            thread.start()

    def send(self, command: Command) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(command_frame(command))
        self.process.stdin.flush()

    def take(self) -> Report | None:
        """The next report; None once the worker closed its side."""
        try:
            return self.reports.get(timeout=PATIENCE_SECONDS)
        except Empty:
            raise AssertionError(f"no report came; stderr: {self.last_words!r}") from None

    def load(self, spec: LoadSpec) -> Ready | LoadRefused:
        self.send(Load(spec=spec))
        while True:
            match self.take():
                case Ready() | LoadRefused() as answer:
                    return answer
                case None:
                    raise AssertionError(f"it ended: {self.last_words!r}")
                case _:
                    pass

    def answers(
        self, *requests: Generate, until: Callable[[dict[int, Answer]], bool] | None = None
    ) -> dict[int, Answer]:
        """Send these, and collect what comes, until all are over or `until` says so."""
        for request in requests:
            self.send(request)
        answers = {request.id: Answer() for request in requests}
        while not all(answer.over for answer in answers.values()):
            if until is not None and until(answers):
                break
            match self.take():
                case Step() as step:
                    self.steps += 1
                    self.cells_used = step.cells_used
                    for part in step.parts:
                        answer = answers.setdefault(part.id, Answer())
                        answer.pieces.append(part.answer)
                        answer.reasoning += part.reasoning
                        answer.tokens += part.tokens
                        answer.logprobs += part.logprobs
                        if part.prompt_tokens is not None:
                            answer.parts_with_prompt += 1
                            answer.prompt_tokens = part.prompt_tokens
                            answer.reused_tokens = part.reused_tokens
                        answer.reason = part.reason
                        answer.stop = part.stop
                        answer.timings = part.timings
                case Refused(id=number) as refused:
                    answers.setdefault(number, Answer()).refused = refused
                case None:
                    raise AssertionError(f"it ended: {self.last_words!r}")
                case _:
                    pass
        return answers

    def answer(self, request: Generate) -> Answer:
        return self.answers(request)[request.id]

    def ended(self) -> int:
        """Its exit code, once it has ended by itself."""
        return self.process.wait(timeout=PATIENCE_SECONDS)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for thread in self._threads:
            thread.join()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()

    def _read_reports(self) -> None:
        pipe = self.process.stdout
        assert pipe is not None
        while len(head := pipe.read(4)) == 4:
            report = _reports.validate_json(pipe.read(struct.unpack(">I", head)[0]))
            if isinstance(report, Embedded):
                size = struct.unpack(">I", pipe.read(4))[0]
                report = with_vectors(report, pipe.read(size))
            self.reports.put(report)
        self.reports.put(None)

    def _read_words(self) -> None:
        pipe = self.process.stderr
        assert pipe is not None
        while words := os.read(pipe.fileno(), 4096):
            self.last_words = (self.last_words + words)[-8192:]


@contextmanager
def worker() -> Generator[WorkerPipe]:
    pipe = WorkerPipe()
    try:
        yield pipe
    finally:
        pipe.close()


def request(number: int, prompt: str, **wishes: object) -> Generate:
    """A greedy request, unless wished otherwise."""
    wishes.setdefault("sampling", Sampling(temperature=0))
    return Generate(id=number, prompt=prompt, **wishes)  # pyright: ignore[reportArgumentType]


def chat(question: str) -> str:
    """A question in the starter model's template."""
    return f"<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n"
