"""An answer in progress: deltas folded into what has been said so far."""

from dataclasses import replace
from typing import assert_never

from app.bridge import Stream
from app.store.values import Statistics, StoredMessage
from engine.chat import (
    CallPiece,
    Delta,
    Finished,
    Piece,
    PromptRead,
    StopReason,
    Timings,
    ToolCall,
)


class Answer:
    """What has arrived of one answer. One that goes on begins with what was said before."""

    def __init__(
        self, stream: Stream, began_at: float, before: StoredMessage | None = None
    ) -> None:
        self.stream = stream
        self.saved_at = began_at
        self.statistics = Statistics()
        self._began_at = began_at
        self._content = [] if before is None else [before.content]
        self._reasoning = [] if before is None else [before.reasoning]
        self._earlier = Statistics()
        if before is not None and before.statistics is not None:
            self._earlier = before.statistics
        self._calls: dict[int, ToolCall] = {}
        self._first_at: float | None = None
        self._thought_from: float | None = None
        self._thought_seconds = None if before is None else before.reasoning_seconds
        self._answers = before is not None and bool(before.content)

    @property
    def cut(self) -> bool:
        """Whether the context was full before the model had ended."""
        return self.statistics.stop is StopReason.LENGTH

    def fold(self, deltas: list[Delta], now: float) -> tuple[str, str]:
        """Take these in; what they add to the content and to the reasoning."""
        content, reasoning = len(self._content), len(self._reasoning)
        for delta in deltas:
            match delta:
                case PromptRead():
                    self.statistics = replace(
                        self.statistics,
                        prompt_tokens=delta.prompt_tokens,
                        reused_tokens=delta.reused_tokens,
                    )
                case Piece():
                    self._add(delta, now)
                case CallPiece():
                    self._call(delta)
                case Finished():
                    self._finish(delta.reason, delta.timings)
                case _:
                    assert_never(delta)
        return "".join(self._content[content:]), "".join(self._reasoning[reasoning:])

    def told(self, message: StoredMessage) -> StoredMessage:
        """That message, saying what has been said so far."""
        # One string each from here on: a long answer is not joined anew from all its pieces.
        self._content = ["".join(self._content)]
        self._reasoning = ["".join(self._reasoning)]
        return replace(
            message,
            content=self._content[0],
            reasoning=self._reasoning[0],
            reasoning_seconds=self._thought_seconds,
            tool_calls=tuple(self._calls.values()),
        )

    def _call(self, piece: CallPiece) -> None:
        known = self._calls.get(piece.index, ToolCall(id=piece.id, name=piece.name, arguments=""))
        arguments = known.arguments + piece.arguments
        self._calls[piece.index] = replace(known, arguments=arguments)
        tokens = self.statistics.answer_tokens + piece.tokens
        self.statistics = replace(self.statistics, answer_tokens=tokens)

    def _add(self, piece: Piece, now: float) -> None:
        if self._first_at is None:
            self._first_at = now
        if piece.reasoning:
            if self._thought_from is None:
                self._thought_from = now
            self._thought_seconds = now - self._thought_from
            self._reasoning.append(piece.text)
        else:
            if self._thought_from is not None and not self._answers:
                self._thought_seconds = now - self._thought_from
            self._answers = True
            self._content.append(piece.text)
        tokens = self.statistics.answer_tokens + piece.tokens
        elapsed = now - self._first_at
        self.statistics = replace(
            self.statistics,
            answer_tokens=tokens,
            tokens_per_second=(tokens - 1) / elapsed if elapsed > 0 and tokens > 1 else 0.0,
            first_token_seconds=self._first_at - self._began_at,
        )

    def _finish(self, reason: StopReason, timings: Timings) -> None:
        """The worker's own measurements replace those made here."""
        self.statistics = replace(
            self.statistics,
            answer_tokens=timings.answer_tokens,
            tokens_per_second=timings.decode_tps,
            first_token_seconds=timings.first_token_seconds,
            prompt_tokens=timings.prompt_tokens,
            reused_tokens=timings.reused_tokens,
            stop=reason,
        )

    def closing(self, *, model: str | None, plan: str) -> Statistics:
        """What it cost in the end; of one that went on, all its tokens are counted."""
        total = self.statistics.answer_tokens + self._earlier.answer_tokens
        return replace(self.statistics, answer_tokens=total, model=model, plan=plan)
