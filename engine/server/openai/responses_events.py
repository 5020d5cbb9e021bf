"""Deltas → a response as it grows, and the events that tell of it."""

import json
import secrets
import time
from collections.abc import Generator, Mapping
from typing import Any, assert_never

from engine.chat import (
    CallPiece,
    ChatRequest,
    Chosen,
    Delta,
    Finished,
    Piece,
    PromptRead,
    StopReason,
)
from engine.errors import EngineError
from engine.server.errors import told
from engine.server.openai.bill import times, tokens_told
from engine.server.openai.responses_said import (
    CallItem,
    MessageItem,
    OutputItem,
    ReasoningItem,
    Response,
    Status,
)
from engine.server.openai.responses_schema import ResponsesBody
from engine.server.openai.responses_wishes import wants_logprobs

Event = Mapping[str, Any]


def begun(body: ResponsesBody, request: ChatRequest, model: str) -> Response:
    """The response before its first word."""
    return {
        "id": f"resp_{secrets.token_hex(24)}",
        "object": "response",
        "created_at": int(time.time()),
        "completed_at": None,
        "status": "in_progress",
        "background": False,
        "error": None,
        "incomplete_details": None,
        "instructions": body.instructions,
        "max_output_tokens": body.max_output_tokens,
        "metadata": body.metadata or {},
        "model": model,
        "output": [],
        "parallel_tool_calls": body.parallel_tool_calls is not False,
        "previous_response_id": body.previous_response_id,
        "reasoning": {"effort": body.reasoning.effort if body.reasoning else None, "summary": None},
        "store": body.store is not False,
        "temperature": request.sampling.temperature,
        "text": {"format": _format(body)},
        "tool_choice": _choice(body),
        "tools": [
            {
                "type": "function",
                "name": tool.name,
                "description": tool.description,
                "parameters": json.loads(tool.parameters) if tool.parameters else None,
                "strict": tool.strict,
            }
            for tool in body.tools
        ],
        "top_logprobs": body.top_logprobs or 0,
        "top_p": request.sampling.top_p,
        "truncation": "disabled",
        "usage": None,
    }


def _format(body: ResponsesBody) -> dict[str, Any]:
    wish = body.text.format if body.text else None
    if wish is None or wish.type != "json_schema":
        return {"type": wish.type if wish else "text"}
    return {
        "type": "json_schema",
        "name": wish.name or "",
        "description": wish.description,
        "schema": json.loads(wish.schema_ or "{}"),
        "strict": wish.strict,
    }


def _choice(body: ResponsesBody) -> object:
    choice = body.tool_choice
    match choice.type if choice else "auto":
        case "function":
            return {"type": "function", "name": choice.name if choice else None}
        case "allowed_tools":
            assert choice is not None
            named = [{"type": "function", "name": tool.name} for tool in choice.tools]
            return {"type": "allowed_tools", "mode": choice.mode or "auto", "tools": named}
        case word:
            return word


class Writing:
    """One response, item by item. What it gives are events, numbered in their order.

    An event tells of what is still being written: send it before asking for the next.
    """

    def __init__(self, response: Response, *, logprobs: bool) -> None:
        self.response = response
        self._wants_logprobs = logprobs
        self._sequence = 0
        self._open: OutputItem | None = None
        self._calls: dict[int, CallItem] = {}
        self._blank: list[Piece] = []  # before a message's first word
        self._thought_tokens = 0

    def begin(self) -> Generator[Event]:
        """It has begun."""
        yield self._whole("response.created")
        yield self._whole("response.in_progress")

    def hear(self, delta: Delta) -> Generator[Event]:
        """What that delta tells."""
        match delta:
            case PromptRead():
                pass
            case Piece(reasoning=True):
                self._thought_tokens += delta.tokens
                yield from self._think(delta.text)
            case Piece():
                yield from self._say(delta)
            case CallPiece():
                yield from self._call(delta)
            case Finished():
                yield from self._finish(delta)
            case _:
                assert_never(delta)

    def fail(self, failure: EngineError) -> Generator[Event]:
        """It ends here, unfinished."""
        yield from self._close("incomplete")
        self.response["status"] = "failed"
        self.response["error"] = {"code": "server_error", "message": told(failure)}
        yield self._whole("response.failed")

    # --- items ---------------------------------------------------------------------------------

    def _think(self, text: str) -> Generator[Event]:
        if not text:
            return
        item = self._open
        if item is None or item["type"] != "reasoning":
            item = ReasoningItem(
                id=_id("rs"), type="reasoning", status="in_progress", summary=[], content=[]
            )
            yield from self._add(item)
            item["content"].append({"type": "reasoning_text", "text": ""})
            yield self._part("response.content_part.added", item["content"][0])
        item["content"][0]["text"] += text
        yield self._told("response.reasoning_text.delta", content_index=0, delta=text)

    def _say(self, piece: Piece) -> Generator[Event]:
        item = self._open
        if item is None or item["type"] != "message":
            # Between thoughts and calls there is often a line's end, which nobody means to say.
            self._blank.append(piece)
            if not piece.text or piece.text.isspace():
                return
            item = yield from self._add_message()
        else:
            yield from self._spell(item, piece)

    def _add_message(self) -> Generator[Event, None, MessageItem]:
        item = MessageItem(
            id=_id("msg"), type="message", status="in_progress", role="assistant", content=[]
        )
        yield from self._add(item)
        item["content"].append(
            {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
        )
        yield self._part("response.content_part.added", item["content"][0])
        blank, self._blank = self._blank, []
        for piece in blank:
            yield from self._spell(item, piece)
        return item

    def _spell(self, item: MessageItem, piece: Piece) -> Generator[Event]:
        chosen: tuple[Chosen, ...] = piece.logprobs if self._wants_logprobs else ()
        if not piece.text and not chosen:
            return
        told = tokens_told(chosen)
        item["content"][0]["text"] += piece.text
        item["content"][0]["logprobs"] += told
        yield self._told(
            "response.output_text.delta", content_index=0, delta=piece.text, logprobs=told
        )

    def _call(self, piece: CallPiece) -> Generator[Event]:
        item = self._calls.get(piece.index)
        if item is None:
            item = self._calls[piece.index] = CallItem(
                id=_id("fc"),
                type="function_call",
                status="in_progress",
                call_id=piece.id or _id("call"),
                name=piece.name,
                arguments="",
            )
            yield from self._add(item)
        if piece.arguments:
            item["arguments"] += piece.arguments
            yield self._told("response.function_call_arguments.delta", delta=piece.arguments)

    def _add(self, item: OutputItem) -> Generator[Event]:
        yield from self._close("completed")
        if item["type"] != "message":
            self._blank = []
        self._open = item
        self.response["output"].append(item)
        yield self._event("response.output_item.added", output_index=self._index, item=item)

    def _close(self, status: Status) -> Generator[Event]:
        item = self._open
        if item is None:
            return
        item["status"] = status
        match item["type"]:
            case "message":
                part = item["content"][0]
                yield self._told(
                    "response.output_text.done",
                    content_index=0,
                    text=part["text"],
                    logprobs=part["logprobs"],
                )
                yield self._part("response.content_part.done", part)
            case "reasoning":
                thought = item["content"][0]
                yield self._told(
                    "response.reasoning_text.done", content_index=0, text=thought["text"]
                )
                yield self._part("response.content_part.done", thought)
            case "function_call":
                call = item
                yield self._told(
                    "response.function_call_arguments.done",
                    name=call["name"],
                    arguments=call["arguments"],
                )
        yield self._event("response.output_item.done", output_index=self._index, item=item)
        self._open = None

    def _finish(self, end: Finished) -> Generator[Event]:
        cut = end.reason is StopReason.LENGTH
        if not any(item["type"] != "reasoning" for item in self.response["output"]) and not cut:
            yield from self._add_message()  # nothing was said: that, too, is an answer
        yield from self._close("incomplete" if cut else "completed")
        response, timings = self.response, end.timings
        response["status"] = "incomplete" if cut else "completed"
        response["incomplete_details"] = {"reason": "max_output_tokens"} if cut else None
        response["completed_at"] = None if cut else int(time.time())
        response["usage"] = {
            "input_tokens": timings.prompt_tokens,
            "input_tokens_details": {
                "cached_tokens": timings.reused_tokens,
                "cache_write_tokens": 0,
            },
            "output_tokens": timings.answer_tokens,
            "output_tokens_details": {"reasoning_tokens": self._thought_tokens},
            "total_tokens": timings.prompt_tokens + timings.answer_tokens,
        }
        response["timings"] = times(timings)
        yield self._whole(f"response.{response['status']}")

    # --- events --------------------------------------------------------------------------------

    @property
    def _index(self) -> int:
        return len(self.response["output"]) - 1

    def _whole(self, kind: str) -> Event:
        return self._event(kind, response=self.response)

    def _part(self, kind: str, part: Mapping[str, Any]) -> Event:
        return self._told(kind, content_index=0, part=part)

    def _told(self, kind: str, **content: object) -> Event:
        assert self._open is not None
        return self._event(kind, item_id=self._open["id"], output_index=self._index, **content)

    def _event(self, kind: str, **content: object) -> Event:
        number, self._sequence = self._sequence, self._sequence + 1
        return {"type": kind, "sequence_number": number, **content}


def writing_of(body: ResponsesBody, request: ChatRequest, model: str) -> Writing:
    """A response that nothing has been said of yet."""
    return Writing(begun(body, request, model), logprobs=wants_logprobs(body))


def _id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(16)}"
