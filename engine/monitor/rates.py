"""What the engine did lately: an account of answers, tokens and energy."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from engine.chat import Timings
from engine.hardware.machine import Reading
from engine.host.facts import AnswerEnded, StreamsMoved
from engine.host.holding import Traffic
from engine.monitor.values import Rates

MOST_ANSWERS = 200
LONGEST_SECONDS = 600.0
# A word of the streams holds for a quarter of a second; after this nobody writes.
_STALE_SECONDS = 1.5
# Between readings further apart the machine slept, or the driver was away: no energy is known.
_LONGEST_GAP_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    """An answer that is over."""

    at_seconds: float
    timings: Timings | None
    failed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """What was spent and written between two readings."""

    at_seconds: float
    joules: float
    tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writing:
    """The last word of a model's streams."""

    at_seconds: float
    decode_tps: float


class Account:
    """Adds up what is told, over the last answers and the last minutes; bounded.

    Times are in seconds, as the readings have them. Answers that were given up count neither as
    answers nor as failures. `prompt_tps` is of the prompts of all answers in the account, a
    second's reading each; `decode_tps` is what is being written now.
    """

    def __init__(self) -> None:
        self._ended: deque[_Ended] = deque(maxlen=MOST_ANSWERS)
        self._work: deque[_Work] = deque()
        self._writing: dict[str, _Writing] = {}
        self._tokens = 0  # since the last reading
        self._answering = False
        self._last: tuple[float, float | None] | None = None  # when, and with how many watts

    def ended(self, answer: AnswerEnded, at_seconds: float) -> None:
        """An answer is over."""
        if answer.timings is not None or answer.failed:
            self._ended.append(
                _Ended(at_seconds=at_seconds, timings=answer.timings, failed=answer.failed)
            )

    def moved(self, streams: StreamsMoved, at_seconds: float) -> None:
        """So much was written."""
        self._tokens += streams.tokens
        self._answering |= streams.streams > 0
        tps = streams.decode_tps if streams.streams > 0 else 0.0
        self._writing[streams.model] = _Writing(at_seconds=at_seconds, decode_tps=tps)

    def gone(self, model: str) -> None:
        """Its worker is no more."""
        self._writing.pop(model, None)

    def read(self, reading: Reading, traffic: Traffic, cards: Iterable[int]) -> Rates:
        """The state at this reading. `cards` are those that models lie on."""
        now = reading.at_seconds
        self._spend(reading, frozenset(cards), busy=traffic.streams > 0)
        self._forget(now - LONGEST_SECONDS)
        told = [ended.timings for ended in self._ended if ended.timings is not None]
        first = sorted(timings.first_token_seconds for timings in told)
        read = sum(timings.prompt_tokens - timings.reused_tokens for timings in told)
        joules = sum(work.joules for work in self._work)
        return Rates(
            streams=traffic.streams,
            queued=traffic.queued,
            decode_tps=sum(
                (
                    one.decode_tps
                    for one in self._writing.values()
                    if now - one.at_seconds <= _STALE_SECONDS
                ),
                0.0,
            ),
            prompt_tps=_ratio(read, sum(timings.prompt_seconds for timings in told)) or 0.0,
            first_token_p50=percentile(first, 0.50),
            first_token_p95=percentile(first, 0.95),
            first_token_p99=percentile(first, 0.99),
            reuse=_ratio(
                sum(timings.reused_tokens for timings in told),
                sum(timings.prompt_tokens for timings in told),
            ),
            acceptance=_ratio(
                sum(timings.accepted_tokens for timings in told),
                sum(timings.drafted_tokens for timings in told),
            ),
            joules_per_token=_ratio(joules, sum(work.tokens for work in self._work)),
            answers=len(told),
            failures=sum(ended.failed for ended in self._ended),
        )

    def _spend(self, reading: Reading, cards: frozenset[int], *, busy: bool) -> None:
        """Add what the cards took since the last reading, if somebody was being answered."""
        before, self._last = self._last, (reading.at_seconds, watts(reading, cards))
        tokens, self._tokens = self._tokens, 0
        answering, self._answering = self._answering or tokens > 0, busy
        if before is None or not answering:
            return
        passed, then, now = reading.at_seconds - before[0], before[1], self._last[1]
        if then is None or now is None or not 0 < passed <= _LONGEST_GAP_SECONDS:
            return
        joules = passed * (then + now) / 2
        self._work.append(_Work(at_seconds=reading.at_seconds, joules=joules, tokens=tokens))

    def _forget(self, before_seconds: float) -> None:
        while self._ended and self._ended[0].at_seconds < before_seconds:
            self._ended.popleft()
        while self._work and self._work[0].at_seconds < before_seconds:
            self._work.popleft()


def watts(reading: Reading, cards: frozenset[int]) -> float | None:
    """What those cards draw together; None where there are none, or one does not tell."""
    drawn = [gpu.power_watts for gpu in reading.gpus if gpu.index in cards]
    told = [one for one in drawn if one is not None]
    return sum(told) if told and len(told) == len(cards) else None


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """The least value that so great a share of them does not exceed; None without any."""
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else None


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None
