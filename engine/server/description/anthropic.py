"""What is told of Anthropic's routes."""

from typing import Any, Literal, NotRequired, TypedDict

from engine.server.anthropic.failures import ErrorObject
from engine.server.anthropic.said import SaidMessage, TokensCounted
from engine.server.anthropic.schema import CountBody, MessagesBody
from engine.server.description.described import Chapter, Described, Stream
from engine.server.description.words import ANTHROPIC_TEXT


class MessageEvent(TypedDict):
    """One event of a message: its name, and what belongs to that name."""

    type: Literal[
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
        "ping",
    ]
    message: NotRequired[SaidMessage]
    index: NotRequired[int]
    content_block: NotRequired[dict[str, Any]]
    delta: NotRequired[dict[str, Any]]
    usage: NotRequired[dict[str, Any]]


_MODEL = "owner/repository:QUANT"
_HELLO = [{"role": "user", "content": "Why is the sky blue?"}]

ANTHROPIC_CHAPTER = Chapter(
    name="Anthropic",
    failure=ErrorObject,
    text=ANTHROPIC_TEXT,
    routes=(
        Described(
            method="POST",
            paths=("/v1/messages",),
            title="A conversation is answered in Anthropic's words",
            body=MessagesBody,
            answer=SaidMessage,
            stream=Stream(each=MessageEvent),
            example={"model": _MODEL, "max_tokens": 200, "messages": _HELLO},
        ),
        Described(
            method="POST",
            paths=("/v1/messages/count_tokens",),
            title="What a conversation takes, before it is asked",
            text="A model that is not loaded stays so: its vocabulary alone is read.",
            body=CountBody,
            answer=TokensCounted,
            example={"model": _MODEL, "messages": _HELLO},
        ),
    ),
)
