"""A model's chat template, made into a prompt.

Templates are other people's programs: this runs in the background process only.
"""

import json
import re
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, NoReturn

from jinja2 import Template, TemplateError
from jinja2.ext import Extension
from jinja2.nodes import Node
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment
from typing_extensions import override

from engine.background.dialect_names import dialect_of, knows_calls, knows_tools
from engine.background.tools_in_words import as_openai, calls_as_text, offer, with_offer
from engine.background.words import Conversation
from engine.chat import Message, Role, Tool, ToolCall
from engine.errors import TemplateFailed
from engine.protocol.dialects import DialectName

# For files that carry no template: the form most small models were taught.
CHATML = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}"
    "{% endfor %}{{ '<|im_start|>assistant\\n' }}"
)

_KEPT_TEMPLATES = 16  # of the models a person has in use


def render(template: str, conversation: Conversation) -> str:
    """The prompt, up to where the assistant begins or goes on. Raises TemplateFailed."""
    offered = _offered(conversation)
    if not knows_calls(template):
        conversation = replace(conversation, messages=calls_as_text(conversation.messages))
    if not offered or knows_tools(template):
        return _rendered(template, conversation)
    words = offer(offered, dialect_of(template))
    told = with_offer(conversation.messages, words, Role.SYSTEM)
    try:
        return _rendered(template, replace(conversation, messages=told))
    except TemplateFailed:  # some know no system message
        told = with_offer(conversation.messages, words, Role.USER)
        return _rendered(template, replace(conversation, messages=told))


def _offered(conversation: Conversation) -> tuple[Tool, ...]:
    """The tools the model is to know of: none, where none may be called."""
    tools = conversation.tools
    return () if tools is None or tools.choice == "none" else tools.tools


def _rendered(template: str, conversation: Conversation) -> str:
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
        program, form = _program(template)
        words = {
            "bos_token": conversation.bos,
            "eos_token": conversation.eos,
            "add_generation_prompt": not conversation.continue_last,
            "tools": [as_openai(tool) for tool in _offered(conversation)] or None,
        }
        options = {"documents": None, **conversation.options, **words}
        try:
            turns = _turns(messages, conversation.picture, form)
            text = program.render(**{**options, "messages": turns})
        except TypeError:
            # Most templates write a call's arguments as JSON; some expect them written already.
            turns = _turns(messages, conversation.picture, form, arguments_as_text=True)
            text = program.render(**{**options, "messages": turns})
        text.encode()  # half of a surrogate pair is no text: ValueError
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
    return text


class _Generation(Extension):
    """`{% generation %}`: marks for training, what it encloses is written as it is."""

    tags = {"generation"}  # noqa: RUF012 - as jinja2 wants it

    @override
    def parse(self, parser: Parser) -> list[Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols", _Generation]
    )
    environment.filters["tojson"] = _to_json
    return environment


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """What a template wants otherwise than most."""

    short_ids: bool = False  # Mistral's raise unless an id has nine letters
    no_content: bool = False  # a call without text has None, or its turn is written twice
    thinking: bool = False  # reasoning before a call is called so


@lru_cache(maxsize=_KEPT_TEMPLATES)
def _program(template: str) -> tuple[Template, _Form]:
    """Compiled and looked through once: that takes 10 to 100 ms, each rendering well under one.

    A rendering leaves nothing behind for the next: the sandbox lets it change no value of ours.
    """
    return _environment().from_string(template or CHATML, globals=_WORDS), _form(template)


def _form(template: str) -> _Form:
    dialect = dialect_of(template)
    return _Form(
        short_ids=re.search(r"length *[!=]= *9", template) is not None,
        no_content=dialect is DialectName.DEEPSEEK and "['content'] is not none" in template,
        thinking=dialect is DialectName.HARMONY,
    )


def _turns(
    messages: Sequence[Message], picture: str, form: _Form, *, arguments_as_text: bool = False
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
                _call(call, form, as_text=arguments_as_text) for call in message.tool_calls
            ]
            if form.no_content and not turn["content"]:
                turn["content"] = None
            if form.thinking and message.reasoning and not message.content:
                turn["thinking"] = message.reasoning
        if message.tool_call_id is not None:
            turn["tool_call_id"] = _identity(message.tool_call_id, form)
            turn["name"] = names.get(message.tool_call_id, "")
        turns.append(turn)
    return turns


def _identity(identity: str, form: _Form) -> str:
    if not form.short_ids or len(identity) == 9:
        return identity
    return sha256(identity.encode("utf-8", "replace")).hexdigest()[:9]


def _call(call: ToolCall, form: _Form, *, as_text: bool) -> dict[str, Any]:
    arguments: object = call.arguments
    if not as_text:
        with suppress(ValueError):  # else as the model wrote it
            arguments = json.loads(call.arguments or "{}")
    return {
        "id": _identity(call.id, form),
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
