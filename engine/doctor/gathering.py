"""Two children that may hang or die: one that gathers facts, one that has devices compute."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace

from pydantic import ValidationError

from engine.background.child_process import ChildProcess, describe_end
from engine.doctor.facts import Asked, DeviceFacts, Fact, LibraryFacts, Lost
from engine.doctor.steps import LIMIT_SECONDS, LIMITS
from engine.doctor.words import Begun, Found, asked_frame, told
from engine.protocol.framing import BrokenFrame
from engine.protocol.proof import (
    Built,
    Over,
    Present,
    ProofReport,
    Proved,
    Trying,
    Unproved,
    proof_report,
)

START_SECONDS = 20.0  # a cold start of Python, by a slow disk
PROOF_SECONDS = 30.0  # CUDA opens eight cards in ten
_MOST_DEVICES = 64

_log = logging.getLogger(__name__)

Moved = Callable[[str], None]


class Gathering:
    """Takes the steps by a child; one that hangs or dies costs the step it was at, no more."""

    def __init__(self, command: tuple[str, ...], *, limits: dict[str, float] | None = None) -> None:
        self._command = command
        self._limits = LIMITS if limits is None else limits

    async def gather(self, asked: Asked, moved: Moved) -> dict[str, Fact | None]:
        """What each step found; cancelling ends the child."""
        found: dict[str, Fact | None] = {}
        left = list(asked.steps)
        while left:
            how = await self._round(replace(asked, steps=tuple(left)), left, found, moved)
            if left:  # the child is gone: the step it was at is lost
                step = left.pop(0)
                found[step] = Lost(step=step, how=how)
        return {step: found[step] for step in asked.steps}

    async def _round(
        self, asked: Asked, left: list[str], found: dict[str, Fact | None], moved: Moved
    ) -> str:
        try:
            child = await ChildProcess.start(self._command)
        except OSError:
            _log.exception("The doctor's child could not start")
            return "died"
        limit = START_SECONDS
        try:
            child.write(asked_frame(asked))
            while left:
                async with asyncio.timeout(limit):
                    body = await child.read()
                if body is None:
                    return "died"
                word = told(body)
                if isinstance(word, Begun):
                    moved(word.step)
                    limit = self._limits.get(word.step, LIMIT_SECONDS)
                else:
                    left.remove(word.step)
                    found[word.step] = _fact(word)
        except TimeoutError:
            return "hung"
        except (BrokenFrame, ValidationError):
            _log.exception("The doctor's child does not speak our words")
            return "failed"
        finally:
            child.kill()
            code = await child.end(1.0)
            if left:
                _log.warning(
                    "The doctor's child %s: %s", describe_end(code), child.last_words[-500:]
                )
        return ""


def _fact(word: Found) -> Fact | None:
    if word.lost is not None:
        return word.lost
    facts: dict[str, Fact | None] = {
        "driver": word.driver,
        "system": word.system,
        "memory": word.memory,
        "folders": word.folders,
        "port": word.port,
        "programs": word.programs,
        "reading": word.reading,
        "opening": word.opening,
    }
    return facts[word.step]


class Proving:
    """Has a worker try each device; one that takes it down is left out of the next try."""

    def __init__(self, command: tuple[str, ...], *, limit_seconds: float = PROOF_SECONDS) -> None:
        self._command = command
        self._limit_seconds = limit_seconds
        self._built: Built | None = None
        self._present: dict[int, Present] = {}
        self._results: dict[int, Proved | Unproved | None] = {}  # None: it died of it
        self._trying: int | None = None

    async def prove(self, *, quick: bool) -> LibraryFacts:
        """What llama.cpp is and what came of each device; `quick` has none of them compute."""
        skipped = set(range(_MOST_DEVICES)) if quick else set[int]()
        while True:
            self._trying = None
            failure = await self._round(skipped | set(self._results))
            if failure is None or self._trying is None or self._trying in self._results:
                break
            self._results[self._trying] = None
        return self._facts(failure if self._trying is None else None, tried=not quick)

    async def _round(self, skipped: set[int]) -> str | None:
        """None when all is told, else why it is not."""
        words = tuple(str(number) for number in sorted(skipped))
        try:
            child = await ChildProcess.start((*self._command, "--prove", *words))
        except OSError as error:
            return str(error.strerror or error)
        over = False
        try:
            async with asyncio.timeout(self._limit_seconds) as limit:
                while not over and (body := await child.read()) is not None:
                    over = self._note(proof_report(body))
                    now = asyncio.get_running_loop().time()
                    limit.reschedule(now + self._limit_seconds)
        except TimeoutError:
            return "no answer"
        except (BrokenFrame, ValidationError):
            _log.exception("The proof does not speak our protocol")
            return "no answer"
        finally:
            if not over:
                child.kill()
            code = await child.end(1.0)
            if not over:
                _log.warning("The proof %s: %s", describe_end(code), child.last_words[-500:])
        if over:
            return None
        lines = child.last_words.strip().splitlines()
        return lines[-1][:200].rstrip(".") if lines else describe_end(code)

    def _note(self, report: ProofReport) -> bool:
        match report:
            case Built():
                self._built = report
            case Present():
                self._present[report.number] = report
            case Trying():
                self._trying = report.number
            case Proved() | Unproved():
                self._results[report.number] = report
                self._trying = None
            case Over():
                return True
        return False

    def _facts(self, failure: str | None, *, tried: bool) -> LibraryFacts:
        if self._built is None:
            return LibraryFacts(failure=failure or "no answer")
        return LibraryFacts(
            library=self._built.library,
            features=self._built.features,
            cuda=self._built.cuda,
            devices=tuple(self._device(number) for number in sorted(self._present)),
            tried=tried,
            pack_skipped=self._built.pack_skipped,
        )

    def _device(self, number: int) -> DeviceFacts:
        there = self._present[number]
        plain = DeviceFacts(
            name=there.device,
            description=there.name,
            is_card=there.is_card,
            is_integrated=there.is_integrated,
            memory_bytes=there.memory_bytes,
        )
        match self._results.get(number):
            case Proved(error=error, flops=flops):
                return replace(plain, error=error, flops=flops)
            case Unproved(reason=reason):
                return replace(plain, failure=reason)
            case None:
                return replace(plain, died=number in self._results)
