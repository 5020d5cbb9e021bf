"""Rows of the database as values, and back."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from typing import Any, cast

from app.store.values import Attachment, Chat, Statistics, StoredMessage
from engine.chat import Role, Sampling, StopReason, ToolCall
from engine.errors import StoreError

MOST_CHARACTERS = 100_000_000  # four bytes each are still less than SQLite's billion
MOST_ATTACHMENT_BYTES = 500_000_000

CHAT_COLUMNS = (
    "id, title, created_at, updated_at, model, leaf_id, folder_id, pinned, archived, trashed_at,"
    " system_prompt, preset_id, overflow, draft, title_is_own"
)
MESSAGE_COLUMNS = (
    "id, chat_id, parent_id, role, reasoning_seconds, tool_call_id, statistics, failure,"
    " tool_calls, reasoning, content"
)
_STATISTICS = frozenset(field.name for field in fields(Statistics))
_SAMPLING = frozenset(field.name for field in fields(Sampling))
_STOPS = {stop.value: stop for stop in StopReason}
_ROLES = {role.value: role for role in Role}


def storable(text: str) -> str:
    """The text as a database can keep it: halves of characters become U+FFFD, whole pairs one.

    Raises StoreError if it is longer than any message that could be kept.
    """
    if len(text) > MOST_CHARACTERS:
        raise StoreError(
            f"A text of {len(text):,} characters is too long to be kept;"
            f" {MOST_CHARACTERS:,} can be.",
            remedy="Shorten it.",
        )
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def storable_message(message: StoredMessage) -> StoredMessage:
    """The message with all its words storable. Raises StoreError."""
    return replace(
        message,
        content=storable(message.content),
        reasoning=storable(message.reasoning),
        failure=None if message.failure is None else storable(message.failure),
        tool_call_id=None if message.tool_call_id is None else storable(message.tool_call_id),
        attachments=tuple(_storable_attachment(one) for one in message.attachments),
    )


def chat_from(row: tuple[Any, ...]) -> Chat:
    """A row of CHAT_COLUMNS."""
    number, title, created, updated, model, leaf, folder, pinned, archived, trashed, *rest = row
    system_prompt, preset, overflow, draft, is_own = rest
    return Chat(
        id=number,
        title=title,
        created_at=datetime.fromtimestamp(created, UTC),
        updated_at=datetime.fromtimestamp(updated, UTC),
        model=model,
        leaf_id=leaf,
        folder_id=folder,
        pinned=bool(pinned),
        archived=bool(archived),
        trashed_at=None if trashed is None else datetime.fromtimestamp(trashed, UTC),
        system_prompt=system_prompt,
        preset_id=preset,
        overflow=overflow,
        draft=draft,
        title_is_own=bool(is_own),
    )


def messages_from(
    rows: Sequence[tuple[Any, ...]], attachments: Mapping[int, tuple[Attachment, ...]]
) -> tuple[StoredMessage, ...]:
    """Rows of MESSAGE_COLUMNS, and what came with which message."""
    # All JSON in one go: read one by one, it takes half the time of opening a long chat.
    texts = [row[6] for row in rows if row[6] is not None]
    known = map(_statistics, json.loads(f"[{','.join(texts)}]"))
    return tuple([_message(row, known, attachments) for row in rows])


def message_values(message: StoredMessage) -> tuple[object, ...]:
    """What stands in MESSAGE_COLUMNS from `role` on."""
    statistics, calls = message.statistics, message.tool_calls
    return (
        message.role.value,
        message.reasoning_seconds,
        message.tool_call_id,
        None if statistics is None else json.dumps(asdict(statistics)),
        message.failure,
        json.dumps([asdict(call) for call in calls]) if calls else None,
        message.reasoning,
        message.content,
    )


def statistics_from(text: str) -> Statistics:
    """What an earlier version did not write has its usual value; what a later one did is left."""
    return _statistics(json.loads(text))


def sampling_as_text(sampling: Sampling) -> str:
    """JSON, all of it."""
    return json.dumps({**asdict(sampling), "logit_bias": dict(sampling.logit_bias)})


def sampling_from(text: str) -> Sampling:
    """Missing knobs have their usual values; unknown ones are left."""
    read: dict[str, Any] = json.loads(text)
    known = {name: _unlisted(value) for name, value in read.items() if name in _SAMPLING}
    bias = cast("dict[str, float]", known.get("logit_bias", {}))
    known["logit_bias"] = {int(token): value for token, value in bias.items()}
    return Sampling(**known)


def _unlisted(value: Any) -> Any:
    return tuple(cast("list[Any]", value)) if isinstance(value, list) else value


def _message(
    row: tuple[Any, ...],
    statistics: Iterator[Statistics],
    attachments: Mapping[int, tuple[Attachment, ...]],
) -> StoredMessage:
    number, chat, parent, role, seconds, call, cost, failure, calls, reasoning, content = row
    return StoredMessage(
        id=number,
        chat_id=chat,
        parent_id=parent,
        role=_ROLES[role],
        content=content,
        reasoning=reasoning,
        reasoning_seconds=seconds,
        statistics=None if cost is None else next(statistics),
        failure=failure,
        attachments=attachments.get(number, ()),
        tool_calls=() if calls is None else tuple(ToolCall(**one) for one in json.loads(calls)),
        tool_call_id=call,
    )


def _statistics(read: dict[str, Any]) -> Statistics:
    if not read.keys() <= _STATISTICS:
        read = {name: value for name, value in read.items() if name in _STATISTICS}
    if "stop" in read:
        read["stop"] = _STOPS.get(read["stop"])
    return Statistics(**read)


def _storable_attachment(attachment: Attachment) -> Attachment:
    if attachment.body is not None and len(attachment.body) > MOST_ATTACHMENT_BYTES:
        raise StoreError(
            f"{attachment.name} is too large to be kept with a message;"
            f" {MOST_ATTACHMENT_BYTES // 1_000_000} MB can be.",
            remedy="Attach a smaller file.",
        )
    name, kind = storable(attachment.name), storable(attachment.media_type)
    return replace(attachment, name=name, media_type=kind)
