"""An answer that is streamed: deltas → Anthropic's events.

message_start, then each block's start, deltas and stop, then message_delta and message_stop.
"""

from collections.abc import Iterator
from typing import Any, Literal, assert_never

from engine.chat import CallPiece, Delta, Finished, Piece, PromptRead
from engine.server.anthropic.bill import (
    call_id,
    envelope,
    signature,
    stop_reason,
    usage_of,
    usage_so_far,
)
from engine.server.anthropic.schema import MessagesBody
from engine.server.sse import event

PING = event({"type": "ping"}, name="ping")

_Kind = Literal["text", "thinking", "tool_use"]


class Narrator:
    """Tells one answer, block after block; only the last one is open."""

    def __init__(self, body: MessagesBody, model: str) -> None:
        self._body = body
        self._model = model
        self._hides = body.thinking is not None and body.thinking.display == "omitted"
        self._open: _Kind | None = None
        self._index = -1
        self._call = -1  # which of the answer's calls is open
        self._thoughts: list[str] = []  # of the open block
        self._thinking_tokens = 0

    def tell(self, delta: Delta) -> bytes:
        """That delta's events; empty if it has none."""
        return b"".join(self._events(delta))

    def _events(self, delta: Delta) -> Iterator[bytes]:
        match delta:
            case PromptRead():
                message = envelope(self._model, usage_so_far(delta))
                yield _told({"type": "message_start", "message": message})
                yield PING
            case Piece(reasoning=True):
                yield from self._thought(delta)
            case Piece(text=text):
                if text:
                    yield from self._begin("text", {"type": "text", "text": ""})
                    yield self._stretch({"type": "text_delta", "text": text})
            case CallPiece():
                yield from self._called(delta)
            case Finished():
                yield from self._end(delta)
            case _:
                assert_never(delta)

    def _thought(self, piece: Piece) -> Iterator[bytes]:
        self._thinking_tokens += piece.tokens
        if not piece.text:
            return
        empty = {"type": "thinking", "thinking": "", "signature": ""}
        yield from self._begin("thinking", empty)
        self._thoughts.append(piece.text)
        if not self._hides:
            yield self._stretch({"type": "thinking_delta", "thinking": piece.text})

    def _called(self, piece: CallPiece) -> Iterator[bytes]:
        if self._open != "tool_use" or self._call != piece.index:
            yield from self._close()
            self._call = piece.index
            call: dict[str, Any] = {
                "type": "tool_use",
                "id": piece.id or call_id(),
                "name": piece.name,
                "input": {},
            }
            yield from self._begin("tool_use", call)
        if piece.arguments:
            yield self._stretch({"type": "input_json_delta", "partial_json": piece.arguments})

    def _begin(self, kind: _Kind, block: dict[str, Any]) -> Iterator[bytes]:
        if self._open == kind:
            return
        yield from self._close()
        self._open = kind
        self._index += 1
        yield _told({"type": "content_block_start", "index": self._index, "content_block": block})

    def _stretch(self, delta: dict[str, Any]) -> bytes:
        return _told({"type": "content_block_delta", "index": self._index, "delta": delta})

    def _close(self) -> Iterator[bytes]:
        if self._open is None:
            return
        if self._open == "thinking":
            signed = signature("".join(self._thoughts))
            self._thoughts.clear()
            yield self._stretch({"type": "signature_delta", "signature": signed})
        self._open = None
        yield _told({"type": "content_block_stop", "index": self._index})

    def _end(self, finished: Finished) -> Iterator[bytes]:
        yield from self._close()
        why = {
            "stop_reason": stop_reason(finished, self._body),
            "stop_sequence": finished.stop,
        }
        usage = usage_of(finished, thinking_tokens=self._thinking_tokens)
        yield _told({"type": "message_delta", "delta": why, "usage": usage})
        yield _told({"type": "message_stop"})


def _told(content: dict[str, Any]) -> bytes:
    return event(content, name=content["type"])
