"""How fast a loaded model reads and writes."""

import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from enum import StrEnum

from engine.chat import CallPiece, Finished, Piece, PromptRead, Sampling
from engine.config import LoadWish
from engine.errors import EngineError
from engine.host.host import Host
from engine.host.worker_process import Prompt
from engine.protocol.library import LLAMA

# One token each, or nearly, in every vocabulary.
COMMON_WORDS = (
    "the",
    "of",
    "and",
    "to",
    "in",
    "is",
    "it",
    "you",
    "that",
    "he",
    "was",
    "for",
    "with",
    "as",
    "on",
    "are",
    "this",
    "be",
    "at",
)
# As people have it; the likeliest tokens alone would repeat themselves, which is easily guessed.
_USUAL = Sampling(temperature=0.7, top_k=40, top_p=0.95, seed=1)
_SHORT_TOKENS = 8


class How(StrEnum):
    """As people use it; without guesses, whose gain depends on the text; or RAW, where nothing is
    chosen from the logits either: what is left is llama.cpp's own pace."""

    USUAL = "usual"
    NO_GUESSES = "no guesses"
    RAW = "raw"


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchWish:
    """What to measure: a row for each number of streams, with prompts and answers so long."""

    streams: Sequence[int]
    prompt_tokens: int
    answer_tokens: int
    how: How = How.USUAL

    def load(self, kept: LoadWish, usual_streams: int) -> LoadWish:
        """What the model is loaded by, in place of what was last wished for it.

        For more streams than usual it is planned anew: each is to have some context of its own.
        """
        most = max(self.streams)
        more = {"streams": most} if most > (kept.streams or usual_streams) else {}
        guesses = {} if self.how is How.USUAL else {"speculation": False, "draft": None}
        return kept.model_copy(update={**more, **guesses})


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchRow:
    """All streams together. `first_token_ms` is the mean over the streams."""

    streams: int
    prompt_tps: float
    decode_tps: float
    first_token_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchReport:
    """One run. `device` is what computed, `library` the build of llama.cpp."""

    model: str
    device: str
    library: str
    how: How
    prompt_tokens: int
    answer_tokens: int
    rows: tuple[BenchRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """One answer, in seconds of time.monotonic(). `ticks` are (when, tokens)."""

    prompt_tokens: int
    began: float
    first: float
    ended: float
    answer_tokens: int
    ticks: tuple[tuple[float, int], ...]


async def bench_report(host: Host, model: str, device: str, wanted: BenchWish) -> BenchReport:
    """Measure a loaded model."""
    return BenchReport(
        model=model,
        device=device,
        library=LLAMA,
        how=wanted.how,
        prompt_tokens=wanted.prompt_tokens,
        answer_tokens=wanted.answer_tokens,
        rows=tuple([await _row(host, model, wanted, count) for count in wanted.streams]),
    )


async def _row(host: Host, model: str, wanted: BenchWish, streams: int) -> BenchRow:
    """Measure reading and writing apart, as llama-bench does: each alone on the machine, after
    something short that does not count: what is needed for the first time takes longer."""
    dice = random.Random(streams)  # noqa: S311 - prompts, not secrets
    raw = wanted.how is How.RAW

    async def asked(prompt_tokens: int, answer_tokens: int) -> list[_Run]:
        texts = [await _prompt(host, model, dice, prompt_tokens) for _ in range(streams)]
        return await _together(host, model, [_wish(text, answer_tokens, raw=raw) for text in texts])

    await asked(_SHORT_TOKENS, _SHORT_TOKENS)
    reads = await asked(wanted.prompt_tokens, 1)
    writes = await asked(_SHORT_TOKENS, wanted.answer_tokens)
    reading = max(run.first for run in reads) - min(run.began for run in reads)
    return BenchRow(
        streams=streams,
        prompt_tps=sum(run.prompt_tokens for run in reads) / reading,
        decode_tps=_decode_tps(writes),
        first_token_ms=sum(run.first - run.began for run in reads) / streams * 1000,
    )


def _wish(text: str, tokens: int, *, raw: bool) -> Prompt:
    return Prompt(text=text, sampling=_USUAL, max_tokens=tokens, ignore_end=True, raw=raw)


def _decode_tps(runs: Sequence[_Run]) -> float:
    """Tokens a second while all were writing: from the last first token to the first end."""
    start, end = max(run.first for run in runs), min(run.ended for run in runs)
    if end <= start:
        return 0.0
    written = sum(tokens for run in runs for when, tokens in run.ticks if start < when <= end)
    return written / (end - start)


async def _together(host: Host, model: str, prompts: Sequence[Prompt]) -> list[_Run]:
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_run(host, model, prompt)) for prompt in prompts]
    except ExceptionGroup as failures:
        foreseen, bugs = failures.split(EngineError)
        if bugs is not None or foreseen is None:
            raise
        raise _first(foreseen) from failures  # not in an except*: early 3.11 would wrap it again
    return [task.result() for task in tasks]


def _first(failures: BaseExceptionGroup[EngineError]) -> EngineError:
    """All streams fail for the same reason; one sentence says it."""
    failure = failures.exceptions[0]
    return _first(failure) if isinstance(failure, BaseExceptionGroup) else failure


async def _run(host: Host, model: str, prompt: Prompt) -> _Run:
    began = first = ended = time.monotonic()
    read = answer = 0
    ticks: list[tuple[float, int]] = []
    async with aclosing(host.complete(model, prompt)) as deltas:
        async for delta in deltas:
            now = time.monotonic()
            match delta:
                case PromptRead():
                    first, read = now, delta.prompt_tokens - delta.reused_tokens
                case Piece() | CallPiece():
                    ticks.append((now, delta.tokens))
                case Finished():
                    ended, answer = now, delta.timings.answer_tokens
    return _Run(
        prompt_tokens=read,
        began=began,
        first=first,
        ended=ended,
        answer_tokens=answer,
        ticks=tuple(ticks),
    )


async def _prompt(host: Host, model: str, dice: random.Random, tokens: int) -> str:
    """About that many tokens, unlike any other prompt from its first words on."""
    text = " ".join(dice.choices(COMMON_WORDS, k=tokens))
    for _ in range(3):
        count = await host.count(text, model)
        surplus = count - tokens
        if surplus <= 0:
            break
        text = " ".join(text.split()[:-surplus] or ["the"])
    return text
