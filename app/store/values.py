"""What the store keeps, as values."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from engine.chat import Role, Sampling, StopReason, ToolCall

Place = Literal["chats", "archive", "trash"]
# What is done when a conversation does not fit its context: say so, or leave out its oldest turns.
Overflow = Literal["refuse", "drop_oldest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """What an answer cost, as shown under it. `first_token_seconds` None: none came yet.

    `stop` None: it broke off or was stopped by the person. `plan` says in a few words what the
    model ran on ("2 cards, 32k context").
    """

    answer_tokens: int = 0
    tokens_per_second: float = 0.0
    first_token_seconds: float | None = None
    prompt_tokens: int | None = None
    reused_tokens: int | None = None
    stop: StopReason | None = None
    model: str | None = None
    plan: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that came with a question. `body` is None when read with its message: ask for it."""

    name: str
    media_type: str  # "image/png", "text/plain", …
    size_bytes: int
    id: int | None = None
    body: bytes | None = None

    @property
    def is_image(self) -> bool:
        """Whether a model sees it; else its text stands before the question."""
        return self.media_type.startswith("image/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder of chats."""

    id: int
    name: str
    position: int
    is_open: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A way of sampling with a name."""

    id: int
    name: str
    sampling: Sampling


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A text of the prompt library: `/name` writes it."""

    id: int
    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """One conversation. Times are in UTC; `model` is the one that answered last.

    `leaf_id` is the last message of the branch that is shown. `preset_id` None: the default
    sampling. `title_is_own`: the person named it, so no model may.
    """

    id: int
    title: str
    created_at: datetime
    updated_at: datetime
    model: str | None
    leaf_id: int | None = None
    folder_id: int | None = None
    pinned: bool = False
    archived: bool = False
    trashed_at: datetime | None = None
    system_prompt: str = ""
    preset_id: int | None = None
    overflow: Overflow | None = None  # None: as the settings say
    draft: str = ""
    title_is_own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMessage:
    """One turn. `id` and `chat_id` are None while it is not on disk yet.

    Messages make a tree: those with the same `parent_id` are versions of each other (None: the
    first turn). `reasoning_seconds` is how long the model thought; `failure` is the sentence of an
    answer that broke off.
    """

    role: Role
    content: str
    id: int | None = None
    chat_id: int | None = None
    parent_id: int | None = None
    reasoning: str = ""
    reasoning_seconds: float | None = None
    statistics: Statistics | None = None
    failure: str | None = None
    attachments: tuple[Attachment, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A message, or a title, that a search found. `marks` are the hits in `excerpt`."""

    chat: Chat
    message_id: int | None  # None: the title
    excerpt: str
    marks: tuple[tuple[int, int], ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A chat as a file has it. Its messages and `leaf` name each other by numbers of its own.

    Those are `StoredMessage.id` and `parent_id`; parents come before what follows from them, and
    `leaf` is the end of the branch to show (None: the last message).
    """

    title: str
    created_at: datetime
    updated_at: datetime
    messages: tuple[StoredMessage, ...]
    leaf: int | None = None
    model: str | None = None
    system_prompt: str = ""
