"""One conversation of ChatGPT's export: a mapping of nodes, each a message or nothing.

Kept are the words of people, models and tools. Nodes without words (roots, hidden contexts,
pictures) are left out, and what followed them follows what was before them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, cast

from app.store.values import Imported, StoredMessage
from engine.chat import Role, ToolCall

_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "tool": Role.TOOL}
_PICTURE = "[image]"
_LATEST = datetime(9999, 1, 1, tzinfo=UTC).timestamp()

Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a node's children go: below that message, with what was thought on the way."""

    parent: StoredMessage | None = None
    thoughts: str = ""


def looks_like_chatgpt(written: object) -> bool:
    """Whether that is such a conversation at all."""
    return isinstance(written, dict) and isinstance(
        cast("dict[str, object]", written).get("mapping"), dict
    )


def read_conversation(written: Node) -> Imported | None:
    """The conversation as a chat, with all its branches; None if it makes no sense."""
    nodes = {
        key: cast("Node", node)
        for key, node in cast("dict[str, object]", written["mapping"]).items()
        if isinstance(node, dict)
    }
    if not nodes:
        return None
    said, ends = _walk(nodes)
    if not said:
        return None
    created = _moment(written.get("create_time")) or datetime.now(UTC)
    updated = _moment(written.get("update_time")) or created
    title, current = written.get("title"), written.get("current_node")
    slug = written.get("default_model_slug")
    return Imported(
        title=title if isinstance(title, str) else "",
        created_at=created,
        updated_at=updated,
        messages=tuple(said),
        leaf=ends.get(current) if isinstance(current, str) else None,
        model=None if not isinstance(slug, str) else slug,
    )


def _walk(nodes: Mapping[str, Node]) -> tuple[list[StoredMessage], dict[str, int | None]]:
    """The messages, parents first, and for each node the message its branch ends with there."""
    said = list[StoredMessage]()
    ends = dict[str, int | None]()
    roots = [key for key, node in nodes.items() if _text_of(node.get("parent")) not in nodes]
    waiting = [(key, _Place()) for key in reversed(roots)]
    while waiting:
        key, place = waiting.pop()
        if key in ends or key not in nodes:  # a circle, or a child that is not there
            continue
        place = _step(nodes[key], place, said)
        ends[key] = None if place.parent is None else place.parent.id
        children = nodes[key].get("children")
        if isinstance(children, list):
            known = [child for child in cast("list[object]", children) if isinstance(child, str)]
            waiting += [(child, place) for child in reversed(known)]
    return said, ends


def _step(node: Node, place: _Place, said: list[StoredMessage]) -> _Place:
    """Where the node's children go; its message, if it has words, is added to `said`."""
    message = node.get("message")
    if not isinstance(message, dict):
        return place
    message = cast("Node", message)
    content = _mapping(message.get("content"))
    if content.get("content_type") == "thoughts":
        thoughts = _thoughts(content)
        return replace(place, thoughts="\n\n".join(filter(None, (place.thoughts, thoughts))))
    role = _ROLES.get(_text_of(_mapping(message.get("author")).get("role")))
    words = _words(content)
    if role is None or not words.strip() or _is_hidden(message):
        return place
    turn = StoredMessage(
        id=len(said) + 1,
        parent_id=None if place.parent is None else place.parent.id,
        role=role,
        content=words,
    )
    turn = _with_calls(turn, message, place)
    said.append(turn)
    return _Place(parent=turn)


def _with_calls(turn: StoredMessage, message: Node, place: _Place) -> StoredMessage:
    """What an assistant says to a tool is a call, and what the tool says answers it."""
    recipient = _text_of(message.get("recipient")) or "all"
    match turn.role:
        case Role.ASSISTANT if recipient != "all":
            call = ToolCall(
                id=f"call-{turn.id}",
                name=recipient,
                arguments=json.dumps({"input": turn.content}, ensure_ascii=False),
            )
            return replace(turn, content="", reasoning=place.thoughts, tool_calls=(call,))
        case Role.ASSISTANT:
            return replace(turn, reasoning=place.thoughts)
        case Role.TOOL if place.parent is not None and place.parent.tool_calls:
            return replace(turn, tool_call_id=place.parent.tool_calls[0].id)
        case _:
            return turn


def _words(content: Node) -> str:
    kind = content.get("content_type")
    if kind in {"user_editable_context", "model_editable_context", "reasoning_recap"}:
        return ""
    parts = content.get("parts")
    if not isinstance(parts, list):
        return _text_of(content.get("text")) or _text_of(content.get("result"))
    return "\n\n".join(filter(None, map(_part, cast("list[object]", parts))))


def _part(part: object) -> str:
    if isinstance(part, str):
        return part
    known = _mapping(part)
    if "asset_pointer" in known and "image" in _text_of(known.get("content_type")):
        return _PICTURE
    return _text_of(known.get("text"))


def _thoughts(content: Node) -> str:
    thoughts = content.get("thoughts")
    if not isinstance(thoughts, list):
        return ""
    read = (_mapping(thought) for thought in cast("list[object]", thoughts))
    both = (
        filter(None, (_text_of(one.get("summary")), _text_of(one.get("content")))) for one in read
    )
    return "\n\n".join("\n\n".join(pair) for pair in both)


def _is_hidden(message: Node) -> bool:
    return _mapping(message.get("metadata")).get("is_visually_hidden_from_conversation") is True


def _moment(written: object) -> datetime | None:
    if isinstance(written, bool) or not isinstance(written, int | float):
        return None
    return datetime.fromtimestamp(written, UTC) if 0 < written < _LATEST else None


def _mapping(written: object) -> Node:
    return cast("Node", written) if isinstance(written, dict) else {}


def _text_of(written: object) -> str:
    return written if isinstance(written, str) else ""
