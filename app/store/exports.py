"""A chat as a file for others: Markdown to read, JSON with all there is to take in again."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from app.store.values import Attachment, Chat, StoredMessage
from engine.chat import Role

FORMAT = "fullbore-chats"
FORMAT_VERSION = 1

_SPEAKERS = {
    Role.SYSTEM: "System",
    Role.USER: "You",
    Role.ASSISTANT: "Assistant",
    Role.TOOL: "Tool",
}


def as_markdown(chat: Chat, messages: Sequence[StoredMessage]) -> str:
    """The branch given, each turn under a heading; what a model thought is quoted."""
    blocks = [f"# {' '.join(chat.title.split()) or 'Chat'}"]
    if chat.system_prompt.strip():
        blocks += ["## System", chat.system_prompt.strip()]
    for message in messages:
        blocks.append(f"## {_speaker(message, chat.model)}")
        if message.reasoning.strip():
            blocks.append(_quoted(message.reasoning.strip()))
        blocks += [f"*{one.name}*" for one in message.attachments]
        if message.content.strip():
            blocks.append(message.content.strip())
        for call in message.tool_calls:
            fence = _fence(call.arguments)
            blocks.append(f"`{call.name}`\n\n{fence}json\n{call.arguments}\n{fence}")
        if message.failure is not None:
            blocks.append(f"*{message.failure}*")
    return "\n\n".join(blocks) + "\n"


def as_json(
    chat: Chat, messages: Sequence[StoredMessage], body: Callable[[int], bytes] | None = None
) -> str:
    """Everything of a chat: give `ChatStore.tree` and `ChatStore.attachment`.

    Without `body`, attachments are named and left out.
    """
    written = {
        "title": chat.title,
        "created_at": chat.created_at.isoformat(),
        "updated_at": chat.updated_at.isoformat(),
        "model": chat.model,
        "system_prompt": chat.system_prompt,
        "leaf": chat.leaf_id,
        "messages": [_message(message, body) for message in messages],
    }
    whole = {"format": FORMAT, "version": FORMAT_VERSION, "chats": [written]}
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _message(message: StoredMessage, body: Callable[[int], bytes] | None) -> dict[str, Any]:
    statistics = message.statistics
    return {
        "id": message.id,
        "parent": message.parent_id,
        "role": message.role.value,
        "content": message.content,
        "reasoning": message.reasoning,
        "reasoning_seconds": message.reasoning_seconds,
        "statistics": None if statistics is None else asdict(statistics),
        "failure": message.failure,
        "tool_calls": [asdict(call) for call in message.tool_calls],
        "tool_call_id": message.tool_call_id,
        "attachments": [_attachment(one, body) for one in message.attachments],
    }


def _attachment(attachment: Attachment, body: Callable[[int], bytes] | None) -> dict[str, Any]:
    content = attachment.body
    if content is None and body is not None and attachment.id is not None:
        content = body(attachment.id)
    return {
        "name": attachment.name,
        "media_type": attachment.media_type,
        "size_bytes": attachment.size_bytes,
        "body": None if content is None else base64.b64encode(content).decode("ascii"),
    }


def _speaker(message: StoredMessage, model: str | None) -> str:
    if message.role is not Role.ASSISTANT:
        return _SPEAKERS[message.role]
    answered = message.statistics.model if message.statistics is not None else None
    return answered or model or _SPEAKERS[message.role]


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _fence(text: str) -> str:
    """Longer than any fence in the text."""
    fence = "```"
    while fence in text:
        fence += "`"
    return fence
