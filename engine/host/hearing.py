"""What a worker's reports are to those who hear them: deltas, failures, and an answer's end."""

from dataclasses import replace

from engine.chat import Delta, Finished, Piece, PromptRead
from engine.errors import Dismissed, EngineError, RequestError
from engine.host.facts import AnswerEnded
from engine.protocol.failures import failure_of
from engine.protocol.messages import (
    Counted,
    Embedded,
    Part,
    Ranked,
    Refused,
    Spelled,
    Tokenized,
)

Whole = Counted | Embedded | Ranked | Tokenized | Spelled  # an answer in one report


def deltas(part: Part) -> list[Delta]:
    """A part as what a listener hears: prompt read, reasoning, answer, end."""
    heard: list[Delta] = []
    if part.prompt_tokens is not None:
        heard.append(
            PromptRead(prompt_tokens=part.prompt_tokens, reused_tokens=part.reused_tokens or 0)
        )
    if part.reasoning:
        tokens = 0 if part.answer else part.tokens
        logprobs = () if part.answer else part.logprobs
        heard.append(Piece(text=part.reasoning, tokens=tokens, reasoning=True, logprobs=logprobs))
    silent = part.tokens and not part.reasoning and (part.logprobs or not part.calls)
    if part.answer or silent:
        heard.append(Piece(text=part.answer, tokens=part.tokens, logprobs=part.logprobs))
    untold = 0 if part.reasoning or part.answer or silent else part.tokens
    for call in part.calls:
        heard.append(replace(call, tokens=untold))
        untold = 0
    if part.reason is not None and part.timings is not None:
        heard.append(Finished(reason=part.reason, stop=part.stop, timings=part.timings))
    return heard


def end_of_answer(model: str, last: Part | Refused | Whole | EngineError | None) -> AnswerEnded:
    """`last` is what the answer ended with; None: whoever asked gave it up."""
    if last is None:
        return AnswerEnded(model=model, timings=None)
    if isinstance(last, Part):
        return AnswerEnded(model=model, timings=last.timings)
    failed = not isinstance(failure_in(last), RequestError | Dismissed)
    return AnswerEnded(model=model, timings=None, failed=failed)


def failure_in(report: Refused | Whole | EngineError) -> EngineError:
    """Why a request got no answer."""
    match report:
        case Refused():
            return failure_of(report.code, report.sentence, numbers=report.numbers)
        case EngineError():
            return report
        case Counted() | Embedded() | Ranked() | Tokenized() | Spelled():
            raise AssertionError(f"A request was answered with {report.kind}.")
