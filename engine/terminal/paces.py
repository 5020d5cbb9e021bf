"""What the clients heard, as a row of a table. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from engine.terminal.clients import Heard


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Several answers at once, as their clients saw them.

    `decode_tps` counts all tokens between the last first token and the first end, while all write;
    where there is no such time it is the median stream's rate times the streams, `stream_tps`.
    `total_tps` has the prompts' time in it. First tokens are of prompts sent at the same moment.
    `engine_tps` is the median of what the server says of one stream.
    """

    decode_tps: float
    stream_tps: float
    total_tps: float
    first_token_ms: float
    slowest_first_token_ms: float
    prompt_tokens: int
    engine_tps: float | None


def pace_of(answers: Sequence[Heard]) -> Pace:
    """Their pace. Each has at least two events."""
    rates = [_rate(answer) for answer in answers]
    stream = median(rates) * len(answers)
    firsts = [answer.stamps[0] for answer in answers]
    ends = [answer.stamps[-1] for answer in answers]
    told = [answer.engine_tps for answer in answers if answer.engine_tps]
    return Pace(
        decode_tps=_together(answers, max(firsts), min(ends)) or stream,
        stream_tps=stream,
        total_tps=sum(answer.answer_tokens for answer in answers) / max(ends),
        first_token_ms=median(firsts) * 1000,
        slowest_first_token_ms=max(firsts) * 1000,
        prompt_tokens=round(median(answer.prompt_tokens for answer in answers)),
        engine_tps=median(told) if told else None,
    )


def rate_between(answer: Heard, begin: int, end: int) -> float:
    """Tokens a second from token number `begin` to number `end` of one answer."""
    per_token = len(answer.stamps) / answer.answer_tokens
    first = answer.stamps[min(int(begin * per_token), len(answer.stamps) - 1)]
    last = answer.stamps[min(int(end * per_token), len(answer.stamps)) - 1]
    return (end - begin - 1) / (last - first) if last > first else 0.0


def _rate(answer: Heard) -> float:
    passed = answer.stamps[-1] - answer.stamps[0]
    return (answer.answer_tokens - 1) / passed if passed > 0 else 0.0


def _together(answers: Sequence[Heard], begin: float, end: float) -> float:
    """While all were writing; 0 if that was hardly ever."""
    if end <= begin:
        return 0.0
    tokens = 0.0
    for answer in answers:
        # An event may carry more than one token; of which ones is not told.
        each = answer.answer_tokens / len(answer.stamps)
        tokens += each * sum(begin < stamp <= end for stamp in answer.stamps)
    return tokens / (end - begin) if tokens >= 8 * len(answers) else 0.0
