"""What is said to a model, and what it answers.

One vocabulary for the window, the terminal and every HTTP dialect. Values only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """Who speaks."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """An assistant wants that function called; `arguments` is JSON, as the model wrote it."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One turn of a conversation. `reasoning` is what an assistant thought before its content.

    `images` are whole files (PNG, JPEG, WebP, GIF, BMP), for models with a projector. A TOOL's
    message answers the call `tool_call_id`.
    """

    role: Role
    content: str
    reasoning: str = ""
    images: tuple[bytes, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How the next token is chosen; the chain's order is llama.cpp's default.

    A penalty of 1 (repeat) or 0 (presence, frequency) is off; temperature 0 is greedy;
    top_k 0, top_p 1 and min_p 0 are off. `seed` None draws a fresh one.
    """

    temperature: float = 0.8
    top_k: int = 40
    top_p: float = 0.95
    min_p: float = 0.05
    repeat_penalty: float = 1.0
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    penalty_window_tokens: int = 64
    seed: int | None = None
    logit_bias: Mapping[int, float] = field(default_factory=dict[int, float])


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRequest:
    """A conversation to be answered. `model` None means the one that is loaded.

    `max_tokens` None means as many as the context still holds. With `continue_last` the last
    message is an assistant's, and the answer goes on where it ends.
    """

    messages: tuple[Message, ...]
    model: str | None = None
    sampling: Sampling = field(default_factory=Sampling)
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()
    continue_last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """What a conversation takes of the context before it is asked, in tokens.

    `messages` has one number for each message, images included; `total` is the whole prompt as the
    chat template renders it. `context_tokens` is what one answer's context holds; None: the model
    is not loaded.
    """

    messages: tuple[int, ...]
    total: int
    context_tokens: int | None


class StopReason(StrEnum):
    """Why an answer ended."""

    END = "end"  # the model said so
    STOP = "stop"  # a stop string appeared
    LENGTH = "length"  # max_tokens, or the context is full


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """What an answer cost."""

    prompt_tokens: int
    reused_tokens: int
    answer_tokens: int
    queue_seconds: float
    prompt_seconds: float
    decode_seconds: float

    @property
    def prompt_tps(self) -> float:
        """Tokens a second of prompt processing, without the reused ones."""
        read = self.prompt_tokens - self.reused_tokens
        return read / self.prompt_seconds if self.prompt_seconds > 0 else 0.0

    @property
    def decode_tps(self) -> float:
        """Tokens a second of decode, the first token not counted."""
        written = self.answer_tokens - 1
        return written / self.decode_seconds if written > 0 and self.decode_seconds > 0 else 0.0

    @property
    def first_token_seconds(self) -> float:
        """From the request's arrival to its first token."""
        return self.queue_seconds + self.prompt_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptRead:
    """The prompt has been processed; the first token follows."""

    prompt_tokens: int
    reused_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text, whole characters only; `tokens` is how many it took."""

    text: str
    tokens: int
    reasoning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The last delta of every answer."""

    reason: StopReason
    timings: Timings


Delta = PromptRead | Piece | Finished
