"""Formats and tools → grammars, judged by llama.cpp; and what is refused before it sees them."""

import json
import re
import sys
from pathlib import Path
from time import thread_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.background.background import Background
from engine.background.conversations import check_messages, check_tools
from engine.background.gbnf import Rules, check_grammar, renamed
from engine.background.numbers import decimals, integers
from engine.background.shaping import shape_of, speaker_of
from engine.background.words import Conversation
from engine.chat import Format, Message, Role, Tool, ToolCall, Tools
from engine.errors import BadRequest
from engine.protocol.dialects import DialectName
from tests.support.grammars import Judge
from tests.support.pace import allowed

TABLES = Path(__file__).parents[2] / "data" / "dialects"
WEATHER = Tool(
    name="get_weather",
    parameters=json.dumps({"type": "object", "properties": {"city": {"type": "string"}},
                           "required": ["city"]}),
)  # fmt: skip
# In the transcripts that are held to the grammar, calls have these forms.
HELD = {
    "hermes": ["two calls after a sentence"],
    "qwen-xml": ["one call of a text"],
    "glm": ["two calls"],
    "deepseek": ["two calls after a sentence"],
    "deepseek-v3.1": ["one call", "a sentence and two calls"],
    "llama3": ["one call", "after the tag", "two calls"],
    "mistral": ["one call", "two calls"],
    "mistral-args": ["one call", "two calls"],
    "gemma4": ["one call"],
    "harmony": ["thinks and calls"],
}


@pytest.fixture(scope="module")
def judge(model_file: Path) -> Judge:
    return Judge(model_file)


def schema(written: Any, *, template: str = "", prompt: str = "") -> str:
    speaker = speaker_of(template, DialectName.HERMES, prompt)
    return shape_of(speaker, Format(kind="schema", text=json.dumps(written)), None).grammar


@pytest.mark.parametrize("dialect", list(HELD))
def test_that_a_dialects_own_calls_are_what_its_grammar_asks(judge: Judge, dialect: str) -> None:
    name = DialectName(dialect)
    for row in json.loads((TABLES / f"{dialect}.json").read_text("utf-8")):
        if row["about"] not in HELD[dialect]:
            continue
        text = (
            row["text"].removeprefix(row["answer"]).removeprefix("<think></think>\nBoth.").strip()
        )
        speaker = speaker_of("", name, row.get("prompt", ""))
        tools = Tools(tools=(WEATHER,), choice="required")
        shape = shape_of(speaker, None, tools)
        assert shape.calls
        assert shape.triggers == ()
        assert judge.allows(shape.grammar, text), row["about"]
        assert not judge.allows(shape.grammar, "Hello."), "a call was demanded"
        begun = shape_of(speaker, None, Tools(tools=(WEATHER,)))
        assert any(re.search(trigger, text) for trigger in begun.triggers)
        assert judge.takes(begun.grammar)


def test_that_one_call_at_most_is_made_where_they_may_not_be_parallel(judge: Judge) -> None:
    speaker = speaker_of("", DialectName.HERMES, "")
    call = '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Rome"}}\n</tool_call>'
    for parallel in (True, False):
        tools = Tools(tools=(WEATHER,), choice="required", parallel=parallel)
        grammar = shape_of(speaker, None, tools).grammar
        assert judge.allows(grammar, call)
        assert judge.allows(grammar, f"{call}\n{call}") == parallel


def test_that_thinking_comes_before_what_is_asked(judge: Judge) -> None:
    template = "<think> and <tool_call>"
    opened = schema({"type": "null"}, template=template, prompt="<|im_start|>assistant\n<think>\n")
    assert judge.allows(opened, "I think </thin so.</think>\n\nnull")
    assert not judge.allows(opened, "null")
    free = schema({"type": "null"}, template=template, prompt="<|im_start|>assistant\n")
    assert judge.allows(free, "null")
    assert judge.allows(free, "<think><</think>null")
    closed = schema({"type": "null"}, template=template, prompt="<think>\n\n</think>\n\n")
    assert not judge.allows(closed, "<think>no</think>null")


GOOD: list[tuple[Any, list[Any], list[str]]] = [
    ({"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string"}},
      "required": ["a"]},
     [{"a": 1}, {"a": -2, "b": "é\n\"x"}], ['{"b": ""}', '{"a": "1"}', '{"a": 1, "c": 2}']),
    ({"properties": {"a": {}, "b": {}, "c": {}}},
     [{}, {"b": 1}, {"a": 1, "c": [2]}, {"c": None}], ['{"c": 1, "a": 2}', '{"a": 1,}']),
    ({"type": "array", "items": {"type": "boolean"}, "minItems": 1, "maxItems": 3},
     [[True], [True, False, True]], ["[]", "[true, true, true, true]"]),
    ({"type": "array", "prefixItems": [{"const": 1}, {"type": "string"}]}, [[1, "x"]], ["[1]"]),
    ({"enum": ["a", 1, None]}, ["a", 1, None], ['"b"']),
    ({"anyOf": [{"type": "string"}, {"type": "null"}]}, ["x", None], ["1"]),
    ({"type": ["number", "null"]}, [1.5, None, -1e9], ['"x"']),
    ({"type": "string", "minLength": 2, "maxLength": 3}, ["ab", "a\"c"], ['"a"', '"abcd"']),
    ({"type": "string", "pattern": "^[a-c]{2}-\\d+(x|y)?$"}, ["ab-12", "ca-1y"], ['"ad-1"']),
    ({"type": "string", "pattern": "b+"}, ["abc", "b"], ['"ac"']),
    ({"type": "string", "format": "date"}, ["2026-11-22"], ['"2026-13-01"']),
    ({"$ref": "#/$defs/tree", "$defs": {"tree": {"type": "object", "properties": {
        "next": {"anyOf": [{"$ref": "#/$defs/tree"}, {"type": "null"}]}}, "required": ["next"]}}},
     [{"next": None}, {"next": {"next": None}}], ["{}"]),
    ({"allOf": [{"properties": {"a": {"type": "null"}}, "required": ["a"]},
                {"properties": {"b": {"type": "null"}}, "required": ["b"]}]},
     [{"a": None, "b": None}], ['{"a": null}']),
    ({"type": "object", "properties": {"ab": {"type": "null"}},
      "additionalProperties": {"type": "integer"}},
     [{}, {"ab": None}, {"ab": None, "abc": 1, "x": 2}, {"a": 1}], ['{"ab": 1}', '{"x": "y"}']),
    ({"type": "integer", "minimum": 1, "maximum": 14}, [1, 9, 14], ["0", "15", "-1"]),
    ({}, [1, "x", [], {"a": [None]}], ["x"]),
]  # fmt: skip


@pytest.mark.parametrize("row", GOOD, ids=[json.dumps(row[0])[:50] for row in GOOD])
def test_that_a_schemas_grammar_allows_what_it_asks_and_nothing_else(
    judge: Judge, row: tuple[Any, list[Any], list[str]]
) -> None:
    asked, good, bad = row
    grammar = schema(asked)
    for value in good:
        assert judge.allows(grammar, json.dumps(value, ensure_ascii=False)), value
    for text in bad:
        assert not judge.allows(grammar, text), text


LIMITS = st.one_of(st.none(), st.integers(-1200, 1200))


def matches(grammar: str, text: str) -> bool:
    pattern = re.sub(r'"([^"]*)"', lambda found: re.escape(found[1]), grammar).replace(" ", "")
    return re.fullmatch(pattern, text) is not None


@settings(max_examples=150, deadline=None)
@given(LIMITS, LIMITS, st.integers(-1300, 1300))
def test_that_integers_keep_their_limits(low: int | None, high: int | None, number: int) -> None:
    within = (low is None or low <= number) and (high is None or number <= high)
    grammar = integers(low, high)
    assert (grammar is not None and matches(grammar, str(number))) == within


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(st.none(), st.floats(-30, 30)),
    st.one_of(st.none(), st.floats(-30, 30)),
    st.decimals(-32, 32, places=2),
)
def test_that_decimals_are_never_outside_their_limits(
    low: float | None, high: float | None, number: Any
) -> None:
    grammar = decimals(low, high)
    if grammar is not None and matches(grammar, str(number)):
        assert low is None or low <= number
        assert high is None or number <= high


REFUSED: list[tuple[Any, str]] = [
    ({"$ref": "#"}, "circle"),
    ({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}},
     "circle"),
    ({"anyOf": [{"$ref": "#"}, {"type": "null"}]}, "begin with itself"),
    ({"$ref": "http://example.org/x"}, "only #/"),
    ({"$ref": "#/nowhere"}, "not there"),
    ({"type": "colour"}, "unknown type 'colour' at #"),
    ({"properties": {"a": {"not": {}}}}, "uses not at #/properties/a"),
    ({"type": "string", "pattern": "(a{2000}){2000}b{9999}"}, "more than"),
    ({"type": "string", "pattern": "(?=a)b"}, "no grammar can hold"),
    ({"type": "string", "pattern": "("}, "cannot be read"),
    ({"type": "string", "minLength": 5, "maxLength": 2}, "impossible"),
    ({"type": "integer", "minimum": 5, "maximum": 2}, "no number keeps"),
    ({"enum": []}, "without values"),
    ({"required": "a"}, "no list in required"),
]  # fmt: skip


@pytest.mark.parametrize("row", REFUSED, ids=[json.dumps(row[0])[:50] for row in REFUSED])
def test_that_a_schema_no_grammar_can_hold_is_refused(row: tuple[Any, str]) -> None:
    with pytest.raises(BadRequest) as refused:
        schema(row[0])
    assert row[1] in str(refused.value)


def test_that_deep_and_great_schemas_are_refused_at_once() -> None:
    began = thread_time()
    deep: Any = {"type": "null"}
    for _ in range(500):
        deep = {"type": "array", "items": deep}
    for bad, said in (
        (deep, "deeper"),
        ({"enum": ["x" * 300_000]}, "greater than 256 kB"),
        (
            {
                "properties": {
                    f"p{n}": {"minLength": n % 2000, "type": "string"} for n in range(4000)
                }
            },
            "more",
        ),
    ):
        with pytest.raises(BadRequest, match=said):
            schema(bad)
    assert thread_time() - began < allowed(1.0)


GRAMMARS = [
    ('root ::= root "a" | "b"', "begin with itself"),
    ('root ::= a root "x" | "y"\na ::= b\nb ::= "" | "c"', "root can begin with itself"),
    ('root ::= [a-z]* ("x"? root)', "begin with itself"),
    ('root ::= "a', "does not end"),
    ('root ::= ("a"', "closing bracket"),
    ('root ::= "a" )', "cannot be read"),
    ("root ::= a", "does not define a (line 1)"),
    ('start ::= "a"', "no rule named root"),
    ('root ::= "a"\nroot ::= "b"', "root twice (line 2)"),
    ("root ::= *", "nothing before it"),
    ('root ::= "a"{5000}', "more than 2,000 times"),
    ('root ::= "\\q"', "unknown escape"),
    ("root ::= " + "(" * 100 + '"a"' + ")" * 100, "nested deeper"),
    ('root ::= "' + "a" * (1 << 20) + '"', "greater than 1 MB"),
    ("\n".join([f"r{n} ::= r{n + 1}" for n in range(9000)]), "no rule named root"),
    ("root ::= r0\n" + "\n".join([f"r{n} ::= r{n + 1}" for n in range(9000)]) + '\nr9000 ::= "a"',
     "more than 8,000 rules"),
]  # fmt: skip


@pytest.mark.parametrize("row", GRAMMARS, ids=[row[0][:30] for row in GRAMMARS])
def test_that_a_grammar_that_would_harm_is_refused(row: tuple[str, str]) -> None:
    with pytest.raises(BadRequest) as refused:
        check_grammar(row[0])
    assert row[1] in str(refused.value)


def test_that_good_grammars_are_taken_and_can_be_renamed(judge: Judge) -> None:
    grammar = """
# a comment
root  ::= (expr "=" ws term "\\n")+
expr  ::= term ([-+*/] term)*   # another
term  ::= ident | num |
          "(" ws expr ")" ws
ident ::= [a-z] [a-z0-9_]* ws
num   ::= [0-9]{1,} ws
ws    ::= [ \\t\\n]*
"""
    check_grammar(grammar)
    assert judge.takes(grammar)
    other = f"root ::= root-x\n{renamed(grammar, '-x')}"
    assert judge.allows(other, "a+1=2\n")


@settings(max_examples=100, deadline=None)
@given(st.text("ab<", min_size=1, max_size=5), st.text("ab<", max_size=12))
def test_that_text_before_a_mark_is_any_text_without_it(judge: Judge, mark: str, text: str) -> None:
    rules = Rules()
    grammar = rules.text(rules.before(mark))
    whole = text + mark
    assert judge.allows(grammar, whole) == (whole.find(mark) == len(text))


def test_that_tools_answers_belong_to_calls() -> None:
    call = Message(
        role=Role.ASSISTANT, content="", tool_calls=(ToolCall(id="1", name="a", arguments="{}"),)
    )
    answer = Message(role=Role.TOOL, content="", tool_call_id="1")
    check_messages((call, answer))
    for bad, said in (
        ((answer,), "nobody made"),
        ((call, answer, answer), "answered already"),
        ((call, call), "anew"),
        ((Message(role=Role.TOOL, content=""),), "lacks"),
    ):
        with pytest.raises(BadRequest, match=said):
            check_messages(bad)


def test_that_tools_have_names_of_their_own() -> None:
    one = Tool(name="a")
    for bad, said in (
        (Tools(tools=(one, one)), "twice"),
        (Tools(tools=(one,), name="b"), "not offered"),
        (Tools(tools=(), choice="required"), "no tool"),
        (Tools(tools=(Tool(name="a b"),)), "must be"),
    ):
        with pytest.raises(BadRequest, match=said):
            check_tools(bad)


@pytest.mark.anyio
async def test_that_a_refusal_crosses_the_pipe_with_its_sentence() -> None:
    background = Background((sys.executable, "-m", "engine.background"), render_seconds=10)
    talk = Conversation(
        messages=(Message(role=Role.USER, content="Hi"),),
        bos="",
        eos="",
        format=Format(kind="schema", text='{"type": "colour"}'),
    )
    with pytest.raises(BadRequest, match="unknown type"):
        await background.prepare("", talk)
    await background.close()
