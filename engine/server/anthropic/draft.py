"""An answer that is sent whole: deltas → content blocks."""

from dataclasses import dataclass, field
from typing import assert_never, cast

from pydantic_core import from_json

from engine.chat import CallPiece, Delta, Finished, Piece, PromptRead
from engine.server.anthropic.bill import (
    call_id,
    envelope,
    signature,
    stop_reason,
    usage_of,
)
from engine.server.anthropic.said import SaidBlock, SaidMessage
from engine.server.anthropic.schema import MessagesBody


@dataclass(slots=True)
class _Written:
    """A block in the making: `call` is the first piece of a call."""

    reasoning: bool = False
    call: CallPiece | None = None
    texts: list[str] = field(default_factory=list[str])


class Draft:
    """Takes an answer's deltas; `message` is what they come to."""

    def __init__(self) -> None:
        self._blocks: list[_Written] = []
        self._thinking_tokens = 0
        self._finished: Finished | None = None

    def note(self, delta: Delta) -> None:
        """The answer goes on."""
        match delta:
            case PromptRead():
                pass
            case Piece(text=text, reasoning=reasoning):
                self._thinking_tokens += delta.tokens if reasoning else 0
                if text:
                    self._open(reasoning=reasoning).texts.append(text)
            case CallPiece():
                self._call(delta).texts.append(delta.arguments)
            case Finished():
                self._finished = delta
            case _:
                assert_never(delta)

    def message(self, body: MessagesBody, model: str) -> SaidMessage:
        """The whole answer."""
        assert self._finished is not None, "the answer ended without saying why"
        usage = usage_of(self._finished, thinking_tokens=self._thinking_tokens)
        hides = body.thinking is not None and body.thinking.display == "omitted"
        return {
            **envelope(model, usage),
            "content": [_said(block, hides=hides) for block in self._blocks],
            "stop_reason": stop_reason(self._finished, body),
            "stop_sequence": self._finished.stop,
        }

    def _open(self, *, reasoning: bool) -> _Written:
        last = self._blocks[-1] if self._blocks else None
        if last is not None and last.call is None and last.reasoning is reasoning:
            return last
        self._blocks.append(_Written(reasoning=reasoning))
        return self._blocks[-1]

    def _call(self, piece: CallPiece) -> _Written:
        for block in self._blocks:
            if block.call is not None and block.call.index == piece.index:
                return block
        self._blocks.append(_Written(call=piece))
        return self._blocks[-1]


def _said(block: _Written, *, hides: bool) -> SaidBlock:
    text = "".join(block.texts)
    if block.call is not None:
        return {
            "type": "tool_use",
            "id": block.call.id or call_id(),
            "name": block.call.name,
            "input": _input(text),
        }
    if block.reasoning:
        shown = "" if hides else text
        return {"type": "thinking", "thinking": shown, "signature": signature(text)}
    return {"type": "text", "text": text}


def _input(written: str) -> dict[str, object]:
    """The arguments; of a call that was cut off by its limit, those that were written."""
    try:
        value: object = from_json(written or "{}", allow_partial="trailing-strings")
    except ValueError:
        return {}
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}
