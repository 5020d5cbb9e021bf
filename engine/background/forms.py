"""How calls are written in each dialect, as grammars and as an example."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from engine.background.gbnf import Rules, literal
from engine.background.schemas import Schema, Schemas, read_schema
from engine.chat import Tool
from engine.protocol.dialects import DialectName

_BREAK = '"\\n"?'
_ALL, _ONE, _SEP = "<｜tool▁calls▁begin｜>", "<｜tool▁call▁begin｜>", "<｜tool▁sep｜>"
_ONE_END, _ALL_END = "<｜tool▁call▁end｜>", "<｜tool▁calls▁end｜>"
_QUOTE = '<|"|>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A tool whose arguments' schema was read."""

    name: str
    schema: Schema

    def schemas(self, rules: Rules) -> Schemas:
        """What writes rules for its arguments."""
        return Schemas(rules, self.schema, f"The schema of {self.name}", strict=False)

    def arguments(self, rules: Rules) -> str:
        """A rule for its arguments, a JSON object."""
        return self.schemas(rules).rule({"type": "object", **self.schema})

    @property
    def properties(self) -> Schema:
        """Its arguments' schemas by name."""
        found = self.schema.get("properties")
        return cast("Schema", found) if isinstance(found, dict) else {}

    @property
    def required(self) -> list[str]:
        """The arguments that must be there."""
        found: Any = self.schema.get("required")
        return [str(one) for one in cast("list[Any]", found)] if isinstance(found, list) else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """`call` gives a rule for one call of that tool, which stands between `begin` and `end`;
    several are parted by `between`. All three are GBNF. `triggers` match where a call begins."""

    call: Callable[[Asked, Rules], str]
    triggers: tuple[str, ...]
    begin: str = ""
    between: str = ""
    end: str = ""
    one_only: bool = False

    def root(self, tools: list[Asked], rules: Rules, *, parallel: bool) -> str:
        """A rule for what may be called, once or more often."""
        call = rules.add("call", " | ".join(self.call(tool, rules) for tool in tools))
        more = f"({self.between} {call})*" if parallel and not self.one_only else ""
        return rules.add("calls", " ".join(filter(None, (self.begin, call, more, self.end))))


def asked(tool: Tool) -> Asked:
    """Read its schema. Raises BadRequest."""
    schema = read_schema(tool.parameters, f"The schema of {tool.name}")
    return Asked(name=tool.name, schema=schema)


def texts_of(tools: list[Asked]) -> tuple[str, ...]:
    """The arguments that are text, as name.argument."""
    return tuple(
        f"{tool.name}.{key}"
        for tool in tools
        for key, schema in tool.properties.items()
        if _is_text(schema)
    )


def form_of(dialect: DialectName) -> Form:
    """How calls are written in that dialect."""
    return _FORMS.get(dialect, _HERMES)


def _is_text(schema: Any) -> bool:
    if not isinstance(schema, dict):
        return False
    found = cast("Schema", schema)
    values: Any = found.get("enum")
    if isinstance(values, list):
        return all(isinstance(one, str) for one in cast("list[Any]", values))
    return found.get("type") == "string"


def _named(tool: Asked, rules: Rules, word: str, after: str = "") -> str:
    """`{"name": …, "arguments": {…}}`."""
    arguments, ws = tool.arguments(rules), tool.schemas(rules).ws
    parts = ["{", '"name"', ":", f'"{tool.name}"', ",", f'"{word}"', ":"]
    written = f" {ws} ".join(literal(part) for part in parts)
    return f'{written} {ws} {arguments} {after} {ws} "}}"'


def _hermes(tool: Asked, rules: Rules) -> str:
    body = _named(tool, rules, "arguments")
    return f'"<tool_call>" {_BREAK} {body} {_BREAK} "</tool_call>"'


def _qwen_xml(tool: Asked, rules: Rules) -> str:
    parts: list[str] = []
    for key, schema in tool.properties.items():
        if _is_text(schema) and "enum" not in schema:
            value = rules.before("\n</parameter>")
        else:
            value = f'{_plain(tool, key, schema, rules)} "\\n</parameter>"'
        parts.append(_maybe(tool, key, f'{literal(f"<parameter={key}>")} "\\n" {value} "\\n"'))
    begin = literal(f"<tool_call>\n<function={tool.name}>\n")
    return " ".join((begin, *parts, literal("</function>\n</tool_call>")))


def _glm(tool: Asked, rules: Rules) -> str:
    parts: list[str] = []
    for key, schema in tool.properties.items():
        if _is_text(schema) and "enum" not in schema:
            value = rules.before("</arg_value>")
        else:
            value = f'{_plain(tool, key, schema, rules)} "</arg_value>"'
        opens = f'{literal(f"<arg_key>{key}</arg_key>")} {_BREAK} "<arg_value>"'
        parts.append(_maybe(tool, key, f"{opens} {value} {_BREAK}"))
    return " ".join((literal(f"<tool_call>{tool.name}"), _BREAK, *parts, '"</tool_call>"'))


def _plain(tool: Asked, key: str, schema: Any, rules: Rules) -> str:
    """A value that is written without quotation marks, or as JSON if it is no text."""
    if _is_text(schema):
        return f"({' | '.join(literal(one) for one in schema['enum'])})"
    return tool.schemas(rules).rule(schema, f"#/properties/{key}")


def _maybe(tool: Asked, key: str, body: str) -> str:
    return f"({body})" if key in tool.required else f"({body})?"


def _deepseek(tool: Asked, rules: Rules) -> str:
    begin = literal(f"{_ONE}function{_SEP}{tool.name}\n```json\n")
    end = literal(f"\n```{_ONE_END}")
    return f"{begin} {tool.arguments(rules)} {end}"


def _deepseek_v31(tool: Asked, rules: Rules) -> str:
    return f"{literal(_ONE + tool.name + _SEP)} {tool.arguments(rules)} {literal(_ONE_END)}"


def _llama3(tool: Asked, rules: Rules) -> str:
    return _named(tool, rules, "parameters")


def _mistral(tool: Asked, rules: Rules) -> str:
    ws = tool.schemas(rules).ws
    identity = f'({ws} "," {ws} "\\"id\\"" {ws} ":" {ws} "\\"" [a-zA-Z0-9]{{9}} "\\"")?'
    return _named(tool, rules, "arguments", identity)


def _mistral_args(tool: Asked, rules: Rules) -> str:
    identity = '("[CALL_ID]" [a-zA-Z0-9]{9})?'
    begin = literal(f"[TOOL_CALLS]{tool.name}")
    return f'{begin} {identity} "[ARGS]" {tool.arguments(rules)}'


def _harmony(tool: Asked, rules: Rules) -> str:
    begin = literal(f"<|channel|>commentary to=functions.{tool.name}")
    kind = '" "? ("<|constrain|>"? "json")?'
    return f'{begin} {kind} "<|message|>" {tool.arguments(rules)}'


def _gemma4(tool: Asked, rules: Rules) -> str:
    pairs: list[str] = []
    for key, schema in sorted(tool.properties.items()):
        pairs.append(f"{literal(f'{key}:')} {_gemma4_value(tool, key, schema, rules)}")
    keys = sorted(tool.properties)
    rest = begin = '""'
    for key, pair in zip(reversed(keys), reversed(pairs), strict=True):
        after, before = rules.add("rest", rest), rules.add("begin", begin)
        if key in tool.required:
            rest, begin = f'"," {pair} {after}', f"{pair} {after}"
        else:
            rest, begin = f'("," {pair})? {after}', f"{pair} {after} | {before}"
    opens = literal(f"<|tool_call>call:{tool.name}{{")
    return f'{opens} {rules.add("members", begin)} "}}<tool_call|>"'


def _gemma4_value(tool: Asked, key: str, schema: Any, rules: Rules) -> str:
    text = f"{literal(_QUOTE)} {rules.before(_QUOTE)}"
    if _is_text(schema):
        if "enum" not in schema:
            return text
        return f"({' | '.join(literal(_QUOTE + one + _QUOTE) for one in schema['enum'])})"
    kind = cast("Schema", schema).get("type") if isinstance(schema, dict) else None
    if kind in {"integer", "number", "boolean"}:
        return tool.schemas(rules).rule(schema, f"#/properties/{key}")
    number = tool.schemas(rules).number
    value = rules.add("gemma-value", "gemma-any")
    word = rules.add("gemma-key", "[a-zA-Z_] [a-zA-Z0-9_]*")
    pair = rules.add("gemma-pair", f'{word} ":" {value}')
    rows = rules.add("gemma-list", f'"[" ({value} ("," {value})*)? "]"')
    members = rules.add("gemma-object", f'"{{" ({pair} ("," {pair})*)? "}}"')
    rules.write(value, f'{text} | {number} | "true" | "false" | "null" | {rows} | {members}')
    return {"array": rows, "object": members}.get(str(kind), value)


_HERMES = Form(call=_hermes, triggers=("<tool_call>",), between=_BREAK)
_FORMS = {
    DialectName.QWEN_XML: Form(call=_qwen_xml, triggers=("<tool_call>",), between=_BREAK),
    DialectName.GLM: Form(call=_glm, triggers=("<tool_call>",), between=_BREAK),
    DialectName.DEEPSEEK: Form(
        call=_deepseek,
        triggers=(re.escape(_ALL),),
        begin=literal(_ALL),
        between=_BREAK,
        end=literal(_ALL_END),
    ),
    DialectName.DEEPSEEK_V31: Form(
        call=_deepseek_v31,
        triggers=(re.escape(_ALL),),
        begin=literal(_ALL),
        between=_BREAK,
        end=literal(_ALL_END),
    ),
    DialectName.LLAMA3: Form(
        call=_llama3,
        triggers=(re.escape("<|python_tag|>"), r'^\s*(\{\s*"name"\s*:\s*")'),
        begin='"<|python_tag|>"?',
        between='";" " "?',
    ),
    DialectName.MISTRAL: Form(
        call=_mistral,
        triggers=(re.escape("[TOOL_CALLS]"),),
        begin='"[TOOL_CALLS]" " "? "["',
        between='"," " "?',
        end='"]"',
    ),
    DialectName.MISTRAL_ARGS: Form(call=_mistral_args, triggers=(re.escape("[TOOL_CALLS]"),)),
    DialectName.GEMMA4: Form(call=_gemma4, triggers=(re.escape("<|tool_call>"),)),
    DialectName.HARMONY: Form(
        call=_harmony,
        triggers=(re.escape("<|channel|>commentary to=functions."),),
        one_only=True,
    ),
}
