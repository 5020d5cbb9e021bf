"""What an answer must look like, as a grammar: formats, tools, and the thinking before them."""

from dataclasses import dataclass
from functools import lru_cache
from typing import assert_never

from engine.background.dialect_names import thinks
from engine.background.forms import Asked, Form, asked, form_of, texts_of
from engine.background.gbnf import Rules, check_grammar, literal, renamed
from engine.background.schemas import Schemas, read_schema
from engine.chat import Format, Tools
from engine.protocol.dialects import THINK, THINKING, DialectName

_MARKED = "<|message|>"
_KEPT_SHAPES = 32  # programs offer the same tools with every question, which take 10 ms and more


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A grammar, and where it begins to hold; no triggers: at once."""

    grammar: str = ""
    triggers: tuple[str, ...] = ()
    calls: bool = False
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who answers, and where the end of its prompt lets it go on from.

    `thinks`: it may reason first; `thinking`: it is about to. Of harmony alone: it has `begun` a
    message, and that is its `analysis`.
    """

    dialect: DialectName
    thinks: bool
    thinking: bool
    begun: bool = False
    analysis: bool = False


def speaker_of(template: str, dialect: DialectName, prompt: str) -> Speaker:
    """The model with that template after that prompt."""
    if dialect is DialectName.HARMONY:
        begun = prompt.rpartition("<|start|>")[2]
        return Speaker(
            dialect=dialect,
            thinks=True,
            thinking=False,
            begun=_MARKED in begun,
            analysis="analysis" in begun,
        )
    opens, closes = THINKING.get(dialect, THINK)
    end = prompt[-64:].rstrip()
    thinking = end.endswith(opens)
    may = thinks(template, dialect) and not end.endswith(closes)
    return Speaker(dialect=dialect, thinks=thinking or may, thinking=thinking)


@lru_cache(maxsize=_KEPT_SHAPES)
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
            if calls is None and not speaker.thinks:
                check_grammar(format_.text)
                return format_.text
            own = renamed(format_.text, "-asked")
            root = "root-asked"
        case _:
            assert_never(format_.kind)
    in_head = not speaker.begun or speaker.analysis
    if speaker.dialect is DialectName.HARMONY and in_head:
        marked = '"<|channel|>final" (" "? "<|constrain|>"? [a-z]{1,16})? "<|message|>"'
        root = rules.add("final", f"{marked} {root}")
    if calls is not None:
        form, tools, parallel = calls
        root = rules.add("answer", f"{form.root(tools, rules, parallel=parallel)} | {root}")
    return rules.text(_thought(speaker, rules, root), own)


def _thought(speaker: Speaker, rules: Rules, root: str) -> str:
    """The same, after what the model may think before."""
    if not speaker.thinks:
        return root
    if speaker.dialect is DialectName.HARMONY:
        return _after_analysis(speaker, rules, root)
    opens, closes = THINKING.get(speaker.dialect, THINK)
    rest = f"{rules.before(closes)} [ \\n]{{0,4}}"
    if speaker.thinking:
        return f"{rest} {root}"
    return f"({literal(opens)} {rest})? {root}"


def _after_analysis(speaker: Speaker, rules: Rules, root: str) -> str:
    ended = f'{rules.before("<|end|>")} "<|start|>assistant"'
    analysis = rules.add("analysis", f'"<|channel|>analysis<|message|>" {ended}')
    if speaker.begun and speaker.analysis:
        return f"{ended} {analysis}* {root}"
    return root if speaker.begun else f"{analysis}* {root}"
