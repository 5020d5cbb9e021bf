"""What is said to a model, and what it answers.

One vocabulary for the window, the terminal and every HTTP dialect. Values only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


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

    `images` are whole files (PNG, JPEG, GIF, BMP), for models with a projector; other kinds are
    converted before, as the window does. A TOOL's message answers the call `tool_call_id`.
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
    top_k 0, top_p 1, min_p 0, typical_p 1, top_n_sigma 0, xtc_probability 0, dry_multiplier 0,
    dynamic_temperature_range 0 and mirostat 0 are off. `dry_window_tokens` -1 is the whole
    context. `seed` None draws a fresh one.
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
    typical_p: float = 1.0
    top_n_sigma: float = 0.0
    xtc_probability: float = 0.0
    xtc_threshold: float = 0.1
    dynamic_temperature_range: float = 0.0
    dynamic_temperature_exponent: float = 1.0
    mirostat: Literal[0, 1, 2] = 0
    mirostat_tau: float = 5.0
    mirostat_eta: float = 0.1
    dry_multiplier: float = 0.0
    dry_base: float = 1.75
    dry_allowed_length: int = 2
    dry_window_tokens: int = -1
    dry_breakers: tuple[str, ...] = ("\n", ":", '"', "*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """The shape an answer must have: "json" (any object), "schema" (JSON Schema, as JSON) or
    "grammar" (GBNF); `text` is the schema or the grammar."""

    kind: Literal["json", "schema", "grammar"]
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A function that the model may call; `parameters` is a JSON Schema, as JSON."""

    name: str
    description: str = ""
    parameters: str = "{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What may be called. `choice`: as the model likes, never, at least one, or that name.

    Without `parallel` one answer makes one call at most.
    """

    tools: tuple[Tool, ...]
    choice: Literal["auto", "none", "required"] = "auto"
    name: str | None = None
    parallel: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRequest:
    """A conversation to be answered. `model` None means the one that is loaded.

    `max_tokens` None means as many as the context still holds. With `continue_last` the last
    message is an assistant's, and the answer goes on where it ends. `logprobs` asks for that many
    alternatives of each token (0: the token's own alone; None: nothing). With `rolls` an answer
    that fills the context goes on, and the oldest tokens after the first messages are forgotten.
    `template_options` are the template's own variables (enable_thinking, reasoning_effort …), as
    JSON values. `adapters` scales LoRA adapters that were loaded with the model, by name.
    """

    messages: tuple[Message, ...]
    model: str | None = None
    sampling: Sampling = field(default_factory=Sampling)
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()
    continue_last: bool = False
    min_tokens: int = 0
    ignore_end: bool = False
    logprobs: int | None = None
    format: Format | None = None
    tools: Tools | None = None
    rolls: bool = False
    template_options: Mapping[str, object] = field(default_factory=dict[str, object])
    adapters: Mapping[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionRequest:
    """A text to be gone on with, without a chat template. The fields of a ChatRequest, and:

    With `tokens` the prompt is these, taken as they are. With a `suffix` what is written stands
    between the prompt and it, for models that were taught to fill in.
    """

    prompt: str = ""
    tokens: tuple[int, ...] = ()
    suffix: str | None = None
    model: str | None = None
    sampling: Sampling = field(default_factory=Sampling)
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()
    min_tokens: int = 0
    ignore_end: bool = False
    logprobs: int | None = None
    rolls: bool = False
    adapters: Mapping[str, float] = field(default_factory=dict[str, float])


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
    TOOLS = "tools"  # it calls tools, and waits for what they say


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """What an answer cost."""

    prompt_tokens: int
    reused_tokens: int
    answer_tokens: int
    queue_seconds: float
    prompt_seconds: float
    decode_seconds: float
    drafted_tokens: int = 0  # by speculation, and how many of them were the model's own choice
    accepted_tokens: int = 0

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
class Candidate:
    """A token that could have been chosen, its bytes, and the logarithm of its probability."""

    token: int
    text: bytes
    logprob: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A token that was chosen, and the likeliest in its place (itself perhaps among them)."""

    candidate: Candidate
    top: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text, whole characters only; `tokens` is how many it took."""

    text: str
    tokens: int
    reasoning: bool = False
    logprobs: tuple[Chosen, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPiece:
    """A stretch of a tool call: the `index`th of this answer. `name` and `id` come with its first
    piece, `arguments` (JSON) bit by bit."""

    index: int
    id: str = ""
    name: str = ""
    arguments: str = ""
    tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The last delta of every answer. `stop` is which of the request's stop strings ended it."""

    reason: StopReason
    timings: Timings
    stop: str | None = None


Delta = PromptRead | Piece | CallPiece | Finished
