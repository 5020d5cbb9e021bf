"""What cannot be a conversation, or an offer of tools, told before a template sees it. Pure."""

import re
from collections.abc import Sequence

from engine.chat import Message, Role, Tools
from engine.errors import BadRequest

_NAME = re.compile(r"[a-zA-Z0-9_.\-]{1,128}")
_MOST_TOOLS = 256


def check_messages(messages: Sequence[Message]) -> None:
    """Every tool's answer belongs to a call that waits for it. Raises BadRequest."""
    called: set[str] = set()
    waiting: set[str] = set()
    for number, message in enumerate(messages):
        for call in message.tool_calls:
            if message.role is not Role.ASSISTANT:
                raise BadRequest(f"Message {number} has tool calls and is no assistant's.")
            if not call.name:
                raise BadRequest(f"Message {number} calls a tool without a name.")
            if not call.id or call.id in called:
                raise BadRequest(f"Message {number} has a tool call with the id {call.id!r} anew.")
            called.add(call.id)
            waiting.add(call.id)
        if message.role is Role.TOOL:
            identity = message.tool_call_id
            if identity is None:
                raise BadRequest(f"Message {number} is a tool's and lacks tool_call_id.")
            if identity not in waiting:
                why = "was answered already" if identity in called else "nobody made"
                raise BadRequest(
                    f"Message {number} answers the tool call {identity!r}, which {why}."
                )
            waiting.discard(identity)


def check_tools(tools: Tools) -> None:
    """Names are given once, and the one that is demanded is there. Raises BadRequest."""
    names = [tool.name for tool in tools.tools]
    if len(names) > _MOST_TOOLS:
        raise BadRequest(f"{len(names)} tools are offered; {_MOST_TOOLS} are the most.")
    for name in names:
        if not _NAME.fullmatch(name):
            raise BadRequest(
                f"The tool's name {name[:80]!r} must be 1 to 128 letters, digits, _, - or dots."
            )
        if names.count(name) > 1:
            raise BadRequest(f"The tool {name} is offered twice.")
    if tools.name is not None and tools.name not in names:
        raise BadRequest(f"The tool {tools.name[:80]!r} is demanded and not offered.")
    if tools.choice == "required" and not names:
        raise BadRequest("A tool call is demanded and no tool is offered.")
