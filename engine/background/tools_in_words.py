"""Tools for templates that know none: the system prompt tells of them, and turns are text. Pure."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from engine.chat import Message, Role, Tool
from engine.protocol.dialects import DialectName

_HERMES = '<tool_call>\n{"name": "function-name", "arguments": {"argument": "value"}}\n</tool_call>'
_EXAMPLES = {
    DialectName.DEEPSEEK: (
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>function-name\n```json\n"
        '{"argument": "value"}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>'
    ),
    DialectName.DEEPSEEK_V31: (
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function-name<｜tool▁sep｜>"
        '{"argument": "value"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>'
    ),
}


def offer(tools: Sequence[Tool], dialect: DialectName) -> str:
    """What a system prompt says of the tools."""
    lines = [json.dumps(as_openai(tool), ensure_ascii=False) for tool in tools]
    return "\n".join(
        (
            "You may call functions to assist with the user's request. Their signatures:",
            "<tools>",
            *lines,
            "</tools>",
            "To call one, write exactly this, with the function's name and its arguments as JSON:",
            _EXAMPLES.get(dialect, _HERMES),
            "Results come back within <tool_response></tool_response>."
            " Call only what is needed; else answer in words.",
        )
    )


def with_offer(messages: Sequence[Message], words: str, role: Role) -> tuple[Message, ...]:
    """The conversation with these words in its system message, or in the user's first one."""
    for number, message in enumerate(messages):
        if message.role is role:
            both = (message.content, words) if role is Role.SYSTEM else (words, message.content)
            told = replace(message, content="\n\n".join(filter(None, both)))
            return (*messages[:number], told, *messages[number + 1 :])
    return (Message(role=role, content=words), *messages)


def calls_as_text(messages: Sequence[Message]) -> tuple[Message, ...]:
    """Calls written into their messages, and what tools answered as the user's words."""
    turns: list[Message] = []
    for message in messages:
        turn = message
        if message.tool_calls:
            calls = [
                f'<tool_call>\n{{"name": {json.dumps(call.name)}, "arguments":'
                f" {call.arguments or '{}'}}}\n</tool_call>"
                for call in message.tool_calls
            ]
            content = "\n".join(filter(None, (message.content, *calls)))
            turn = replace(message, content=content, tool_calls=())
        elif message.role is Role.TOOL:
            content = f"<tool_response>\n{message.content}\n</tool_response>"
            turn = Message(role=Role.USER, content=content, images=message.images)
            if turns and turns[-1].role is Role.USER:
                before = turns.pop()
                turn = replace(
                    before,
                    content=f"{before.content}\n{content}",
                    images=(*before.images, *message.images),
                )
        elif turns and message.role is Role.USER and "</tool_response>" in turns[-1].content:
            before = turns.pop()
            turn = replace(message, content=f"{before.content}\n{message.content}")
        turns.append(turn)
    return tuple(turns)


def as_openai(tool: Tool) -> dict[str, Any]:
    """A tool as templates are given it."""
    return {
        "type": "function",
        "function": {
            "name": tool.name,
            "description": tool.description,
            "parameters": {
                "type": "object",
                "properties": {},
                **json.loads(tool.parameters or "{}"),
            },
        },
    }
