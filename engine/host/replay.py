"""An answer that outlives its worker: what was said, and how to go on from there in another."""

from dataclasses import replace
from typing import assert_never

from engine.chat import (
    CallPiece,
    ChatRequest,
    Delta,
    Finished,
    Message,
    Piece,
    PromptRead,
    Role,
    Timings,
)
from engine.errors import OtherProcessor, Unanswerable, WorkerDied

_PROVEN_TOKENS = 32


class Replay:
    """Keeps what one answer has said. `request` is what to ask next, at first what was asked."""

    def __init__(self, request: ChatRequest) -> None:
        self.request = request
        self._asked = request
        self._read: PromptRead | None = None
        self._answer: list[str] = []
        self._reasoning: list[str] = []
        self._tokens = self._since_death = 0
        self._called = False
        self.death: WorkerDied | None = None

    @property
    def proven(self) -> bool:
        """Whether a second worker has lived on well past where the first one died."""
        return self._since_death >= _PROVEN_TOKENS

    def hear(self, delta: Delta) -> Delta | None:
        """What a listener is to hear of it: nothing is told twice."""
        match delta:
            case PromptRead():
                if self._read is not None:
                    return None
                self._read = delta
            case Piece():
                (self._reasoning if delta.reasoning else self._answer).append(delta.text)
                self._count(delta.tokens)
            case CallPiece():
                self._called = True
                self._count(delta.tokens)
            case Finished():
                if self.death is not None:
                    return replace(delta, timings=self._together(delta.timings))
            case _:
                assert_never(delta)
        return delta

    def after(self, death: WorkerDied) -> None:
        """The worker died: set `request` to what goes on. Raises what is to be told instead."""
        if isinstance(death, OtherProcessor):
            raise death
        if self.death is not None:
            raise Unanswerable(
                "The process that ran the model ended twice while it answered this request.",
                last_words=death.last_words,
            ) from death
        said = "".join(self._answer)
        thought = "".join(self._reasoning)
        if self._tokens or said or thought:
            # A grammar's place and a call's cannot be found again from what was told of them.
            if self._called or self._asked.format is not None:
                raise death
            self.request = self._going_on(said, thought, death)
        self.death = death
        self._since_death = 0

    def _count(self, tokens: int) -> None:
        self._tokens += tokens
        self._since_death += tokens

    def _going_on(self, said: str, thought: str, death: WorkerDied) -> ChatRequest:
        asked = self._asked
        left = None if asked.max_tokens is None else asked.max_tokens - self._tokens
        if left is not None and left < 1:
            raise death
        before = asked.messages
        last = Message(role=Role.ASSISTANT, content=said, reasoning=thought)
        if asked.continue_last and before:
            begun, before = before[-1], before[:-1]
            last = replace(begun, content=begun.content + said, reasoning=begun.reasoning + thought)
        return replace(
            asked,
            messages=(*before, last),
            max_tokens=left,
            min_tokens=max(0, asked.min_tokens - self._tokens),
            continue_last=True,
        )

    def _together(self, last: Timings) -> Timings:
        """Of the whole answer, as far as it is known: the first worker took its clock along."""
        read = self._read
        tokens = self._tokens if last.answer_tokens else 0
        return replace(
            last,
            prompt_tokens=read.prompt_tokens if read else last.prompt_tokens,
            reused_tokens=read.reused_tokens if read else last.reused_tokens,
            answer_tokens=max(tokens, last.answer_tokens),
        )
