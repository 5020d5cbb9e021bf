"""What a model is told of the turns of a chat, its files included."""

import re
from collections.abc import Callable, Sequence
from pathlib import PurePath

from app.store.values import Attachment, StoredMessage
from engine.chat import Message, Role

_TICKS = re.compile(r"`+")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029]")

Body = Callable[[Attachment], bytes]


def request_messages(
    messages: Sequence[StoredMessage], *, system_prompt: str = "", body: Body | None = None
) -> tuple[Message, ...]:
    """What a model is told of these turns, the system prompt first; `body` reads a file's bytes.

    Answers that never came are left out. Templates want the roles to alternate, so turns of one
    speaker that now follow each other become one.
    """
    told: list[Message] = []
    if system_prompt.strip():
        told.append(Message(role=Role.SYSTEM, content=system_prompt))
    for message in messages:
        if message.role is Role.ASSISTANT and not message.content and not message.tool_calls:
            continue
        now = _told(message, body or _at_hand)
        before = told[-1] if told else None
        if before is not None and before.role is now.role and _may_join(before, now):
            told[-1] = Message(
                role=now.role,
                content=f"{before.content}\n\n{now.content}",
                images=(*before.images, *now.images),
            )
        else:
            told.append(now)
    return tuple(told)


def quoted(name: str, text: str) -> str:
    """A file as a block: its name, then its words in a fence that nothing in them can close."""
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    suffix = PurePath(name).suffix.removeprefix(".")
    language = suffix if suffix.isascii() and suffix.isalnum() else ""
    title = " ".join(_UNPRINTABLE.sub(" ", name).replace("`", "'").split())
    end = "" if text.endswith("\n") or not text else "\n"
    return f"`{title}`:\n{fence}{language}\n{text}{end}{fence}"


def text_of(body: bytes) -> str:
    """A text file's words; what is no UTF-8 is replaced, and control characters are dropped."""
    text = body.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return _UNPRINTABLE.sub("", text)


def cleaned(text: str) -> str:
    """What a person wrote, as it can be stored and told: no half characters, no controls."""
    # Half of a surrogate pair, as some clipboards hold, is no character: nobody could store it.
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return _UNPRINTABLE.sub("", whole.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _told(message: StoredMessage, body: Body) -> Message:
    quotes = [
        quoted(file.name, text_of(body(file))) for file in message.attachments if not file.is_image
    ]
    words = [message.content] if message.content or not quotes else []
    return Message(
        role=message.role,
        content="\n\n".join((*quotes, *words)),
        reasoning=message.reasoning,
        images=tuple(body(file) for file in message.attachments if file.is_image),
        tool_calls=message.tool_calls,
        tool_call_id=message.tool_call_id,
    )


def _may_join(before: Message, now: Message) -> bool:
    """A tool's result stands alone, and so does a turn that calls one."""
    return now.role is not Role.TOOL and not before.tool_calls and not now.tool_calls


def _at_hand(attachment: Attachment) -> bytes:
    return attachment.body or b""
