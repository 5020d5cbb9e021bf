"""How a model writes, read from its chat template. Pure."""

import re

from engine.protocol.dialects import THINK, THINKING, DialectName

_TOOLS = re.compile(r"\btools\b")


def dialect_of(template: str) -> DialectName:
    """The dialect of the model with that template; the plain one if nothing tells."""
    for name, signs in _SIGNS:
        if all(sign in template for sign in signs):
            return name
    return DialectName.THINK


def knows_tools(template: str) -> bool:
    """Whether the template says which tools there are."""
    return _TOOLS.search(template) is not None


def knows_calls(template: str) -> bool:
    """Whether the template can write calls, and what tools answered."""
    return "tool_call" in template.replace("<tool_call", "")


def thinks(template: str, dialect: DialectName) -> bool:
    """Whether the model may reason before it answers."""
    opens, closes = THINKING.get(dialect, THINK)
    return dialect is DialectName.HARMONY or opens in template or closes in template


# Looked at in this order: what is rarer comes first.
_SIGNS: tuple[tuple[DialectName, tuple[str, ...]], ...] = (
    (DialectName.HARMONY, ("<|channel|>", "<|message|>")),
    (DialectName.GEMMA4, ("<|tool_call>", "<tool_call|>")),
    (DialectName.DEEPSEEK, ("<｜tool▁calls▁begin｜>", "```json")),
    (DialectName.DEEPSEEK_V31, ("<｜tool▁calls▁begin｜>",)),
    (DialectName.MISTRAL_ARGS, ("[TOOL_CALLS]", "[ARGS]")),
    (DialectName.MISTRAL, ("[TOOL_CALLS]",)),
    (DialectName.QWEN_XML, ("<function=", "<parameter=")),
    (DialectName.GLM, ("<arg_key>", "<arg_value>")),
    (DialectName.HERMES, ("<tool_call>",)),
    (DialectName.LLAMA3, ("<|python_tag|>",)),
    (DialectName.LLAMA3, ("<|start_header_id|>", '"parameters"')),
    (DialectName.GEMMA3, ("<start_of_turn>",)),
)
