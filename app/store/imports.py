"""Chats read from files: those Fullbore exported as JSON, and ChatGPT's exports.

Files are other people's: what is not understood is left out, a chat that makes no sense is skipped
and counted, and a file that makes none is refused in a sentence.
"""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from app.store.chatgpt import looks_like_chatgpt, read_conversation
from app.store.exports import FORMAT, FORMAT_VERSION
from app.store.parcels import chunks_of, elements, no_chats, sentences
from app.store.rows import statistics_from
from app.store.values import Attachment, Imported, StoredMessage
from engine.chat import Role, ToolCall
from engine.errors import StoreError, StoreTooNew


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """What a file had; `skipped` of its chats could not be understood."""

    chats: tuple[Imported, ...]
    skipped: int = 0


def harvest(file: Path) -> Harvest:
    """All chats of a file: our JSON, ChatGPT's conversations.json or the .zip it comes in.

    Raises StoreError if it is none of them, damaged or too large.
    """
    chats, skipped = list[Imported](), 0
    with sentences(file.name):
        for chunks in chunks_of(file):
            for written in _chats_in(elements(chunks, file.name), file.name):
                read = _read(written)
                if read is None:
                    skipped += 1
                elif read.messages:
                    chats.append(read)
    if not chats:
        raise no_chats(file.name)
    return Harvest(chats=tuple(chats), skipped=skipped)


def read_chats(file: Path) -> tuple[Imported, ...]:
    """The chats of `harvest`."""
    return harvest(file).chats


class _Call(BaseModel):
    id: str
    name: str
    arguments: str


class _File(BaseModel):
    name: str
    media_type: str
    size_bytes: int = Field(ge=0)
    body: str | None = None


class _Cost(BaseModel):
    answer_tokens: int = 0
    tokens_per_second: float = 0.0
    first_token_seconds: float | None = None
    prompt_tokens: int | None = None
    reused_tokens: int | None = None
    stop: str | None = None
    model: str | None = None
    plan: str = ""


class _Turn(BaseModel):
    id: int
    parent: int | None = None
    role: Role
    content: str
    reasoning: str = ""
    reasoning_seconds: float | None = None
    statistics: _Cost | None = None
    failure: str | None = None
    tool_calls: list[_Call] = []
    tool_call_id: str | None = None
    attachments: list[_File] = []


class _Written(BaseModel):
    title: str = ""
    created_at: AwareDatetime
    updated_at: AwareDatetime
    model: str | None = None
    system_prompt: str = ""
    leaf: int | None = None
    messages: list[_Turn]


def _chats_in(found: Iterator[Any], name: str) -> Iterator[tuple[str | None, Any]]:
    """The chats of a list as ChatGPT writes it, or of one object as we do."""
    for element in found:
        whole = cast("dict[str, object]", element) if isinstance(element, dict) else {}
        if whole.get("format") != FORMAT:
            yield (None, element)
            continue
        if whole.get("version") != FORMAT_VERSION:
            raise StoreTooNew(
                f"{name} was written by a later version of Fullbore.",
                remedy="Update Fullbore to take it in.",
            )
        chats = whole.get("chats")
        if not isinstance(chats, list):
            raise no_chats(name)
        yield from ((FORMAT, chat) for chat in cast("list[object]", chats))


def _read(marked: tuple[str | None, Any]) -> Imported | None:
    """None: it makes no sense."""
    form, written = marked
    if form == FORMAT:
        try:
            return _ours(_Written.model_validate(written))
        except (ValidationError, StoreError, OverflowError):
            return None
    if not looks_like_chatgpt(written):
        return None
    return read_conversation(written)


def _ours(written: _Written) -> Imported:
    """Raises StoreError if its messages make no tree."""
    known = set[int]()
    messages = list[StoredMessage]()
    for turn in written.messages:
        if turn.id in known or (turn.parent is not None and turn.parent not in known):
            raise StoreError("The messages make no tree.")
        known.add(turn.id)
        messages.append(_message(turn))
    leaf = written.leaf if written.leaf in known else None
    return Imported(
        title=written.title,
        created_at=_in_utc(written.created_at),
        updated_at=_in_utc(written.updated_at),
        model=written.model,
        system_prompt=written.system_prompt,
        leaf=leaf,
        messages=tuple(messages),
    )


def _message(turn: _Turn) -> StoredMessage:
    cost = turn.statistics
    return StoredMessage(
        id=turn.id,
        parent_id=turn.parent,
        role=turn.role,
        content=turn.content,
        reasoning=turn.reasoning,
        reasoning_seconds=turn.reasoning_seconds,
        statistics=None if cost is None else statistics_from(cost.model_dump_json()),
        failure=turn.failure,
        tool_calls=tuple(
            ToolCall(id=call.id, name=call.name, arguments=call.arguments)
            for call in turn.tool_calls
        ),
        tool_call_id=turn.tool_call_id,
        attachments=tuple(one for one in map(_attachment, turn.attachments) if one is not None),
    )


def _attachment(written: _File) -> Attachment | None:
    """None: it was left out when the chat was exported."""
    if written.body is None:
        return None
    try:
        body = base64.b64decode(written.body, validate=True)
    except binascii.Error as error:
        raise StoreError(f"{written.name} could not be read.") from error
    return Attachment(
        name=written.name, media_type=written.media_type, size_bytes=len(body), body=body
    )


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
