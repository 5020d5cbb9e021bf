"""What an answer must look like, as a grammar: formats, tools, and the thinking before them."""

from dataclasses import dataclass
from typing import assert_never

from engine.background.dialect_names import thinks
from engine.background.forms import Asked, Form, asked, form_of, texts_of
from engine.background.gbnf import Rules, check_grammar, literal, renamed
from engine.background.schemas import Schemas, read_schema
from engine.chat import Format, Tools
from engine.protocol.dialects import THINK, THINKING, DialectName

_MARKED = "<|message|>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A grammar, and where it begins to hold; no triggers: at once."""

    grammar: str = ""
    triggers: tuple[str, ...] = ()
    calls: bool = False
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who answers: its template, its dialect, and the prompt whose end it goes on from."""

    template: str
    dialect: DialectName
    prompt: str


def shape_of(speaker: Speaker, format_: Format | None, tools: Tools | None) -> Shape:
    """The shape that format and tools give an answer. Raises BadRequest."""
    offered = tools if tools is not None and tools.tools and tools.choice != "none" else None
    if offered is None:
        if format_ is None:
            return Shape()
        return Shape(grammar=_formatted(speaker, format_))
    read = [asked(tool) for tool in offered.tools]
    texts = texts_of(read)
    chosen = [tool for tool in read if offered.name in {None, tool.name}]
    form = form_of(speaker.dialect)
    if offered.choice == "required" or offered.name is not None:
        rules = Rules()
        calls = form.root(chosen, rules, parallel=offered.parallel and offered.name is None)
        return Shape(grammar=rules.text(_thought(speaker, rules, calls)), calls=True, texts=texts)
    if format_ is not None:
        grammar = _formatted(speaker, format_, (form, read, offered.parallel))
        return Shape(grammar=grammar, calls=True, texts=texts)
    rules = Rules()
    root = form.root(read, rules, parallel=offered.parallel)
    return Shape(grammar=rules.text(root), triggers=form.triggers, calls=True, texts=texts)


def _formatted(
    speaker: Speaker, format_: Format, calls: tuple[Form, list[Asked], bool] | None = None
) -> str:
    """The grammar for an answer of that format, or for calls in its stead."""
    rules = Rules()
    own = ""
    match format_.kind:
        case "json":
            root = Schemas(rules, {}, "The schema", strict=False).object
        case "schema":
            schema = read_schema(format_.text, "The schema")
            root = Schemas(rules, schema, "The schema", strict=True).rule(schema)
        case "grammar":
            if calls is None and not _may_think(speaker):
                check_grammar(format_.text)
                return format_.text
            own = renamed(format_.text, "-asked")
            root = "root-asked"
        case _:
            assert_never(format_.kind)
    if speaker.dialect is DialectName.HARMONY and _in_head(speaker.prompt):
        marked = '"<|channel|>final" (" "? "<|constrain|>"? [a-z]{1,16})? "<|message|>"'
        root = rules.add("final", f"{marked} {root}")
    if calls is not None:
        form, tools, parallel = calls
        root = rules.add("answer", f"{form.root(tools, rules, parallel=parallel)} | {root}")
    return rules.text(_thought(speaker, rules, root), own)


def _may_think(speaker: Speaker) -> bool:
    """Whether the answer may begin, or go on, with reasoning."""
    if speaker.dialect is DialectName.HARMONY:
        return True
    opens, closes = THINKING.get(speaker.dialect, THINK)
    if _is_open(speaker.prompt, opens, closes):
        return True
    closed = speaker.prompt[-64:].rstrip().endswith(closes)
    return thinks(speaker.template, speaker.dialect) and not closed


def _thought(speaker: Speaker, rules: Rules, root: str) -> str:
    """The same, after what the model may think before."""
    if not _may_think(speaker):
        return root
    if speaker.dialect is DialectName.HARMONY:
        return _after_analysis(speaker.prompt, rules, root)
    opens, closes = THINKING.get(speaker.dialect, THINK)
    rest = f"{rules.before(closes)} [ \\n]{{0,4}}"
    if _is_open(speaker.prompt, opens, closes):
        return f"{rest} {root}"
    return f"({literal(opens)} {rest})? {root}"


def _after_analysis(prompt: str, rules: Rules, root: str) -> str:
    ended = f'{rules.before("<|end|>")} "<|start|>assistant"'
    analysis = rules.add("analysis", f'"<|channel|>analysis<|message|>" {ended}')
    begun = prompt.rpartition("<|start|>")[2]
    if _MARKED in begun and "analysis" in begun:
        return f"{ended} {analysis}* {root}"
    return root if _MARKED in begun else f"{analysis}* {root}"


def _in_head(prompt: str) -> bool:
    begun = prompt.rpartition("<|start|>")[2]
    return _MARKED not in begun or "analysis" in begun


def _is_open(prompt: str, opens: str, closes: str) -> bool:
    return prompt.rfind(opens) > prompt.rfind(closes) and prompt[-64:].rstrip().endswith(opens)
