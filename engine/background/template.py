"""A model's chat template, made into a prompt.

Templates are other people's programs: this runs in the background process only.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NoReturn

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.chat import Message
from engine.errors import TemplateFailed

# For files that carry no template: the form most small models were taught.
CHATML = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}"
    "{% endfor %}{{ '<|im_start|>assistant\\n' }}"
)


def render(template: str, *, bos: str, eos: str, messages: Sequence[Message]) -> str:
    """The prompt for these messages, up to where the assistant begins. Raises TemplateFailed."""
    environment = _environment()
    try:
        return environment.from_string(template or CHATML, globals=_WORDS).render(
            messages=[_turn(message) for message in messages],
            bos_token=bos,
            eos_token=eos,
            add_generation_prompt=True,
            tools=None,
            documents=None,
        )
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


def _turn(message: Message) -> dict[str, str]:
    turn = {"role": message.role.value, "content": message.content}
    if message.reasoning:
        turn["reasoning_content"] = message.reasoning
    return turn


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
