"""The names of the ways in which models write their reasoning and their tool calls.

The background process reads the name from the template; the worker reads by it.
"""

from enum import StrEnum


class DialectName(StrEnum):
    """How a model writes."""

    THINK = "think"  # <think> alone; tools only as the system prompt asks for them
    HERMES = "hermes"  # <tool_call>{"name": …, "arguments": …}</tool_call>; Qwen 2.5 and 3
    QWEN_XML = "qwen-xml"  # <tool_call><function=…><parameter=…>; Qwen3-Coder, 3.5
    GLM = "glm"  # <tool_call>name<arg_key>…</arg_key><arg_value>…; GLM 4.x
    DEEPSEEK = "deepseek"  # R1, V3: a name, then JSON in a fence
    DEEPSEEK_V31 = "deepseek-v3.1"  # V3.1: a name, then JSON
    LLAMA3 = "llama3"  # {"name": …, "parameters": …}, perhaps after <|python_tag|>
    MISTRAL = "mistral"  # [TOOL_CALLS][{"name": …, "arguments": …}]
    MISTRAL_ARGS = "mistral-args"  # [TOOL_CALLS]name[ARGS]{…}
    GEMMA3 = "gemma3"  # ```tool_code, or as the system prompt asks
    GEMMA4 = "gemma4"  # <|tool_call>call:name{key:<|"|>text<|"|>}<tool_call|>
    HARMONY = "harmony"  # channels; gpt-oss
    RAW = "raw"  # nobody's: all of it is text, as a completion without a template is


# What opens and closes reasoning. Harmony has channels instead.
THINKING: dict[DialectName, tuple[str, str]] = {
    DialectName.MISTRAL: ("[THINK]", "[/THINK]"),
    DialectName.MISTRAL_ARGS: ("[THINK]", "[/THINK]"),
    DialectName.GEMMA4: ("<|channel>thought", "<channel|>"),
}
THINK = ("<think>", "</think>")
