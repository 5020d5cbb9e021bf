"""POST /v1/completions: OpenAI's older dialect, in which a text is gone on with as it stands."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import JSONResponse, Response

from engine.chat import (
    CallPiece,
    Chosen,
    CompletionRequest,
    Delta,
    Finished,
    Piece,
    PromptRead,
    StopReason,
)
from engine.server.body import read_body
from engine.server.errors import BadField
from engine.server.gather import Told, together
from engine.server.named import model_id
from engine.server.openai.bill import FINISH, Bill, envelope, finite, text_of, times
from engine.server.openai.failures import OPENAI_COMPLETIONS
from engine.server.openai.knobs import Knobs, Limit, sampling_of
from engine.server.openai.said import Envelope, OldLogprobs, TextChoice, TextCompletion
from engine.server.openai.scribe import Scribe
from engine.server.openai.texts import Texts
from engine.server.openai.wishes import check_least, seeds_of
from engine.server.replying import streamed, wanted
from engine.server.situation import Situation
from engine.server.sse import DONE, event

_MOST_PROMPTS = 128
_KIND = "text_completion"


class CompletionBody(Knobs):
    """The body of POST /v1/completions. Without a limit answers have 16 tokens, as OpenAI's."""

    prompt: Annotated[Texts, Field(max_length=_MOST_PROMPTS)]
    suffix: str | None = None
    max_tokens: Limit = 16
    echo: bool | None = None
    best_of: Annotated[int, Field(ge=1)] | None = None
    logprobs: Annotated[int, Field(ge=0, le=20)] | None = None


def completion_routes(situation: Situation) -> APIRouter:
    """The route."""
    router = APIRouter()

    async def complete(request: Request) -> Response:
        body = await read_body(request, CompletionBody)
        requests = completion_requests(body)
        if body.stream:
            return streamed(request, _events(situation, body, requests), OPENAI_COMPLETIONS)
        completion = await wanted(request, _completion(situation, body, requests))
        return JSONResponse(completion)

    router.add_api_route("/v1/completions", complete, methods=["POST"])
    return router


def completion_requests(body: CompletionBody) -> tuple[CompletionRequest, ...]:
    """A request for each of the `n` answers to each prompt. Raises BadField."""
    _check(body)
    check_least(body, body.max_tokens)
    request = CompletionRequest(
        suffix=body.suffix or None,
        model=model_id(body.model),
        sampling=sampling_of(body),
        max_tokens=body.max_tokens,
        stop=tuple(text for text in body.stop if text),
        min_tokens=body.min_tokens or 0,
        ignore_end=bool(body.ignore_eos),
        logprobs=body.logprobs,
        rolls=bool(body.rolling_context),
        adapters=body.adapters or {},
    )
    return tuple(
        replace(
            request,
            prompt=prompt if isinstance(prompt, str) else "",
            tokens=prompt if isinstance(prompt, tuple) else (),
            sampling=replace(request.sampling, seed=seed),
        )
        for prompt in body.prompt
        for seed in seeds_of(body)
    )


def _check(body: CompletionBody) -> None:
    answers = body.n or 1
    if len(body.prompt) * answers > _MOST_PROMPTS:
        raise BadField(
            f"`n` is wrong: {len(body.prompt)} prompts of {answers} answers each are more than"
            f" {_MOST_PROMPTS} answers.",
            field="n",
        )
    if body.best_of not in {None, answers}:
        raise BadField(
            "`best_of` is wrong: answers are not chosen among; ask for `n` of them.",
            field="best_of",
        )
    if body.echo and any(not isinstance(prompt, str) for prompt in body.prompt):
        raise BadField("`echo` is wrong: a prompt of tokens cannot be echoed.", field="echo")
    if body.echo and body.logprobs is not None:
        raise BadField(
            "`echo` is wrong: the prompt's own log probabilities are not kept.", field="echo"
        )


@dataclass(slots=True, kw_only=True)
class _Writing:
    """One answer as it grows; `offset` counts the characters so far."""

    echoed: str
    wants_logprobs: bool
    offset: int = 0
    began: bool = False
    texts: list[str] = field(default_factory=list[str])
    logprobs: OldLogprobs = field(
        default_factory=lambda: OldLogprobs(
            tokens=[], token_logprobs=[], top_logprobs=[], text_offset=[]
        )
    )

    def stretch(self, index: int, delta: Delta) -> TextChoice | None:
        """What that delta tells; None where that is nothing."""
        text, reason, chosen = "", None, ()
        match delta:
            case PromptRead() | CallPiece():
                pass
            case Piece():  # what looks like reasoning is text like any other, here
                text, chosen = delta.text, delta.logprobs
            case Finished():
                reason = _finish(delta.reason)
        if not (text or chosen or reason):
            return None
        if not self.began:
            self.began, text = True, self.echoed + text
            self.offset += len(self.echoed)
        logprobs = self._told(chosen) if self.wants_logprobs else None
        return {"index": index, "text": text, "logprobs": logprobs, "finish_reason": reason}

    def _told(self, chosen: Iterable[Chosen]) -> OldLogprobs:
        told = OldLogprobs(tokens=[], token_logprobs=[], top_logprobs=[], text_offset=[])
        for each in chosen:
            token = text_of(each.candidate)
            told["tokens"].append(token)
            told["token_logprobs"].append(finite(each.candidate.logprob))
            told["top_logprobs"].append({text_of(one): finite(one.logprob) for one in each.top})
            told["text_offset"].append(self.offset)
            self.offset += len(token)
        return told

    def note(self, choice: TextChoice) -> None:
        """Keep a stretch for the whole."""
        self.texts.append(choice["text"])
        told = choice["logprobs"]
        if told is not None:
            self.logprobs["tokens"] += told["tokens"]
            self.logprobs["token_logprobs"] += told["token_logprobs"]
            self.logprobs["top_logprobs"] += told["top_logprobs"]
            self.logprobs["text_offset"] += told["text_offset"]


def _finish(reason: StopReason) -> str:
    """The older dialect knows no tools."""
    return "stop" if reason is StopReason.TOOLS else FINISH[reason]


def _writings(
    body: CompletionBody, requests: tuple[CompletionRequest, ...]
) -> tuple[list[_Writing], Bill]:
    wants = body.logprobs is not None
    writings = [
        _Writing(echoed=request.prompt if body.echo else "", wants_logprobs=wants)
        for request in requests
    ]
    return writings, Bill(answers=body.n or 1)


async def _completion(
    situation: Situation, body: CompletionBody, requests: tuple[CompletionRequest, ...]
) -> TextCompletion:
    writings, bill = _writings(body, requests)
    last: dict[int, TextChoice] = {}
    async with aclosing(_told(situation, requests)) as items:
        async for item in items:
            bill.note(item.index, item.delta)
            choice = writings[item.index].stretch(item.index, item.delta)
            if choice is not None:
                writings[item.index].note(choice)
                last[item.index] = choice
    choices = [_whole(writings[index], last[index]) for index in range(len(requests))]
    completion: TextCompletion = {
        **envelope(situation, "cmpl", _KIND, body.model),
        "choices": choices,
        "usage": bill.usage(),
    }
    if len(choices) == 1:
        completion["timings"] = times(bill.timings[0])
    else:
        for index, choice in enumerate(choices):
            choice["timings"] = times(bill.timings[index])
    return completion


def _whole(writing: _Writing, last: TextChoice) -> TextChoice:
    return {
        "index": last["index"],
        "text": "".join(writing.texts),
        "logprobs": writing.logprobs if writing.wants_logprobs else None,
        "finish_reason": last["finish_reason"],
    }


async def _events(
    situation: Situation, body: CompletionBody, requests: tuple[CompletionRequest, ...]
) -> AsyncGenerator[bytes, None]:
    wants_usage = bool(body.stream_options and body.stream_options.include_usage)
    writings, bill = _writings(body, requests)
    head: Envelope | None = None
    scribe: Scribe | None = None
    async with aclosing(_told(situation, requests)) as items:
        async for item in items:
            if head is None or scribe is None:
                head = envelope(situation, "cmpl", _KIND, body.model)
                scribe = Scribe(head, wants_usage=wants_usage)
            bill.note(item.index, item.delta)
            choice = writings[item.index].stretch(item.index, item.delta)
            if choice is None:
                continue
            if choice["logprobs"] is None and choice["finish_reason"] is None:
                yield scribe.text(item.index, choice["text"])
                continue
            chunk: TextCompletion = {**head, "choices": [choice]}
            if wants_usage:
                chunk["usage"] = None
            if isinstance(item.delta, Finished):
                chunk["timings"] = times(item.delta.timings)
            yield event(chunk)
    if wants_usage and head is not None:
        yield event({**head, "choices": [], "usage": bill.usage()})
    yield DONE


def _told(
    situation: Situation, requests: tuple[CompletionRequest, ...]
) -> AsyncGenerator[Told, None]:
    return together([situation.answers.complete(request) for request in requests])
