"""Anthropic's messages → turns of a conversation, as chat templates know them.

A user's message may hold the results of calls: each becomes a turn of its own, in its place.
Neighbours of one role become one turn, as Anthropic has it; many templates refuse them otherwise.
"""

from collections.abc import Iterable
from dataclasses import replace

from engine.chat import Message, Role, ToolCall
from engine.server.anthropic.blocks import Words, bad, joined, needed, read, words_of
from engine.server.anthropic.schema import AskedMessage, Block, CountBody


def turns_of(body: CountBody) -> tuple[Message, ...]:
    """The whole conversation. Raises BadField."""
    turns: list[Message] = []
    if body.system:
        words = words_of(body.system, "system", kinds=("text",))
        turns.append(Message(role=Role.SYSTEM, content=words.text))
    called: set[str] = set()
    for index, asked in enumerate(body.messages):
        path = f"messages[{index}].content"
        match asked.role:
            case "system":
                words = words_of(asked.content, path, kinds=("text",))
                turns.append(Message(role=Role.SYSTEM, content=words.text))
            case "user":
                turns.extend(_user(asked, path, called))
            case "assistant":
                turn = _assistant(asked, path)
                called |= {call.id for call in turn.tool_calls}
                turns.append(turn)
    return _merged(turns)


def _user(asked: AskedMessage, path: str, called: set[str]) -> list[Message]:
    turns: list[Message] = []
    said: list[Words] = []
    for index, block in enumerate(asked.content):
        if block.type != "tool_result":
            said.append(read(block, f"{path}[{index}]"))
            continue
        if said:
            turns.append(_spoken(said))
            said = []
        turns.append(_result(block, f"{path}[{index}]", called))
    if said or not turns:
        turns.append(_spoken(said))
    return turns


def _spoken(said: list[Words]) -> Message:
    words = joined(said)
    return Message(role=Role.USER, content=words.text, images=words.pictures)


def _result(block: Block, path: str, called: set[str]) -> Message:
    answered = needed(block.tool_use_id, f"{path}.tool_use_id")
    if answered not in called:
        raise bad(f"{path}.tool_use_id", "no assistant's message before it makes that call")
    words = words_of(block.content, f"{path}.content")
    return Message(
        role=Role.TOOL,
        content=f"Error: {words.text}" if block.is_error else words.text,
        images=words.pictures,
        tool_call_id=answered,
    )


def _assistant(asked: AskedMessage, path: str) -> Message:
    said: list[Words] = []
    thoughts: list[str] = []
    calls: list[ToolCall] = []
    for index, block in enumerate(asked.content):
        here = f"{path}[{index}]"
        match block.type:
            case "thinking":
                thoughts.append(needed(block.thinking, f"{here}.thinking"))
            case "redacted_thinking":
                pass  # nobody can read these; Fullbore writes none
            case "tool_use":
                calls.append(
                    ToolCall(
                        id=needed(block.id, f"{here}.id"),
                        name=needed(block.name, f"{here}.name"),
                        arguments=needed(block.input, f"{here}.input"),
                    )
                )
            case _:
                said.append(read(block, here, kinds=("text",)))
    return Message(
        role=Role.ASSISTANT,
        content=joined(said).text,
        reasoning="\n".join(thought for thought in thoughts if thought),
        tool_calls=tuple(calls),
    )


def _merged(turns: Iterable[Message]) -> tuple[Message, ...]:
    merged: list[Message] = []
    for turn in turns:
        last = merged[-1] if merged else None
        if last is None or last.role is not turn.role or turn.role is Role.TOOL:
            merged.append(turn)
            continue
        merged[-1] = replace(
            last,
            content="\n".join(text for text in (last.content, turn.content) if text),
            reasoning="\n".join(text for text in (last.reasoning, turn.reasoning) if text),
            images=(*last.images, *turn.images),
            tool_calls=(*last.tool_calls, *turn.tool_calls),
        )
    return tuple(merged)
