"""What a message on disk looks like: its words, its versions, and what it cost."""

from collections.abc import Mapping, Sequence
from typing import Literal

from PySide6.QtCore import QCoreApplication

from app.lists.sizes import whole_text
from app.store.values import Attachment, Statistics, StoredMessage
from app.text.shown import Shown, ShownFile
from app.views import words
from engine.chat import Role, StopReason


def shown_messages(
    said: Sequence[StoredMessage],
    versions: Mapping[int, tuple[int, ...]],
    *,
    statistics: bool = True,
) -> list[Shown]:
    """The conversation as the transcript shows it."""
    return [shown_message(message, versions, statistics=statistics) for message in said]


def shown_message(
    message: StoredMessage,
    versions: Mapping[int, tuple[int, ...]],
    *,
    statistics: bool = True,
) -> Shown:
    """One message, and which of its versions it is."""
    ids = versions.get(message.id, ()) if message.id is not None else ()
    return Shown(
        role=_role(message.role),
        content=message.content,
        id=message.id,
        reasoning=message.reasoning,
        reasoning_seconds=message.reasoning_seconds,
        statistics=statistics_words(message.statistics) if statistics else "",
        failure=message.failure or "",
        version=ids.index(message.id) + 1 if message.id in ids else 1,
        versions=max(1, len(ids)),
        files=tuple(_file(file) for file in message.attachments),
        tool_calls=message.tool_calls,
    )


def statistics_words(statistics: Statistics | None) -> str:
    """What an answer cost, in one line; in a second one, what it ran with."""
    if statistics is None or statistics.answer_tokens == 0:
        return ""
    parts = [
        words.tokens(statistics.answer_tokens),
        words.speed(statistics.tokens_per_second),
    ]
    if statistics.first_token_seconds is not None:
        parts.append(words.first_token(statistics.first_token_seconds))
    if statistics.reused_tokens:
        reused = QCoreApplication.translate("said", "{0} reused")
        parts.append(reused.format(whole_text(statistics.reused_tokens)))
    stopped = _stopped(statistics.stop)
    if stopped:
        parts.append(stopped)
    ran_with = [part for part in (statistics.model, statistics.plan) if part]
    if statistics.prompt_tokens is not None:
        prompt = QCoreApplication.translate("said", "{0} tokens read")
        ran_with.append(prompt.format(whole_text(statistics.prompt_tokens)))
    line = " · ".join(parts)
    return f"{line}\n{' · '.join(ran_with)}" if ran_with else line


def _file(file: Attachment) -> ShownFile:
    picture = file.body if file.is_image else None
    number = file.id if file.is_image and picture is None else None
    return ShownFile(name=file.name, size_bytes=file.size_bytes, picture=picture, number=number)


def _stopped(reason: StopReason | None) -> str:
    """Why it ended, where that is worth a word: most answers end because all was said."""
    match reason:
        case StopReason.LENGTH:
            return QCoreApplication.translate("said", "cut at the limit")
        case StopReason.STOP:
            return QCoreApplication.translate("said", "ended at a stop word")
        case None:
            return QCoreApplication.translate("said", "stopped")
        case StopReason.END | StopReason.TOOLS:
            return ""


def _role(role: Role) -> Literal["user", "assistant", "tool"]:
    match role:
        case Role.USER:
            return "user"
        case Role.TOOL:
            return "tool"
        case Role.ASSISTANT | Role.SYSTEM:
            return "assistant"
