"""What answers cost, and how they ended, in OpenAI's words."""

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.chat import Candidate, Chosen, Delta, Finished, Piece, StopReason, Timings
from engine.server.openai.said import Envelope, SaidToken, Times, TopToken, Usage
from engine.server.situation import Situation

FINISH = {
    StopReason.END: "stop",
    StopReason.STOP: "stop",
    StopReason.LENGTH: "length",
    StopReason.TOOLS: "tool_calls",
}


@dataclass(slots=True, kw_only=True)
class Bill:
    """The answers' timings, as they come in.

    With several prompts each counts; the answers to one prompt count it once: `answers` is how
    many come to each.
    """

    answers: int = 1
    timings: dict[int, Timings] = field(default_factory=dict[int, Timings])
    reasoning_tokens: int = 0

    def note(self, index: int, delta: Delta) -> None:
        match delta:
            case Finished(timings=timings):
                self.timings[index] = timings
            case Piece(reasoning=True, tokens=tokens):
                self.reasoning_tokens += tokens
            case _:
                pass

    def usage(self) -> Usage:
        prompts: dict[int, tuple[int, int]] = {}
        for index, each in self.timings.items():
            read, reused = prompts.get(index // self.answers, (0, 0))
            prompts[index // self.answers] = (
                max(read, each.prompt_tokens),
                max(reused, each.reused_tokens),
            )
        prompt = sum(read for read, _ in prompts.values())
        written = sum(each.answer_tokens for each in self.timings.values())
        return {
            "prompt_tokens": prompt,
            "completion_tokens": written,
            "total_tokens": prompt + written,
            "prompt_tokens_details": {"cached_tokens": sum(each for _, each in prompts.values())},
            "completion_tokens_details": {"reasoning_tokens": self.reasoning_tokens},
        }


def times(timings: Timings) -> Times:
    """As llama-server tells them."""
    return {
        "queue_ms": _ms(timings.queue_seconds),
        "first_token_ms": _ms(timings.first_token_seconds),
        "cache_n": timings.reused_tokens,
        "prompt_n": timings.prompt_tokens - timings.reused_tokens,
        "prompt_ms": _ms(timings.prompt_seconds),
        "prompt_per_second": round(timings.prompt_tps, 3),
        "predicted_n": timings.answer_tokens,
        "predicted_ms": _ms(timings.decode_seconds),
        "predicted_per_second": round(timings.decode_tps, 3),
        "draft_n": timings.drafted_tokens,
        "draft_n_accepted": timings.accepted_tokens,
    }


def envelope(situation: Situation, prefix: str, kind: str, model: str | None) -> Envelope:
    """For an answer of that kind."""
    return {
        "id": f"{prefix}-{secrets.token_hex(12)}",
        "object": kind,
        "created": int(time.time()),
        "model": model or situation.answers.loaded or "",
        "system_fingerprint": situation.fingerprint,
    }


def tokens_told(chosen: Iterable[Chosen]) -> list[SaidToken]:
    """Tokens with their log probabilities."""
    return [
        {**_token(each.candidate), "top_logprobs": [_token(one) for one in each.top]}
        for each in chosen
    ]


def text_of(candidate: Candidate) -> str:
    """A token may be a part of a character: its bytes tell the rest."""
    return candidate.text.decode("utf-8", "replace")


def finite(logprob: float) -> float:
    """JSON knows no infinities; OpenAI writes what never happens so."""
    return max(logprob, -9999.0)


def _token(candidate: Candidate) -> TopToken:
    return {
        "token": text_of(candidate),
        "logprob": finite(candidate.logprob),
        "bytes": list(candidate.text),
    }


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)
