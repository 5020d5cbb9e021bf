"""A model's chat template, made into a prompt.

Templates are other people's programs: this runs in the background process only.
"""

import json
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, NoReturn

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.background.words import Conversation
from engine.chat import Message, Role, ToolCall
from engine.errors import TemplateFailed

# For files that carry no template: the form most small models were taught.
CHATML = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}"
    "{% endfor %}{{ '<|im_start|>assistant\\n' }}"
)


def render(template: str, conversation: Conversation) -> str:
    """The prompt, up to where the assistant begins or goes on. Raises TemplateFailed."""
    if not conversation.continue_last:
        return _render(template, conversation, conversation.messages)
    for marked, mark in _marked(conversation.messages):
        before, found, after = _render(template, conversation, marked).partition(mark)
        if found and mark not in after:
            return before
    raise TemplateFailed(
        "The model's chat template does not let an answer be continued.",
        remedy="Ask for the answer anew.",
    )


def _marked(messages: Sequence[Message]) -> list[tuple[tuple[Message, ...], str]]:
    """The conversation with a mark at the end of its last message, in one way or another.

    Whatever a template writes after a message, and whatever it strips from its end, comes after
    the mark. An answer that is still all reasoning is continued there, where the template shows it.
    """
    if not messages or messages[-1].role is not Role.ASSISTANT:
        raise TemplateFailed(
            "Only an assistant's message can be continued, and the last one is none.",
            remedy="Ask a question instead.",
        )
    last = messages[-1]
    mark = f"continued-{secrets.token_hex(16)}"
    ways = [replace(last, content=last.content + mark)]
    if last.reasoning and not last.content:
        ways.insert(0, replace(last, reasoning=last.reasoning + mark))
    return [((*messages[:-1], way), mark) for way in ways]


def _render(template: str, conversation: Conversation, messages: Sequence[Message]) -> str:
    try:
        compiled = _environment().from_string(template or CHATML, globals=_WORDS)
        words = {
            "bos_token": conversation.bos,
            "eos_token": conversation.eos,
            "add_generation_prompt": not conversation.continue_last,
            "tools": None,
            "documents": None,
        }
        try:
            return compiled.render(messages=_turns(messages, conversation.picture), **words)
        except TypeError:
            # Most templates write a call's arguments as JSON; some expect them written already.
            turns = _turns(messages, conversation.picture, arguments_as_text=True)
            return compiled.render(messages=turns, **words)
    except TemplateFailed:
        raise
    except (
        TemplateError,
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
        MemoryError,
        TypeError,
        ValueError,
    ) as error:
        raise TemplateFailed(f"The model's chat template failed: {_said(error)}.") from error


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
    )
    environment.filters["tojson"] = _to_json
    return environment


def _turns(
    messages: Sequence[Message], picture: str, *, arguments_as_text: bool = False
) -> list[dict[str, Any]]:
    """The messages as OpenAI writes them, which templates are written for."""
    names = {call.id: call.name for message in messages for call in message.tool_calls}
    turns: list[dict[str, Any]] = []
    for message in messages:
        shown = f"{picture}\n" * len(message.images)
        turn: dict[str, Any] = {"role": message.role.value, "content": shown + message.content}
        if message.reasoning:
            turn["reasoning_content"] = message.reasoning
        if message.tool_calls:
            turn["tool_calls"] = [
                _call(call, as_text=arguments_as_text) for call in message.tool_calls
            ]
        if message.tool_call_id is not None:
            turn["tool_call_id"] = message.tool_call_id
            turn["name"] = names.get(message.tool_call_id, "")
        turns.append(turn)
    return turns


def _call(call: ToolCall, *, as_text: bool) -> dict[str, Any]:
    arguments: object = call.arguments
    if not as_text:
        with suppress(ValueError):  # else as the model wrote it
            arguments = json.loads(call.arguments or "{}")
    return {
        "id": call.id,
        "type": "function",
        "function": {"name": call.name, "arguments": arguments},
    }


def _to_json(
    value: Any,  # whatever a template hands over
    indent: int | None = None,
    *,
    ensure_ascii: bool = False,
    sort_keys: bool = False,
) -> str:
    # Jinja's own filter escapes for HTML, which models were not taught.
    return json.dumps(value, indent=indent, ensure_ascii=ensure_ascii, sort_keys=sort_keys)


def _refuse(message: object) -> NoReturn:
    raise TemplateFailed(f"The model's chat template refused: {_ended(str(message))}")


def _now(form: str) -> str:
    return datetime.now().astimezone().strftime(form)


def _said(error: Exception) -> str:
    return (str(error) or type(error).__name__).rstrip(".")


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


_WORDS = {"raise_exception": _refuse, "strftime_now": _now}
